import { ClusterManager } from '../../cluster/manager';
import { ProviderRegistry } from '../../cluster/registry';
import {
  IPlace,
  openPlace,
  providerOver,
  throughKernel,
  throughPage
} from '../../providers/gateway/__tests__/support';
import type { GatewayProvider } from '../../providers/gateway/provider';
import { Records } from '../../providers/gateway/records';
import { until } from '../../providers/kernel/__tests__/server';
import type { ICluster } from '../../tokens';
import { BudgetKeeper } from '../budgetKeeper';
import { Meter } from '../meter';
import { FakeStore, price, trans } from './utils';

const MINUTES = 240_000;

let place: IPlace;

beforeAll(async () => {
  place = await openPlace();
}, MINUTES);

afterAll(async () => {
  await place.close();
}, MINUTES);

describe.each([
  ['through the page', throughPage],
  ['through a kernel', throughKernel]
])('A budget of a cluster of a real gateway, %s', (_, way) => {
  const storage = 'gateway budgets';
  let manager: ClusterManager;
  let meter: Meter;
  let keeper: BudgetKeeper;
  let provider: GatewayProvider;

  /** A page that sees the gateway, with what this browser keeps. */
  const open = (): void => {
    provider = providerOver(way(place), {
      records: new Records(storage, localStorage)
    });
    const registry = new ProviderRegistry();
    registry.add(provider);
    manager = new ClusterManager({ registry, trans });
    meter = new Meter({ manager, store: new FakeStore(), trans, locale: 'en' });
    // A tenth of a second of one core uses up what the test allows.
    meter.setPrices({
      prices: [
        price({ provider: 'gateway', item: 'worker', unit: 'hour', price: 36 })
      ],
      problems: []
    });
    keeper = new BudgetKeeper({ manager, costs: meter, trans, locale: 'en' });
  };

  const close = (): void => {
    keeper.dispose();
    meter.dispose();
    provider.dispose();
  };

  const isReady = async (cluster: ICluster, workers: number): Promise<void> => {
    const look = manager.watch(cluster.key, 'counts');
    await until(
      () => cluster.snapshot.workers?.ready === workers,
      'the workers are there'
    );
    look.dispose();
  };

  beforeEach(() => {
    localStorage.clear();
    open();
  });

  afterEach(async () => {
    const transport = way(place);
    for (const { name } of await transport.list()) {
      await transport.stop(name);
    }
    transport.dispose();
    close();
  });

  it(
    'should let it grow no more, by hand or by itself, and then stop it',
    async () => {
      const cluster = manager.create({
        provider: 'gateway',
        options: { minimum: 1, maximum: 2 }
      });
      await until(() => cluster.snapshot.state === 'running', 'it runs');
      await isReady(cluster, 1);
      expect(cluster.snapshot.workers).toMatchObject({
        minimum: 1,
        maximum: 2
      });

      keeper.table = {
        budgets: [
          {
            period: 'cluster',
            amount: 0.001,
            currency: 'USD',
            stops: true,
            fixed: false
          }
        ],
        problems: []
      };
      await until(() => cluster.snapshot.workers?.maximum === 1, 'it is held');
      await expect(manager.adapt(cluster.key, 1, 2)).rejects.toMatchObject({
        code: 'limit',
        message: expect.stringContaining('The budget of the cluster')
      });
      await expect(manager.scale(cluster.key, 2)).rejects.toThrow('budget');

      // Said five minutes before, and kept by pages: the gateway has no such thing.
      await until(
        () => cluster.snapshot.stopsFor === 'budget',
        'its end is said'
      );
      expect(cluster.snapshot.stopsWithin).toBe(5);
      expect(cluster.capabilities.ends).toBe('page');
      // What ends it where no page is open.
      expect(cluster.snapshot.idleTimeout).toBe(600);
      const { id } = cluster.snapshot;
      close();

      // The next page of this browser is there when the five minutes are over.
      const records = new Records(storage, localStorage);
      const { orders } = records.get(id).ends!;
      expect(orders).toHaveLength(1);
      records.set(id, {
        ends: { orders: [{ ...orders[0], at: Date.now() + 1000 }], kept: [] }
      });
      open();
      await manager.refresh();
      const found = manager.clusters.find(
        ({ snapshot }) => snapshot.id === id
      )!;
      expect(found.snapshot.stopsFor).toBe('budget');
      await until(() => !manager.clusters.includes(found), 'it has stopped');
      const transport = way(place);
      const left = await transport.list();
      transport.dispose();
      expect(left.filter(({ name }) => name === id)).toEqual([]);
    },
    MINUTES
  );
});
