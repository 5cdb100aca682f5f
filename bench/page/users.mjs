// Many people's pages at one hub, for bench/measures/{hub,workshop}.py: one JSON request a
// line on stdin, one JSON answer a line on stdout. Model, provider and transport are
// the page's own; there is no browser, and everybody looks at their cards all the time.
import { createInterface } from 'node:readline';
import { nullTranslator } from '@jupyterlab/translation';
import { ClusterManager } from '../../lib/cluster/manager';
import { ProviderRegistry } from '../../lib/cluster/registry';
import { GatewayProvider } from '../../lib/providers/gateway/provider';
import { Records } from '../../lib/providers/gateway/records';
import { RestTransport } from '../../lib/providers/gateway/rest';
import { dueAt } from '../../lib/workshops/plan';

const trans = nullTranslator.load('jupyterlab_seasonal_monitor');
const pages = new Map();
let asked = [];

/** What a request is about. */
function kind(url, method) {
  const path = url.pathname.replace(/^.*\/services\/dask-gateway/, '');
  const [, , page] =
    /^\/clusters\/([^/]+)\/json\/(\w+)\.json$/.exec(path) ?? [];
  const act = /^\/api\/v1\/clusters\/[^/]+\/(\w+)$/.exec(path);
  if (page || act) {
    return page ?? act[1];
  }
  if (path === '/api/v1/clusters/') {
    return method === 'GET' ? 'list' : 'create';
  }
  if (path.startsWith('/api/v1/clusters/')) {
    return method === 'GET' ? (url.search ? 'wait' : 'get') : 'stop';
  }
  return path.slice(path.lastIndexOf('/') + 1);
}

const send = globalThis.fetch;
globalThis.fetch = async (url, init = {}) => {
  const entry = {
    time: Date.now(),
    kind: kind(new URL(url), init.method ?? 'GET'),
    status: 0
  };
  asked.push(entry);
  const response = await send(url, init);
  entry.status = response.status;
  entry.took = Date.now() - entry.time;
  return response;
};

/** Somebody's page: the model, and a view of every card. */
function openPage({ name, token }, address) {
  const registry = new ProviderRegistry();
  const provider = new GatewayProvider({
    page: () =>
      new RestTransport({
        address,
        authorization: () => `jupyterhub ${token}`,
        scopes: async () => null,
        trans
      }),
    kernel: () => {
      throw new Error('The page does not reach the gateway.');
    },
    activity: {
      isActive: true,
      changed: { connect: () => true, disconnect: () => true }
    },
    isExplicit: false,
    isHub: true,
    records: new Records(name, null),
    visitor: name,
    host: name,
    idleTimeout: () => undefined,
    trans
  });
  registry.add(provider);
  const manager = new ClusterManager({ registry, trans });
  const seen = new Set();
  manager.changed.connect(() => {
    for (const { key, driver } of manager.clusters) {
      if (driver && !seen.has(key)) {
        seen.add(key);
        manager.watch(key, 'counts');
      }
    }
  });
  return { manager, provider };
}

function pause(ms) {
  return new Promise(done => setTimeout(done, ms));
}

/**
 * Fill in the form, click Start, and look at the card until it has its workers.
 *
 * @param limit - After so many seconds it has failed.
 * @returns Seconds from the click to the first worker on the card and to the
 * running scheduler, or what went wrong.
 */
async function click({ manager, provider }, options, limit) {
  await provider.form();
  const began = Date.now();
  const cluster = manager.create({ provider: 'gateway', options });
  let running = null;
  await new Promise(done => {
    const look = () => {
      const { state, workers } = cluster.snapshot;
      if (state === 'running') {
        running ??= (Date.now() - began) / 1000;
      }
      const isUp = options.workers
        ? workers?.ready >= options.workers
        : state === 'running';
      if (isUp || ['failed', 'lost', 'stopped'].includes(state)) {
        done();
      }
    };
    cluster.changed.connect(look);
    look();
    setTimeout(done, limit * 1000);
  });
  const { state, cause, workers } = cluster.snapshot;
  const isUp =
    running !== null && (workers?.ready ?? 0) >= (options.workers ?? 0);
  return isUp
    ? { running, ready: (Date.now() - began) / 1000 }
    : { failed: JSON.stringify({ state, cause, workers }) };
}

/**
 * Start somebody's own server, and wait until it answers.
 *
 * @returns Seconds that it took, or what went wrong.
 */
async function startServer(hub, { name, token }, limit) {
  const headers = { Authorization: `token ${token}` };
  const began = Date.now();
  const isLate = () => Date.now() - began > limit * 1000;
  const start = await send(`${hub}/hub/api/users/${name}/server`, {
    method: 'POST',
    headers,
    body: '{}'
  });
  if (start.status >= 300) {
    return { failed: `server: HTTP ${start.status} ${await start.text()}` };
  }
  for (;;) {
    const { servers } = await (
      await send(`${hub}/hub/api/users/${name}`, { headers })
    ).json();
    if (servers?.['']?.ready) {
      break;
    }
    if (isLate() || !servers?.['']) {
      return { failed: 'server: it did not start' };
    }
    await pause(250);
  }
  const answer = await send(`${hub}/user/${name}/api/status`, { headers });
  return answer.ok
    ? { server: (Date.now() - began) / 1000 }
    : { failed: `server: HTTP ${answer.status}` };
}

const methods = {
  /**
   * Let people join a class, each at their own place in its window and with a
   * server of their own, which is started then.
   */
  async join({ hub, address, workshop, users, options, limit }) {
    const now = Date.now();
    return Promise.all(
      users.map(async user => {
        const due = dueAt(workshop, user.name, now);
        await pause(due - now);
        const place = (due - now) / 1000;
        const { server, failed } = await startServer(hub, user, limit);
        if (failed) {
          return { place, failed };
        }
        const told = await click(openPage(user, address), options, limit);
        return { place, server, ...told };
      })
    );
  },

  /** Open the sidebar of everybody's page. */
  async open({ address, users, seconds }) {
    await Promise.all(
      users.map(async (user, index) => {
        await pause((index * seconds * 1000) / users.length);
        const page = openPage(user, address);
        pages.set(user.tab, page);
        await page.manager.refresh();
      })
    );
    return [...pages.values()].filter(({ manager }) => manager.problems.size)
      .length;
  },

  /** Let people make clusters, one after the other within some seconds. */
  async click({ tabs, options, seconds, limit }) {
    return Promise.all(
      tabs.map(async (tab, index) => {
        await pause((index * seconds * 1000) / tabs.length);
        return click(pages.get(tab), options, limit);
      })
    );
  },

  /** Read the lists, as pages do whose sidebar is opened again. */
  async refresh() {
    await Promise.all(
      [...pages.values()].map(({ manager }) => manager.refresh())
    );
  },

  async wait({ seconds }) {
    await pause(seconds * 1000);
  },

  /** What was asked since the last call. */
  async traffic() {
    const found = asked;
    asked = [];
    return found;
  },

  /** How many cards each page has that tell of their workers. */
  async cards() {
    return [...pages.values()].map(
      ({ manager }) =>
        manager.clusters.filter(({ snapshot }) => snapshot.workers).length
    );
  }
};

createInterface({ input: process.stdin })
  .on('line', async line => {
    const { id, method, params } = JSON.parse(line);
    let answer;
    try {
      answer = { id, result: (await methods[method](params)) ?? null };
    } catch (error) {
      answer = { id, error: String(error?.stack ?? error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  })
  .on('close', () => process.exit(0));
