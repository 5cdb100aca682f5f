import { expect, Locator, Page } from '@playwright/test';

/** Press Tab until an element has the focus. */
export async function tabTo(
  page: Page,
  target: Locator,
  most: number
): Promise<void> {
  for (let count = 0; count < most; count += 1) {
    if (await target.evaluate(node => node === document.activeElement)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused({ timeout: 1000 });
}

/** Run a command by its label in the palette, with keys only. */
export async function fromPalette(page: Page, label: string): Promise<void> {
  const search = page.locator('.lm-CommandPalette-input');
  const first = page.locator('.lm-CommandPalette-item').first();
  // JupyterLab reads its shortcuts from the settings after the page is there, and what
  // then comes, such as its launcher, can take the focus: that closes the palette.
  await expect(async () => {
    if (!(await search.isVisible())) {
      await page.keyboard.press('ControlOrMeta+Shift+C');
    }
    await expect(search).toBeFocused({ timeout: 2_000 });
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(label);
    await expect(first).toContainText(label, { timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
  await page.keyboard.press('Enter');
}

/** The element with the focus where it shows that by no outline and no shadow; else empty. */
export async function withoutFocusRing(page: Page): Promise<string> {
  return page.evaluate(() => {
    const node = document.activeElement as HTMLElement;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(node);
    const shows =
      (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) ||
      boxShadow !== 'none';
    return shows ? '' : node.outerHTML.slice(0, 200);
  });
}
