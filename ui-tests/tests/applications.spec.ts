import { test as base, expect, Page } from '@playwright/test';
import { existsSync } from 'fs';
import { writeFile } from 'fs/promises';
import { join, resolve } from 'path';
import { ENVIRONMENT, Lab } from '../helpers/lab';
import { NotebookPage } from '../helpers/notebook';
import { Sidebar } from '../helpers/sidebar';

const [OLDEST, MIDDLE] = ['lab44', 'lab45'].map(name =>
  resolve(__dirname, '../../.venvs', name)
);

const NOTEBOOK = {
  cells: [
    {
      cell_type: 'code',
      execution_count: null,
      id: 'a',
      metadata: {},
      outputs: [],
      source: '1 + 1'
    }
  ],
  metadata: {
    kernelspec: {
      display_name: 'Python 3',
      language: 'python',
      name: 'python3'
    }
  },
  nbformat: 4,
  nbformat_minor: 5
};

const APPLICATIONS: Array<{ name: string; path: string } & Lab.IOptions> = [
  { name: 'JupyterLab 4.4', python: OLDEST, path: 'lab/tree/a.ipynb' },
  { name: 'JupyterLab 4.5', python: MIDDLE, path: 'lab/tree/a.ipynb' },
  {
    name: 'Notebook 7.4',
    python: OLDEST,
    application: 'notebook',
    path: 'notebooks/a.ipynb'
  },
  {
    name: 'Notebook 7.6',
    python: ENVIRONMENT,
    application: 'notebook',
    path: 'notebooks/a.ipynb'
  }
];

/** What went wrong in the page because of us. */
function listen(page: Page): string[] {
  const errors: string[] = [];
  // Notebook 7.6 has an error of its own at the start, without us too.
  page.on('pageerror', error => {
    if (error.stack?.includes('/extensions/jupyterlab-seasonal-monitor/')) {
      errors.push(error.stack);
    }
  });
  page.on('console', message => {
    if (
      message.type() === 'error' &&
      message.text().includes('seasonal-monitor')
    ) {
      errors.push(message.text());
    }
  });
  return errors;
}

base.setTimeout(180_000);

for (const { name, path, ...options } of APPLICATIONS) {
  base(
    `${name} starts a cluster, connects a notebook, shows a plot and inserts a template`,
    async ({ page }) => {
      base.skip(
        !existsSync(join(options.python ?? '', 'bin', 'python')),
        'needs its environment of environments/: run `make setup` with Python 3.11'
      );
      const lab = await Lab.start(options);
      try {
        await writeFile(join(lab.root, 'a.ipynb'), JSON.stringify(NOTEBOOK));
        const errors = listen(page);
        await page.goto(`${lab.url}/${path}`);
        const notebook = new NotebookPage(page);
        await notebook.cells.first().waitFor({ timeout: 60_000 });
        const version = await page.evaluate(
          () =>
            (window as unknown as { jupyterapp: { version: string } })
              .jupyterapp.version
        );
        expect(version).toMatch(new RegExp(`^${name.split(' ')[1]}\\.`));
        await notebook.command('seasonal-monitor:show-sidebar');
        const sidebar = new Sidebar(page);
        await expect(sidebar.newClusterButton).toBeVisible();
        await sidebar.newCluster();
        await notebook.cells.first().click();
        await sidebar.button('Connect').click();
        await expect(notebook.cells).toHaveCount(2);
        await expect(notebook.cells.first()).toContainText('Client');
        await expect(notebook.cells.first()).toContainText('Total threads', {
          timeout: 60_000
        });
        await notebook.command('seasonal-monitor:open-plot', {
          plot: 'individual-task-stream'
        });
        const frame = page.frameLocator(
          'iframe[src*="individual-task-stream"]'
        );
        await expect(frame.locator('canvas').first()).toBeVisible({
          timeout: 30_000
        });
        await notebook.command('seasonal-monitor:show-details');
        await expect(
          page.locator('.jp-DaskDetails').getByRole('row')
        ).toHaveCount(3);
        await notebook.command('seasonal-monitor:open-template', {
          template: 'rainfall-anomaly'
        });
        await page
          .getByRole('button', { name: 'Insert in this notebook' })
          .first()
          .click();
        await expect
          .poll(async () => (await notebook.sources()).join())
          .toContain('baseline_start: int = 1991');
        await page.screenshot({
          path: `test-results/${name.replace(' ', '-')}.png`
        });
        await sidebar.stop();
        expect(errors).toEqual([]);
      } finally {
        await lab.stop();
      }
    }
  );
}
