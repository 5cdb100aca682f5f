import { test as base } from '@playwright/test';
import { expect } from '../helpers/fixtures';
import { Lab } from '../helpers/lab';
import { Sidebar } from '../helpers/sidebar';
import { Slurm } from '../helpers/slurm';
import { inEachTheme, isAccessible } from '../helpers/themes';

const VIEW = '.jp-DaskLeft:visible';

interface IPlace {
  lab: Lab;
  slurm: Slurm | string;
}

const test = base.extend<object, { place: IPlace }>({
  place: [
    async ({ browserName: _ }, use) => {
      const slurm = await Slurm.start();
      const isThere = slurm instanceof Slurm;
      const lab = await Lab.start({
        environment: isThere
          ? { SLURM_CONF: slurm.environment.SLURM_CONF }
          : {},
        overrides: {
          'jupyterlab-seasonal-monitor:batch': { slurm: isThere, pbs: true },
          'jupyterlab-seasonal-monitor:profiles': {
            profiles: [
              { name: 'This machine', provider: 'local', options: {} },
              {
                name: 'Short',
                provider: 'local',
                options: { workers: 1, threads: 1, idleTimeout: 30 }
              }
            ]
          },
          'jupyterlab-seasonal-monitor:prices': {
            prices: [
              {
                provider: 'local',
                region: '',
                item: 'core',
                unit: 'core-hour',
                price: 0.5,
                currency: 'EUR',
                source: 'the computing centre',
                date: '2026-11-01'
              }
            ]
          }
        }
      });
      await use({ lab, slurm });
      await lab.stop();
      if (isThere) {
        await slurm.stop();
      }
    },
    { scope: 'worker', timeout: 200_000 }
  ],
  page: async ({ page, place }, use) => {
    await place.lab.reset();
    await page.goto(`${place.lab.url}/lab`);
    await new Sidebar(page).tab.waitFor({ timeout: 60_000 });
    await use(page);
  }
});

test.setTimeout(240_000);

test('everything that is left running is named, and goes after questions with numbers', async ({
  page,
  place: { slurm }
}) => {
  const sidebar = new Sidebar(page);
  await sidebar.open();
  await sidebar.newCluster();
  await sidebar.startProfile(/^Short/);
  await sidebar.isRunning(sidebar.cards.nth(1), 1);

  // From the status bar, by keyboard.
  await page.locator('.jp-DaskStatus').focus();
  await page.keyboard.press('Enter');
  const view = page.locator(VIEW);
  await expect(view.getByRole('status').first()).toContainText(
    /2 clusters · 3 workers · .*EUR\/h/
  );
  const row = (name: string) => view.getByRole('row').filter({ hasText: name });
  await expect(row('dask-1')).toContainText('It does not stop by itself.');
  await expect(row('dask-1')).toContainText('EUR');
  await expect(row('dask-2')).toContainText(
    /Stops at .* if nothing runs|Stops when nothing has run for 30 min/
  );
  // What cannot be asked says so, where it would stand.
  const part = (id: string) => view.locator(`[data-provider=${id}]`);
  await expect(part('pbs')).toContainText(
    'Jobs that were left over are not found on PBS.',
    { timeout: 60_000 }
  );
  await expect(part('local')).toContainText('Nothing can be left here');
  await isAccessible(page, '.jp-DaskLeft');
  await inEachTheme(page, async theme => {
    await page.screenshot({ path: `test-results/${theme}-left-running.png` });
  });

  await test.step('it comes back with the page', async () => {
    await page.reload();
    await expect(view.getByRole('status').first()).toContainText(
      /2 clusters · 3 workers · .*EUR\/h/,
      { timeout: 60_000 }
    );
    await expect(part('pbs')).toContainText('are not found on PBS.', {
      timeout: 60_000
    });
  });

  await view.getByRole('button', { name: 'Stop all…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Stop 2 clusters?');
  await expect(dialog).toContainText('3 workers will be stopped.');
  await expect(dialog).toContainText(/They cost .* an hour\./);
  await dialog.getByRole('button', { name: 'Stop all' }).click();
  await expect(view).toContainText('No cluster of yours runs.');

  if (!(slurm instanceof Slurm)) {
    test.info().annotations.push({ type: 'without SLURM', description: slurm });
    return;
  }
  await expect(part('slurm')).toContainText('Nothing is left here.');
  const own = slurm.sendFrom();
  const other = slurm.sendFrom('node-of-another-room');
  // Nobody asks by itself.
  await expect(part('slurm')).toContainText('Nothing is left here.');
  await view.getByRole('button', { name: 'Refresh' }).focus();
  await page.keyboard.press('Enter');
  await expect(part('slurm')).toContainText(`Job ${own}`);
  await expect(part('slurm')).toContainText('node-of-another-room');
  await view.getByRole('button', { name: 'Clean up…' }).focus();
  await page.keyboard.press('Enter');
  const boxes = dialog.getByRole('checkbox');
  await expect(boxes).toHaveCount(2);
  await expect(
    dialog.getByRole('checkbox', { name: new RegExp(`Job ${own}`) })
  ).toBeChecked();
  await expect(
    dialog.getByRole('checkbox', { name: new RegExp(`Job ${other}`) })
  ).not.toBeChecked();
  await isAccessible(page, '.jp-Dialog-content');
  await inEachTheme(page, async theme => {
    await page.screenshot({ path: `test-results/${theme}-clean-up.png` });
  });
  await dialog.getByRole('button', { name: 'Remove' }).focus();
  await page.keyboard.press('Enter');
  await expect(part('slurm')).not.toContainText(`Job ${own}`);
  await expect(part('slurm')).toContainText(`Job ${other}`);
  expect(slurm.jobs()).toEqual([other]);
});
