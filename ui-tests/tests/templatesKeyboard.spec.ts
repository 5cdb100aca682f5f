import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../helpers/fixtures';
import { fromPalette, tabTo, withoutFocusRing } from '../helpers/keyboard';
import { NotebookPage } from '../helpers/notebook';
import {
  removeTemplates,
  withDefaults,
  writeTemplate
} from '../helpers/ownTemplate';
import { makeSampleData, SMALL } from '../helpers/sampleData';
import { inEachTheme, isAccessible } from '../helpers/themes';

test.setTimeout(480_000);

/** The template fits the small archive, so that one value is all that is to be filled in. */
const small = (text: string): string =>
  withDefaults(text, {
    area: SMALL.area,
    start: '201303d1',
    end: '201305d3',
    baseline_start: 2001,
    baseline_end: 2012,
    chunk_px: 48
  });

/** Go to a control by Tab, and see that it shows the focus. */
async function goTo(page: Page, target: Locator, most = 60): Promise<void> {
  await tabTo(page, target, most);
  expect(await withoutFocusRing(page)).toBe('');
}

/** Go on by Tab to a control, and see that all on the way show the focus. */
async function walkTo(page: Page, target: Locator): Promise<void> {
  const dim: string[] = [];
  for (let count = 0; count < 80; count += 1) {
    await page.keyboard.press('Tab');
    dim.push(await withoutFocusRing(page));
    if (await target.evaluate(node => node === document.activeElement)) {
      break;
    }
  }
  await expect(target).toBeFocused();
  expect(dim.filter(Boolean), 'have the focus and do not show it').toEqual([]);
}

/** Go to a control by Tab and press Enter. */
async function enter(page: Page, target: Locator): Promise<void> {
  await goTo(page, target);
  await page.keyboard.press('Enter');
}

/** The focus is somewhere in an element, so that the next key reaches it. */
async function hasFocus(target: Locator): Promise<void> {
  await expect
    .poll(() => target.evaluate(node => node.contains(document.activeElement)))
    .toBe(true);
}

/** See one state in each theme: accessible, and the focus shown where it was. */
async function isSeen(page: Page, root: string, name: string): Promise<void> {
  const focused = await page.evaluateHandle(() => document.activeElement);
  await inEachTheme(page, async theme => {
    expect(
      await focused.evaluate(node => node === document.activeElement)
    ).toBe(true);
    expect(await withoutFocusRing(page)).toBe('');
    await isAccessible(page, root);
    await page.screenshot({ path: `test-results/keys-${theme}-${name}.png` });
  });
}

test.afterEach(async ({ lab }) => {
  await removeTemplates(lab.root);
});

