import { readdirSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import type { Page } from '@playwright/test';
import { expect, test } from '../helpers/fixtures';
import { tabTo } from '../helpers/keyboard';
import { NotebookPage } from '../helpers/notebook';
import { makeSampleData, SMALL } from '../helpers/sampleData';
import { isAccessible, setTheme, THEMES } from '../helpers/themes';

test.setTimeout(300_000);

interface ITemplateFile {
  id: string;
  title: string;
  /** Names of its parameters, in order. */
  names: string[];
  /** What the form calls them. */
  labels: string[];
}

const FOLDER = resolve(
  __dirname,
  '../../jupyterlab_seasonal_monitor/templates'
);

/** Every template that comes with the extension, from its file. */
const TEMPLATES: ITemplateFile[] = readdirSync(FOLDER)
  .filter(name => name.endsWith('.ipynb'))
  .sort()
  .map(name => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const { id, title, parameters } = JSON.parse(text).metadata
      .seasonal_monitor as {
      id: string;
      title: string;
      parameters: {
        required: string[];
        properties: Record<string, { title: string }>;
      };
    };
    const names = parameters.required;
    const labels = names.map(field => parameters.properties[field].title);
    return { id, title, names, labels };
  });

/** Close the notebook in front, with its kernel. */
async function close(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const app = (window as unknown as { jupyterapp: NotebookPage.IApp })
      .jupyterapp;
    const panel = app.shell.currentWidget as {
      sessionContext: { shutdown(): Promise<void> };
      dispose(): void;
    };
    await panel.sessionContext.shutdown();
    panel.dispose();
  });
}

Object.keys(THEMES).forEach((name, turn, themes) => {
  const theme = name as keyof typeof THEMES;
  const mine = TEMPLATES.filter((_, place) => place % themes.length === turn);

  test(`each of ${mine.length} templates is found, shows its form and cells and makes a notebook, in the ${theme} theme`, async ({
    page,
    sidebar
  }) => {
    await setTheme(page, theme);
    await sidebar.open();
    const notebook = new NotebookPage(page);
    const search = sidebar.panel.getByLabel('Search templates');
    const view = page.locator('.jp-TemplateView:visible');
    const form = view.getByRole('region', { name: 'Parameters' });
    const preview = view.getByRole('region', { name: 'Preview' });
    const make = view.getByRole('button', { name: 'New notebook' });

    for (const [place, template] of mine.entries()) {
      const byKeyboard = place === 0;
      await test.step(`${template.title}${byKeyboard ? ', by keyboard' : ''}`, async () => {
        const { id, title, names, labels } = template;
        const listed = sidebar.panel.getByRole('button', {
          name: new RegExp(`^${title}`)
        });
        await search.fill(title);
        await expect(listed).toBeVisible();
        const other = id === 'trend' ? 'Dask on dekads' : 'Trend over';
        await expect(
          sidebar.panel.getByRole('button', { name: new RegExp(`^${other}`) })
        ).toHaveCount(0);
        if (byKeyboard) {
          // The page that has just opened may take the focus for its own.
          await expect(async () => {
            await search.focus();
            await tabTo(page, listed, 8);
          }).toPass({ timeout: 60_000 });
          await page.keyboard.press('Enter');
        } else {
          await listed.click();
        }
        await expect(view.locator('.jp-TemplateView-title')).toContainText(
          title
        );
        for (const label of labels) {
          await expect(form).toContainText(label);
        }
        await expect(view.getByRole('alert')).toHaveCount(0);
        await expect(form.locator('[aria-invalid="true"]')).toHaveCount(0);
        for (const field of names) {
          await expect(preview).toContainText(`${field}:`);
        }
        await isAccessible(page, '.jp-TemplateView');
        await page.screenshot({ path: `test-results/all-${id}.png` });
        if (byKeyboard) {
          await tabTo(page, make, 120);
          await page.keyboard.press('Enter');
        } else {
          await make.click();
        }
        await expect(
          page.getByRole('tab', { name: new RegExp(`^${id}.*\\.ipynb$`) })
        ).toBeVisible();
        await expect(notebook.panel).toBeVisible();
        const values = async (): Promise<string> =>
          (await notebook.sources()).find(text =>
            text.startsWith(`${names[0]}:`)
          ) ?? '';
        await expect.poll(values).not.toBe('');
        const lines = (await values()).split('\n');
        expect(lines.map(line => line.split(':')[0])).toEqual(names);
        await close(page);
        await expect(view).toBeVisible();
        await page.evaluate(() => {
          const app = (window as unknown as { jupyterapp: NotebookPage.IApp })
            .jupyterapp;
          (app.shell.currentWidget as { dispose(): void }).dispose();
        });
        await expect(view).toHaveCount(0);
      });
    }
    await setTheme(page, 'light');
  });
});

test('the health of the vegetation and the course of a season run on a cluster to the last cell, with maps', async ({
  page,
  sidebar,
  lab
}) => {
  const products = 'rfh_dekad,mxd13a2_vim_dekad,myd11a2_txa_dekad';
  await makeSampleData(lab.root, '--products', products);
  const notebook = new NotebookPage(page);
  await sidebar.open();
  await sidebar.newCluster();
  const view = page.locator('.jp-TemplateView:visible');
  const form = view.getByRole('region', { name: 'Parameters' });
  const baseline = { 'First baseline year': '2003', 'Chunk size': '48' };
  const fill = async (values: Record<string, string>): Promise<void> => {
    for (const [label, value] of Object.entries(values)) {
      await form.getByLabel(label, { exact: true }).fill(value);
    }
  };

  for (const [id, title, values] of [
    [
      'vegetation-health',
      'Health of the vegetation',
      {
        ...baseline,
        'First dekad': '201304d1',
        'Last dekad': '201304d3',
        'Last baseline year': '2012',
        West: String(SMALL.area[0]),
        South: String(SMALL.area[1]),
        East: String(SMALL.area[2]),
        North: String(SMALL.area[3])
      }
    ],
    [
      'season-profile',
      'Course of a season',
      {
        ...baseline,
        'First dekad of the season': '201303d1',
        'Last dekad of the season': '201305d3',
        'Last baseline year': '2012'
      }
    ]
  ] as Array<[string, string, Record<string, string>]>) {
    await test.step(title, async () => {
      await sidebar.panel
        .getByRole('button', { name: new RegExp(`^${title}`) })
        .click();
      await fill(values);
      await notebook.fromTemplate(id, view);
      await sidebar.button('Connect').click();
      await expect
        .poll(async () => (await notebook.sources())[0])
        .toContain('Client(');
      await notebook.runAll(180_000);
      await expect(notebook.errors).toHaveCount(0);
      await expect(notebook.panel).toContainText(/Computing at tls:/);
      await expect(notebook.cells.last()).toContainText('All is plausible');
      const drawing = notebook.cells
        .filter({ hasText: 'draw_map(axis' })
        .locator('.jp-OutputArea-output img')
        .first();
      await drawing.scrollIntoViewIfNeeded();
      await expect(drawing).toBeVisible();
      const width = await drawing.evaluate(
        image => (image as HTMLImageElement).naturalWidth
      );
      expect(width).toBeGreaterThan(300);
      await page.screenshot({ path: `test-results/all-map-${id}.png` });
    });
  }
  await sidebar.stop();
});
