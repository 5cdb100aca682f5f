import { writeFile } from 'fs/promises';
import { join } from 'path';
import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';
import { removeTemplates, writeTemplate } from '../helpers/ownTemplate';

test.afterEach(async ({ lab }) => {
  await removeTemplates(lab.root);
});

test('a template from a folder of one’s own is inserted, edited and brought to a newer version', async ({
  page,
  sidebar,
  lab
}) => {
  await writeTemplate(lab.root, '1.0.0');
  await writeFile(join(lab.root, 'templates', 'broken.ipynb'), '{ no json');
  const notebook = new NotebookPage(page);
  await notebook.create();
  await notebook.type('mine = 1');
  await sidebar.open();
  const listed = sidebar.panel.getByRole('button', { name: /My rain/ });
  await expect(listed).toBeVisible();

  await test.step('a broken file is listed with its error', async () => {
    await expect(
      sidebar.panel.getByRole('button', { name: /broken.*could not be read/ })
    ).toBeVisible();
  });

  await test.step('inserts the cells', async () => {
    await listed.click();
    await page.getByRole('button', { name: 'Insert in this notebook' }).click();
    await expect(notebook.panel).toBeVisible();
    await expect
      .poll(async () => (await notebook.sources()).length)
      .toBeGreaterThan(5);
  });
  const parameters = async (): Promise<string> =>
    (await notebook.sources()).find(text => /^start\b/m.test(text)) ?? '';
  const before = await parameters();
  expect(before).toMatch(/^start: str = "/m);

  await test.step('edits a parameter of the cells that are there', async () => {
    await notebook.cells.nth(1).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Edit Parameters…' }).click();
    const form = page.getByRole('region', { name: 'Parameters' });
    await form.getByLabel('First dekad', { exact: true }).fill('201601d2');
    await page.screenshot({ path: 'test-results/template-edit.png' });
    await page.getByRole('button', { name: 'Change the parameters' }).click();
    await expect.poll(parameters).toContain('start: str = "201601d2"');
    await notebook.command('notebook:undo-cell-action');
    await expect.poll(parameters).toBe(before);
    await notebook.command('notebook:redo-cell-action');
    await expect.poll(parameters).toContain('"201601d2"');
  });

  await test.step('brings the cells to the version that came meanwhile', async () => {
    await writeTemplate(lab.root, '1.1.0', text =>
      text.replace('"# Rainfall', '"# Better rainfall')
    );
    await notebook.command('seasonal-monitor:refresh-templates');
    await notebook.command('seasonal-monitor:edit-parameters');
    const update = page.getByRole('button', {
      name: 'Update to version 1.1.0'
    });
    await expect(update).toBeVisible();
    await page.screenshot({ path: 'test-results/template-update.png' });
    await update.click();
    await expect(page.getByText(/^Updated \d+ cells in/)).toBeVisible();
    await expect(update).toHaveCount(0);
    await page.getByRole('tab', { name: /^Untitled\d*\.ipynb$/ }).click();
    await expect.poll(parameters).toContain('"201601d2"');
    const sources = await notebook.sources();
    expect(sources[0]).toBe('mine = 1');
    expect(sources.some(text => text.startsWith('# Better rainfall'))).toBe(
      true
    );
  });
});

test('a notebook is saved as a template with a form, and is offered at once', async ({
  page,
  sidebar
}) => {
  const notebook = new NotebookPage(page);
  await notebook.create();
  await notebook.type('year = 2024  # the year to look at\nname = "rain"');
  await notebook.command('notebook:insert-cell-below');
  await notebook.type('import math\nprint(name, year, math.pi)');
  await sidebar.open();
  await notebook.cells.nth(1).click({ button: 'right' });
  await page
    .getByRole('menuitem', { name: 'Save Notebook as Template…' })
    .click();
  const dialog = page.getByRole('dialog');
  const save = dialog.getByRole('button', { name: 'Save' });

  await test.step('what is missing is said beside the field', async () => {
    await save.click();
    await expect(dialog.getByText('Give it a title.')).toBeVisible();
    await dialog.getByLabel('Title').fill('Rainfall anomaly');
    await dialog.getByLabel('Description').fill('Prints a year.');
    await save.click();
    await expect(
      dialog.getByText(/already a template “rainfall-anomaly”/)
    ).toBeVisible();
  });

  await test.step('the form of the new template asks for what was chosen', async () => {
    await dialog.getByLabel('Title').fill('Year of rain');
    await dialog.getByRole('checkbox', { name: /^Name/ }).uncheck();
    await page.screenshot({ path: 'test-results/template-save.png' });
    await save.click();
    const form = page.getByRole('region', { name: 'Parameters' });
    await expect(form.getByLabel('Year', { exact: true })).toHaveValue('2024');
    await expect(form.getByText('The year to look at.')).toBeVisible();
    await expect(form.getByLabel('Name', { exact: true })).toHaveCount(0);
    await expect(
      sidebar.panel.getByRole('button', { name: /Year of rain/ })
    ).toBeVisible();
  });
});
