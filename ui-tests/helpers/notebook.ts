import { expect, Locator, Page } from '@playwright/test';
import type { Sidebar } from './sidebar';

/** A notebook with a running kernel, through JupyterLab's own commands. */
export class NotebookPage {
  constructor(readonly page: Page) {}

  /** Make a notebook with the Python kernel and wait until the kernel is idle. */
  async create(): Promise<void> {
    await this.page.evaluate(async () => {
      const app = (window as unknown as { jupyterapp: NotebookPage.IApp })
        .jupyterapp;
      await app.commands.execute('notebook:create-new', {
        kernelName: 'python3'
      });
    });
    await expect(this.cells.first()).toBeVisible();
    await this.isIdle();
  }

  /** Make a notebook, and connect it to the current cluster. */
  async createConnected(sidebar: Sidebar): Promise<void> {
    await this.create();
    await sidebar.button('Connect').click();
    await expect(this.cells).toHaveCount(2);
    await this.isIdle();
  }

  /**
   * Make a notebook out of the template whose form is open, and wait until its
   * kernel is idle.
   *
   * @param form - Where its button is, if several forms are open.
   */
  async fromTemplate(
    id: string,
    form: Page | Locator = this.page
  ): Promise<void> {
    await form.getByRole('button', { name: 'New notebook' }).click();
    await expect(
      this.page.getByRole('tab', { name: new RegExp(`^${id}.*\\.ipynb$`) })
    ).toBeVisible();
    await this.isIdle();
  }

  get panel(): Locator {
    return this.page.locator('.jp-NotebookPanel:visible');
  }

  get cells(): Locator {
    return this.panel.locator('.jp-Notebook .jp-Cell');
  }

  /** Run a command of JupyterLab, as soon as there is one of this name. */
  async command(id: string, args: Record<string, unknown> = {}): Promise<void> {
    await this.page.waitForFunction(name => {
      const app = (window as unknown as { jupyterapp: NotebookPage.IApp })
        .jupyterapp;
      return app.commands.listCommands().includes(name);
    }, id);
    await this.page.evaluate(
      async ([name, values]) => {
        const app = (window as unknown as { jupyterapp: NotebookPage.IApp })
          .jupyterapp;
        await app.commands.execute(name, values);
      },
      [id, args] as const
    );
  }

  /** The active notebook's kernel runs nothing, and no cell waits for it. */
  async isIdle(timeout = 60_000): Promise<void> {
    await expect
      .poll(
        () =>
          this.page.evaluate(() => {
            const app = (window as unknown as { jupyterapp: NotebookPage.IApp })
              .jupyterapp;
            const { content, sessionContext } = app.shell
              .currentWidget as NotebookPage.INotebook;
            const waits = content.widgets.some(
              cell => cell.model.executionState === 'running'
            );
            const status = sessionContext.session?.kernel?.status;
            return status === 'idle' && !waits;
          }),
        { timeout }
      )
      .toBe(true);
  }

  /** Type code into the last cell. */
  async type(code: string): Promise<void> {
    const cell = this.cells.last();
    await cell.locator('.cm-content').click();
    await this.page.keyboard.insertText(code);
  }

  /** Run all cells and wait until the last one has a number. */
  async runAll(timeout = 90_000): Promise<void> {
    await this.command('notebook:run-all-cells');
    await this.isIdle(timeout);
  }

  /** Compute on the cluster that the notebook is connected to. */
  async computes(): Promise<void> {
    await this.type('client.submit(sum, [1, 2, 3]).result()');
    await this.runAll();
    await expect(this.cells.last()).toContainText('6', { timeout: 60_000 });
  }

  /** Write the file. */
  async save(): Promise<void> {
    await this.page.evaluate(() => {
      const app = (window as unknown as { jupyterapp: NotebookPage.IApp })
        .jupyterapp;
      return (app.shell.currentWidget as NotebookPage.INotebook).context.save();
    });
  }

  /** The sources of all cells. */
  async sources(): Promise<string[]> {
    return this.page.evaluate(() => {
      const app = (window as unknown as { jupyterapp: NotebookPage.IApp })
        .jupyterapp;
      const { content } = app.shell.currentWidget as NotebookPage.INotebook;
      return content.widgets.map(cell =>
        cell.model.sharedModel.getSource()
      ) as string[];
    });
  }

  /** Errors among the outputs. */
  get errors(): Locator {
    return this.panel.locator(
      '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"], .jp-RenderedError'
    );
  }
}

export namespace NotebookPage {
  /** The part of JupyterLab's application that tests use. */
  export interface IApp {
    commands: {
      execute(id: string, args?: unknown): Promise<unknown>;
      listCommands(): string[];
    };
    shell: { currentWidget: unknown };
  }

  export interface INotebook {
    content: {
      widgets: Array<{
        model: {
          executionState?: string;
          sharedModel: { getSource(): string };
        };
      }>;
    };
    context: { save(): Promise<void> };
    sessionContext: { session: { kernel: { status: string } | null } | null };
  }
}
