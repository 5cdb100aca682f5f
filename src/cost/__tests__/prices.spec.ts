import * as fc from 'fast-check';
import {
  addMoney,
  formatAmount,
  formatMoney,
  isCurrency,
  money,
  timesMoney
} from '../money';
import { readFileSync } from 'fs';
import { join } from 'path';
import {
  ageInDays,
  datesOf,
  describePrices,
  readPrices,
  UNITS
} from '../prices';
import { price, PRICES, SHIPPED, trans } from './utils';

const amounts = fc.dictionary(
  fc.constantFrom('USD', 'EUR', 'KES', 'JPY'),
  fc.integer({ min: 0, max: 1e9 })
);

describe('Money', () => {
  it('should never mix currencies', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        const sum = addMoney(a, b);
        expect(new Set(Object.keys(sum))).toEqual(
          new Set([...Object.keys(a), ...Object.keys(b)])
        );
        for (const [currency, amount] of Object.entries(sum)) {
          expect(amount).toBe((a[currency] ?? 0) + (b[currency] ?? 0));
        }
        expect(addMoney(b, a)).toEqual(sum);
      })
    );
  });

  it('should be so many times as much in each currency', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 100 }), (a, times) => {
        expect(timesMoney(a, times)).toEqual(
          addMoney({ ...timesMoney(a, 0) }, ...Array(times).fill(a))
        );
      })
    );
  });

  it('should be written with its currency, little not as nothing', () => {
    expect(formatAmount(0.38, 'USD', 'en')).toBe('0.38 USD');
    expect(formatAmount(1234.5, 'USD', 'en')).toBe('1,234.50 USD');
    expect(formatAmount(0.004445, 'USD', 'en')).toBe('0.0044 USD');
    expect(formatAmount(1234.5, 'JPY', 'en')).toBe('1,235 JPY');
    expect(formatMoney({ USD: 1, EUR: 2 }, 'en')).toBe('2.00 EUR + 1.00 USD');
    expect(formatMoney({}, 'en')).toBe('');
  });

  it('should know the currencies there are', () => {
    expect(['USD', 'EUR', 'KES'].map(isCurrency)).toEqual([true, true, true]);
    expect(['', 'usd', 'DOLLAR', 'QQQ'].map(isCurrency)).toEqual([
      false,
      false,
      false,
      false
    ]);
    expect(money(0, 'USD')).toEqual({ USD: 0 });
  });
});

