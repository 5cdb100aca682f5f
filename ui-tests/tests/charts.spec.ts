import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';

test.setTimeout(120_000);

test('the small charts keep their size when their tab was hidden, and have a table', async ({
  page,
  sidebar
}) => {
  await sidebar.open();
  const card = await sidebar.newCluster();
  const jupyter = new NotebookPage(page);
  await jupyter.command('seasonal-monitor:open-plot', {
    plot: 'native:overview'
  });
  const charts = page.locator('.jp-DaskCharts-chart');
  await expect(charts).toHaveCount(4);
  const width = async (): Promise<number> =>
    (await charts.first().locator('.u-wrap').boundingBox())?.width ?? 0;
  await expect.poll(width).toBeGreaterThan(300);
  const before = await width();
  await expect(charts.first()).toHaveAttribute('aria-label', /Workers: now 2/);

  await jupyter.create();
  await expect(charts.first()).toBeHidden();
  await page.getByRole('tab', { name: /Small charts of/ }).click();
  await expect(charts.first()).toBeVisible();
  await expect.poll(width).toBe(before);

  await page.getByRole('button', { name: 'Show as table' }).click();
  await expect(
    page.getByRole('columnheader', { name: 'Running tasks' })
  ).toBeVisible();
  await sidebar.stop(card);
});
