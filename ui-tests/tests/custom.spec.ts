import { test as base } from '@playwright/test';
import { mkdtemp, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { expect } from '../helpers/fixtures';
import { Lab } from '../helpers/lab';
import { NotebookPage } from '../helpers/notebook';
import { Sidebar } from '../helpers/sidebar';

/** Clusters that are gone with their controller, whatever their class was promised. */
const MODULE = `
from distributed import LocalCluster

class Named(LocalCluster):
    @classmethod
    def from_name(cls, name):
        raise ValueError(f"There is no cluster {name}")
`;

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

base(
  'a cluster of a class that is gone says so in what is left, and is forgotten',
  async ({ page }) => {
    base.setTimeout(240_000);
    const modules = await mkdtemp(join(tmpdir(), 'seasonal-monitor-class-'));
    await writeFile(join(modules, 'rain_clusters.py'), MODULE);
    const lab = await Lab.start({
      environment: { PYTHONPATH: modules },
      overrides: {
        'jupyterlab-seasonal-monitor:custom': {
          classes: [
            {
              name: 'Rain',
              class: 'rain_clusters:Named',
              arguments: { name: 'rain-1', dashboard_address: '127.0.0.1:0' }
            }
          ]
        },
        'jupyterlab-seasonal-monitor:profiles': {
          profiles: [
            {
              name: 'Rain',
              provider: 'custom',
              options: { cluster: 'Rain', workers: 1 }
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
      await sidebar.startProfile(/Rain/);
      await sidebar.isRunning(sidebar.card(), 1);
      for (const { pid } of await lab.controllers()) {
        process.kill(pid, 'SIGKILL');
      }
      await expect(sidebar.card().locator('.jp-DaskFailure')).toBeVisible({
        timeout: 60_000
      });
      await new NotebookPage(page).command(
        'seasonal-monitor:show-left-running'
      );
      const view = page.locator('.jp-DaskLeft:visible');
      const part = view.locator('[data-provider=custom]');
      // A controller that was asked just when it was shut down is replaced by the next.
      await expect(async () => {
        await view.getByRole('button', { name: 'Refresh' }).click();
        await expect(part).toContainText('its name there: rain-1', {
          timeout: 20_000
        });
      }).toPass({ timeout: 90_000 });

      const cleanUp = view.getByRole('button', { name: 'Clean up…' });
      const dialog = page.getByRole('dialog');
      await cleanUp.click();
      await dialog.getByRole('button', { name: 'Remove' }).click();
      await expect(
        page
          .getByText(/could not be stopped\. There is no cluster rain-1/)
          .first()
      ).toBeVisible({ timeout: 60_000 });
      await expect(part).toContainText('it may be gone', { timeout: 60_000 });
      await expect(part).not.toContainText('[object');
      await page.screenshot({ path: 'test-results/custom-1-gone.png' });

      await cleanUp.click();
      // What it cannot stop is not tried again unless somebody wants to.
      const boxes = dialog.getByRole('checkbox');
      await boxes.first().uncheck();
      await boxes.last().check();
      await page.screenshot({ path: 'test-results/custom-2-forget.png' });
      await dialog.getByRole('button', { name: 'Remove' }).click();
      await expect(part).toContainText('Nothing is left here.', {
        timeout: 60_000
      });
    } finally {
      await lab.stop();
      await rm(modules, { recursive: true, force: true });
    }
  }
);
