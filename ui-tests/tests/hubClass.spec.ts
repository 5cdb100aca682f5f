import { mkdir, readFile, writeFile } from 'fs/promises';
import { join } from 'path';
import { expect, Locator, Page, test as base } from '@playwright/test';
import { Hub } from '../helpers/hub';
import { NotebookPage } from '../helpers/notebook';
import { cell, notebookFile } from '../helpers/notebookFile';
import { isAccessible, setTheme, THEMES } from '../helpers/themes';

/** Trainers may stop the servers of their class; a restart of the hub does not. */
const CONFIG = `
c.JupyterHub.cleanup_servers = False
role = next(one for one in c.JupyterHub.load_roles if one["name"] == "workshop-service")
role["scopes"].append("delete:servers!group=workshop")
`;

const PATH = 'class/first.workshop.json';

const WORKSHOP = {
  version: 1,
  id: 'first-class',
  title: 'First class <img src=x onerror=alert(1)>',
  profile: 'This server',
  limits: { workers: 2 },
  materials: [
    {
      notebook: 'add.ipynb',
      title: 'Adding',
      steps: [
        { id: 'add', title: 'Add two numbers' },
        { id: 'more', title: 'Add three numbers' }
      ]
    }
  ],
  end: '2099-01-01T09:00Z'
};

const NOTEBOOK = notebookFile([cell('code', 'add', '1 + 1')]);

const test = base.extend<object, { hub: Hub }>({
  hub: [
    async ({ browserName: _ }, use) => {
      const users = ['alice', 'bob', 'trainer'];
      const hub = await Hub.start(users, { config: [CONFIG] });
      for (const user of users) {
        const folder = join(hub.folder, 'homes', user, 'class');
        await mkdir(folder, { recursive: true });
        const write = (name: string, content: object) =>
          writeFile(join(folder, name), JSON.stringify(content));
        await write('first.workshop.json', WORKSHOP);
        await write('add.ipynb', NOTEBOOK);
      }
      await use(hub);
      await hub.stop();
    },
    { scope: 'worker', timeout: 240_000 }
  ]
});

test.setTimeout(590_000);

const MINUTES = { timeout: 180_000 };

/** Ask the hub's service as this page does. */
function ask(
  page: Page,
  method: string,
  path: string,
  body?: object
): Promise<{ status: number; told: Record<string, unknown> }> {
  return page.evaluate(
    async ([method, path, body]) => {
      const config = JSON.parse(
        document.getElementById('jupyter-config-data')?.textContent ?? '{}'
      );
      const answer = await fetch(`/services/workshop/api/${path}`, {
        method: String(method),
        headers: { Authorization: `token ${config.token}` },
        credentials: 'omit',
        body: body ? JSON.stringify(body) : undefined
      });
      return { status: answer.status, told: await answer.json() };
    },
    [method, path, body] as const
  );
}

/** The trainer's page. */
class ClassPage {
  constructor(readonly page: Page) {}

  get root(): Locator {
    return this.page.locator('.jp-ClassPage');
  }

  row(name: string): Locator {
    return this.root.getByRole('row').filter({ hasText: name });
  }

  button(name: string | RegExp): Locator {
    return this.root.getByRole('button', { name });
  }
}

