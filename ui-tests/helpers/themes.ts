import AxeBuilder from '@axe-core/playwright';
import { expect, Page } from '@playwright/test';
import { NotebookPage } from './notebook';

/** The themes that JupyterLab ships. */
export const THEMES = {
  light: 'JupyterLab Light',
  dark: 'JupyterLab Dark',
  contrast: 'JupyterLab Dark High Contrast'
} as const;

/** Change the theme and wait until it is there. */
export async function setTheme(
  page: Page,
  theme: keyof typeof THEMES
): Promise<void> {
  const name = THEMES[theme];
  await new NotebookPage(page).command('apputils:change-theme', {
    theme: name
  });
  await expect(page.locator('body')).toHaveAttribute(
    'data-jp-theme-name',
    name
  );
  // JupyterLab covers the page while it loads a theme.
  await page
    .locator('#jupyterlab-splash')
    .waitFor({ state: 'detached', timeout: 60_000 });
}

/** Look at one state in each theme; the page is in the light one after it. */
export async function inEachTheme(
  page: Page,
  look: (theme: keyof typeof THEMES) => Promise<void>
): Promise<void> {
  const themes = Object.keys(THEMES) as Array<keyof typeof THEMES>;
  for (const theme of themes.reverse()) {
    await setTheme(page, theme);
    await look(theme);
  }
}

/** No violation of WCAG 2.2 A and AA below an element of ours. */
export async function isAccessible(page: Page, root: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .include(root)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(
    violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' | ')}`
    )
  ).toEqual([]);
}
