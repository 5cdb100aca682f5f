import { test as base } from '@playwright/test';
import { mkdir, writeFile } from 'fs/promises';
import { join } from 'path';
import { expect } from '../helpers/fixtures';
import { Lab } from '../helpers/lab';
import { Sidebar } from '../helpers/sidebar';

base(
  'what an administrator sets in overrides.json is what a fresh user sees, with the reason for its limits',
  async ({ page }) => {
    base.setTimeout(240_000);
    const lab = await Lab.start({
      overrides: {
        'jupyterlab-seasonal-monitor:profiles': {
          profiles: [
            {
              // It says nothing of the number of workers: the limit does.
              name: 'Whole machine',
              description: 'For everybody.',
              provider: 'local',
              options: {}
            },
            {
              name: 'Workshop',
              description: 'For the course.',
              provider: 'local',
              options: { workers: 1, threads: 1 }
            }
          ],
          limits: { workers: 1 },
          locked: { local: { threads: 1 } }
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
      await expect(
        page.getByRole('menuitem', { name: /Workshop/ })
      ).toBeVisible();
      await expect(
        page.getByRole('menuitem', { name: /This machine/ })
      ).toHaveCount(0);

      await page.getByRole('menuitem', { name: /Workshop/ }).click();
      await sidebar.isRunning(sidebar.card(), 1);
      await sidebar.stop();
      await choose.click();
      await page.getByRole('menuitem', { name: 'Customise…' }).click();
      const dialog = page.getByRole('dialog');
      const workers = dialog.getByLabel('Workers', { exact: true });
      await expect(workers).toHaveValue('1');
      const reason = dialog.getByText(/Your administrator allows 1 worker/);
      await expect(reason).toHaveCount(0);
      await expect(dialog.getByLabel('Threads per worker')).toBeDisabled();
      await expect(
        dialog.getByText('Locked: your administrator has set it.')
      ).toBeVisible();
      await workers.fill('2');
      await expect(reason).toBeVisible();
      await dialog.getByRole('button', { name: 'Start' }).click();

      await expect(sidebar.cards).toHaveCount(1);
      await sidebar.isRunning(sidebar.card(), 1);
      await sidebar.stop();

      // Neither an empty field nor a scale nor a broken file goes beyond it.
      await choose.click();
      await page.getByRole('menuitem', { name: /Whole machine/ }).click();
      await sidebar.isRunning(sidebar.card(), 1);
      await sidebar.button('Scale').click();
      await expect(sidebar.card()).toContainText('Up to 1 worker here.');
      await page.keyboard.press('Escape');
      await sidebar.stop();
      const own = join(lab.folder, 'settings', 'jupyterlab-seasonal-monitor');
      await mkdir(own, { recursive: true });
      await writeFile(
        join(own, 'profiles.jupyterlab-settings'),
        '{"limits": {"workers": "many"}}'
      );
      await page.reload();
      await sidebar.tab.waitFor({ timeout: 60_000 });
      await sidebar.open();
      await sidebar.newClusterButton.click();
      await sidebar.isRunning(sidebar.card(), 1);
      await sidebar.stop();
    } finally {
      await lab.stop();
    }
  }
);
