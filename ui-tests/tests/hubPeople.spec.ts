import { writeFile } from 'fs/promises';
import { join } from 'path';
import { expect, Page, test as base } from '@playwright/test';
import { Hub } from '../helpers/hub';
import { NotebookPage } from '../helpers/notebook';
import { Sidebar } from '../helpers/sidebar';

const SMALL = /^Small gateway cluster/;
/** The hub's culler waits for this file, and culls after so many seconds. */
const BEGINS = 'cull';
const IDLE = 25;

/** A hub's proxy takes the answers to these pings for somebody's acts. */
const NO_PINGS = 'c.ServerApp.tornado_settings = {"ws_ping_interval": 0}';

/** Carol has no grant for the gateway, and unused servers end soon. */
const CONFIG = `
from pathlib import Path
GRANT = "access:services!service=dask-gateway"
c.Authenticator.allowed_users.add("carol")
c.JupyterHub.load_groups = {"dask": {"users": ["alice", "bob", "trainer"]}}
user = next(one for one in c.JupyterHub.load_roles if one["name"] == "user")
user["scopes"] = ["self"]
c.JupyterHub.load_roles.append({"name": "dask", "scopes": [GRANT], "groups": ["dask"]})
c.Spawner.environment["JUPYTERHUB_ACTIVITY_INTERVAL"] = "3"
c.JupyterHub.last_activity_interval = 3
service = next(one for one in c.JupyterHub.services if one["name"] == "idle-culler")
command = " ".join([*service["command"][:-1], "--timeout=${IDLE}", "--cull-every=3"])
wait = f"until [ -e {Path.cwd() / '${BEGINS}'} ]; do sleep 0.2; done; exec {command}"
service["command"] = ["sh", "-c", wait]
`;

const test = base.extend<object, { hub: Hub }>({
  hub: [
    async ({ browserName: _ }, use) => {
      const users = ['alice', 'bob', 'carol'];
      const hub = await Hub.start(users, {
        config: [CONFIG],
        server: [NO_PINGS]
      });
      await use(hub);
      await hub.stop();
    },
    { scope: 'worker', timeout: 240_000 }
  ]
});

test.setTimeout(480_000);

test('somebody who may not use the gateway is told which grant is missing', async ({
  page,
  hub
}) => {
  const sidebar = new Sidebar(page);
  await hub.signIn(page, 'carol');
  await sidebar.open();
  const problem = sidebar.panel.getByRole('alert');
  await expect(problem).toContainText(
    'Your hub does not let this page use Dask Gateway.'
  );
  await expect(problem).toContainText(
    'access:services!service=dask-gateway to the role “user” and to Spawner.oauth_client_allowed_scopes'
  );
  await page.screenshot({ path: 'test-results/hub-grant.png' });
});

test('in somebody else’s server one sees one’s own clusters, whose they are, and none of the server’s user', async ({
  page,
  browser,
  hub
}) => {
  const alice = new Sidebar(page);
  await hub.signIn(page, 'alice');
  await alice.open();
  await alice.startProfile(SMALL);
  await expect(alice.cards).toHaveCount(1);
  await alice.isRunning();
  const hers = (await alice.card().getAttribute('data-cluster')) ?? '';

  const context = await browser.newContext();
  const visit = await context.newPage();
  const trainer = new Sidebar(visit);
  const notebook = new NotebookPage(visit);
  const card = trainer.card();

  await test.step('the list is the visitor’s, and empty', async () => {
    await hub.signIn(visit, 'trainer', 'alice');
    await trainer.open();
    await expect(trainer.panel).toContainText('A cluster runs your Dask code');
    await expect(trainer.cards).toHaveCount(0);
  });

  await test.step('the form says whose the cluster will be', async () => {
    await trainer.startProfile(/^Customise/);
    const dialog = visit.getByRole('dialog');
    await dialog.getByLabel('Runs on').selectOption({ label: 'Dask Gateway' });
    await expect(dialog).toContainText('It will be a cluster of trainer.');
    await dialog.getByLabel('Worker memory (GiB)').fill('0.5');
    await dialog.getByLabel('Workers', { exact: true }).fill('1');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await expect(trainer.cards).toHaveCount(1);
    await trainer.isRunning(card, 1);
    await expect(card).toContainText('cluster of trainer');
    await expect(card).not.toHaveAttribute('data-cluster', hers);
  });

  await test.step('a notebook of the server is not connected to it', async () => {
    await notebook.create();
    await trainer.button('Connect').click();
    await expect(
      visit
        .getByText(
          'This is a cluster of trainer, and the server is that of alice.'
        )
        .first()
    ).toBeVisible();
    expect((await notebook.sources()).join('')).not.toContain('Gateway');
    await visit.screenshot({ path: 'test-results/hub-visitor.png' });
  });

  await test.step('the server’s user sees nothing of it', async () => {
    await page.reload();
    await Hub.isReady(page);
    await expect(alice.card()).toHaveAttribute('data-cluster', hers);
    await alice.isRunning();
    await expect(alice.cards).toHaveCount(1);
    await expect(alice.panel).not.toContainText('trainer');
  });

  await trainer.stop();
  await context.close();
  await alice.stop();
});

