import { expect, test as base } from '@playwright/test';
import { Hub } from '../helpers/hub';
import { NotebookPage } from '../helpers/notebook';
import { Sidebar } from '../helpers/sidebar';

const test = base.extend<object, { hub: Hub }>({
  hub: [
    async ({ browserName: _ }, use) => {
      const hub = await Hub.start(['alice', 'bob']);
      await use(hub);
      await hub.stop();
    },
    { scope: 'worker', timeout: 240_000 }
  ]
});

test.setTimeout(600_000);

test('somebody of a hub uses its gateway from sign-in to stop, and the next person sees nothing of it', async ({
  page,
  hub
}) => {
  const sidebar = new Sidebar(page);
  const notebook = new NotebookPage(page);
  const card = sidebar.card();
  let name = '';
  // A cookie of the gateway would win over the token of whoever signs in next.
  const noCookie = async (): Promise<void> => {
    const cookies = await page.context().cookies();
    const names = cookies.map(one => one.name);
    expect(names).toContain('jupyterhub-session-id');
    expect(names.filter(one => one.startsWith('dask-gateway-'))).toEqual([]);
  };

  await test.step('signs in', async () => {
    await hub.signIn(page, 'alice');
    await sidebar.open();
    await expect(sidebar.cards).toHaveCount(0);
  });

  await test.step('makes a cluster by the gateway’s form', async () => {
    await sidebar.panel
      .getByRole('button', { name: 'Choose a profile' })
      .click();
    await expect(page.getByRole('menu')).toContainText('Small gateway cluster');
    await page.screenshot({ path: 'test-results/hub-1-menu.png' });
    await page.getByRole('menuitem', { name: /^Customise/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Runs on').selectOption({ label: 'Dask Gateway' });
    await dialog.getByLabel('Worker cores').fill('1');
    await dialog.getByLabel('Worker memory (GiB)').fill('0.5');
    await dialog.getByLabel('Workers', { exact: true }).fill('1');
    await page.screenshot({ path: 'test-results/hub-2-form.png' });
    await dialog.getByRole('button', { name: 'Start' }).click();
    await expect(sidebar.cards).toHaveCount(1);
    await sidebar.isRunning(card, 1);
    name = (await card.getAttribute('data-cluster')) ?? '';
    expect(name).toMatch(/^gateway:/);
  });

  await test.step('connects a notebook and computes', async () => {
    await notebook.create();
    await sidebar.button('Connect').click();
    await expect
      .poll(async () => (await notebook.sources())[0])
      .toContain('Gateway().connect(');
    await notebook.isIdle();
    await notebook.type('client.submit(sum, [1, 2, 3]).result()');
    await notebook.runAll();
    await expect(notebook.cells.last()).toContainText('6');
    await expect(notebook.errors).toHaveCount(0);
    await page.screenshot({ path: 'test-results/hub-3-connected.png' });
  });

  const frame = page.locator('iframe[src*="/services/dask-gateway/clusters/"]');

  await test.step('looks at plots, which draw in closed frames', async () => {
    await sidebar.button('Dashboards').click();
    await page.getByRole('menuitem', { name: 'Compute' }).click();
    await expect(frame.first()).toHaveAttribute('sandbox', 'allow-scripts');
    await expect(
      frame.first().contentFrame().locator('canvas').first()
    ).toBeVisible({ timeout: 60_000 });
    await page.screenshot({ path: 'test-results/hub-4-dashboard.png' });
  });

  await test.step('is told how many workers the hub allows', async () => {
    await sidebar.button('Scale').click();
    await card.getByLabel('Workers', { exact: true }).fill('9');
    await card.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByText(/allows 4 workers/).first()).toBeVisible();
    await page.screenshot({ path: 'test-results/hub-5-limit.png' });
    await sidebar.isRunning(card, 4);
  });

  await test.step('finds all again after a reload', async () => {
    await notebook.command('docmanager:save-all');
    await page.reload();
    await Hub.isReady(page);
    // The sidebar comes back open.
    await expect(sidebar.newClusterButton).toBeVisible();
    await expect(card).toHaveAttribute('data-cluster', name);
    // The gateway keeps neither the name nor how many were asked for.
    await expect(card).toContainText('dask-1');
    await sidebar.isRunning(card, 4);
    await noCookie();
    await page.screenshot({ path: 'test-results/hub-6-reloaded.png' });
  });

  await test.step('finds all again after a restart of the server', async () => {
    await hub.restart(page);
    await expect(sidebar.newClusterButton).toBeVisible();
    await expect(card).toHaveAttribute('data-cluster', name);
    await sidebar.isRunning(card, 4);
  });

  await test.step('another person in the same browser sees nothing of it', async () => {
    await hub.signOut(page);
    await hub.signIn(page, 'bob');
    await sidebar.open();
    await expect(sidebar.panel).toContainText('A cluster runs your Dask code');
    await sidebar.startProfile(/^Small gateway cluster/);
    await sidebar.isRunning(card);
    await expect(sidebar.cards).toHaveCount(1);
    await expect(card).not.toHaveAttribute('data-cluster', name);
    await expect(frame).toHaveCount(0);
    await page.screenshot({ path: 'test-results/hub-7-bob.png' });
    await sidebar.stop();
    await noCookie();
  });

  await test.step('the first finds the cluster as it was, and stops it', async () => {
    await hub.signOut(page);
    await hub.signIn(page, 'alice');
    await expect(sidebar.newClusterButton).toBeVisible();
    await expect(card).toHaveAttribute('data-cluster', name);
    await sidebar.stop();
    await expect(sidebar.cards).toHaveCount(0);
    await noCookie();
    await page.screenshot({ path: 'test-results/hub-8-stopped.png' });
  });
});
