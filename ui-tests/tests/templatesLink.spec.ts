import { expect, test } from '../helpers/fixtures';
import { requestsOutside } from '../helpers/outside';
import { inEachTheme, isAccessible } from '../helpers/themes';

test('a copied link opens the form with its values, and leaves the address', async ({
  page,
  sidebar,
  context
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await sidebar.open();
  await sidebar.panel
    .getByRole('button', { name: /^Rainfall anomaly/ })
    .click();
  const start = page.getByLabel('First dekad', { exact: true });
  await start.fill('201601d2');
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText(/^Copied a link/)).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('/lab?seasonal-template=rainfall-anomaly');

  await test.step('in the page of somebody else', async () => {
    await start.fill('199901d1');
    await page.goto(link);
    await expect(start).toHaveValue('201601d2');
    await expect(page).not.toHaveURL(/seasonal-template/);
    await expect(page.locator('.jp-NotebookPanel')).toHaveCount(0);
  });
});

test('a link that cannot be used says so, and opens nothing', async ({
  page,
  lab
}) => {
  const outside = requestsOutside(page, lab.url);
  await page.goto(`${lab.url}/lab?seasonal-template=../x`);
  await expect(page.getByText(/does not name a template/)).toBeVisible();
  await expect(page).not.toHaveURL(/seasonal-template/);
  await expect(page.locator('.jp-TemplateView')).toHaveCount(0);
  expect(await lab.sessions()).toEqual([]);
  expect(outside).toEqual([]);
});

test('values that do not fit are named beside the form', async ({
  page,
  lab
}) => {
  const outside = requestsOutside(page, lab.url);
  const gone = '<img src=https://example.org/a.png>';
  const values = encodeURIComponent(JSON.stringify({ start: 7, gone }));
  await page.goto(
    `${lab.url}/lab?seasonal-template=rainfall-anomaly&seasonal-template-values=${values}`
  );
  await expect(page.getByText(/left out: start, gone\./)).toBeVisible();
  expect(await lab.sessions()).toEqual([]);
  expect(outside).toEqual([]);
  await inEachTheme(page, async theme => {
    await isAccessible(page, '.jp-TemplateView');
    await page.screenshot({ path: `test-results/link-${theme}.png` });
  });
});
