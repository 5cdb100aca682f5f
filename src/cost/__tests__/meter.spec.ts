import { eventually } from '../../__tests__/eventually';
import { FakeDriver, FakeProvider } from '../../cluster/__tests__/fakes';
import { ClusterManager } from '../../cluster/manager';
import { ProviderRegistry } from '../../cluster/registry';
import type { IClusterSnapshot } from '../../tokens';
import { Meter } from '../meter';
import { FakeStore, price, trans, usage, workersOf } from './utils';

/** One page: the real manager, and a provider that the test plays. */
class PageOf {
  constructor(readonly store: FakeStore) {
    const registry = new ProviderRegistry();
    registry.add(this.provider);
    this.manager = new ClusterManager({ registry, trans });
    this.meter = new Meter({
      manager: this.manager,
      store,
      trans,
      locale: 'en'
    });
    this.meter.setPrices({
      prices: [price({ provider: 'fake', price: 0.5 })],
      problems: []
    });
  }

  async find(snapshot: Partial<IClusterSnapshot>): Promise<FakeDriver> {
    const driver = new FakeDriver('a', snapshot);
    this.provider.found = [driver];
    await this.manager.refresh();
    return driver;
  }

  readonly provider = new FakeProvider();
  readonly manager: ClusterManager;
  readonly meter: Meter;
}

const HOUR = 3_600_000;

