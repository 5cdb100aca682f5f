import { expect, test } from '../helpers/fixtures';
import { inEachTheme } from '../helpers/themes';

/** A priced cluster that nothing ends, and one that ends when it idles. */
test.use({
  labOptions: {
    overrides: {
      'jupyterlab-seasonal-monitor:profiles': {
        profiles: [
          {
            name: 'One',
            provider: 'local',
            options: { workers: 1, threads: 1 }
          },
          {
            name: 'Idle',
            provider: 'local',
            options: { workers: 1, threads: 1, idleTimeout: 30 }
          }
        ]
      },
      'jupyterlab-seasonal-monitor:prices': {
        prices: [
          {
            provider: 'local',
            item: 'core',
            unit: 'core-hour',
            price: 3600,
            currency: 'EUR',
            source: 'the computing centre',
            date: '2026-11-01'
          }
        ]
      }
    }
  }
});

test.setTimeout(300_000);

test('who leaves is told what becomes of each cluster, and who comes back what it cost', async ({
  page,
  sidebar
}) => {
  await sidebar.open();
  await sidebar.startProfile(/^One/);
  await sidebar.isRunning(sidebar.card('dask-1'), 1);
  await sidebar.startProfile(/^Idle/);
  await sidebar.isRunning(sidebar.card('dask-2'), 1);

  await test.step('each card and the header say it all the time', async () => {
    await expect(sidebar.card('dask-1')).toContainText(
      'Close this page: it goes on with the Jupyter server.'
    );
    await expect(sidebar.card('dask-2')).toContainText(
      /Close this page: it (goes on until idle for|stops in)/
    );
    await expect(sidebar.panel).toContainText(
      'Closing this page stops none. Of 2 clusters end: 1 with the Jupyter server, 1 when idle.'
    );
    await inEachTheme(page, async theme => {
      await sidebar.panel.screenshot({
        path: `test-results/${theme}-leaving.png`
      });
    });
  });

  await test.step('shutting down asks with the list, and goes no further when refused', async () => {
    const asked = page.evaluate(() =>
      window.jupyterapp.commands.execute('filemenu:shutdown')
    );
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Shut down while 2 clusters run?');
    await expect(dialog.getByRole('listitem')).toHaveText([
      'dask-1 stops with the Jupyter server.',
      'dask-2 stops with the Jupyter server.'
    ]);
    await expect(dialog).toContainText(/They cost .* EUR an hour\./);
    await page.screenshot({ path: 'test-results/leaving-asked.png' });
    // Cancel has the focus.
    await page.keyboard.press('Enter');
    await asked;
    await expect(dialog).toHaveCount(0);
    await expect(sidebar.cards).toHaveCount(2);
  });

  await test.step('the next page says what ran meanwhile', async () => {
    await page.goto('about:blank');
    await page.goto();
    // As if the page was left an hour ago.
    await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
    await sidebar.open();
    await sidebar.isRunning(sidebar.card('dask-1'), 1);
    await page.addInitScript(() => {
      for (const [key, value] of Object.entries({ ...localStorage })) {
        if (key.includes(' left ')) {
          const left = JSON.parse(value);
          left.at -= 3_600_000;
          localStorage.setItem(key, JSON.stringify(left));
        }
      }
    });
    await page.reload();
    await expect(
      page.locator('.Toastify__toast', { hasText: 'Since a page was left at' })
    ).toContainText(/dask-1 ran on and cost .* EUR\./, { timeout: 60_000 });
    await page.screenshot({ path: 'test-results/leaving-back.png' });
  });
});
