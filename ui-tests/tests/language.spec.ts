import { test as base, Locator } from '@playwright/test';
import { mkdir, readFile, writeFile } from 'fs/promises';
import { readdirSync } from 'fs';
import { join, resolve } from 'path';
import { expect } from '../helpers/fixtures';
import { Lab } from '../helpers/lab';
import { Sidebar } from '../helpers/sidebar';

const SOURCES = resolve(__dirname, '../../src');
const DOMAIN = 'jupyterlab_seasonal_monitor';
const TEXT = String.raw`'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"`;
const CALL = new RegExp(
  String.raw`trans\s*\.\s*(?:__\(\s*(?:${TEXT})|_n\(\s*(?:${TEXT})\s*,\s*(?:${TEXT}))`,
  'g'
);

/** Every text that goes through the translator, marked at both ends. */
async function pseudoLanguage(): Promise<Record<string, unknown>> {
  const mark = (text: string): string => `⟦${text}⟧`;
  const catalogue: Record<string, unknown> = {
    '': {
      domain: DOMAIN,
      language: 'fr-FR',
      plural_forms: 'nplurals=2; plural=(n > 1);'
    }
  };
  for (const name of readdirSync(SOURCES, {
    encoding: 'utf8',
    recursive: true
  })) {
    if (!/\.tsx?$/.test(name) || name.includes('__tests__')) {
      continue;
    }
    const source = await readFile(join(SOURCES, name), 'utf8');
    for (const [, ...groups] of source.matchAll(CALL)) {
      const [one, many] = groups
        .filter(text => text !== undefined)
        .map(text => text.replace(/\\(.)/g, '$1'));
      catalogue[one] = many === undefined ? [mark(one)] : [one, many].map(mark);
    }
  }
  return catalogue;
}

/** Words that stand outside of the marks, and are nobody's data. */
async function untranslated(root: Locator): Promise<string[]> {
  return root.evaluate(node => {
    // The last two are JupyterLab's own words for the parts of a side panel.
    const data =
      /dask-1|Python 3 \(ipykernel\)|\b[KMGT]iB\b|\bB\b|\b(hr|h|min|s|sec)\b|side panel content| Section$/g;
    const found: string[] = [];
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const bare = (text: string): string => {
      let rest = text;
      for (let before = ''; before !== rest;) {
        before = rest;
        rest = rest.replace(/⟦[^⟦⟧]*⟧/g, '');
      }
      return rest.replace(data, '');
    };
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent ?? '';
      const parent = walker.currentNode.parentElement;
      if (
        parent?.closest('style, script, option, code, dd, [role=cell]') ||
        parent?.closest('.jp-DaskSearch-open')
      ) {
        continue;
      }
      if (/\p{L}{2,}/u.test(bare(text))) {
        found.push(text);
      }
    }
    for (const element of node.querySelectorAll('[aria-label], [title]')) {
      for (const name of ['aria-label', 'title']) {
        const text = element.getAttribute(name) ?? '';
        if (
          /\p{L}{2,}/u.test(bare(text)) &&
          !element.closest('.jp-DaskSearch-open, [role=row]')
        ) {
          found.push(`${name}: ${text}`);
        }
      }
    }
    return found;
  });
}

base('in another language no English is left', async ({ page }) => {
  base.setTimeout(180_000);
  const lab = await Lab.start();
  try {
    const folder = join(
      lab.folder,
      'settings',
      '@jupyterlab',
      'translation-extension'
    );
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'plugin.jupyterlab-settings'),
      '{"locale": "fr_FR"}'
    );
    const catalogue = await pseudoLanguage();
    await page.route(/api\/translations\/fr/, route =>
      route.fulfill({ json: { data: { [DOMAIN]: catalogue }, message: '' } })
    );
    await page.goto(`${lab.url}/lab`);
    await page.getByRole('tab', { name: '⟦Dask clusters⟧' }).click();
    const { panel } = new Sidebar(page);
    const start = panel.getByRole('button', {
      name: '⟦New cluster⟧',
      exact: true
    });
    await expect(start).toBeVisible();
    expect(await untranslated(panel)).toEqual([]);

    await panel.getByRole('button', { name: '⟦Choose a profile⟧' }).click();
    await page.getByRole('menuitem', { name: '⟦Customise…⟧' }).click();
    const form = page.locator('.jp-Dialog .jp-DaskForm');
    await expect(form.getByText('⟦Memory per worker⟧')).toBeVisible();
    expect(await untranslated(form)).toEqual([]);
    await page.keyboard.press('Escape');

    await start.click();
    await expect(panel.getByText('⟦2 / 2 workers⟧')).toBeVisible({
      timeout: 60_000
    });
    await panel.getByRole('button', { name: '⟦Scale⟧' }).click();
    expect(await untranslated(panel)).toEqual([]);

    await panel.getByRole('button', { name: '⟦More actions⟧' }).click();
    await page.getByRole('menuitem', { name: '⟦Show Details⟧' }).click();
    const details = page.locator('.jp-DaskDetails');
    await expect(details.getByRole('row')).toHaveCount(3);
    expect(await untranslated(details)).toEqual([]);
    await details.getByRole('tab', { name: '⟦Options used⟧' }).click();
    expect(
      await untranslated(details.locator('h2, [role=tablist]').first())
    ).toEqual([]);
  } finally {
    await lab.stop();
  }
});
