import { expect, test as base } from '@playwright/test';
import { Hub } from '../helpers/hub';
import { NotebookPage } from '../helpers/notebook';
import { Sidebar } from '../helpers/sidebar';

const test = base.extend<object, { hub: Hub }>({
  hub: [
    async ({ browserName: _ }, use) => {
      // Chromium takes every name below localhost for this machine.
      const hub = await Hub.start(['alice'], { host: 'hub.localhost' });
      await use(hub);
      await hub.stop();
    },
    { scope: 'worker', timeout: 240_000 }
  ]
});

test.setTimeout(480_000);

test('where each user has a domain, a kernel of the server speaks for the page, and the cards are the same', async ({
  page,
  hub
}) => {
  const sidebar = new Sidebar(page);
  const notebook = new NotebookPage(page);
  const card = sidebar.card();
  const asked: string[] = [];
  page.on('request', request => asked.push(request.url()));

  await test.step('signs in at the user’s own domain', async () => {
    await hub.signIn(page, 'alice');
    expect(new URL(page.url()).host).toBe(`alice.hub.localhost:${hub.port}`);
    await sidebar.open();
    await expect(sidebar.panel).toContainText('A cluster runs your Dask code');
  });

  await test.step('makes a cluster by the gateway’s form', async () => {
    await sidebar.startProfile(/^Customise/);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Runs on').selectOption({ label: 'Dask Gateway' });
    await dialog.getByLabel('Worker memory (GiB)').fill('0.5');
    await dialog.getByLabel('Workers', { exact: true }).fill('1');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await expect(sidebar.cards).toHaveCount(1);
    await sidebar.isRunning(card, 1);
    await expect(card).toHaveAttribute('data-cluster', /^gateway:/);
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
  });

  await test.step('looks at a plot at the gateway’s own domain', async () => {
    await sidebar.button('Dashboards').click();
    await page.getByRole('menuitem', { name: 'Compute' }).click();
    const service = `dask-gateway--service.hub.localhost:${hub.port}`;
    const frame = page.locator(`iframe[src^="http://${service}/"]`).first();
    await expect(frame).toHaveAttribute('sandbox', 'allow-scripts');
    await expect(frame.contentFrame().locator('canvas').first()).toBeVisible({
      timeout: 60_000
    });
    await page.screenshot({ path: 'test-results/hub-domains.png' });
  });

  await test.step('stops it', async () => {
    await sidebar.stop();
    await expect(sidebar.cards).toHaveCount(0);
  });

  // The page has asked the gateway for nothing but what its frames show.
  const api = asked.filter(url => url.includes('/dask-gateway/api/'));
  expect(api).toEqual([]);
});
