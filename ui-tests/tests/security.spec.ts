import { stat } from 'fs/promises';
import { join } from 'path';
import { texts } from '../helpers/files';
import { expect, test } from '../helpers/fixtures';
import { Lab } from '../helpers/lab';
import { NotebookPage } from '../helpers/notebook';

test.setTimeout(240_000);

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
  await notebook.create();
  await sidebar.button('Connect').click();
  await expect(notebook.cells).toHaveCount(2);
  await notebook.isIdle();
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

test('a foreign dashboard is not framed', async ({ page, sidebar }) => {
  await sidebar.open();
  await sidebar.newCluster();
  const notebook = new NotebookPage(page);
  void notebook.command('seasonal-monitor:open-dashboard-address');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('javascript:alert(1)');
  await dialog.getByRole('button', { name: /Open|OK|Ok/ }).click();
  await expect(page.locator('iframe[src^="javascript"]')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await sidebar.stopAll();
});