describe('readPrices', () => {
  const problem = (row: unknown): string =>
    readPrices([price({ item: 'first' }), row], trans)
      .problems.map(({ text }) => text)
      .join('|');

  it('should find nothing wrong with the table that is shipped', () => {
    const { prices, problems } = readPrices(SHIPPED, trans);
    expect(problems).toEqual([]);
    expect(prices).toHaveLength(SHIPPED.length);
    for (const { source, date } of prices) {
      expect(source).not.toBe('');
      expect(date).not.toBe('');
    }
    expect(prices.some(({ price: amount }) => amount === 0)).toBe(false);
  });

  it.each<[unknown, RegExp]>([
    [price({ price: -1 }), /Row 2 \(local core\): the price is negative/],
    [{ ...price(), price: '0.05' }, /Row 2 .*the price must be a number/],
    [price({ price: NaN }), /Row 2 .*the price must be a number/],
    [price({ currency: 'QQQ' }), /Row 2 .*“QQQ” is not known/],
    [price({ currency: '' }), /Row 2 .*the currency is missing/],
    [{ ...price(), unit: undefined }, /Row 2 .*the unit is missing/],
    [{ ...price(), unit: 'fortnight' }, /Row 2 .*“fortnight” is not known/],
    [{ ...price(), unit: 5 }, /Row 2 .*“unit” must be text/],
    [price({ provider: ' ' }), /Row 2 .*“provider” is missing/],
    [price({ date: '2026-02-30' }), /Row 2 .*the date must be/],
    [price({ date: 'soon' }), /Row 2 .*the date must be/],
    ['text', /Row 2 \(–\): this is not a row/],
    [[1, 2], /Row 2 \(–\): this is not a row/],
    [null, /Row 2 \(–\): this is not a row/],
    [price({ item: 'first' }), /Row 2 .*row 1 has a price for this already/]
  ])('should name the row of %j and use the others', (row, text) => {
    expect(problem(row)).toMatch(text);
    const { prices } = readPrices(
      [row, price({ item: 'second' }), price({ item: 'third' })],
      trans
    );
    expect(prices.map(({ item }) => item)).toEqual(
      expect.arrayContaining(['second', 'third'])
    );
  });

  it('should take a row without a price as no price, neither 0 nor wrong', () => {
    const rows = [
      { ...price(), price: null },
      { ...price(), price: undefined }
    ];
    expect(readPrices(rows, trans)).toEqual({ prices: [], problems: [] });
  });

  it.each([undefined, null, {}, 'x', 7])(
    'should say that %j is no table',
    value => {
      const { prices, problems } = readPrices(value, trans);
      expect(prices).toEqual([]);
      expect(problems.map(({ row }) => row)).toEqual([0]);
    }
  );

  it('should give a price or a problem for any row, and never throw', () => {
    fc.assert(
      fc.property(fc.array(fc.anything(), { maxLength: 5 }), rows => {
        const { prices, problems } = readPrices(rows, trans);
        expect(prices.length + problems.length).toBeLessThanOrEqual(
          rows.length
        );
      })
    );
    fc.assert(
      fc.property(
        fc.record({
          provider: fc.constantFrom('a', '', 5),
          region: fc.constantFrom('', 'r'),
          item: fc.constantFrom('core', ''),
          unit: fc.constantFrom(...UNITS, 'x', ''),
          price: fc.oneof(fc.double(), fc.constantFrom(null, '1', -1)),
          currency: fc.constantFrom('USD', 'usd', ''),
          source: fc.constantFrom('s', ''),
          date: fc.constantFrom('2026', '2026-11', '2026-13', '')
        }),
        row => {
          const { prices } = readPrices([row], trans);
          for (const read of prices) {
            expect(read.price).toBeGreaterThanOrEqual(0);
            expect(Number.isFinite(read.price)).toBe(true);
          }
        }
      )
    );
  });
});

describe('The age of prices', () => {
  it('should count from the end of what the date leaves open', () => {
    const now = Date.UTC(2026, 10, 25);
    expect(ageInDays('2026-11-25', now)).toBe(0);
    expect(ageInDays('2026-11-01', now)).toBe(24);
    expect(ageInDays('2026-10', now)).toBe(25);
    expect(ageInDays('2026', now)).toBe(0);
    expect(ageInDays('2025', now)).toBe(329);
  });

  it('should be that of the first and last date', () => {
    const rows = ['2026-04-01', '2025', '2026-10-07'].map((date, index) =>
      price({ date, item: String(index) })
    );
    expect(datesOf(rows)).toEqual({ oldest: '2025', newest: '2026-10-07' });
    expect(datesOf([])).toBeNull();
  });
});

describe('What is said of the prices', () => {
  it('should name a single date once', () => {
    const words = describePrices([price(), price({ item: 'memory' })], trans);
    expect(words).toContain('The prices are of 2026-11-01.');
    expect(words).not.toContain(' to ');
  });

  it("should not call an administrator's prices second-hand", () => {
    expect(describePrices([price()], trans)).not.toContain('second-hand');
  });

  it('should call all that come with this project second-hand', () => {
    expect(describePrices(PRICES, trans)).toContain(
      'They come from second-hand sources'
    );
    expect(describePrices([price(), ...PRICES], trans)).toContain(
      `${PRICES.length} of them come from second-hand sources`
    );
  });

  it('should say that there is none', () => {
    expect(describePrices([], trans)).toContain('No price is set.');
  });

  it('should stand in the documentation with sources and dates', () => {
    const docs = readFileSync(
      join(__dirname, '../../../docs/costs.md'),
      'utf8'
    );
    for (const { source, date } of PRICES) {
      expect(docs).toContain(source);
      expect(docs).toContain(date);
    }
  });
});
