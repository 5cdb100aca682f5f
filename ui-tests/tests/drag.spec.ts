import { writeFile } from 'fs/promises';
import { join } from 'path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';

test.setTimeout(240_000);

/** Drag by hand: the drag begins once the page has loaded what it needs. */
async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const start = await from.boundingBox();
  const end = await to.boundingBox();
  if (!start || !end) {
    throw new Error('nothing to drag');
  }
  await page.mouse.move(start.x + 60, start.y + 12);
  await page.mouse.down();
  await page.mouse.move(start.x + 70, start.y + 20, { steps: 4 });
  await expect(async () => {
    await page.mouse.move(end.x + 40, end.y + 8, { steps: 4 });
    await expect(page.locator('.lm-cursor-backdrop')).not.toHaveCount(0, {
      timeout: 500
    });
  }).toPass({ timeout: 20_000 });
  await page.mouse.move(end.x + 42, end.y + 10, { steps: 4 });
  await page.mouse.up();
}

test('a card can be dropped on a notebook, a console and a Python file', async ({
  page,
  sidebar,
  lab
}) => {
  await sidebar.open();
  const card = await sidebar.newCluster();
  const jupyter = new NotebookPage(page);

  await test.step('a notebook gets a cell', async () => {
    await jupyter.create();
    await drag(page, card, jupyter.cells.first());
    await expect
      .poll(async () => (await jupyter.sources()).join('\n'))
      .toContain('Client(');
  });

  await test.step('a Python file gets the lines', async () => {
    await writeFile(join(lab.root, 'work.py'), 'x = 1\n');
    await jupyter.command('docmanager:open', { path: 'work.py' });
    const editor = page.locator('.jp-FileEditor:visible .cm-content');
    await expect(editor).toContainText('x = 1');
    await drag(page, card, editor);
    await expect(editor).toContainText('Client(');
  });

  await test.step('a console gets them in its prompt', async () => {
    await jupyter.command('console:create', {
      kernelPreference: { name: 'python3' }
    });
    const prompt = page.locator('.jp-CodeConsole-promptCell .cm-content');
    await expect(prompt).toBeVisible();
    await drag(page, card, prompt);
    await expect(prompt).toContainText('Client(');
  });
  await sidebar.stop(card);
});

test('a template goes above, to the end, or where it is dropped, and one undo takes it out', async ({
  page,
  sidebar
}) => {
  const notebook = new NotebookPage(page);
  await notebook.create();
  await notebook.type('first = 1');
  await notebook.command('notebook:insert-cell-below');
  await notebook.type('second = 2');
  const own = ['first = 1', 'second = 2'];
  await expect.poll(() => notebook.sources()).toEqual(own);
  await sidebar.open();
  const listed = sidebar.panel.getByRole('button', {
    name: /Rainfall anomaly/
  });
  /** Where one's own cells are among those of the template. */
  const places = async (): Promise<(number | string)[]> => {
    const sources = await notebook.sources();
    return [
      ...own.map(text => sources.indexOf(text)),
      sources.length > 8 ? 'template' : ''
    ];
  };
  const undo = async (): Promise<void> => {
    await notebook.command('notebook:undo-cell-action');
    await expect.poll(() => notebook.sources()).toEqual(own);
  };

  await test.step('dropped between two cells', async () => {
    await drag(page, listed, notebook.cells.nth(1));
    await expect.poll(async () => (await places())[2]).toBe('template');
    const [first, second] = await places();
    expect(first).toBe(0);
    expect(second).toBe((await notebook.sources()).length - 1);
    await undo();
  });

  const insert = async (where: string): Promise<void> => {
    await listed.click();
    await page.getByLabel('Insert', { exact: true }).selectOption(where);
    await page.getByRole('button', { name: 'Insert in this notebook' }).click();
    await expect(notebook.panel).toBeVisible();
    await expect.poll(async () => (await places())[2]).toBe('template');
  };
  await test.step('above the active cell', async () => {
    await notebook.cells.nth(0).click();
    await insert('above the active cell');
    const [first, second] = await places();
    expect(second).toBe(Number(first) + 1);
    expect(first).toBeGreaterThan(5);
    await undo();
  });

  await test.step('at the end', async () => {
    await notebook.cells.nth(0).click();
    await insert('at the end');
    expect(await places()).toEqual([0, 1, 'template']);
    await undo();
  });
});
