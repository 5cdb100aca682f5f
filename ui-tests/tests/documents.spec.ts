import { test as base } from '@playwright/test';
import { writeFile } from 'fs/promises';
import { join, resolve } from 'path';
import { expect, test } from '../helpers/fixtures';
import { ENVIRONMENT, Lab } from '../helpers/lab';
import { NotebookPage } from '../helpers/notebook';
import { Sidebar } from '../helpers/sidebar';

const LINKS = ['new-cluster', 'stop-all-clusters', 'connect-notebook']
  .map(
    name =>
      `<button data-commandlinker-command="seasonal-monitor:${name}" ` +
      `data-commandlinker-args='{"profile": "x", "asks": false, "run": true, "cell": false}'>${name}</button>`
  )
  .join(' ');

const VERSIONS: Array<[string, Lab.IOptions]> = [
  ['4.4', { python: resolve(__dirname, '../../.venvs/lab44') }],
  ['4.6', { python: ENVIRONMENT }]
];

for (const [version, options] of VERSIONS) {
  base(
    `JupyterLab ${version}: a link in an untrusted document starts, stops and connects nothing unasked`,
    async ({ page }) => {
      base.setTimeout(180_000);
      const lab = await Lab.start(options);
      try {
        await writeFile(join(lab.root, 'a.md'), `# Links\n\n${LINKS}\n`);
        await page.goto(`${lab.url}/lab`);
        const sidebar = new Sidebar(page);
        const notebook = new NotebookPage(page);
        await sidebar.tab.waitFor({ timeout: 60_000 });
        const openLinks = (): Promise<void> =>
          notebook.command('markdownviewer:open', { path: 'a.md' });
        await openLinks();
        const link = page.getByRole('button', { name: 'new-cluster' });
        const dialog = page.getByRole('dialog');
        // The first click is also the first use of the extension.
        await link.click();
        // A dialog takes keys once its default button has the focus.
        await expect(
          dialog.getByRole('button').and(page.locator(':focus'))
        ).toBeVisible();
        await page.keyboard.press('Escape');
        await expect(dialog).toHaveCount(0);
        expect(await lab.sessions()).toEqual([]);

        await sidebar.open();
        await sidebar.newCluster();
        await page.getByRole('button', { name: 'stop-all-clusters' }).click();
        // A dialog takes keys once its default button has the focus.
        await expect(
          dialog.getByRole('button').and(page.locator(':focus'))
        ).toBeVisible();
        await page.keyboard.press('Escape');
        await expect(dialog).toHaveCount(0);
        await sidebar.isRunning();

        await notebook.create();
        await openLinks();
        await page.getByRole('button', { name: 'connect-notebook' }).click();
        await expect(
          dialog.getByRole('button').and(page.locator(':focus'))
        ).toBeVisible();
        if (version === '4.4') {
          // Later ones ask by themselves before a command hears of it.
          await expect(dialog).toContainText('A document asks for');
        }
        await page.keyboard.press('Escape');
        await expect(dialog).toHaveCount(0);
        // Its kernel has no client, and no cell was written.
        await page.getByRole('tab', { name: /^Untitled\d*\.ipynb$/ }).click();
        await notebook.type('"client" in dir()');
        await notebook.runAll();
        await expect(notebook.cells.first()).toContainText('False');
        expect(await notebook.sources()).toHaveLength(1);
        await sidebar.stop();
      } finally {
        await lab.stop();
      }
    }
  );
}

test('Connect goes to a console prompt, to a Python file, or to a new notebook', async ({
  page,
  sidebar,
  lab
}) => {
  test.setTimeout(180_000);
  const jupyter = new NotebookPage(page);
  await sidebar.open();
  const card = await sidebar.newCluster();

  await test.step('without a document a new notebook is offered', async () => {
    await sidebar.button('Connect', card).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'New notebook' })
      .click();
    await expect(jupyter.cells.first()).toContainText('Client', {
      timeout: 60_000
    });
    await expect(jupyter.cells.first()).toContainText('Total threads', {
      timeout: 60_000
    });
  });

  await test.step('a Python file gets the lines, and one undo takes them away', async () => {
    await writeFile(join(lab.root, 'work.py'), 'x = 1\n');
    await jupyter.command('docmanager:open', { path: 'work.py' });
    const editor = page.locator('.jp-FileEditor:visible .cm-content');
    await editor.click();
    await sidebar.button('Connect', card).click();
    await expect(editor).toContainText('Client');
    await expect(editor).toContainText('x = 1');
    await editor.click();
    await page.keyboard.press('Control+z');
    await expect(editor).not.toContainText('Client');
  });

  await test.step('a console gets them in its prompt, and they run there', async () => {
    await jupyter.command('console:create', {
      kernelPreference: { name: 'python3' }
    });
    const prompt = page.locator('.jp-CodeConsole-promptCell .cm-content');
    await prompt.click();
    await sidebar.button('Connect', card).click();
    await expect(
      page.locator('.jp-CodeConsole').getByText('Client', { exact: false })
    ).not.toHaveCount(0);
    await prompt.click();
    await page.keyboard.press('Shift+Enter');
    await expect(page.locator('.jp-CodeConsole')).toContainText(
      'Total threads',
      { timeout: 60_000 }
    );
  });
  await sidebar.stop(card);
});
