import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import * as fc from 'fast-check';
import { createServer, Server, ServerResponse } from 'http';
import type { AddressInfo } from 'net';
import { ClusterError, IClusterSnapshot, IStart, IStep } from '../../../tokens';
import type { IGatewayReport } from '../../kernel/protocol';
import { figures } from '../figures';
import { gatewaySchema, splitOptions } from '../form';
import type { GatewayDriver } from '../driver';
import { Records } from '../records';
import { RestTransport } from '../rest';
import { untilRunning } from '../start';
import type { IGatewayTransport } from '../transport';
import { readOptions, readReport, readReports, readWorkers } from '../wire';
import { providerOver } from './support';

const trans = nullTranslator.load('');

const report = (status: string, name = 'a'): IGatewayReport => ({
  name,
  status,
  start_time: 1,
  stop_time: null,
  options: {},
  dashboard_route: null
});

/** A way whose answers a test gives. */
function way(answers: Partial<IGatewayTransport>): IGatewayTransport {
  return {
    via: 'page',
    probe: async () => undefined,
    list: async () => [],
    dashboard: (route: string) => `http://hub${route}`,
    dispose: () => undefined,
    ...answers
  } as IGatewayTransport;
}

const away = (): ClusterError =>
  new ClusterError('The hub or its gateway is down.', {
    code: 'not-responding'
  });

function start(): IStart & { abort: AbortController; steps: IStep[][] } {
  const abort = new AbortController();
  const steps: IStep[][] = [];
  return {
    abort,
    steps,
    key: 'key',
    signal: abort.signal,
    progress: value => steps.push(value)
  };
}

describe('wire', () => {
  it('should take whatever comes, and never hand a certificate or key on', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (data, secret) => {
        readReports(data);
        readOptions(data);
        readWorkers(data);
        const read = readReport({
          name: 'a',
          status: 'RUNNING',
          start_time: 1,
          extra: data,
          tls_cert: `CERT${secret}`,
          tls_key: `KEY${secret}`
        });
        expect(Object.keys(read ?? {}).sort()).toEqual([
          'dashboard_route',
          'name',
          'options',
          'start_time',
          'status',
          'stop_time'
        ]);
        expect(JSON.stringify(read)).not.toMatch(/CERT|KEY/);
      })
    );
  });
});

describe('form', () => {
  it('should ask the gateway for exactly what its own fields hold', () => {
    const names = fc.constantFrom('cores', 'workers', 'maximum', 'image', 'x');
    const values = fc.dictionary(
      names,
      fc.oneof(fc.integer(), fc.string({ minLength: 1 }), fc.boolean())
    );
    fc.assert(
      fc.property(values, given => {
        const options = Object.keys(given).map(field => ({
          field,
          label: field,
          spec: { type: 'string' }
        }));
        const { properties } = gatewaySchema(options, trans);
        const fields = Object.keys(properties as JSONObject).slice(
          0,
          options.length
        );
        const filled = Object.fromEntries(
          fields.map((field, index) => [field, Object.values(given)[index]])
        );
        expect(splitOptions({ ...filled, workers: 3 })).toEqual({
          options: given,
          wish: { workers: 3 }
        });
      })
    );
  });

  it('should start two workers where nobody says how many', () => {
    expect(splitOptions({}).wish).toEqual({ workers: 2 });
    expect(splitOptions({ minimum: 0, maximum: 4 }).wish).toEqual({
      minimum: 0,
      maximum: 4
    });
  });
});

