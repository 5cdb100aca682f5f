import { test as base } from '@playwright/test';
import { randomBytes } from 'crypto';
import { stat } from 'fs/promises';
import { createServer, IncomingHttpHeaders } from 'http';
import { AddressInfo } from 'net';
import { join } from 'path';
import { texts } from '../helpers/files';
import { expect, test } from '../helpers/fixtures';
import { Lab } from '../helpers/lab';
import { NotebookPage } from '../helpers/notebook';
import { Sidebar } from '../helpers/sidebar';

test.setTimeout(240_000);
base.setTimeout(240_000);

const SECRET = /BEGIN (?:EC |RSA )?(?:PRIVATE KEY|CERTIFICATE)/;

const credentials = async (lab: Lab): Promise<string[]> =>
  (await texts(join(lab.folder, 'runtime')))
    .filter(([, text]) => SECRET.test(text))
    .map(([path]) => path);

test('no key leaves the one file that only its owner can read, and it goes with the cluster', async ({
  page,
  sidebar,
  lab
}) => {
  const said: string[] = [];
  page.on('request', request =>
    said.push(request.url(), request.postData() ?? '')
  );
  page.on('console', message => said.push(message.text()));
  page.on('websocket', socket => {
    socket.on('framereceived', ({ payload }) => said.push(payload.toString()));
    socket.on('framesent', ({ payload }) => said.push(payload.toString()));
  });
  await page.reload();
  await sidebar.open();
  await sidebar.newCluster();
  const notebook = new NotebookPage(page);
  await notebook.createConnected(sidebar);
  await notebook.save();
  const files = await credentials(lab);
  expect(files).toHaveLength(1);
  expect((await stat(files[0])).mode & 0o777).toBe(0o600);
  expect((await stat(join(files[0], '..'))).mode & 0o077).toBe(0);

  const dom = await page.content();
  for (const text of [...said, dom]) {
    expect(SECRET.test(text)).toBe(false);
  }
  for (const folder of ['root', 'config', 'settings']) {
    for (const [path, text] of await texts(join(lab.folder, folder))) {
      expect([path, SECRET.test(text)]).toEqual([path, false]);
    }
  }
  expect(SECRET.test(lab.log)).toBe(false);

  await sidebar.stop();
  await expect.poll(() => credentials(lab)).toEqual([]);
});

base(
  'the token of the server and the key of a cluster are in nothing that is kept',
  async ({ page }) => {
    const token = randomBytes(24).toString('hex');
    const lab = await Lab.start({ token });
    try {
      await page.goto(`${lab.url}/lab?token=${token}`);
      const sidebar = new Sidebar(page);
      await sidebar.tab.waitFor({ timeout: 60_000 });
      await sidebar.open();
      await sidebar.newCluster();
      const notebook = new NotebookPage(page);
      await notebook.createConnected(sidebar);
      await notebook.save();
      await sidebar.panel
        .getByRole('button', { name: 'Compute', exact: true })
        .click();
      await expect(page.locator('iframe[src*="/proxy/"]')).toHaveCount(3);
      // Something is written to each place that is looked at.
      await notebook.command('apputils:change-theme', {
        theme: 'JupyterLab Dark'
      });
      const kept = async (): Promise<Array<[string, string]>> =>
        (
          await Promise.all(
            ['root', 'settings', 'workspaces', 'config', 'data'].map(folder =>
              texts(join(lab.folder, folder)).catch(() => [])
            )
          )
        ).flat();
      for (const place of [
        'seasonal-monitor-dashboards',
        'JupyterLab Dark',
        'from distributed import'
      ]) {
        await expect
          .poll(async () =>
            (await kept()).some(([, text]) => text.includes(place))
          )
          .toBe(true);
      }
      const storage = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }])
      );
      for (const [path, text] of [...(await kept()), ['storage', storage]]) {
        expect([path, text.includes(token)]).toEqual([path, false]);
        expect([path, SECRET.test(text)]).toEqual([path, false]);
      }
      await sidebar.stopAll();
    } finally {
      await lab.stop();
    }
  }
);

