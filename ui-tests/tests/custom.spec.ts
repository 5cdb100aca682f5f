import { test as base } from '@playwright/test';
import { expect } from '../helpers/fixtures';
import { Lab } from '../helpers/lab';
import { Sidebar } from '../helpers/sidebar';

base(
  'a class that the settings name is a choice in the form, and its cluster has a card',
  async ({ page }) => {
    base.setTimeout(240_000);
    const lab = await Lab.start({
      overrides: {
        'jupyterlab-seasonal-monitor:custom': {
          classes: [
            {
              name: 'Ours',
              class: 'distributed:LocalCluster',
              arguments: {
                threads_per_worker: 1,
                dashboard_address: '127.0.0.1:0',
                security: true
              }
            }
          ]
        },
        'jupyterlab-seasonal-monitor:profiles': {
          profiles: [
            {
              name: 'Our class',
              provider: 'custom',
              options: { cluster: 'Ours', workers: 1 }
            }
          ]
        }
      }
    });
    try {
      await page.goto(`${lab.url}/lab`);
      const sidebar = new Sidebar(page);
      await sidebar.tab.waitFor({ timeout: 60_000 });
      await sidebar.open();
      const choose = sidebar.panel.getByRole('button', {
        name: 'Choose a profile'
      });

      await choose.click();
      await page.getByRole('menuitem', { name: 'Customise…' }).click();
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByText('runs with your rights')).toBeVisible();
      const further = dialog.getByLabel('Further arguments');
      await further.fill('{"token": "abc"}');
      await dialog.getByRole('button', { name: 'Start' }).click();
      await expect(
        page.getByText(/token looks like a secret/).first()
      ).toBeVisible({ timeout: 60_000 });

      await page.keyboard.press('Escape');
      await page.reload();
      await sidebar.tab.waitFor({ timeout: 60_000 });
      await sidebar.open();
      await choose.click();
      await page.getByRole('menuitem', { name: /Our class/ }).click();
      await sidebar.isRunning(sidebar.card(), 1);
      await page.reload();
      await sidebar.tab.waitFor({ timeout: 60_000 });
      await sidebar.open();
      await sidebar.isRunning(sidebar.card(), 1);
      await sidebar.stop();
    } finally {
      await lab.stop();
    }
  }
);
