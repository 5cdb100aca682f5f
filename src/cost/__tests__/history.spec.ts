import * as fc from 'fast-check';
import type { History, IRecord } from '../../tokens';
import {
  formatHours,
  lastSeen,
  mergeHistories,
  oldDays,
  periods,
  readHistory,
  toCsv,
  writeRecord
} from '../history';
import { NOON, usage, workersOf } from './utils';

const record = (change: Partial<IRecord> = {}): IRecord => ({
  name: 'dask-1',
  provider: 'local',
  workers: 7200,
  cores: 14400,
  cost: { USD: 0.5 },
  until: NOON,
  ended: true,
  ...change
});

const records: fc.Arbitrary<IRecord> = fc.record({
  name: fc.constantFrom('a', 'b'),
  provider: fc.constant('local'),
  workers: fc.integer({ min: 0, max: 1e6 }),
  cores: fc.integer({ min: 0, max: 1e6 }),
  cost: fc.dictionary(
    fc.constantFrom('USD', 'EUR'),
    fc.integer({ min: 1, max: 1000 }),
    { minKeys: 1 }
  ),
  until: fc.integer({ min: 0, max: 1e6 }),
  ended: fc.boolean()
});

const histories: fc.Arbitrary<History> = fc.dictionary(
  fc.constantFrom('2026-11-23', '2026-11-24', '2026-12-01'),
  fc.dictionary(fc.constantFrom('local:a', 'local:b'), records)
);

describe('Hours', () => {
  it('should never be shown as 0 when there was some time', () => {
    expect(formatHours(0, 'en')).toBe('0');
    expect(formatHours(0.2, 'en')).toBe('1 sec');
    expect(formatHours(12, 'en')).toBe('12 sec');
    expect(formatHours(125, 'en')).toBe('2 min 5 sec');
    expect(formatHours(360, 'en')).toBe('0.1');
    expect(formatHours(5400, 'en')).toBe('1.5');
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), seconds => {
        expect(formatHours(seconds, 'en')).toMatch(/[1-9]/);
      })
    );
  });
});

describe('Histories', () => {
  it('should merge in any order and any number of times to the same', () => {
    fc.assert(
      fc.property(histories, histories, histories, (a, b, c) => {
        const all = mergeHistories(mergeHistories(a, b), c);
        expect(mergeHistories(c, mergeHistories(b, a))).toEqual(all);
        expect(mergeHistories(all, all)).toEqual(all);
        expect(mergeHistories(all, b)).toEqual(all);
      })
    );
  });

  it('should not count one cluster twice when two pages write it', () => {
    const first = {
      '2026-11-23': {
        'local:a': record({ workers: 3600, ended: false, until: NOON - 1 })
      }
    };
    const second = { '2026-11-23': { 'local:a': record() } };
    expect(workersOf(mergeHistories(first, second))).toBe(7200);
    expect(workersOf(mergeHistories(second, first))).toBe(7200);
  });

  it('should come back from the store as they went', () => {
    fc.assert(
      fc.property(histories, history => {
        const written = Object.fromEntries(
          Object.entries(history).map(([day, items]) => [
            day,
            Object.fromEntries(
              Object.entries(items).map(([key, item]) => [
                key,
                writeRecord(item)
              ])
            )
          ])
        );
        const filled = Object.fromEntries(
          Object.entries(history).filter(
            ([, items]) => Object.keys(items).length > 0
          )
        );
        expect(readHistory(written)).toEqual(filled);
      })
    );
  });

  it('should leave out what is no record', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(() => readHistory(value as never)).not.toThrow();
      })
    );
    const stored = {
      '2026-11-23': {
        a: { ...writeRecord(record()), workers: -1 },
        b: 'text',
        c: writeRecord(record())
      },
      yesterday: { d: writeRecord(record()) }
    };
    const read = readHistory(stored);
    expect(Object.keys(read)).toEqual(['2026-11-23']);
    expect(Object.keys(read['2026-11-23'])).toEqual(['c']);
  });

  it('should keep what pages counted of clusters whose owners do not', () => {
    const seen = usage();
    const stored = { '2026-11-23': { g: writeRecord(record({ seen })) } };
    expect(lastSeen(readHistory(stored), 'g')).toEqual(seen);
    expect(lastSeen(readHistory(stored), 'h')).toBeUndefined();
  });

  it('should be bounded by age and by number, the oldest first', () => {
    const many = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [String(index), record()])
    );
    const history = {
      '2024-01-01': { a: record() },
      '2026-11-22': many,
      '2026-11-23': many
    };
    expect(oldDays(history, '2026-11-23').sort()).toEqual([
      '2024-01-01',
      '2026-11-22'
    ]);
    expect(oldDays({ '2026-11-23': many }, '2026-11-23')).toEqual([]);
  });
});

describe('periods', () => {
  it('should add up to the same by day and by month, in each currency', () => {
    fc.assert(
      fc.property(histories, history => {
        const sum = (by: 'day' | 'month'): Record<string, number> => {
          const all: Record<string, number> = { workers: 0 };
          for (const { cost, workers } of periods(history, by)) {
            all.workers += workers;
            for (const [currency, amount] of Object.entries(cost)) {
              all[currency] = (all[currency] ?? 0) + amount;
            }
          }
          return all;
        };
        expect(sum('day')).toEqual(sum('month'));
      })
    );
  });

  it('should tell of clusters without a price or an end', () => {
    const history = {
      '2026-11-23': {
        a: record(),
        b: record({ cost: undefined, ended: false })
      },
      '2026-11-24': { a: record() }
    };
    expect(periods(history, 'month')).toEqual([
      {
        period: '2026-11',
        clusters: 2,
        workers: 21600,
        cores: 43200,
        cost: { USD: 1 },
        unpriced: 1,
        open: 1
      }
    ]);
    expect(periods(history, 'day').map(({ period }) => period)).toEqual([
      '2026-11-24',
      '2026-11-23'
    ]);
  });
});

describe('toCsv', () => {
  it('should give a line for each cluster, day and currency', () => {
    const csv = toCsv({
      '2026-11-24': { a: record({ cost: { EUR: 1, USD: 2 } }) },
      '2026-11-23': { a: record({ cost: undefined, ended: false }) }
    });
    const lines = csv.trimEnd().split('\r\n');
    expect(lines[0]).toContain('day_utc,cluster,provider');
    expect(lines.slice(1)).toEqual([
      '2026-11-23,dask-1,local,,2.0000,4.0000,,,2026-11-23T12:00:00.000Z,no',
      '2026-11-24,dask-1,local,,2.0000,4.0000,1.000000,EUR,2026-11-23T12:00:00.000Z,yes',
      '2026-11-24,dask-1,local,,2.0000,4.0000,2.000000,USD,2026-11-23T12:00:00.000Z,yes'
    ]);
  });

  it('should quote names, and not let one become a formula', () => {
    const csv = toCsv({
      '2026-11-23': { a: record({ name: '=1+"1",2', profile: '@x' }) }
    });
    expect(csv).toContain('"\'=1+""1"",2"');
    expect(csv).toContain(",'@x,");
  });
});