test('a template is found, filled, previewed, inserted, undone, redone, run on a cluster, edited and updated by keyboard alone, and looked at in three themes', async ({
  page,
  sidebar,
  lab
}) => {
  await makeSampleData(lab.root, '--products', 'rfh_dekad');
  await writeTemplate(lab.root, '1.0.0', small);
  const notebook = new NotebookPage(page);
  await sidebar.open();
  await sidebar.newCluster();
  await notebook.createConnected(sidebar);
  const { keyboard } = page;
  const before = await notebook.sources();
  const view = page.locator('.jp-TemplateView:visible');
  const form = view.getByRole('region', { name: 'Parameters' });
  const start = form.getByLabel('First dekad', { exact: true });
  const changed = view.locator('.jp-TemplatePreview-line.jp-mod-changed');
  const line = async (name: string): Promise<string | undefined> =>
    (await notebook.sources())
      .flatMap(text => text.split('\n'))
      .find(text => text.startsWith(`${name}:`));

  await test.step('finds it', async () => {
    await fromPalette(page, 'Show Dask Clusters');
    const search = sidebar.panel.getByLabel('Search templates');
    await expect(search).toBeVisible();
    await goTo(page, search);
    await keyboard.type('my rain');
    await expect(sidebar.panel.locator('.jp-DaskSearch-open')).toHaveCount(1);
    await isSeen(page, '#jp-dask-clusters', '1-found');
    await enter(page, sidebar.panel.getByRole('button', { name: /^My rain/ }));
    await expect(form).toBeVisible();
    await hasFocus(page.locator('.jp-TemplatePanel:visible'));
  });

  await test.step('fills the form, and sees what it would change', async () => {
    await goTo(page, start);
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type('201304d9');
    await expect(form.locator('.jp-TemplateField-error')).toHaveCount(1);
    await isSeen(page, '.jp-TemplateView', '2-wrong');
    await keyboard.press('Backspace');
    await keyboard.type('1');
    await expect(start).toBeFocused();
    await expect(changed).toHaveCount(1);
    await expect(changed).toContainText('changed');
    await expect(changed).toContainText('start: str = "201304d1"');
    await expect(changed).toBeInViewport();
    await isSeen(page, '.jp-TemplateView', '3-filled');
  });

  await test.step('inserts it, and the focus is in the notebook', async () => {
    const place = view.getByLabel('Insert', { exact: true });
    await inEachTheme(page, async () => {
      await start.focus();
      await walkTo(page, place);
    });
    await keyboard.press('End');
    await expect(place).toHaveValue('end');
    await enter(
      page,
      view.getByRole('button', { name: 'Insert in this notebook' })
    );
    await expect(notebook.panel).toBeVisible();
    await hasFocus(notebook.panel);
    await expect.poll(() => line('start')).toContain('"201304d1"');
  });

  await test.step('takes it back and brings it again', async () => {
    const inserted = await notebook.sources();
    expect(inserted.slice(0, before.length)).toEqual(before);
    await keyboard.press('z');
    await expect.poll(() => notebook.sources()).toEqual(before);
    await hasFocus(notebook.panel);
    await keyboard.press('Shift+Z');
    await expect.poll(() => notebook.sources()).toEqual(inserted);
    await hasFocus(notebook.panel);
  });

  await test.step('runs it to the end', async () => {
    await fromPalette(page, 'Run All Cells');
    await notebook.isIdle(180_000);
    await expect(notebook.errors).toHaveCount(0);
    const output = notebook.panel.locator('.jp-OutputArea');
    await expect(output.last()).toContainText('All is plausible');
    await expect(notebook.panel).toContainText(/Computing at tls:/);
    await page.screenshot({ path: 'test-results/keys-4-run.png' });
  });

  await test.step('edits a parameter of the cells', async () => {
    await fromPalette(page, 'Edit Parameters…');
    await expect(start).toHaveValue('201304d1');
    await hasFocus(page.locator('.jp-TemplatePanel:visible'));
    await goTo(page, start);
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type('201304d2');
    await expect(changed).toContainText('start: str = "201304d2"');
    await isSeen(page, '.jp-TemplateView', '5-edit');
    await goTo(
      page,
      view.getByRole('button', { name: 'Change the parameters' }),
      80
    );
    await keyboard.press('Enter');
    await expect(notebook.panel).toBeVisible();
    await hasFocus(notebook.panel);
    await expect.poll(() => line('start')).toContain('"201304d2"');
  });

  await test.step('brings the cells to a newer version', async () => {
    await writeTemplate(lab.root, '1.1.0', text =>
      small(text).replace('"# Rainfall', '"# Better rainfall')
    );
    await fromPalette(page, 'Refresh Templates');
    await fromPalette(page, 'Edit Parameters…');
    const update = view.getByRole('button', {
      name: 'Update to version 1.1.0'
    });
    await expect(update).toBeVisible();
    await goTo(page, update, 80);
    await isSeen(page, '.jp-TemplateView', '6-update');
    await keyboard.press('Enter');
    await expect(view.getByText(/^Updated \d+ cells in/)).toBeVisible();
    await expect(update).toHaveCount(0);
    await hasFocus(view);
    await isSeen(page, '.jp-TemplateView', '7-updated');
  });

  await test.step('saves it as another, thinks better of it, and the focus is back', async () => {
    const dialog = page.getByRole('dialog');
    await fromPalette(page, 'Save Notebook as Template…');
    await expect(dialog.getByLabel('Title')).toBeVisible();
    await isSeen(page, '.jp-Dialog form, .jp-Dialog-body', '8-save');
    await keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await hasFocus(page.locator('.jp-TemplatePanel:visible'));
  });
});
