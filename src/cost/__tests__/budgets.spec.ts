import { Notification } from '@jupyterlab/apputils';
import * as fc from 'fast-check';
import { eventually } from '../../__tests__/eventually';
import { FakeDriver, FakeProvider } from '../../cluster/__tests__/fakes';
import { ClusterManager } from '../../cluster/manager';
import { ProviderRegistry } from '../../cluster/registry';
import { BudgetKeeper } from '../budgetKeeper';
import { IBudget, judge, nameOf, readBudgets, usedUpAt } from '../budgets';
import { Meter } from '../meter';
import { FakeStore, NOON, price, trans, usage } from './utils';

const HOUR = 3_600_000;

const budget = (change: Partial<IBudget> = {}): IBudget => ({
  period: 'cluster',
  amount: 10,
  currency: 'USD',
  stops: false,
  fixed: false,
  ...change
});

describe('Budgets', () => {
  it('should name what is wrong with a row, and keep the others', () => {
    const { budgets, problems } = readBudgets(
      [{ period: 'day', amount: 5, currency: 'EUR', stops: true }],
      [
        { period: 'week', amount: 5, currency: 'EUR' },
        { period: 'day', amount: 0, currency: 'EUR' },
        { period: 'day', amount: -3, currency: 'EUR' },
        { period: 'day', amount: 5, currency: 'coins' },
        null,
        { period: 'month', amount: 50, currency: 'USD' }
      ],
      trans
    );
    expect(budgets).toEqual([
      budget({
        period: 'day',
        amount: 5,
        currency: 'EUR',
        stops: true,
        fixed: true
      }),
      budget({ period: 'month', amount: 50 })
    ]);
    expect(problems).toHaveLength(5);
    expect(problems[1]).toBe('Budget 2: the amount must be a number above 0.');
    expect(readBudgets('no', undefined, trans).problems).toHaveLength(1);
  });

  it("should keep an administrator's beside a person's wider one", () => {
    const row = { period: 'day', amount: 5, currency: 'EUR' };
    const { budgets } = readBudgets(
      [row],
      [row, { ...row, amount: 500 }],
      trans
    );
    expect(budgets.map(({ amount, fixed }) => [amount, fixed])).toEqual([
      [5, true],
      [500, false]
    ]);
  });

  it('should be used up exactly when that was foreseen', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.oneof(
          fc.constant(0),
          fc.double({ min: 1e-6, max: 1000, noNaN: true })
        ),
        (amount, spent, perHour) => {
          const at = usedUpAt(budget({ amount }), { spent, perHour }, NOON);
          if (at === null) {
            expect(perHour).toBe(0);
            expect(spent).toBeLessThan(amount);
            return;
          }
          expect(at).toBeGreaterThanOrEqual(NOON);
          const then = spent + (perHour * (at - NOON)) / HOUR;
          expect(then).toBeGreaterThanOrEqual(amount * (1 - 1e-6) - 1e-3);
        }
      )
    );
  });

  it('should not be used up in its day when that is over before', () => {
    const day = budget({ period: 'day' });
    const month = budget({ period: 'month' });
    expect(usedUpAt(day, { spent: 0, perHour: 1 }, NOON)).toBe(
      NOON + 10 * HOUR
    );
    const more = { spent: 0, perHour: 10 / 13 };
    expect(usedUpAt(day, more, NOON)).toBeNull();
    expect(usedUpAt(month, more, NOON)).toBeCloseTo(NOON + 13 * HOUR, 0);
  });

  it('should be near at four fifths and over at all of it', () => {
    const of = (spent: number) => judge(budget(), { spent, perHour: 1 });
    expect([0, 7.99, 8, 9.99, 10, 11].map(of)).toEqual([
      'fine',
      'fine',
      'near',
      'near',
      'over',
      'over'
    ]);
  });

  it('should have another name on another day, not in another hour', () => {
    const day = budget({ period: 'day' });
    expect(nameOf(day, NOON)).toBe(nameOf(day, NOON + HOUR));
    expect(nameOf(day, NOON)).not.toBe(nameOf(day, NOON + 24 * HOUR));
    expect(nameOf(budget(), NOON)).toBe(nameOf(budget(), NOON + 24 * HOUR));
  });
});