/**
 * Answer what JupyterLab asks its server by itself, every ten seconds in a tab
 * that is looked at: what keeps the server alive is then the extension.
 */
async function answerPolls(page: Page): Promise<void> {
  const known = new Map<string, Buffer>();
  await page.route(/\/user\/[^/]+\/(lab\/)?api\//, async route => {
    const request = route.request();
    if (request.method() !== 'GET') {
      return route.continue();
    }
    const { pathname } = new URL(request.url());
    let body = known.get(pathname);
    if (!body) {
      body = await (await route.fetch()).body();
      known.set(pathname, body);
    }
    return route.fulfill({ contentType: 'application/json', body });
  });
}

/** Let clusters that compute say so each second, not each minute. */
async function reportOften(page: Page): Promise<void> {
  await page.evaluate(async () => {
    interface IKernel {
      requestExecute(content: object): { done: Promise<unknown> };
      dispose(): void;
    }
    interface IServices {
      sessions: {
        running(): Iterable<{ type: string; kernel: object }>;
      };
      kernels: { connectTo(options: object): IKernel };
    }
    const { sessions, kernels } = (
      window as unknown as { jupyterapp: { serviceManager: IServices } }
    ).jupyterapp.serviceManager;
    for (const { type, kernel: model } of sessions.running()) {
      if (type === 'dask-cluster') {
        const kernel = kernels.connectTo({ model, handleComms: false });
        await kernel.requestExecute({
          code: "__import__('sys').modules['_seasonal_monitor_controller.cluster'].HEARTBEAT = 1.0",
          silent: true
        }).done;
        kernel.dispose();
      }
    }
  });
}

test('a hub ends an unused server although its open page shows a gateway’s cluster, and no server whose cluster computes', async ({
  page,
  browser,
  hub
}) => {
  const context = await browser.newContext();
  const other = await context.newPage();
  const bob = new Sidebar(other);
  const notebook = new NotebookPage(other);

  await test.step('one has a cluster of the server, which computes', async () => {
    await hub.signIn(other, 'bob');
    await bob.open();
    await bob.startProfile(/^This server/);
    await bob.isRunning();
    await notebook.create();
    await bob.button('Connect').click();
    await expect
      .poll(async () => (await notebook.sources())[0])
      .toContain('Client(');
    await notebook.isIdle();
    await notebook.type(
      'import time; task = client.submit(time.sleep, 3600); task.key'
    );
    await notebook.runAll();
    await expect(notebook.cells.last()).toContainText('sleep-');
    await expect(notebook.errors).toHaveCount(0);
    await reportOften(other);
    await answerPolls(other);
  });

  const alice = new Sidebar(page);
  const name = await test.step('one looks at a gateway’s', async () => {
    await hub.signIn(page, 'alice');
    await alice.open();
    await alice.startProfile(SMALL);
    await alice.isRunning();
    await answerPolls(page);
    const key = await alice.card().getAttribute('data-cluster');
    return (key ?? '').replace('gateway:', '');
  });

  await writeFile(join(hub.folder, BEGINS), '');
  await expect
    .poll(() => hub.log(), { timeout: 240_000 })
    .toContain('Culling server alice');
  expect(await hub.log()).not.toContain('Culling server bob');
  // The gateway's cluster goes on.
  const counts = `${hub.url}/services/dask-gateway/clusters/${name}/json/counts.json`;
  expect((await fetch(counts)).status).toBe(200);
  await context.close();
});
