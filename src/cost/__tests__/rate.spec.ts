import * as fc from 'fast-check';
import type { IClusterSnapshot } from '../../tokens';
import { describeBasis, describeLack } from '../basis';
import { addMoney } from '../money';
import {
  findRate,
  placeOf,
  pricePerHour,
  priceSpan,
  priceUsage
} from '../rate';
import {
  countedUntil,
  observe,
  settle,
  usageByDay,
  usageInAll,
  workerSeconds
} from '../usage';
import { NOON, price, PRICES, trans, usage, usages } from './utils';

const HOUR = 3_600_000;
const later = fc.integer({ min: 0, max: 1e9 });

describe('The time of workers', () => {
  it('should be the same whether it is counted at once or in parts', () => {
    fc.assert(
      fc.property(usages, later, later, (told, a, b) => {
        const [first, second] = [told.at + a, told.at + a + b];
        const whole = workerSeconds(usageInAll(told, second));
        const parts = workerSeconds(usageInAll(settle(told, first), second));
        expect(parts).toBeCloseTo(whole, 3);
      })
    );
  });

  it('should never go back, and never be negative', () => {
    fc.assert(
      fc.property(usages, later, later, (told, a, b) => {
        const [first, second] = [told.at + a, told.at + a + b];
        const before = workerSeconds(usageInAll(told, first));
        expect(before).toBeGreaterThanOrEqual(0);
        expect(
          workerSeconds(usageInAll(told, second)) - before
        ).toBeGreaterThanOrEqual(-1e-6);
      })
    );
  });

  it('should be split by days without losing any', () => {
    const days = usageByDay(usage(), NOON + 36 * HOUR);
    expect(
      [...days].map(([day, span]) => [
        day,
        workerSeconds(span) / 3600,
        span.scheduler / 3600
      ])
    ).toEqual([
      ['2026-11-23', 24, 12],
      ['2026-11-24', 48, 24]
    ]);
  });

  it('should end with the cluster', () => {
    const snapshot: IClusterSnapshot = {
      id: 'a',
      name: 'a',
      state: 'lost',
      revision: 1,
      created: NOON,
      since: NOON + HOUR,
      usage: usage()
    };
    expect(countedUntil(snapshot, NOON + 5 * HOUR)).toBe(NOON + HOUR);
    expect(
      countedUntil({ ...snapshot, state: 'running' }, NOON + 5 * HOUR)
    ).toBe(NOON + 5 * HOUR);
    const ended = usage({ ended: NOON + HOUR });
    expect(workerSeconds(usageInAll(ended, NOON + 9 * HOUR))).toBe(7200);
  });

  it('should go on from what an earlier page counted where the owner does not count', () => {
    const snapshot: IClusterSnapshot = {
      id: 'a',
      name: 'a',
      state: 'running',
      revision: 1,
      created: NOON,
      since: NOON,
      threads: 4,
      memory: { limit: 2 ** 33 },
      workers: { ready: 2 }
    };
    const first = observe(undefined, snapshot, NOON);
    // A reload half an hour later, and the other tab's count from the same.
    const second = observe(first, snapshot, NOON + HOUR / 2);
    const more = { ...snapshot, threads: 8, workers: { ready: 4 } };
    const third = observe(second, more, NOON + HOUR);
    expect(workerSeconds(usageInAll(third, NOON + 2 * HOUR)) / 3600).toBe(6);
    expect(third.sizes).toHaveLength(2);
    const gone = observe(third, { ...more, state: 'lost' }, NOON + 2 * HOUR);
    expect(workerSeconds(usageInAll(gone, NOON + 9 * HOUR)) / 3600).toBe(6);
  });
});

