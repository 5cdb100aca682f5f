import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';
import { inEachTheme, isAccessible } from '../helpers/themes';

/** One euro a second for the cluster of one worker with one thread. */
const PRICE = {
  provider: 'local',
  item: 'core',
  unit: 'core-hour',
  price: 3600,
  currency: 'EUR',
  date: '2026-11-01'
};

test.use({
  labOptions: {
    overrides: {
      'jupyterlab-seasonal-monitor:profiles': {
        profiles: [
          {
            name: 'One',
            provider: 'local',
            options: { workers: 1, threads: 1 }
          }
        ]
      },
      'jupyterlab-seasonal-monitor:prices': { prices: [PRICE] }
    },
    // The person's own: an administrator's cannot be put off.
    settings: {
      'jupyterlab-seasonal-monitor:prices': {
        budgets: [
          { period: 'cluster', amount: 45, currency: 'EUR', stops: true },
          { period: 'day', amount: 100, currency: 'EUR', stops: false }
        ]
      }
    }
  }
});

// An end is said five minutes before it comes.
test.setTimeout(600_000);

test('a budget that is used up stops a cluster after saying so, spares one that is kept, and lets no other start', async ({
  page,
  sidebar
}) => {
  const start = (): Promise<void> =>
    new NotebookPage(page).command('seasonal-monitor:new-cluster', {
      profile: 'One'
    });
  const [one, other] = [sidebar.card('dask-1'), sidebar.card('dask-2')];
  await sidebar.open();

  await test.step('both are told that they stop, and one is kept', async () => {
    for (const card of [one, other]) {
      await start();
      await sidebar.isRunning(card, 1);
      await expect(card).toContainText('stops in');
    }
    await sidebar.button('Keep 30 min', other).press('Enter');
    await expect(other).not.toContainText(/stops in \d min/);
    await expect(one).toContainText('The budget of the cluster', {
      timeout: 120_000
    });
  });

  await test.step('no other starts', async () => {
    const toast = page.locator('.Toastify__toast', {
      hasText: 'No cluster starts or grows until it has changed.'
    });
    await expect(toast).toBeVisible({ timeout: 120_000 });
    const asked = start();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText(
      'Change it in the settings, under Dask cluster prices.'
    );
    await page.screenshot({ path: 'test-results/budget-refused.png' });
    await dialog.getByRole('button', { name: 'Close' }).press('Enter');
    await asked;
    await expect(sidebar.cards).toHaveCount(2);
  });

  await test.step('the warning can be read in each theme', async () => {
    await inEachTheme(page, async theme => {
      await expect(one).toContainText('The budget of the cluster');
      await isAccessible(page, '#jp-dask-clusters');
      await page.screenshot({
        path: `test-results/${theme}-budget-announced.png`
      });
    });
  });

  await test.step('one stops, and says why', async () => {
    // The card may be gone before it was seen to stop.
    await expect(one.filter({ hasText: '1 / 1 workers' })).toHaveCount(0, {
      timeout: 345_000
    });
    await page.screenshot({ path: 'test-results/budget-stopped.png' });
    await expect(other).toContainText('1 / 1 workers');
  });
});
