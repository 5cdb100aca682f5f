import { gzipSync } from 'zlib';
import { expect, test } from '../helpers/fixtures';

const OURS = '/extensions/jupyterlab-seasonal-monitor/static/';

test.use({ opens: false });

test('before the first use at most 10 kB of compressed JavaScript is loaded', async ({
  page
}) => {
  const loaded: Array<{ url: string; size: Promise<number> }> = [];
  page.on('response', response => {
    if (response.url().includes(OURS)) {
      loaded.push({
        url: response.url(),
        size: response.body().then(body => gzipSync(body).length)
      });
    }
  });
  await page.goto();
  await expect(page.getByRole('tab', { name: 'Dask clusters' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  const sizes = await Promise.all(loaded.map(item => item.size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(loaded.length).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(10_000);
});

test('a page that was not used asks nobody about clusters', async ({
  page
}) => {
  const asked: string[] = [];
  page.on('request', request => {
    if (/\/proxy\/|\/dask|dask-cluster/.test(request.url())) {
      asked.push(request.url());
    }
  });
  await page.goto();
  await page.waitForLoadState('networkidle');
  expect(asked).toEqual([]);
});

test('it loads without errors on the console', async ({ page, sidebar }) => {
  const errors: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' && /seasonal|dask/i.test(message.text())) {
      errors.push(message.text());
    }
  });
  page.on('pageerror', error => errors.push(error.message));
  await page.goto();
  await sidebar.open();
  expect(errors).toEqual([]);
});