describe('findRate', () => {
  it('should find no price where none is set', () => {
    expect(findRate(PRICES, placeOf('local'))).toBeNull();
    expect(findRate(PRICES, placeOf('slurm'))).toBeNull();
    expect(
      findRate(PRICES, placeOf('fargate', { region_name: 'eu-west-1' }))
    ).toBeNull();
  });

  it('should name the region that has no price, guess none, and say where to add it', () => {
    const place = placeOf('fargate', { region_name: 'eu-west-9' });
    expect(findRate(PRICES, place)).toBeNull();
    expect(describeLack(PRICES, place, trans)).toEqual({
      short: 'no price set for eu-west-9',
      text: 'No price is set for eu-west-9: the prices of fargate are for us-east-1. Add rows for eu-west-9 in the settings, under Dask cluster prices.'
    });
    // Where no region has a price, the region is not what is missing.
    expect(describeLack(PRICES, placeOf('slurm'), trans).short).toBe(
      'no price set'
    );
  });

  it('should agree with a bill that was added up by hand', () => {
    // 20 workers of 4 vCPU and 16 GB on Fargate, and on EC2 with m6i.xlarge.
    const workers = usage({
      sizes: [{ threads: 4, memory: 16 * 2 ** 30, count: 20, days: {} }]
    });
    const hourly = (provider: string, options = {}): number => {
      const rate = findRate(PRICES, placeOf(provider, options));
      return rate ? pricePerHour(rate, workers).USD : NaN;
    };
    expect(hourly('fargate')).toBeCloseTo(4.66, 2);
    expect(
      hourly('fargate', { scheduler_cpu: 1024, scheduler_mem: 4096 })
    ).toBeCloseTo(4.66 + 0.058, 2);
    // As a controller tells its options, where memory is in bytes.
    const scheduler = { schedulerCores: 1, schedulerMemory: 4 * 2 ** 30 };
    const here = { region: 'us-east-1', arm: false, ...scheduler };
    expect(hourly('fargate', here)).toBeCloseTo(4.66 + 0.058, 2);
    expect(hourly('fargate', { ...here, arm: true })).toBeCloseTo(
      20 * (4 * 0.03238 + 16 * 0.00356) + 0.03238 + 4 * 0.00356
    );
    expect(hourly('fargate', { ...here, region: 'eu-central-1' })).toBeNaN();
    expect(hourly('ec2', { instance_type: 'm6i.xlarge' })).toBeCloseTo(3.84);
    expect(hourly('ec2', { instanceType: 'm6i.xlarge' })).toBeCloseTo(3.84);
    expect(hourly('coiled')).toBeCloseTo(4);
  });

  it('should take the region that is meant, then the price for all', () => {
    const table = [
      price({ region: 'a', price: 1 }),
      price({ region: 'b', price: 2 }),
      price({ region: '', price: 3 })
    ];
    const amount = (options: object, rows = table): number | undefined =>
      findRate(rows, placeOf('local', { ...options }))?.parts[0].price.price;
    expect(amount({ region: 'b' })).toBe(2);
    expect(amount({ region: 'c' })).toBe(3);
    expect(amount({})).toBe(3);
    expect(amount({}, table.slice(0, 1))).toBe(1);
    expect(amount({}, table.slice(0, 2))).toBeUndefined();
  });

  it('should say what is counted and what is not', () => {
    const words = (
      provider: string,
      options = {},
      observed = false
    ): string => {
      const place = placeOf(provider, options);
      const rate = findRate(PRICES, place);
      if (!rate) {
        throw new Error('no rate');
      }
      const told = usage();
      return describeBasis(
        { rate, place, usage: told, observed, locale: 'en' },
        trans
      ).join(' ');
    };
    const spot = words('fargate', { fargate_spot: true });
    expect(spot).toContain('0.04048 USD per vCPU-hour');
    expect(spot).toContain('2026-04-01');
    expect(spot).toContain('us-east-1');
    expect(spot).toContain('their discount is not counted');
    expect(spot).toContain('The scheduler is not counted.');
    for (const choice of ['spot', 'spot_with_fallback']) {
      expect(words('coiled', { spot: choice })).toContain('Spot machines');
    }
    for (const provider of ['fargate', 'coiled']) {
      expect(words(provider, { spot: false })).toContain('On demand: no spot');
    }
    expect(words('coiled', { spot: 'on-demand' })).toContain('On demand');
    expect(spot).not.toContain('On demand');
    expect(words('coiled')).toContain('Your own bill of the cloud');
    expect(words('coiled', {}, true)).toContain('Counted by this page');
  });
});

describe('The price of a time', () => {
  const rates = fc
    .array(
      fc.record({
        of: fc.constantFrom('core', 'memory', 'worker', 'scheduler' as const),
        price: fc.record({
          amount: fc.integer({ min: 0, max: 1000 }),
          currency: fc.constantFrom('USD', 'EUR')
        })
      }),
      { minLength: 1, maxLength: 4 }
    )
    .map(parts => ({
      spotAtListPrice: false,
      parts: parts.map(({ of, price: { amount, currency } }) => ({
        of: of as 'core',
        size: 1,
        price: price({ price: amount, currency })
      }))
    }));

  it('should be the sum of the prices of its days, in each currency', () => {
    fc.assert(
      fc.property(rates, usages, later, (rate, told, ms) => {
        const until = told.at + ms;
        const whole = priceUsage(rate, told, until);
        const days = [...usageByDay(told, until).values()].map(span =>
          priceSpan(rate, span)
        );
        const sum = addMoney(...days);
        for (const [currency, amount] of Object.entries(whole)) {
          expect(amount).toBeGreaterThanOrEqual(0);
          expect(sum[currency] ?? 0).toBeCloseTo(amount, 2);
        }
      })
    );
  });

  it('should grow by the price of an hour in an hour', () => {
    fc.assert(
      fc.property(rates, usages, later, (rate, told, ms) => {
        const until = told.at + ms;
        const [now, then] = [until, until + HOUR].map(time =>
          priceUsage(rate, told, time)
        );
        for (const [currency, amount] of Object.entries(
          pricePerHour(rate, told)
        )) {
          const grown = (then[currency] ?? 0) - (now[currency] ?? 0);
          expect(Math.abs(grown - amount)).toBeLessThanOrEqual(
            1e-6 * Math.max(1, then[currency] ?? 0)
          );
        }
      })
    );
  });
});