describe('figures', () => {
  const before = {
    id: 'a',
    name: 'a',
    state: 'running',
    revision: 1,
    since: 0,
    created: 0
  } as IClusterSnapshot;
  const idle = {
    workers: 1,
    threads: 1,
    processing: 0,
    waiting: 0,
    memory: 0,
    erred: 0
  };

  it('should count down from when idling was seen to begin, and from nothing else', () => {
    const now = 10 * 60_000;
    // It may have idled for long before this page came.
    const found = figures(before, idle, null, {}, now, 600);
    expect(found.idleSince).toBeUndefined();
    expect(found.stopsAt).toBeUndefined();
    const busy = figures(
      before,
      { ...idle, processing: 1 },
      null,
      {},
      now,
      600
    );
    const after = figures(
      { ...before, ...busy },
      idle,
      null,
      {},
      now + 5000,
      600
    );
    expect(after.idleSince).toBe(now + 5000);
    expect(after.stopsAt).toBe(now + 5000 + 600_000);
    const later = figures(
      { ...before, ...after },
      idle,
      null,
      {},
      now + 9000,
      600
    );
    expect(later.stopsAt).toBe(after.stopsAt);
    expect(figures({ ...before, ...after }, idle, null, {}, now).stopsAt).toBe(
      undefined
    );
  });
});

describe('Records', () => {
  it('should bring a name and a wish back after a reload, and forget what is gone', async () => {
    const records = () => new Records('somebody', window.localStorage);
    records().set('a', { name: 'rain', wish: { workers: 4 } });
    records().set('b', { name: 'other' });
    const provider = providerOver(
      way({
        list: async () => [report('RUNNING', 'a')],
        scheduler: async (_, page) =>
          page === 'counts' ? { workers: 1, cores: 1 } : null
      }),
      { records: records() }
    );
    const [driver] = await provider.discover();
    expect(driver.snapshot.name).toBe('rain');
    await (driver as GatewayDriver).measure();
    expect(driver.snapshot.workers).toEqual({ ready: 1, wanted: 4 });
    expect(records().get('b')).toEqual({});
    provider.dispose();
  });

  it.each(['{', 'null', '[1]', '{"a": 3}', '{"a": {"name": 5, "wish": "x"}}'])(
    'should take no harm from %s in the storage',
    text => {
      window.localStorage.setItem('somebody', text);
      expect(new Records('somebody', window.localStorage).get('a')).toEqual({});
    }
  );
});

