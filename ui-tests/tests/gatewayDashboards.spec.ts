import type { Page, Request } from '@playwright/test';
import {
  IRunningGateway,
  startGateway
} from '../../src/notebook/__tests__/programs';
import { expect, test as base } from '../helpers/fixtures';
import { Front } from '../helpers/front';
import { NotebookPage } from '../helpers/notebook';

const PREFIX = '/services/dask-gateway';
const PLOT = 'individual-task-stream';

/** JupyterLab and a real Dask Gateway at one address, as a hub has them. */
const test = base.extend<object, { gateway: IRunningGateway; front: Front }>({
  gateway: [
    async ({ browserName: _ }, use) => {
      const gateway = await startGateway('alice', PREFIX);
      await use(gateway);
      await gateway.stop();
    },
    { scope: 'worker', timeout: 120_000 }
  ],
  front: [
    async ({ lab, gateway }, use) => {
      const front = await Front.start({
        [PREFIX]: gateway.address,
        '/': lab.url
      });
      await use(front);
      await front.stop();
    },
    { scope: 'worker' }
  ],
  baseURL: async ({ front }, use) => {
    await use(front.url);
  },
  opens: false
});

test.setTimeout(240_000);

/** A cluster as a provider tells of it. */
interface ITold {
  id: string;
  dashboard: string;
}

/** Tell the page's manager of clusters of a gateway. */
async function tell(page: Page, gateway: string, told: ITold[]): Promise<void> {
  await page.evaluate(
    async ([name, clusters]) => {
      const signal = { connect: () => true, disconnect: () => true };
      const nothing = (): void => undefined;
      const drivers = clusters.map(({ id, dashboard }) => ({
        capabilities: {},
        changed: signal,
        happened: signal,
        workersChanged: signal,
        watch: nothing,
        ping: async () => true,
        dispose: nothing,
        snapshot: {
          id,
          name: id,
          state: 'running',
          revision: Date.now(),
          since: Date.now(),
          created: Date.now(),
          workers: { ready: 1, wanted: 1 },
          connection: { kind: 'gateway', address: name },
          dashboard
        }
      }));
      interface IRoom {
        add(provider: object): void;
        refresh(): Promise<void>;
      }
      const { jupyterapp, told } = window as unknown as {
        jupyterapp: {
          pluginRegistry: { _plugins: Map<string, { service: IRoom }> };
        };
        told?: object[];
      };
      const room = (id: string): IRoom =>
        jupyterapp.pluginRegistry._plugins.get(
          `jupyterlab-seasonal-monitor:${id}`
        )!.service;
      if (!told) {
        room('registry').add({
          id: 'gateway',
          label: 'Dask Gateway',
          caption: 'Clusters of the hub',
          rank: 200,
          creates: false,
          discover: async () => (window as unknown as { told: object[] }).told
        });
      }
      Object.assign(window, { told: drivers });
      await room('clusters').refresh();
    },
    [gateway, told] as const
  );
}

