import type { Page } from '@playwright/test';
import { expect, test } from '../helpers/fixtures';

/** Choose a template in the dialog that asks which, and see its form. */
async function choose(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('combobox')
    .selectOption({ label: 'Trend over the years (trend)' });
  await dialog.getByRole('button', { name: 'Ok' }).click();
  const view = page.locator('.jp-TemplateView:visible');
  await expect(view.locator('.jp-TemplateView-title')).toContainText('Trend');
  await expect(view.getByRole('region', { name: 'Parameters' })).toBeVisible();
  await expect(page.locator('.jp-NotebookPanel')).toHaveCount(0);
}

test('the launcher leads to a template’s form', async ({ page }) => {
  await page
    .locator('.jp-LauncherCard', { hasText: 'Notebook from Template' })
    .click();
  await choose(page);
});

test('so does File, New', async ({ page }) => {
  await page.menu.clickMenuItem('File>New>Notebook from Template…');
  await choose(page);
});
