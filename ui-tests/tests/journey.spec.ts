import { access } from 'fs/promises';
import { join } from 'path';
import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';
import { makeSampleData, SMALL } from '../helpers/sampleData';

test.setTimeout(420_000);

test('a person starts a cluster, connects, runs a template, watches it, scales it and stops it', async ({
  page,
  sidebar,
  lab
}) => {
  await makeSampleData(lab.root);
  const notebook = new NotebookPage(page);

  await test.step('starts a cluster with one click', async () => {
    await sidebar.open();
    await page.screenshot({ path: 'test-results/journey-1-empty.png' });
    await sidebar.newCluster();
    await page.screenshot({ path: 'test-results/journey-2-running.png' });
  });

  await test.step('connects a notebook with one click', async () => {
    await notebook.create();
    await sidebar.button('Connect').click();
    await expect(notebook.cells).toHaveCount(2);
    await expect
      .poll(async () => (await notebook.sources())[0])
      .toContain('Client(');
    const [snippet] = await notebook.sources();
    expect(snippet).not.toContain('BEGIN');
    await notebook.isIdle();
    await expect(notebook.panel.getByText(/Dask: dask-1/)).toBeVisible();
    await notebook.type('client.submit(sum, [1, 2, 3]).result()');
    await notebook.runAll();
    await expect(notebook.cells.last()).toContainText('6');
    await expect(notebook.errors).toHaveCount(0);
  });

  await test.step('connecting again updates the cell', async () => {
    await sidebar.button('Connect').click();
    await notebook.isIdle();
    await expect(notebook.cells).toHaveCount(2);
    await page.screenshot({ path: 'test-results/journey-3-connected.png' });
  });

  await test.step('fills the form of the rainfall template and makes a notebook', async () => {
    await sidebar.panel
      .getByRole('button', { name: /Rainfall anomaly/ })
      .click();
    const form = page.getByRole('region', { name: 'Parameters' });
    await expect(form).toBeVisible();
    for (const [label, value] of Object.entries(SMALL.fields)) {
      await form.getByLabel(label, { exact: true }).fill(value);
    }
    for (const [index, label] of ['West', 'South', 'East', 'North'].entries()) {
      await form
        .getByLabel(new RegExp(label, 'i'))
        .first()
        .fill(String(SMALL.area[index]));
    }
    const preview = page.getByRole('region', { name: 'Preview' });
    await expect(preview).toContainText('201303d1');
    await page.screenshot({ path: 'test-results/journey-4-template.png' });
    await notebook.fromTemplate('rainfall-anomaly');
  });

  await test.step('watches the cluster in panes that draw', async () => {
    await sidebar.button('Dashboards').click();
    await page.screenshot({ path: 'test-results/journey-5-menu.png' });
    await page.getByRole('menuitem', { name: 'Compute' }).click();
    const frames = page.locator(
      'iframe.jp-DaskDashboard-frame, .jp-DaskPane iframe'
    );
    await expect(frames.first()).toBeVisible();
    await expect
      .poll(() => page.locator('iframe[src*="/proxy/"]').count())
      .toBeGreaterThanOrEqual(3);
    const drawn = page
      .frameLocator('iframe[src*="individual-task-stream"]')
      .locator('canvas');
    await expect(drawn.first()).toBeVisible({ timeout: 30_000 });
  });

  await test.step('runs the template on the cluster to its last cell', async () => {
    await page.getByRole('tab', { name: /rainfall-anomaly.*\.ipynb/ }).click();
    await sidebar.button('Connect').click();
    await notebook.isIdle();
    await expect(notebook.cells.first()).toContainText('Client(');
    await notebook.runAll(180_000);
    await expect(notebook.panel).toContainText(
      /Computing at tls:\/\/127\.0\.0\.1:\d+: 2 workers/
    );
    await expect(notebook.errors).toHaveCount(0);
    await expect(notebook.cells.last()).toContainText('All is plausible');
    await access(join(lab.root, 'rainfall-anomaly'));
    await page.screenshot({ path: 'test-results/journey-6-result.png' });
  });

  await test.step('scales the cluster', async () => {
    await sidebar.button('Scale').click();
    const workers = sidebar.card().getByLabel('Workers', { exact: true });
    await workers.fill('3');
    await sidebar.card().getByRole('button', { name: 'Apply' }).click();
    await sidebar.isRunning(sidebar.card(), 3);
  });

  await test.step('stops the cluster, and nothing is left', async () => {
    await sidebar.stop();
    await expect
      .poll(
        async () =>
          (await lab.sessions()).filter(one => one.type === 'dask-cluster')
            .length
      )
      .toBeLessThanOrEqual(1);
    await page.screenshot({ path: 'test-results/journey-7-stopped.png' });
  });
});