test('plots of a gateway’s clusters draw in frames that are closed to the page', async ({
  page,
  sidebar,
  gateway,
  front
}) => {
  await page.context().addCookies([
    { name: 'jupyterhub-session-id', value: 'secret', url: front.url },
    { name: 'dask-gateway-somebody', value: 'secret', url: front.url }
  ]);
  const name = await gateway.create();
  const path = `${PREFIX}/clusters/${name}/`;
  const clusters = [
    { id: 'near', dashboard: `${front.url}${path}status` },
    {
      id: 'far',
      dashboard: `${gateway.address}/clusters/${name}/status`
    }
  ];
  await page.goto();
  await sidebar.open();
  await sidebar.newCluster();
  await tell(page, name, clusters);
  await expect(sidebar.cards).toHaveCount(3);
  const app = new NotebookPage(page);
  const frames = page.locator(`iframe[src*="${path}"]`);
  const near = page.locator(`iframe[src^="${front.url}${path}"]`);
  const far = page.locator(`iframe[src^="${gateway.address}/clusters/"]`);
  const draws = async (plots = frames): Promise<void> => {
    const canvas = plots.first().contentFrame().locator('canvas').first();
    await expect(canvas).toBeVisible({ timeout: 60_000 });
  };

  await test.step('a layout opens and draws at the first click', async () => {
    const open = { cluster: 'gateway:near', layout: 'Compute' };
    await app.command('seasonal-monitor:open-layout', open);
    await expect(near).toHaveCount(3);
    await draws(near);
  });

  await test.step('what is in the frame sees nothing of the page', async () => {
    const [frame] = page.frames().filter(one => one.url().includes(path));
    const seen = await frame.evaluate(() => {
      const attempt = (look: () => unknown): string => {
        try {
          return String(look());
        } catch (error) {
          return (error as Error).name;
        }
      };
      return {
        origin: attempt(() => window.origin),
        parent: attempt(() => window.parent.document.body.textContent),
        cookie: attempt(() => document.cookie),
        storage: attempt(() => window.localStorage.length)
      };
    });
    expect(seen).toEqual({
      origin: 'null',
      parent: 'SecurityError',
      cookie: 'SecurityError',
      storage: 'SecurityError'
    });
    const asked = front.below(PREFIX);
    expect(asked.length).toBeGreaterThan(5);
    for (const { url, headers } of asked) {
      expect([url, headers.cookie]).toEqual([url, undefined]);
      expect([url, headers.authorization]).toEqual([url, undefined]);
      expect(headers.referer ?? '').not.toContain('/lab');
    }
    expect(front.below('/proxy/')).toEqual([]);
  });

  await test.step('a local cluster’s plot draws beside it', async () => {
    await sidebar.card().click();
    await sidebar.panel
      .getByRole('button', { name: 'Compute', exact: true })
      .click();
    await draws(page.locator('iframe[src*="/proxy/"]'));
    await page.screenshot({ path: 'test-results/gateway-beside-local.png' });
  });

  await test.step('on another origin it is explained what emptiness means', async () => {
    const asked: Request[] = [];
    page.on('request', request => asked.push(request));
    const open = { cluster: 'gateway:far', plot: PLOT };
    await app.command('seasonal-monitor:open-plot', open);
    await draws(far);
    const there = asked.filter(one => one.url().startsWith(gateway.address));
    expect(there.length).toBeGreaterThan(1);
    for (const request of there) {
      const { cookie, authorization } = await request.allHeaders();
      expect([request.url(), cookie, authorization]).toEqual([
        request.url(),
        undefined,
        undefined
      ]);
    }
    const note = page.getByText('Empty? Then far');
    await expect(note).toBeVisible();
    await page.screenshot({ path: 'test-results/gateway-far.png' });
    await page.getByRole('button', { name: 'Hide', exact: true }).click();
    await expect(note).toBeHidden();
  });

  await test.step('a reload brings the panes back', async () => {
    await page.reload();
    await sidebar.open();
    await tell(page, name, clusters);
    await draws(far);
  });

  await test.step('a dashboard that goes is explained, and its frame too', async () => {
    await gateway.end(name);
    await expect
      .poll(async () => (await fetch(clusters[0].dashboard)).status, {
        timeout: 60_000
      })
      .not.toBe(200);
    const open = { cluster: 'gateway:near', plot: 'individual-workers' };
    await app.command('seasonal-monitor:open-plot', open);
    const words = /knows no dashboard|scheduler is down/;
    await expect(page.getByText(words).first()).toBeVisible({
      timeout: 60_000
    });
    await expect(
      page.getByRole('button', { name: 'Open in a new tab' }).first()
    ).toBeVisible();
    await tell(page, name, []);
    await expect(page.getByText('near is gone').first()).toBeVisible();
    await expect(page.getByText('far is gone')).toHaveCount(1);
    await expect(frames).toHaveCount(0);
  });
});