describe('Meter', () => {
  let store: FakeStore;

  beforeEach(() => {
    store = new FakeStore();
  });

  it('should tell what a cluster costs from the time its owner counted', async () => {
    const page = new PageOf(store);
    const now = Date.now();
    await page.find({ usage: usage({ started: now - HOUR, at: now - HOUR }) });
    const cost = page.meter.of(page.manager.clusters[0], now);
    expect(cost?.perHour).toEqual({ USD: 1 });
    expect(cost?.soFar.USD).toBeCloseTo(1);
    expect(cost?.basis.join(' ')).toContain('the test, 2026-11-01');
    expect(page.meter.total()).toEqual({ perHour: { USD: 1 }, unpriced: 0 });
  });

  it('should tell nothing where no price is set, not 0', async () => {
    const page = new PageOf(store);
    page.meter.setPrices({ prices: [], problems: [] });
    await page.find({ usage: usage() });
    expect(page.meter.of(page.manager.clusters[0], Date.now())).toBeNull();
    expect(page.meter.total()).toBeNull();
  });

  it('should add up the total anew when workers go, options come or prices change', async () => {
    const page = new PageOf(store);
    const { meter } = page;
    const driver = await page.find({ usage: usage() });
    const hourly = (): number | undefined => meter.total()?.perHour.USD;
    expect(hourly()).toBe(1);
    meter.setPrices({
      prices: [price({ provider: 'fake', price: 5 })],
      problems: []
    });
    expect(hourly()).toBe(10);
    driver.say({ workers: { ready: 0, wanted: 0 } });
    expect(meter.total()).toBeNull();
    driver.say({ workers: { ready: 2, wanted: 2 } });
    expect(hourly()).toBe(10);
    meter.setPrices({
      prices: [price({ provider: 'fake', region: 'eu-west-1', price: 3 })],
      problems: []
    });
    expect(hourly()).toBe(6);
    driver.say({ options: { region: 'us-east-1' } });
    expect(meter.total()).toBeNull();
  });

  it('should write what ended at once when the page is left', async () => {
    const page = new PageOf(store);
    const now = Date.now();
    const driver = await page.find({
      usage: usage({ started: now - HOUR, at: now - HOUR })
    });
    driver.say({ state: 'stopped', since: now, workers: undefined });
    expect(store.saves).toBe(0);
    const state = jest
      .spyOn(document, 'visibilityState', 'get')
      .mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    state.mockRestore();
    // Without waiting for anything: the page is gone then.
    expect(store.saves).toBe(1);
    expect(workersOf(store.kept)).toBeGreaterThan(7100);
  });

  it('should not be changed by a reload or a second tab', async () => {
    const now = Date.now();
    const told = usage({ started: now - HOUR, at: now - HOUR });
    const [first, second] = [new PageOf(store), new PageOf(store)];
    await first.find({ usage: told });
    await second.find({ usage: told });
    await first.meter.flush();
    await second.meter.flush();
    await first.meter.flush();
    first.meter.dispose();
    const third = new PageOf(store);
    await third.find({ usage: told });
    const seconds = workersOf(await third.meter.history());
    expect(Math.abs(seconds - 7200)).toBeLessThan(60);
  });

  it('should keep what was counted of a cluster whose owner died', async () => {
    const page = new PageOf(store);
    const now = Date.now();
    const driver = await page.find({
      usage: usage({ started: now - HOUR, at: now - HOUR })
    });
    driver.say({ state: 'lost', since: now, workers: undefined });
    const cluster = page.manager.clusters[0];
    const cost = page.meter.of(cluster, now + 100 * HOUR);
    expect(cost?.soFar.USD).toBeCloseTo(1);
    expect(cost?.perHour).toEqual({});
    await page.meter.flush();
    const [[record]] = Object.values(store.kept)
      .map(day => Object.values(day))
      .slice(-1);
    expect(record.ended).toBe(true);
    const seconds = workersOf(await page.meter.history());
    expect(Math.abs(seconds - 7200)).toBeLessThan(60);
  });

  it('should finish the record of a cluster that was stopped', async () => {
    const page = new PageOf(store);
    const now = Date.now();
    const driver = await page.find({
      usage: usage({ started: now - HOUR, at: now - HOUR })
    });
    driver.stopResult.resolve();
    await page.manager.stop(page.manager.clusters[0].key);
    await page.meter.flush();
    const kept = Object.values(store.kept).flatMap(day => Object.values(day));
    expect(kept.every(({ ended }) => ended)).toBe(true);
    expect(Math.abs(workersOf(store.kept) - 7200)).toBeLessThan(60);
    const saves = store.saves;
    await page.meter.flush();
    expect(store.saves).toBe(saves);
  });

  it('should count itself where the owner does not, and go on after a reload', async () => {
    const first = new PageOf(store);
    await first.find({ threads: 4, workers: { ready: 2 } });
    await first.meter.history();
    const began = Date.now();
    await eventually(() => expect(Date.now()).toBeGreaterThan(began));
    await first.meter.flush();
    const kept = Object.values(store.kept).flatMap(day => Object.values(day));
    expect(kept.map(({ seen }) => seen?.sizes[0].count)).toEqual([2]);
    // As if it had been written an hour ago.
    const [day, records] = Object.entries(store.kept)[0];
    const record = records['fake:a'];
    const earlier = Date.now() - HOUR;
    store.kept = {
      [day]: {
        'fake:a': {
          ...record,
          until: earlier,
          seen: record.seen && { ...record.seen, started: earlier, at: earlier }
        }
      }
    };
    first.meter.dispose();
    const second = new PageOf(store);
    await second.find({ threads: 4, workers: { ready: 2 } });
    await second.meter.history();
    const cost = second.meter.of(second.manager.clusters[0], Date.now());
    expect(cost?.soFar.USD).toBeCloseTo(2, 1);
    expect(cost?.basis.join(' ')).toContain('Counted by this page');
  });

  it('should say in words when the server cannot keep it, and lose nothing', async () => {
    const page = new PageOf(store);
    const now = Date.now();
    await page.find({ usage: usage({ started: now - HOUR, at: now - HOUR }) });
    store.fails = new Error('403 Forbidden');
    await page.meter.flush();
    expect(page.meter.problem).toContain('403 Forbidden');
    expect(workersOf(await page.meter.history())).toBeGreaterThan(7100);
    store.fails = null;
    await page.meter.flush();
    expect(page.meter.problem).toBe('');
    expect(workersOf(store.kept)).toBeGreaterThan(7100);
  });

  it('should not count what somebody else pays for', async () => {
    const page = new PageOf(store);
    const driver = new FakeDriver('a', { usage: usage() });
    Object.assign(driver, {
      capabilities: { ...driver.capabilities, stop: false }
    });
    page.provider.found = [driver];
    await page.manager.refresh();
    await page.meter.flush();
    expect(store.kept).toEqual({});
  });
});
