import { mkdir, readFile, symlink, writeFile } from 'fs/promises';
import { join } from 'path';
import { expect, Locator, Page, test as base } from '@playwright/test';
import { Hub } from '../helpers/hub';
import { NotebookPage } from '../helpers/notebook';
import { cell, notebookFile } from '../helpers/notebookFile';

/** No service; the trainer has the role that docs/workshops.md describes. */
const CONFIG = `
c.JupyterHub.services = [one for one in c.JupyterHub.services if one["name"] != "workshop"]
c.JupyterHub.load_roles = [
    one for one in c.JupyterHub.load_roles if not one["name"].startswith("workshop")
]
c.Spawner.oauth_client_allowed_scopes.remove("access:services!service=workshop")
names = ["list:users", "read:users:groups", "read:users:activity", "read:servers"]
CLASS = [f"{scope}!group=workshop" for scope in [*names, "start:servers", "delete:servers"]]
c.JupyterHub.load_roles.append({"name": "tutor", "scopes": CLASS, "users": ["trainer"]})
everybody = c.Spawner.oauth_client_allowed_scopes
before = c.Spawner.pre_spawn_hook

def of_page(spawner):
    return everybody + (CLASS if spawner.user.name == "trainer" else [])

def as_list(spawner):
    before(spawner)
    spawner.oauth_client_allowed_scopes = of_page(spawner)

c.Spawner.oauth_client_allowed_scopes = of_page
c.Spawner.pre_spawn_hook = as_list
`;

const PATH = 'class/levels.workshop.json';

const WORKSHOP = {
  version: 1,
  id: 'levels',
  title: 'A class without a service',
  materials: [
    {
      notebook: 'add.ipynb',
      title: 'Adding',
      steps: [{ id: 'add', title: 'Add two numbers' }]
    }
  ],
  shared: 'class/shared'
};

const MINUTES = { timeout: 180_000 };

const USERS = ['alice', 'bob', 'trainer'];

const test = base.extend<{ hub: Hub }>({
  hub: async ({ browserName: _ }, use) => {
    const hub = await Hub.start(USERS, { config: [CONFIG] });
    await use(hub);
    await hub.stop();
  }
});

test.setTimeout(590_000);

test('a hub without the service tells a trainer who is there, and a shared folder how far who agreed is', async ({
  page,
  browser,
  hub
}) => {
  const shared = join(hub.folder, 'shared');
  await mkdir(shared);
  for (const user of USERS) {
    const folder = join(hub.folder, 'homes', user, 'class');
    await mkdir(folder, { recursive: true });
    const write = (name: string, content: object): Promise<void> =>
      writeFile(join(folder, name), JSON.stringify(content));
    await write('levels.workshop.json', WORKSHOP);
    await write('add.ipynb', notebookFile([cell('code', 'add', '1 + 1')]));
    await symlink(shared, join(folder, 'shared'));
  }
  const root = page.locator('.jp-ClassPage:visible');
  const row = (name: string): Locator =>
    root.getByRole('row').filter({ hasText: name });
  const context = await browser.newContext();
  const alice: Page = await context.newPage();
  const workshop = alice.locator('.jp-Workshop:visible');

  await test.step('the hub tells who is in the class', async () => {
    await hub.signIn(page, 'trainer');
    await new NotebookPage(page).command('docmanager:open', {
      path: PATH,
      factory: 'Class'
    });
    await expect(row('alice')).toContainText('stopped', MINUTES);
    await expect(row('bob')).toContainText('stopped');
    await expect(root).toContainText('This hub has no service for classes.');
    await expect(root).toContainText(
      'The hub itself: who is in the class, and their servers (used)'
    );
    await expect(root).toContainText('steps, help and versions (used)');
    await expect(
      root.getByRole('button', { name: '30 minutes more' })
    ).toBeDisabled();
    await expect(root).toContainText('Without it, change the end');
  });

  await test.step('and starts servers', async () => {
    await root.getByRole('checkbox', { name: 'Select alice' }).check();
    await root.getByRole('button', { name: 'Start 1 selected server' }).click();
    await expect(row('alice')).toContainText('running', MINUTES);
    await expect(row('bob')).toContainText('stopped');
  });

  await test.step('a participant who agrees is seen in the folder, and no more after they take it back', async () => {
    await hub.signIn(alice, 'alice');
    const notebook = new NotebookPage(alice);
    await notebook.command('docmanager:open', { path: PATH });
    await workshop.getByRole('button', { name: 'Join' }).click();
    await expect(notebook.panel).toBeVisible(MINUTES);
    await notebook.command('docmanager:open', { path: PATH });
    await expect(workshop).toContainText('This page sends nothing');
    await workshop.getByRole('checkbox').check();
    await expect(workshop).toContainText('a file in the shared folder: used');
    await workshop.getByLabel('What are you stuck on?').fill('An empty plot');
    await workshop.getByRole('button', { name: 'I need help' }).click();
    await expect(row('alice')).toContainText(
      'wants help: An empty plot',
      MINUTES
    );
    await expect(row('alice')).toContainText('0 of 1');
    const file = join(shared, 'alice.status.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ of: 1 });
    await workshop.getByRole('checkbox').uncheck();
    await expect(workshop).toContainText('your file was removed');
    await expect(row('alice')).not.toContainText('wants help', MINUTES);
  });

  await test.step('a participant’s page is told nothing of the class', async () => {
    const notebook = new NotebookPage(alice);
    await notebook.command('docmanager:open', { path: PATH, factory: 'Class' });
    const other = alice.locator('.jp-ClassPage:visible');
    await expect(other).toContainText(/The hub itself.*not used/s, MINUTES);
    await expect(other).not.toContainText('bob');
  });

  await context.close();
});
