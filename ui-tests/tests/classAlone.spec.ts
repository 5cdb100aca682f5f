import { mkdir, rm, writeFile } from 'fs/promises';
import { join } from 'path';
import { expect, test } from '../helpers/fixtures';
import { NotebookPage } from '../helpers/notebook';

test.setTimeout(240_000);

const SHARED = 'class/shared';

const WORKSHOP = {
  version: 1,
  id: 'alone',
  title: 'A class without a hub',
  profile: 'This machine',
  limits: { workers: 1 },
  materials: [{ template: 'rainfall-anomaly' }]
};

const write = (root: string, name: string, content: object): Promise<void> =>
  writeFile(join(root, 'class', name), JSON.stringify(content));

test.beforeEach(async ({ lab }) => {
  await mkdir(join(lab.root, SHARED), { recursive: true });
  await write(lab.root, 'alone.workshop.json', WORKSHOP);
  await write(lab.root, 'files.workshop.json', {
    ...WORKSHOP,
    shared: SHARED
  });
});

test.afterEach(async ({ lab }) => {
  await rm(join(lab.root, 'class'), { recursive: true, force: true });
});

test('without anything on the server a trainer is told what is missing, and can warm up', async ({
  page,
  sidebar,
  lab
}) => {
  const notebook = new NotebookPage(page);
  await notebook.command('docmanager:open', {
    path: 'class/alone.workshop.json',
    factory: 'Class'
  });
  const root = page.locator('.jp-ClassPage:visible');
  await expect(root).toContainText(
    'Nothing on this server tells who is in the class.'
  );
  await expect(root).toContainText(
    'not used: This page is on no JupyterHub that it can ask.'
  );
  await expect(root).toContainText(
    'not used: The workshop’s file names no shared folder.'
  );
  await expect(root.getByLabel('Announcement')).toBeDisabled();
  const time = root.getByRole('region', { name: 'Time and size' });
  await expect(
    time.getByRole('button', { name: '30 minutes more' })
  ).toBeDisabled();
  await expect(
    time.getByRole('button', { name: 'Cap at 1 worker' })
  ).toBeDisabled();
  await expect(time).toContainText('Without it, change the end and the limits');
  expect(await lab.sessions()).toEqual([]);

  await root.getByRole('button', { name: 'Warm up 1 worker' }).click();
  await expect(root).toContainText(
    '1 of 1 workers were there, and are released.',
    { timeout: 120_000 }
  );
  await sidebar.open();
  await expect(sidebar.cards).toHaveCount(0);
});

test('files in a shared folder make the table, and what others wrote there is text', async ({
  page,
  lab
}) => {
  await write(lab.root, 'shared/alice.status.json', {
    step: 1,
    of: 3,
    help: true,
    note: '<img src=x onerror=alert(1)>',
    since: 1
  });
  await writeFile(join(lab.root, SHARED, 'bob.status.json'), '{"since": ');
  await new NotebookPage(page).command('docmanager:open', {
    path: 'class/files.workshop.json',
    factory: 'Class'
  });
  const root = page.locator('.jp-ClassPage:visible');
  const rows = root.getByRole('row');
  await expect(rows).toHaveCount(2);
  await expect(rows.last()).toContainText('alice');
  await expect(rows.last()).toContainText('1 of 3');
  await expect(rows.last()).toContainText('wants help: <img src=x');
  await expect(root.locator('img')).toHaveCount(0);
  await expect(root).toContainText('steps, help and versions (used)');
  // What is written later comes by itself.
  await write(lab.root, 'shared/carol.status.json', { since: 1 });
  await expect(rows).toHaveCount(3, { timeout: 60_000 });
  // A trainer who comes back finds the page again.
  await page.reload();
  await expect(rows).toHaveCount(3, { timeout: 60_000 });
});