test('a trainer takes two participants through a class: join, stuck, help, reset, announce, stop', async ({
  page,
  browser,
  hub
}) => {
  const teach = new ClassPage(page);
  const participants = await Promise.all(
    ['alice', 'bob'].map(async name => {
      const context = await browser.newContext();
      return { name, page: await context.newPage(), context };
    })
  );
  let code = '';
  /** Where alice has the class that she joined by the code. */
  const saved = (): string =>
    `first-class-${code.replace('-', '').toLowerCase()}/first-class.workshop.json`;
  const [alice, bob] = participants.map(one => one.page);
  const workshop = (of: Page): Locator => of.locator('.jp-Workshop:visible');

  await test.step('the trainer opens the class, and starts servers ahead', async () => {
    await hub.signIn(page, 'trainer');
    await new NotebookPage(page).command('docmanager:open', { path: PATH });
    await workshop(page).getByText('For trainers').click();
    await workshop(page)
      .getByRole('button', { name: 'Publish under a code' })
      .click();
    const told = workshop(page).getByText(/The code is \w{3}-\w{3}/);
    await expect(told).toBeVisible(MINUTES);
    code = /code is (\w{3}-\w{3})/.exec((await told.textContent())!)![1];
    await workshop(page)
      .getByRole('button', { name: 'Teach this class' })
      .click();
    await expect(teach.row('alice')).toContainText('stopped', MINUTES);
    await expect(teach.root).toContainText('(used)');
    await expect(teach.root.locator('img')).toHaveCount(0);
    await teach.button('Start all 2 servers').click();
    for (const name of ['alice', 'bob']) {
      await expect(teach.row(name)).toContainText('running', MINUTES);
    }
    await isAccessible(page, '.jp-ClassPage');
  });

  await test.step('one joins by the code, the other by the file', async () => {
    for (const { name, page } of participants) {
      await hub.signIn(page, name);
      const notebook = new NotebookPage(page);
      let path = PATH;
      if (name === 'alice') {
        path = saved();
        await notebook.command('seasonal-monitor:show-sidebar');
        const found = notebook.command('seasonal-monitor:join-workshop');
        const dialog = page.getByRole('dialog');
        await dialog.getByRole('textbox').fill(code.toLowerCase());
        await dialog.getByRole('button', { name: 'Look', exact: true }).click();
        await expect(dialog).toContainText('by trainer', MINUTES);
        await expect(dialog).toContainText('Nothing is started or run.');
        await dialog.getByRole('button', { name: 'Save and look' }).click();
        await found;
      } else {
        await notebook.command('docmanager:open', { path });
      }
      await workshop(page).getByRole('button', { name: 'Join' }).click();
      await expect(notebook.panel).toBeVisible(MINUTES);
      await notebook.command('docmanager:open', { path });
    }
  });

  await test.step('one is on a step, the other wants help', async () => {
    const said = { step: 0, of: 2, cluster: 'running', workers: 2 };
    const environment = { dask: '2026.8.0' };
    const note = '<img src=x onerror=alert(1)> my plot is empty';
    await workshop(bob).getByLabel('What are you stuck on?').fill(note);
    await workshop(bob).getByRole('button', { name: 'I need help' }).click();
    // From here on the pages have nothing new to tell.
    for (const name of ['alice', 'bob']) {
      await expect(teach.row(name)).toContainText('running2', MINUTES);
    }
    await expect(teach.row('bob')).toContainText(note, MINUTES);
    await ask(alice, 'PUT', 'status', { ...said, environment });
    await ask(bob, 'PUT', 'status', {
      ...said,
      step: 1,
      help: true,
      note,
      environment: { dask: '2020.1.0' },
      spent: { EUR: 0.25 }
    });
    await expect(teach.root).toContainText('1 person wants help: bob', MINUTES);
    await expect(teach.row('bob')).toContainText(
      'wants help: <img src=x onerror=alert(1)> my plot is empty'
    );
    await expect(teach.row('alice')).toContainText('0 of 2');
    await expect(teach.root.locator('img')).toHaveCount(0);
    await expect(teach.root).toContainText(
      '1 of 2 participants told what their clusters have cost: 0.25 EUR.'
    );
    for (const theme of Object.keys(THEMES) as Array<keyof typeof THEMES>) {
      await setTheme(page, theme);
      await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
      await isAccessible(page, '.jp-ClassPage');
      await page.screenshot({ path: `test-results/${theme}-class.png` });
    }
    await setTheme(page, 'light');
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
  });

  await test.step('the trainer looks only at who wants help, writes to them, and to all', async () => {
    await teach.root.getByRole('combobox').selectOption('help');
    await expect(teach.row('alice')).toHaveCount(0);
    await teach.root.getByLabel('Select bob').check();
    const waiting = ask(alice, 'GET', 'announcements?wait=1');
    const text = teach.root.getByLabel('Announcement');
    await text.fill('Look at cell 3');
    await teach.button('Tell 1 selected').click();
    await expect(teach.root).toContainText('1 person is told.');
    await expect(text).toHaveValue('');
    await teach.root.getByLabel('Select bob').uncheck();
    await text.fill('Break until 11:00');
    await teach.button('Tell all').click();
    await expect(teach.root).toContainText('All are told.');
    const texts = ({ told }: Awaited<ReturnType<typeof ask>>) =>
      (told.announcements as Array<{ text: string }>).map(one => one.text);
    expect(texts(await waiting)).toEqual(['Break until 11:00']);
    expect(texts(await ask(bob, 'GET', 'announcements'))).toEqual([
      'Look at cell 3',
      'Break until 11:00'
    ]);
    await teach.root.getByRole('combobox').selectOption('all');
  });

  await test.step('one takes the original notebook again', async () => {
    await workshop(alice).getByRole('button', { name: 'Reset Adding' }).click();
    const kept = join(hub.folder, 'homes/alice/first-class/add-mine-1.ipynb');
    await expect(async () => {
      expect(JSON.parse(await readFile(kept, 'utf8')).cells).toHaveLength(1);
    }).toPass(MINUTES);
    // The notebook comes to the front when it has been opened, which may be later.
    const notebook = new NotebookPage(alice);
    await expect(notebook.panel).toBeVisible(MINUTES);
    await expect(async () => {
      await notebook.command('docmanager:open', { path: saved() });
      await alice.waitForTimeout(3000);
      await expect(workshop(alice)).toBeVisible({ timeout: 1000 });
    }).toPass(MINUTES);
  });

  await test.step('who stays on a step is shown as stuck', async () => {
    await teach.root.getByLabel('Stuck after minutes').fill('1');
    await teach.root.getByRole('combobox').selectOption('stuck');
    await expect(teach.row('alice')).toContainText('min', MINUTES);
    await teach.root.getByRole('combobox').selectOption('all');
  });

  await test.step('the table is kept as a file', async () => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      teach.button('Export CSV').click()
    ]);
    const csv = await readFile(await file.path(), 'utf8');
    const lines = csv.trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^bob,running,running,2,.*,yes,/);
    expect(lines[2]).toContain('0.250000 EUR');
  });

  await test.step('the trainer gives more time, and participants’ pages say so', async () => {
    await teach.button('30 minutes more').click();
    for (const of of [page, alice, bob]) {
      await expect(
        of.locator('.jp-Workshop-banner:visible').first()
      ).toContainText(/9:30\sAM\sUTC/, MINUTES);
    }
  });

  await test.step('the trainer caps the class, and running clusters become smaller', async () => {
    await teach.root.getByLabel('Workers of each participant').fill('1');
    await teach.button('Cap at 1 worker').click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('2 people have more now');
    await expect(dialog).toContainText('alice, bob');
    await dialog.getByRole('button', { name: 'Cap at 1 worker' }).click();
    for (const name of ['alice', 'bob']) {
      await expect(teach.row(name)).toContainText('running1', MINUTES);
    }
    await expect(workshop(alice)).toContainText(
      'Your trainer has capped clusters of the class at 1 worker.'
    );
    await expect(workshop(alice)).toContainText('goes from 2 to 1');
    await isAccessible(alice, '.jp-Workshop');
    await alice.screenshot({ path: 'test-results/class-capped.png' });
    // The form of new clusters says it too, and asks for no more.
    const asked = new NotebookPage(alice).command(
      'seasonal-monitor:customise-cluster'
    );
    const form = alice.getByRole('dialog');
    await expect(form).toContainText('Your trainer has capped');
    await form.getByRole('button', { name: 'Cancel' }).click();
    await asked;
  });

  await test.step('one gets a fresh cluster, the other keeps theirs', async () => {
    await teach.root.getByRole('checkbox', { name: 'Select alice' }).check();
    await teach.button('Fresh cluster for selected…').click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('is lost: alice.');
    await dialog
      .getByRole('button', { name: 'Fresh cluster for 1 person' })
      .click();
    await expect(workshop(alice)).toContainText(
      'You have a fresh cluster',
      MINUTES
    );
    await expect(teach.row('alice')).toContainText('running1', MINUTES);
    await expect(workshop(bob)).not.toContainText('fresh cluster:');
    await teach.root.getByRole('checkbox', { name: 'Select alice' }).uncheck();
  });

  await test.step('a restart of the hub loses nothing', async () => {
    // JupyterLab itself asks in each page that noticed.
    for (const of of [page, alice, bob]) {
      const asks = of.getByRole('dialog', { name: /^Server unavailable/ });
      await of.addLocatorHandler(asks, () =>
        asks.getByRole('button', { name: 'Dismiss' }).click()
      );
    }
    await hub.restartHub();
    await expect(teach.root).not.toContainText(
      'The page goes on asking',
      MINUTES
    );
    for (const name of ['alice', 'bob']) {
      await expect(teach.row(name)).toContainText('running1', MINUTES);
    }
    await expect(teach.root).toContainText('1 person wants help: bob', MINUTES);
    await expect(teach.root).toContainText(
      'Clusters of the class are capped at 1 worker.'
    );
    // Who reloads now hears all of it from the service, which had forgotten it.
    await alice.reload();
    await Hub.isReady(alice);
    await expect(workshop(alice)).toContainText('capped', MINUTES);
    await expect(
      workshop(alice).locator('.jp-Workshop-banner').first()
    ).toContainText(/9:30\sAM\sUTC/, MINUTES);
    await teach.root.getByLabel('Announcement').fill('The hub is back');
    await teach.button('Tell all').click();
    for (const of of [alice, bob]) {
      await expect(workshop(of)).toContainText('The hub is back', MINUTES);
    }
  });

  await test.step('a restart of the service and a new tab lose nothing', async () => {
    hub.kill('workshop_service');
    await page.close({ runBeforeUnload: false });
    const again = await page.context().newPage();
    await again.goto(`${hub.url}/user/trainer/lab`);
    await Hub.isReady(again);
    const reopened = new ClassPage(again);
    await expect(reopened.row('alice')).toContainText('running', MINUTES);
    // The page of a participant says it again by itself.
    await expect(reopened.root).toContainText(
      '1 person wants help: bob',
      MINUTES
    );
    await expect(reopened.root).toContainText(
      'Clusters of the class are capped at 1 worker.'
    );
    Object.assign(teach, { page: again });
  });

  await test.step('the trainer stops the class, and nothing else', async () => {
    await teach.button('Stop all 2 servers…').click();
    const dialog = teach.page.getByRole('dialog');
    await expect(dialog).toContainText('Only these servers stop: alice, bob.');
    await expect(dialog).toContainText('1 of them waits for help.');
    await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await dialog.getByRole('button', { name: 'Stop 2 servers' }).click();
    for (const name of ['alice', 'bob']) {
      await expect(teach.row(name)).toContainText('stopped', MINUTES);
    }
    await expect(teach.root).toContainText('No server runs.');
    const own = await teach.page.request.get(
      `${hub.url}/user/trainer/api/status`
    );
    expect(own.status()).toBe(200);
  });

  for (const { context } of participants) {
    await context.close();
  }
});
