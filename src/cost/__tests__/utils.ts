import { nullTranslator } from '@jupyterlab/translation';
import * as fc from 'fast-check';
import { readFileSync } from 'fs';
import { join } from 'path';
import type { History, IPrice, IUsage } from '../../tokens';
import { mergeHistories } from '../history';
import { readPrices } from '../prices';
import type { IHistoryStore } from '../store';

export const trans = nullTranslator.load('');

/** The table as it is shipped. */
export const SHIPPED: unknown[] = JSON.parse(
  readFileSync(join(__dirname, '../../../schema/prices.json'), 'utf8')
).properties.prices.default;

/** What can be used of the table that is shipped. */
export const PRICES: readonly IPrice[] = readPrices(SHIPPED, trans).prices;

/** A price with what matters in a test. */
export function price(change: Partial<IPrice> = {}): IPrice {
  return {
    provider: 'local',
    region: '',
    item: 'core',
    unit: 'core-hour',
    price: 0.05,
    currency: 'USD',
    source: 'the test',
    date: '2026-11-01',
    ...change
  };
}

/** A Monday at noon, UTC. */
export const NOON = Date.UTC(2026, 10, 23, 12);

/** Two workers with one thread and 2 GiB since noon. */
export function usage(change: Partial<IUsage> = {}): IUsage {
  return {
    started: NOON,
    at: NOON,
    sizes: [{ threads: 1, memory: 2 ** 31, count: 2, days: {} }],
    ...change
  };
}

/** Any usage that an owner can tell. */
export const usages: fc.Arbitrary<IUsage> = fc
  .record({
    started: fc.integer({ min: NOON - 5e8, max: NOON }),
    later: fc.integer({ min: 0, max: 5e8 }),
    sizes: fc.array(
      fc.record({
        threads: fc.integer({ min: 1, max: 64 }),
        memory: fc.option(fc.integer({ min: 2 ** 20, max: 2 ** 40 }), {
          nil: undefined
        }),
        count: fc.integer({ min: 0, max: 1000 }),
        seconds: fc.integer({ min: 0, max: 1e6 })
      }),
      { maxLength: 4 }
    )
  })
  .map(({ started, later, sizes }) => ({
    started,
    at: started + later,
    sizes: sizes.map(({ seconds, ...size }) => ({
      ...size,
      days: { [new Date(started).toISOString().slice(0, 10)]: seconds }
    }))
  }));

/** A server's store without the server: it merges as the server does. */
export class FakeStore implements IHistoryStore {
  kept: History = {};
  saves = 0;
  fails: Error | null = null;

  async load(): Promise<History> {
    if (this.fails) {
      throw this.fails;
    }
    return JSON.parse(JSON.stringify(this.kept));
  }

  async save(records: History, forget: readonly string[]): Promise<void> {
    if (this.fails) {
      throw this.fails;
    }
    this.saves += 1;
    const kept: Record<string, History[string]> = {};
    for (const day of [...Object.keys(this.kept), ...Object.keys(records)]) {
      if (!forget.includes(day)) {
        kept[day] = { ...this.kept[day], ...records[day] };
      }
    }
    this.kept = kept;
  }
}

/** The worker-seconds of a history. */
export function workersOf(history: History): number {
  return Object.values(mergeHistories(history, {}))
    .flatMap(records => Object.values(records))
    .reduce((sum, record) => sum + record.workers, 0);
}
