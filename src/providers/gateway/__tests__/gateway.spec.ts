import type { JSONObject } from '@lumino/coreutils';
import { ClusterManager } from '../../../cluster/manager';
import { ProviderRegistry } from '../../../cluster/registry';
import { ClusterError, IClusterDriver, ICluster } from '../../../tokens';
import { newStart, trans, until } from '../../kernel/__tests__/server';
import type { GatewayProvider } from '../provider';
import type { IGatewayTransport } from '../transport';
import {
  IPlace,
  openPlace,
  providerOver,
  SECRET,
  throughKernel,
  throughPage
} from './support';

const MINUTES = 240_000;

let place: IPlace;

beforeAll(async () => {
  place = await openPlace();
}, MINUTES);

afterAll(async () => {
  await place.close();
}, MINUTES);

/** A cluster as the gateway sends it. */
async function sent(place: IPlace, name: string): Promise<JSONObject> {
  const response = await fetch(
    `${place.gateway.address}/api/v1/clusters/${name}`,
    { headers: { Authorization: `Basic ${btoa('alice:')}` } }
  );
  return (await response.json()) as JSONObject;
}

describe.each<[string, (place: IPlace) => IGatewayTransport]>([
  ['through the page', throughPage],
  ['through a kernel', throughKernel]
])('The clusters of a real gateway, %s', (_, way) => {
  let transport: IGatewayTransport;
  let provider: GatewayProvider;
  /** All that left this room, by its kind. */
  const seen: Record<
    'snapshots' | 'events' | 'workers' | 'steps' | 'errors',
    unknown[]
  > = { snapshots: [], events: [], workers: [], steps: [], errors: [] };
  /** What the gateway keeps of the clusters, as it sends it. */
  const secrets = new Set<string>();

  const create = async (
    options: JSONObject,
    start = newStart()
  ): Promise<IClusterDriver> => {
    const creating = provider.create(
      { provider: 'gateway', name: 'mine', options },
      start
    );
    const driver = await creating.finally(() => {
      seen.steps.push(start.steps);
    });
    seen.snapshots.push(driver.snapshot);
    driver.changed.connect((_, snapshot) => {
      seen.snapshots.push(snapshot);
    });
    driver.happened.connect((_, event) => {
      seen.events.push(event);
    });
    driver.workersChanged.connect((_, workers) => {
      seen.workers.push(workers);
    });
    const { tls_cert, tls_key } = await sent(place, driver.snapshot.id);
    for (const text of [tls_cert, tls_key]) {
      // The first line of a certificate is the same for all.
      secrets.add(String(text).split('\n')[2]);
    }
    return driver;
  };

  async function refused(act: Promise<unknown>): Promise<ClusterError> {
    const reason = await act.then(
      () => null,
      (error: unknown) => error
    );
    expect(reason).toBeInstanceOf(ClusterError);
    const error = reason as ClusterError;
    const { message, cause, log, fields, hint, stack } = error;
    seen.errors.push({ message, cause, log, fields, hint, stack });
    return error;
  }

  beforeAll(() => {
    transport = way(place);
    provider = providerOver(transport);
  });

  afterAll(() => {
    provider.dispose();
  });

  it(
    'should start from the form, count, scale, tell of limits, and stop',
    async () => {
      const { schema } = await provider.form();
      const { cores, program } = schema.properties as Record<
        string,
        JSONObject
      >;
      expect(cores).toMatchObject({
        type: 'integer',
        title: 'Threads',
        default: 1,
        minimum: 1,
        maximum: 2,
        description: 'Your hub allows 1 to 2.'
      });
      expect(program).toMatchObject({
        type: 'string',
        enum: ['dask scheduler', 'no-such-program'],
        default: 'dask scheduler'
      });

      const start = newStart();
      const driver = await create({ cores: 1, workers: 1 }, start);
      expect(start.steps[0]).toEqual([
        { id: 'scheduler', state: 'active' },
        { id: 'workers', state: 'waiting' }
      ]);
      const { id, connection, dashboard } = driver.snapshot;
      expect(driver.snapshot).toMatchObject({
        name: 'mine',
        state: 'running',
        workers: { wanted: 1 }
      });
      expect(connection).toEqual({ kind: 'gateway', address: id });
      expect(dashboard).toBe(`${place.gateway.address}/clusters/${id}/status`);
      const page = await fetch(
        dashboard!.replace(/status$/, 'individual-plots.json')
      );
      expect(page.status).toBe(200);

      driver.watch('workers');
      let rows = 0;
      driver.workersChanged.connect((_, workers) => {
        rows = workers.length;
      });
      await until(
        () => driver.snapshot.workers?.ready === 1 && rows === 1,
        'the worker is counted',
        90_000
      );
      expect(driver.snapshot).toMatchObject({
        threads: 1,
        tasks: { processing: 0, erred: 0 }
      });
      expect(driver.snapshot.memory?.used).toBeGreaterThan(0);
      const { idleSince, stopsAt } = driver.snapshot;
      expect(stopsAt).toBe(idleSince! + 600_000);

      const limit = await refused(driver.scale(9));
      expect(limit.code).toBe('limit');
      expect(limit.message).toBe(
        'Your hub allows 2 workers: it scales to that.'
      );
      expect(driver.snapshot.workers).toMatchObject({ wanted: 2, limit: 2 });
      await driver.adapt(0, 2);
      expect(driver.snapshot.workers).toMatchObject({ minimum: 0, maximum: 2 });
      expect(await driver.events()).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ kind: 'scaled', level: 'warning' })
        ])
      );

      const listed = await provider.discover();
      expect(listed).toContain(driver);
      driver.watch('none');
      await Promise.all([driver.stop(), driver.stop()]);
      await until(
        async () => (await transport.list()).every(({ name }) => name !== id),
        'the gateway lists it no more',
        60_000
      );
      driver.dispose();
    },
    MINUTES
  );

  it(
    'should find clusters that were made elsewhere, and see them go',
    async () => {
      const registry = new ProviderRegistry();
      registry.add(provider);
      const manager = new ClusterManager({ registry, trans });
      const name = await place.gateway.create();
      await manager.refresh();
      const found = (): ICluster | undefined => manager.get(`gateway:${name}`);
      expect(found()?.snapshot).toMatchObject({
        name: `gateway-${name.slice(0, 8)}`,
        state: 'running'
      });
      await place.gateway.end(name);
      await until(
        async () => {
          await manager.refresh();
          return found() === undefined;
        },
        'the card goes',
        60_000
      );
      expect([...manager.problems]).toEqual([]);
    },
    MINUTES
  );

  it(
    'should leave nothing of a start that is given up',
    async () => {
      const start = newStart();
      const creating = create({ cores: 1 }, start);
      await until(() => start.steps.length > 0, 'it starts');
      start.abort.abort();
      expect((await refused(creating)).code).toBe('cancelled');
      await until(
        async () => (await transport.list()).length === 0,
        'no cluster stays',
        60_000
      );
    },
    MINUTES
  );

  it(
    'should say what is known of a cluster that fails, and leave nothing',
    async () => {
      const error = await refused(create({ program: 'no-such-program' }));
      expect(error.message).toBe('The gateway could not keep the cluster.');
      expect(error.hint).toMatch(/ClusterConfig.scheduler_cmd|gateway’s log/);
      expect(await transport.list()).toEqual([]);
    },
    MINUTES
  );

  it('should show refused options beside their fields', async () => {
    const error = await refused(create({ cores: 7, other: 1 }));
    expect(error.code).toBe('invalid');
    expect(Object.values(error.fields).join()).toMatch(/cores|other/);
  });

  it('should say that a cluster is gone', async () => {
    const error = await refused(transport.get('0'.repeat(32), false));
    expect(error).toMatchObject({ code: 'not-found' });
    expect(error.message).toBe('There is no such cluster any more.');
  });

  it('should have told no key, certificate or sign-in', () => {
    expect(secrets.size).toBeGreaterThanOrEqual(2);
    for (const [kind, values] of Object.entries(seen)) {
      expect([kind, values.length > 0]).toEqual([kind, true]);
      const text = JSON.stringify(values);
      expect([kind, SECRET.exec(text)]).toEqual([kind, null]);
      expect([...secrets].filter(secret => text.includes(secret))).toEqual([]);
    }
  });
});
