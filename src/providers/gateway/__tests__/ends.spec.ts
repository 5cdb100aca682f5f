import { nullTranslator } from '@jupyterlab/translation';
import type { ClusterState, IEndOrder } from '../../../tokens';
import { GatewayDriver } from '../driver';
import type { IEnds } from '../ends';
import { Records } from '../records';
import { away, report, way } from './fakes';

const trans = nullTranslator.load('');
const MINUTE = 60_000;

/** A budget that is used up already. */
const order = (change: Partial<IEndOrder> = {}): IEndOrder => ({
  name: 'budget month 2026-11 EUR',
  at: Date.now(),
  text: 'The budget of the month is used up.',
  final: false,
  ...change
});

describe('The ends that pages keep for a gateway', () => {
  let stops: number;
  let fails: boolean;
  const open: GatewayDriver[] = [];

  /** One tab's view of the same cluster; all share this browser's records. */
  const tab = (): GatewayDriver => {
    const records = new Records('test');
    const driver = new GatewayDriver({
      transport: way({
        stop: async () => {
          if (fails) {
            throw away();
          }
          stops += 1;
        }
      }),
      report: report('RUNNING'),
      name: 'rain',
      connection: { kind: 'gateway', address: 'a' },
      wished: () => undefined,
      quieted: () => undefined,
      ends: () => records.get('a').ends,
      ended: (ends: IEnds) => records.set('a', { ends }),
      watched: () => undefined,
      disposed: () => undefined,
      trans
    });
    open.push(driver);
    return driver;
  };
  const states = (driver: GatewayDriver): ClusterState[] => {
    const seen: ClusterState[] = [];
    driver.changed.connect((_, { state }) => {
      if (seen[seen.length - 1] !== state) {
        seen.push(state);
      }
    });
    return seen;
  };
  const pass = (ms: number): Promise<void> =>
    jest.advanceTimersByTimeAsync(ms).then(() => undefined);

  beforeEach(() => {
    jest.useFakeTimers();
    localStorage.clear();
    stops = 0;
    fails = false;
  });

  afterEach(() => {
    open.splice(0).forEach(driver => driver.dispose());
    jest.useRealTimers();
  });

  it('should be said 5 minutes and 1 minute before, and then come', async () => {
    const driver = tab();
    const seen = states(driver);
    await driver.end(order());
    expect(driver.snapshot).toMatchObject({
      stopsAt: Date.now() + 5 * MINUTE,
      stopsFor: 'budget',
      stopsWithin: 5,
      stopsWhy: 'The budget of the month is used up.'
    });
    expect(driver.capabilities).toMatchObject({ keep: true, ends: 'page' });
    await pass(4 * MINUTE);
    expect(driver.snapshot.stopsWithin).toBe(1);
    expect(stops).toBe(0);
    await pass(MINUTE);
    expect(stops).toBe(1);
    expect(seen).toEqual(['running', 'stopping', 'stopped']);
    expect(driver.snapshot.cause).toEqual([{ message: order().text }]);
  });

  it('should be put off by one click in any tab, for good', async () => {
    const [here, there] = [tab(), tab()];
    await here.end(order());
    await there.end(order());
    await there.keep();
    expect(there.snapshot.stopsAt).toBeUndefined();
    await here.end(order());
    await pass(10 * MINUTE);
    expect(stops).toBe(0);
    expect(here.snapshot.stopsAt).toBeUndefined();
    // Also after a reload.
    const later = tab();
    await later.end(order());
    expect(later.snapshot.orders).toBeUndefined();
    await expect(later.keep()).rejects.toMatchObject({ code: 'invalid' });
  });

  it('should not be put off where an administrator has set it', async () => {
    const driver = tab();
    await driver.end(order({ final: true }));
    expect(driver.capabilities.keep).toBe(false);
    await expect(driver.keep()).rejects.toMatchObject({ code: 'limit' });
    await pass(5 * MINUTE);
    expect(stops).toBe(1);
  });

  it('should be known after a reload, so that it can be taken back', async () => {
    const before = tab();
    await before.end(order({ at: Date.now() + 60 * MINUTE }));
    before.dispose();
    const driver = tab();
    expect(driver.snapshot.orders?.map(({ name }) => name)).toEqual([
      order().name
    ]);
    await driver.end(order({ at: null }));
    expect(driver.snapshot.orders).toBeUndefined();
    await pass(120 * MINUTE);
    expect(stops).toBe(0);
  });

  it('should be said anew where no page was open at its time', async () => {
    const before = tab();
    await before.end(order());
    before.dispose();
    await pass(60 * MINUTE);
    expect(stops).toBe(0);
    const driver = tab();
    expect(driver.snapshot.stopsAt).toBe(Date.now() + 5 * MINUTE);
    await pass(5 * MINUTE);
    expect(stops).toBe(1);
  });

  it('should be said and tried again when the hub is away', async () => {
    const driver = tab();
    fails = true;
    await driver.end(order());
    await pass(5 * MINUTE);
    expect(driver.snapshot).toMatchObject({ state: 'running', stopsWithin: 5 });
    const [event] = await driver.events();
    expect(event.text).toContain('could not be stopped');
    fails = false;
    await pass(5 * MINUTE);
    expect(stops).toBe(1);
  });
});