describe('untilRunning', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('should go on while the hub is away for a moment', async () => {
    const answers = [away(), away(), report('PENDING'), report('RUNNING')];
    const get = jest.fn(async () => {
      const answer = answers.shift();
      if (answer instanceof ClusterError) {
        throw answer;
      }
      return answer!;
    });
    const begun = start();
    const running = untilRunning(way({ get }), 'a', begun, trans);
    await jest.advanceTimersByTimeAsync(500);
    expect(get).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(60_000);
    expect((await running).status).toBe('RUNNING');
    expect(begun.steps.flat().map(({ detail }) => detail)).toContain(
      'the hub does not answer; trying again'
    );
  });

  it('should say for how many minutes it waits', async () => {
    const get = async () => {
      await new Promise(resolve => setTimeout(resolve, 20_000));
      return report('PENDING');
    };
    const begun = start();
    const running = untilRunning(way({ get }), 'a', begun, trans);
    running.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(130_000);
    expect(begun.steps.flat().pop()?.state).toBe('waiting');
    expect(begun.steps.flat().map(({ detail }) => detail)).toContain(
      'the hub still looks for a place: 2 min'
    );
    begun.abort.abort();
    await jest.advanceTimersByTimeAsync(30_000);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('should give up a hub that keeps silent', async () => {
    const get = jest.fn(async () => Promise.reject(away()));
    const running = untilRunning(way({ get }), 'a', start(), trans);
    running.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(400_000);
    await expect(running).rejects.toMatchObject({ code: 'not-responding' });
    expect(get.mock.calls.length).toBeLessThan(60);
  });
});

describe('The provider', () => {
  it('should say that a cluster may be left when it cannot be taken back', async () => {
    const provider = providerOver(
      way({
        create: async () => 'a',
        get: async () => report('FAILED'),
        stop: async () => Promise.reject(away())
      })
    );
    await expect(
      provider.create({ provider: 'gateway', options: {} }, start())
    ).rejects.toMatchObject({
      message: 'The gateway could not keep the cluster.',
      hint: expect.stringMatching(/look whether it is in the list/)
    });
    provider.dispose();
  });

  it('should keep a new cluster when the hub does not answer the wish for workers', async () => {
    const stop = jest.fn(async () => undefined);
    const provider = providerOver(
      way({
        create: async () => 'a',
        get: async () => report('RUNNING'),
        scale: async () => Promise.reject(away()),
        stop
      })
    );
    const driver = await provider.create(
      { provider: 'gateway', options: {} },
      start()
    );
    expect(stop).not.toHaveBeenCalled();
    expect(driver.snapshot.state).toBe('running');
    expect(await driver.events()).toMatchObject([
      { level: 'warning', text: expect.stringMatching(/Scale the cluster/) }
    ]);
    provider.dispose();
  });

  it('should look again after a look that failed, and not more often for it', async () => {
    jest.useFakeTimers();
    let looks = 0;
    const provider = providerOver(
      way({
        list: async () => {
          looks += 1;
          return Promise.reject(away());
        }
      })
    );
    const look = (): void => void provider.discover().catch(() => undefined);
    provider.changed.connect(look);
    await provider.discover().catch(() => undefined);
    const before = looks;
    await jest.advanceTimersByTimeAsync(11_000);
    for (let opened = 0; opened < 5; opened += 1) {
      provider.prepare();
      await jest.advanceTimersByTimeAsync(10);
    }
    expect(looks).toBe(before + 1);
    provider.dispose();
    jest.useRealTimers();
  });

  it('should look again when the sidebar is opened again, but not at once', async () => {
    jest.useFakeTimers();
    let lists = 0;
    const provider = providerOver(
      way({
        list: async () => {
          lists += 1;
          return lists > 1 ? [report('RUNNING')] : [];
        }
      })
    );
    let changes = 0;
    expect(await provider.discover()).toEqual([]);
    provider.changed.connect(() => (changes += 1));
    provider.prepare();
    expect(changes).toBe(0);
    jest.advanceTimersByTime(11_000);
    expect(lists).toBe(1);
    provider.prepare();
    expect(changes).toBe(1);
    expect(await provider.discover()).toHaveLength(1);
    provider.dispose();
    jest.useRealTimers();
  });

  it('should list what a gateway that was started again still has', async () => {
    let reports = [report('RUNNING', 'a'), report('RUNNING', 'b')];
    const provider = providerOver(
      way({
        list: async () => reports,
        get: async () =>
          Promise.reject(new ClusterError('gone', { code: 'not-found' }))
      })
    );
    const [, b] = await provider.discover();
    reports = [report('RUNNING', 'a')];
    const drivers = await provider.discover();
    expect(drivers.map(({ snapshot }) => snapshot.id)).toEqual(['a']);
    expect(b.snapshot.state).toBe('stopped');
    provider.dispose();
  });
});

describe('An answer that does not end', () => {
  let server: Server;
  let answer: (response: ServerResponse) => void;

  beforeAll(async () => {
    server = createServer((_, response) => answer(response));
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const list = (): Promise<unknown> => {
    const { port } = server.address() as AddressInfo;
    return new RestTransport({
      address: `http://127.0.0.1:${port}`,
      authorization: () => 'jupyterhub x',
      scopes: async () => null,
      timeout: 500,
      trans
    }).list();
  };

  it('should be given up in time, in words', async () => {
    answer = response => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write('{"a":');
    };
    await expect(list()).rejects.toMatchObject({
      code: 'not-responding',
      cause: [{ message: 'No answer came in time.' }]
    });
  });

  it('should be told when it breaks off', async () => {
    answer = response => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"a":');
      setTimeout(() => response.destroy(), 50);
    };
    await expect(list()).rejects.toMatchObject({ code: 'not-responding' });
  });
});