describe('BudgetKeeper', () => {
  let provider: FakeProvider;
  let manager: ClusterManager;
  let meter: Meter;
  let keeper: BudgetKeeper;

  /** A cluster of two cores at 0.50 USD an hour that ran for so long. */
  async function find(hours: number, id = 'a'): Promise<FakeDriver> {
    const started = Date.now() - hours * HOUR;
    const driver = new FakeDriver(id, {
      name: 'dask-1',
      usage: usage({ started, at: started })
    });
    provider.found = [...provider.found, driver];
    await manager.refresh();
    return driver;
  }

  beforeEach(() => {
    provider = new FakeProvider();
    const registry = new ProviderRegistry();
    registry.add(provider);
    manager = new ClusterManager({ registry, trans });
    meter = new Meter({ manager, store: new FakeStore(), trans, locale: 'en' });
    meter.setPrices({
      prices: [price({ provider: 'fake', price: 0.5 })],
      problems: []
    });
    keeper = new BudgetKeeper({ manager, costs: meter, trans, locale: 'en' });
    meter.warn = (cluster, now) => keeper.warnings(cluster, now);
  });

  afterEach(() => {
    keeper.dispose();
    meter.dispose();
    Notification.dismiss();
  });

  const told = (): string[] =>
    Notification.manager.notifications.map(({ message }) => message);

  const set = (...budgets: IBudget[]): void => {
    keeper.table = { budgets, problems: [] };
  };

  it('should say once that a budget is nearly used up', async () => {
    await find(8.5);
    set(budget());
    await eventually(() => expect(told()).toHaveLength(1));
    expect(told()[0]).toBe(
      'The budget of the cluster: 8.50 USD of 10.00 USD are spent.'
    );
    expect(keeper.warnings(manager.clusters[0], Date.now())).toHaveLength(1);
    keeper.table = { ...keeper.table };
    await find(1, 'b');
    await eventually(() => expect(manager.clusters).toHaveLength(2));
    expect(told()).toHaveLength(1);
  });

  it('should warn on the card of a cluster beside what it costs', async () => {
    await find(8.5);
    set(budget());
    const cost = meter.of(manager.clusters[0], Date.now());
    expect(cost?.soFar.USD).toBeCloseTo(8.5);
    expect(cost?.warnings).toEqual([
      'The budget of the cluster: 8.50 USD of 10.00 USD are spent.'
    ]);
  });

  it('should refuse new clusters and more workers when the budget of the month is used up', async () => {
    const driver = await find(0.5);
    await meter.history();
    meter.spent('2026-11', Date.now());
    set(budget({ period: 'month', amount: 0.01 }));
    await eventually(() =>
      expect(told().join()).toContain('No cluster starts')
    );
    const request = { provider: 'fake', options: {} };
    expect(() => manager.create(request)).toThrow('The budget of the month');
    const { key } = manager.clusters[0];
    await expect(manager.scale(key, 3)).rejects.toMatchObject({
      code: 'limit',
      hint: expect.stringContaining('settings')
    });
    await expect(manager.adapt(key, 0, 3)).rejects.toThrow('budget');
    await manager.scale(key, 1);
    expect(driver.calls).toContain('scale 1');
    expect(manager.clusters).toHaveLength(1);
  });

  it('should refuse more workers only for the cluster whose budget is used up', async () => {
    const [spent, other] = [await find(21, 'a'), await find(1, 'b')];
    set(budget({ amount: 20 }));
    await expect(manager.scale('fake:a', 3)).rejects.toThrow(
      'The budget of the cluster'
    );
    await manager.scale('fake:a', 1);
    await manager.scale('fake:b', 3);
    expect(spent.calls).toEqual(['scale 1']);
    expect(other.calls).toEqual(['scale 3']);
    expect(() =>
      manager.create({ provider: 'fake', options: {} })
    ).not.toThrow();
  });

  it('should hold an adaptive cluster at the workers that it has once they are known anew', async () => {
    const driver = await find(21);
    driver.say({ workers: { ready: 1, minimum: 0, maximum: 8 } });
    set(budget({ amount: 20 }));
    await eventually(() => expect(driver.watched).toContain('counts'));
    expect(driver.calls).toEqual([]);
    driver.say({ workers: { ready: 4, minimum: 0, maximum: 8 } });
    await eventually(() => expect(driver.calls).toEqual(['adapt 0 4']));
    expect(driver.watched[driver.watched.length - 1]).toBe('none');
    // Once: workers that go later do not take the bound down with them.
    driver.say({ workers: { ready: 2, minimum: 0, maximum: 4 } });
    keeper.table = { ...keeper.table };
    await find(1, 'b');
    expect(driver.calls).toEqual(['adapt 0 4']);
  });

  it('should never count what has no price', async () => {
    const driver = await find(1000);
    meter.setPrices({ prices: [], problems: [] });
    set(
      budget({ stops: true, amount: 0.01 }),
      budget({ period: 'day', stops: true, amount: 0.01 })
    );
    expect(keeper.warnings(manager.clusters[0], Date.now())).toEqual([]);
    expect(() =>
      manager.create({ provider: 'fake', options: {} })
    ).not.toThrow();
    expect(driver.calls).not.toContainEqual(expect.stringContaining('end'));
  });

  it('should order the end of a cluster once, ahead of time, only where that is wanted', async () => {
    const driver = await find(1);
    set(budget({ amount: 20 }), budget({ amount: 30, stops: true }));
    const ends = (): string[] =>
      driver.calls.filter(call => call.startsWith('end'));
    await eventually(() => expect(ends()).toEqual(['end budget cluster USD']));
    driver.say({ cpu: 3 });
    keeper.table = { ...keeper.table };
    await find(1, 'b');
    expect(ends()).toHaveLength(1);
    set(budget({ amount: 30 }));
    await eventually(() => expect(ends()).toContain('end never'));
  });

  it('should take back what an earlier page ordered for a budget that is gone', async () => {
    const driver = await find(1);
    const at = Date.now() + HOUR;
    const known = { at, text: 'Why.', final: false };
    driver.say({
      orders: [
        { ...known, name: 'budget cluster USD' },
        { ...known, name: 'somebody else’s' }
      ]
    });
    await find(1, 'b');
    // Before the budgets are read, none is known to be gone.
    expect(driver.calls).not.toContain('end never');
    set();
    await eventually(() =>
      expect(driver.calls.filter(call => call === 'end never')).toHaveLength(1)
    );
  });

  it('should leave alone what pages keep where one can only watch', async () => {
    manager.readOnly = true;
    const driver = await find(1);
    Object.assign(driver, {
      capabilities: { ...driver.capabilities, keep: false, ends: 'page' }
    });
    const other = await find(1, 'b');
    set(budget({ amount: 30, stops: true }));
    await eventually(() =>
      expect(other.calls).toContain('end budget cluster USD')
    );
    expect(driver.calls).not.toContain('end budget cluster USD');
    manager.readOnly = false;
    keeper.table = { ...keeper.table };
    await eventually(() =>
      expect(driver.calls).toContain('end budget cluster USD')
    );
  });

  it('should take the order back when the last budget is removed', async () => {
    const driver = await find(1);
    set(budget({ amount: 30, stops: true }));
    await eventually(() =>
      expect(driver.calls).toContain('end budget cluster USD')
    );
    set();
    await eventually(() => expect(driver.calls).toContain('end never'));
  });
});
