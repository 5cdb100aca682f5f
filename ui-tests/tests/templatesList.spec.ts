import { expect, test } from '../helpers/fixtures';

test('the list of templates loads no notebook, and an opened template only its own', async ({
  page,
  sidebar
}) => {
  const loaded: Promise<string>[] = [];
  page.on('response', response => {
    if (response.url().includes('/jupyterlab-seasonal-monitor/static/')) {
      loaded.push(response.text());
    }
  });
  const notebooks = async (): Promise<number> =>
    (await Promise.all(loaded)).filter(text =>
      /"cell_type":\s*"markdown"/.test(text.replace(/\\"/g, '"'))
    ).length;

  await sidebar.open();
  const listed = sidebar.panel.getByRole('button', {
    name: /^Rainfall anomaly/
  });
  await expect(listed).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(loaded.length).toBeGreaterThan(0);
  expect(await notebooks()).toBe(0);

  await listed.click();
  await expect(page.getByRole('region', { name: 'Parameters' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(await notebooks()).toBe(1);
});