test('names are shown as text, whatever they hold', async ({
  page,
  sidebar
}) => {
  const alerts: string[] = [];
  page.on('dialog', dialog => {
    alerts.push(dialog.message());
    void dialog.dismiss();
  });
  await sidebar.open();
  await sidebar.panel.getByRole('button', { name: 'Choose a profile' }).click();
  await page.getByRole('menuitem', { name: 'Customise…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Workers', { exact: true })).toBeVisible();
  const hostile = '<img src=x onerror=alert(1)>';
  await dialog.getByLabel('Name', { exact: true }).fill(hostile);
  await dialog.getByRole('button', { name: 'Start' }).click();
  await sidebar.isRunning();
  await expect(sidebar.card()).toContainText(hostile);
  expect(await sidebar.panel.locator('img').count()).toBe(0);
  expect(alerts).toEqual([]);
  await sidebar.stopAll();
});

test('a foreign dashboard opens in a tab that knows nothing of this page, and is not framed', async ({
  page,
  sidebar
}) => {
  const asked: IncomingHttpHeaders[] = [];
  const foreign = createServer((request, response) => {
    if (request.url === '/status') {
      asked.push(request.headers);
    }
    response.setHeader('Content-Type', 'text/html');
    response.end('<title>Foreign</title>');
  });
  await new Promise<void>(done => foreign.listen(0, '127.0.0.1', done));
  try {
    await sidebar.open();
    await sidebar.newCluster();
    const frames = await page.locator('iframe').count();
    const notebook = new NotebookPage(page);
    const dialog = page.getByRole('dialog');
    const open = async (address: string): Promise<void> => {
      void notebook.command('seasonal-monitor:open-dashboard-address');
      await dialog.getByRole('textbox').fill(address);
      await dialog.getByRole('button', { name: /Open|OK|Ok/ }).click();
    };

    await open('javascript:alert(1)');
    await expect(
      page.getByText('Only http and https addresses can be opened')
    ).toBeVisible();
    await expect(page.locator('iframe')).toHaveCount(frames);

    // The browser itself resolves this name to 127.0.0.1.
    const { port } = foreign.address() as AddressInfo;
    await open(`http://dask.localhost:${port}/status`);
    await expect(dialog).toContainText('outside of this server');
    expect(asked).toEqual([]);
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      dialog.getByRole('button', { name: 'Open in a new tab' }).click()
    ]);
    await expect(tab).toHaveTitle('Foreign');
    expect(
      await tab.evaluate(() => [window.opener, document.referrer])
    ).toEqual([null, '']);
    expect(asked).toHaveLength(1);
    expect(asked[0]).not.toHaveProperty('referer');
    expect(asked[0]).not.toHaveProperty('cookie');
    await tab.close();
    await expect(page.locator('iframe')).toHaveCount(frames);
    await sidebar.stopAll();
  } finally {
    foreign.closeAllConnections();
    foreign.close();
  }
});

test('what a task raises and a worker is called runs nothing, and is shown as it is', async ({
  page,
  sidebar
}) => {
  const hostile =
    '<img src=x onerror=window.hit=1><script>window.hit=1</script>';
  await sidebar.open();
  const card = await sidebar.newCluster();
  const notebook = new NotebookPage(page);
  await notebook.createConnected(sidebar);
  await notebook.type(
    [
      'from distributed import Worker',
      `hostile = ${JSON.stringify(hostile)}`,
      'def fail():',
      '    raise ValueError(hostile)',
      // Before there is a worker in this kernel: waiting here, it could compute nothing.
      'print(type(client.submit(fail, key=hostile).exception()).__name__)',
      'theirs = Security(require_encryption=True, tls_ca_file=pem, tls_worker_cert=pem, tls_worker_key=pem)',
      'worker = await Worker(client.scheduler.address, name=hostile, nthreads=1, security=theirs, dashboard=False)'
    ].join('\n')
  );
  await notebook.runAll();
  await expect(notebook.cells.last()).toContainText('ValueError');

  await sidebar.button('More actions', card).click();
  await page.getByRole('menuitem', { name: /Details/ }).click();
  const details = page.locator('.jp-DaskDetails');
  await expect(
    details.getByRole('cell').filter({ hasText: '<img src=x onerror=' })
  ).toBeVisible();
  await page.getByRole('tab', { name: 'Events' }).click();
  await expect(
    details.getByRole('listitem').filter({ hasText: '<script>' }).first()
  ).toBeVisible();
  for (const part of [details, sidebar.panel]) {
    expect(await part.locator('img, script').count()).toBe(0);
  }
  expect(
    await page.evaluate(() => (window as unknown as { hit?: number }).hit)
  ).toBeUndefined();
  await sidebar.stopAll();
});
