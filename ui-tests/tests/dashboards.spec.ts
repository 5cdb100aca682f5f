import { join } from 'path';
import { texts } from '../helpers/files';
import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';

test.setTimeout(240_000);

const PLOT = 'iframe[src*="/proxy/"]';

test('panes belong to their cluster: restored, rested, and honest when it is gone', async ({
  page,
  sidebar,
  lab
}) => {
  const frames = page.locator(PLOT);
  await sidebar.open();
  await sidebar.newCluster();

  await test.step('every plot is offered, once, with a search', async () => {
    await sidebar.panel.getByRole('button', { name: 'All plots' }).click();
    const search = sidebar.panel
      .getByRole('searchbox')
      .or(sidebar.panel.getByPlaceholder(/plots/i));
    await expect(search.first()).toBeVisible();
    await search.first().fill('progress');
    await expect(
      sidebar.panel
        .getByRole('button', { name: 'Progress', exact: true })
        .first()
    ).toBeVisible();
    // The card stays in view, however many plots are listed.
    await search.first().fill('');
    const usual = page.viewportSize()!;
    for (const size of [{ width: 1280, height: 720 }, usual]) {
      await page.setViewportSize(size);
      await expect(sidebar.card()).toBeInViewport({ ratio: 1 });
    }
  });

  const star = sidebar.panel.getByRole('button', {
    name: 'Favourite: Whole dashboard',
    exact: true
  });

  await test.step('a plot becomes a favourite', async () => {
    await star.click();
    await expect(star).toHaveAttribute('aria-pressed', 'true');
    await expect
      .poll(async () => (await texts(join(lab.folder, 'settings'))).join())
      .toContain('"status"');
  });

  await test.step('a layout opens in one click and draws', async () => {
    await sidebar.panel
      .getByRole('button', { name: 'Compute', exact: true })
      .click();
    await expect(frames).toHaveCount(3);
    await expect(
      page
        .frameLocator('iframe[src*="individual-task-stream"]')
        .locator('canvas')
        .first()
    ).toBeVisible({ timeout: 30_000 });
    await page.screenshot({ path: 'test-results/dashboards-compute.png' });
  });

  await test.step('opening a layout again opens nothing twice', async () => {
    await sidebar.panel
      .getByRole('button', { name: 'Compute', exact: true })
      .click();
    await expect(frames).toHaveCount(3);
  });

  await test.step('a reload brings the panes back', async () => {
    // JupyterLab writes the workspace a moment after a change.
    await expect
      .poll(async () => (await texts(join(lab.folder, 'workspaces'))).join())
      .toContain('seasonal-monitor-dashboards');
    await page.reload();
    await sidebar.open();
    await sidebar.isRunning();
    await expect(frames).toHaveCount(3, { timeout: 60_000 });
  });

  await test.step('favourites are found after a reload, before all others', async () => {
    await sidebar.panel.getByRole('button', { name: 'All plots' }).click();
    await expect(star).toHaveAttribute('aria-pressed', 'true');
    const stars = sidebar.panel.getByRole('button', { name: /^Favourite: / });
    expect(await stars.count()).toBeGreaterThan(5);
    await expect(stars.first()).toHaveAccessibleName(
      'Favourite: Whole dashboard'
    );
    await expect(sidebar.panel.getByText('Favourites')).toBeVisible();
    await star.click();
    await expect(star).toHaveAttribute('aria-pressed', 'false');
  });

  await test.step('when the cluster stops, the panes say so and ask nobody', async () => {
    await sidebar.stop();
    await expect(frames).toHaveCount(0);
    const asked: string[] = [];
    page.on('request', request => {
      if (request.url().includes('/proxy/')) {
        asked.push(request.url());
      }
    });
    await expect(
      page.getByText(/gone|stopped|no longer/i).first()
    ).toBeVisible();
    await page.mouse.move(300, 300);
    await page.mouse.move(700, 300);
    expect(asked).toEqual([]);
    expect(await lab.answers()).toBe(true);
  });

  await test.step('after a reload they still say whose they were, and one button closes them', async () => {
    await page.reload();
    await sidebar.open();
    const gone = page.getByText('dask-1 is gone, and its plots with it.');
    await expect(gone.first()).toBeVisible({ timeout: 60_000 });
    await page
      .getByRole('button', { name: 'Close all', exact: true })
      .first()
      .click();
    await expect(gone).toHaveCount(0);
    await expect(page.locator('.jp-DaskDashboard')).toHaveCount(0);
  });
});

for (const command of [
  'dask:populate-dashboard-url',
  'dask:populate-and-launch-layout'
]) {
  test(`the peer’s command ${command} opens its layout at the first call`, async ({
    page,
    sidebar
  }) => {
    await sidebar.open();
    const card = await sidebar.newCluster();
    await expect(card).toBeVisible();
    const notebook = new NotebookPage(page);
    await notebook.createConnected(sidebar);
    await notebook.type('print(client.dashboard_link)');
    await notebook.runAll();
    const link = await notebook.cells
      .last()
      .locator('.jp-OutputArea')
      .innerText();
    await notebook.command(command, {
      url: link.trim()
    });
    await expect(page.locator(PLOT)).toHaveCount(3, { timeout: 30_000 });
    await sidebar.stopAll();
  });
}
