import { mkdir, readFile, writeFile } from 'fs/promises';
import { join } from 'path';
import { expect, Locator, Page, test as base } from '@playwright/test';
import { Hub } from '../helpers/hub';
import { NotebookPage } from '../helpers/notebook';
import { cell, notebookFile } from '../helpers/notebookFile';
import { inEachTheme, isAccessible } from '../helpers/themes';

/** A price of what runs on the users' servers, as an administrator sets it. */
const PRICE = {
  provider: 'local',
  region: '',
  item: 'core',
  unit: 'core-hour',
  price: 3.6,
  currency: 'EUR',
  source: 'the computing centre',
  date: '2026-11-01'
};

/**
 * Trainers may stop the servers of their class; a restart of the hub does not. The
 * settings are those of deploy/ and the price.
 */
const CONFIG = `
import json
from pathlib import Path

c.JupyterHub.cleanup_servers = False
role = next(one for one in c.JupyterHub.load_roles if one["name"] == "workshop-service")
role["scopes"].append("delete:servers!group=workshop")

given = next(one for one in c.Spawner.args if "app_settings_dir" in one)
settings = json.loads((Path(given.split("=", 1)[1]) / "overrides.json").read_text())
settings["jupyterlab-seasonal-monitor:prices"] = {"prices": [json.loads('${JSON.stringify(PRICE)}')]}
priced = Path.cwd() / "settings"
priced.mkdir(exist_ok=True)
(priced / "overrides.json").write_text(json.dumps(settings))
c.Spawner.args.remove(given)
c.Spawner.args.append(f"--LabApp.app_settings_dir={priced}")
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

const NOTEBOOK = notebookFile([
  cell(
    'code',
    'add',
    'from seasonal_monitor.workshop import check\ncheck("add", 1 + 1 == 2)'
  )
]);

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

/** What the hub's service tells this page of the class. */
function tellsOf(
  page: Page
): Promise<Array<{ name: string; status: { environment: object } }>> {
  return page.evaluate(async () => {
    const config = JSON.parse(
      document.getElementById('jupyter-config-data')?.textContent ?? '{}'
    );
    const answer = await fetch('/services/workshop/api/class', {
      headers: { Authorization: `token ${config.token}` },
      credentials: 'omit'
    });
    return (await answer.json()).participants;
  });
}

/** Press a button by the keyboard. */
function press(button: Locator): Promise<void> {
  return button.press('Enter');
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
  let link = '';
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
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write']);
    await press(workshop(page).getByRole('button', { name: 'Copy link' }));
    await expect(workshop(page).getByText(/^Copied a link/)).toBeVisible();
    link = await page.evaluate(() => navigator.clipboard.readText());
    const redirect = `${hub.url}/hub/user-redirect/lab?seasonal-workshop=`;
    expect(link.startsWith(redirect)).toBe(true);
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

  await test.step('one joins by the code, the other by the link', async () => {
    await hub.signIn(alice, 'alice');
    await new NotebookPage(alice).command('seasonal-monitor:show-sidebar');
    const found = new NotebookPage(alice).command(
      'seasonal-monitor:join-workshop'
    );
    const dialog = alice.getByRole('dialog');
    await dialog.getByRole('textbox').fill(code.toLowerCase());
    await press(dialog.getByRole('button', { name: 'Look', exact: true }));
    await expect(dialog).toContainText('by trainer', MINUTES);
    await expect(dialog).toContainText('Nothing is started or run.');
    await press(dialog.getByRole('button', { name: 'Save and look' }));
    await found;
    await hub.follow(bob, 'bob', link);
    for (const { name, page } of participants) {
      const notebook = new NotebookPage(page);
      await expect(workshop(page)).toContainText(
        // How the server is shared is known once its controller has looked.
        /Each worker has .*thread.* of memory\..*It costs up to \d+\.\d0.EUR an hour/,
        MINUTES
      );
      await press(workshop(page).getByRole('button', { name: 'Check' }));
      await expect(workshop(page)).toContainText('Limits (fine)', MINUTES);
      await press(workshop(page).getByRole('button', { name: 'Join' }));
      await expect(notebook.panel).toBeVisible(MINUTES);
      await notebook.command('docmanager:open', {
        path: name === 'alice' ? saved() : PATH
      });
    }
  });

  await test.step('one passes a self-check, the other wants help', async () => {
    const note = '<img src=x onerror=alert(1)> my plot is empty';
    await workshop(bob).getByLabel('What are you stuck on?').fill(note);
    await press(workshop(bob).getByRole('button', { name: 'I need help' }));
    const notebook = new NotebookPage(alice);
    await notebook.command('docmanager:open', {
      path: 'first-class/add.ipynb'
    });
    await notebook.isIdle(180_000);
    await notebook.runAll();
    await notebook.save();
    await notebook.command('docmanager:open', { path: saved() });
    await expect(
      workshop(alice)
        .getByRole('listitem')
        .filter({ hasText: 'Add two numbers' })
    ).toContainText('(done)');
    await press(workshop(alice).getByRole('button', { name: 'Check again' }));
    await expect(workshop(alice)).toContainText('packages are there', MINUTES);
    await expect(workshop(alice)).toContainText('Disk and memory (fine)');
    for (const name of ['alice', 'bob']) {
      await expect(teach.row(name)).toContainText('running2', MINUTES);
    }
    await expect(teach.row('alice')).toContainText('1 of 2', MINUTES);
    await expect(teach.row('bob')).toContainText('0 of 2');
    await expect(teach.root).toContainText('1 person wants help: bob', MINUTES);
    await expect(teach.row('bob')).toContainText(`wants help: ${note}`);
    await expect(teach.root.locator('img')).toHaveCount(0);
    for (const { status } of await tellsOf(page)) {
      expect(status.environment).toMatchObject({
        dask: expect.stringMatching(/^\d/),
        distributed: expect.stringMatching(/^\d/)
      });
    }
    await expect(teach.root).toContainText(
      /2 of 2 participants told what their clusters have cost: (?!0\.00)\d+\.\d\d.EUR/,
      MINUTES
    );
    await inEachTheme(page, async theme => {
      await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
      await isAccessible(page, '.jp-ClassPage');
      await page.screenshot({ path: `test-results/${theme}-class.png` });
    });
    await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
  });

  await test.step('the trainer looks only at who wants help, writes to them, and to all', async () => {
    await teach.root.getByRole('combobox').selectOption('help');
    await expect(teach.row('alice')).toHaveCount(0);
    await teach.root.getByLabel('Select bob').check();
    const text = teach.root.getByLabel('Announcement');
    await text.fill('Look at cell 3');
    await press(teach.button('Tell 1 selected'));
    await expect(teach.root).toContainText('1 person is told.');
    await expect(text).toHaveValue('');
    await teach.root.getByLabel('Select bob').uncheck();
    await text.fill('Break until 11:00');
    await press(teach.button('Tell all'));
    await expect(teach.root).toContainText('All are told.');
    for (const of of [alice, bob]) {
      await expect(workshop(of)).toContainText('Break until 11:00', MINUTES);
    }
    await expect(workshop(bob)).toContainText('Look at cell 3');
    await expect(workshop(alice)).not.toContainText('Look at cell 3');
    await teach.root.getByRole('combobox').selectOption('all');
  });

  await test.step('one takes the original notebook again', async () => {
    await press(workshop(alice).getByRole('button', { name: 'Reset Adding' }));
    const kept = join(hub.folder, 'homes/alice/first-class/add-mine-1.ipynb');
    await expect(async () => {
      const [mine] = JSON.parse(await readFile(kept, 'utf8')).cells;
      expect(mine.outputs).not.toEqual([]);
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

  // What was done in the notebook that is kept is not done in the new one.
  await expect(teach.row('alice')).toContainText('0 of 2', MINUTES);

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
    expect(lines[2]).toMatch(/"?\d+\.\d{6} EUR"?$/);
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
    await press(teach.button('Cap at 1 worker'));
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('2 people have more now');
    await expect(dialog).toContainText('alice, bob');
    await expect(dialog).toContainText(
      'on pages of the workshop that are open'
    );
    await press(dialog.getByRole('button', { name: 'Cap at 1 worker' }));
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
    await press(teach.button('Tell all'));
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

  const answers = async (name: string, of: Page): Promise<boolean> =>
    (await of.request.get(`${hub.url}/user/${name}/api/status`)).ok();

  await test.step('the trainer stops one server, and the other runs on', async () => {
    const select = teach.root.getByRole('checkbox', { name: 'Select alice' });
    await select.check();
    await press(teach.button('Stop 1 selected server…'));
    const dialog = teach.page.getByRole('dialog');
    await expect(dialog).toContainText('Only these servers stop: alice.');
    await press(dialog.getByRole('button', { name: 'Stop 1 server' }));
    await expect(teach.row('alice')).toContainText('stopped', MINUTES);
    await expect(teach.row('bob')).toContainText('running1');
    expect(await answers('bob', bob)).toBe(true);
    expect(await answers('alice', alice)).toBe(false);
    await select.uncheck();
  });

  await test.step('the trainer stops the class, and nothing else', async () => {
    await press(teach.button('Stop 1 server…'));
    const dialog = teach.page.getByRole('dialog');
    await expect(dialog).toContainText('Only these servers stop: bob.');
    await expect(dialog).toContainText('1 of them waits for help.');
    await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await press(dialog.getByRole('button', { name: 'Stop 1 server' }));
    await expect(teach.row('bob')).toContainText('stopped', MINUTES);
    await expect(teach.root).toContainText('No server runs.');
    expect(await answers('trainer', teach.page)).toBe(true);
  });

  for (const { context } of participants) {
    await context.close();
  }
});
