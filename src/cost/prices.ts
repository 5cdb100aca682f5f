/**
 * The table of prices: what it holds, and what is wrong with it. Pure
 * functions. A row that cannot be used is told of; the others are used.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IPrice, IPriceProblem, IPriceTable, PriceUnit } from '../tokens';
import { isCurrency } from './money';

/** The units that are known. */
export const UNITS: readonly PriceUnit[] = [
  'core-hour',
  'vCPU-hour',
  'GB-hour',
  'worker-hour',
  'hour',
  'GB-month',
  'month'
];

/**
 * Read a table as it stands in the settings. A row without a price is a place
 * for one: it is neither a price nor a problem.
 */
export function readPrices(
  value: unknown,
  trans: TranslationBundle
): IPriceTable {
  if (!Array.isArray(value)) {
    return {
      prices: [],
      problems: [
        {
          row: 0,
          text: trans.__('The table of prices is not a list of rows.')
        }
      ]
    };
  }
  const prices: IPrice[] = [];
  const problems: IPriceProblem[] = [];
  const places = new Map<string, number>();
  value.forEach((item: unknown, index) => {
    const row = index + 1;
    const refuse = (text: string): void => {
      problems.push({
        row,
        text: trans.__('Row %1 (%2): %3', row, Private.nameOf(item), text)
      });
    };
    const read = Private.readRow(item, trans);
    if (typeof read === 'string') {
      refuse(read);
    } else if (read) {
      const place = JSON.stringify([read.provider, read.region, read.item]);
      const first = places.get(place);
      if (first === undefined) {
        places.set(place, row);
        prices.push(read);
      } else {
        refuse(trans.__('row %1 has a price for this already.', first));
      }
    }
  });
  return { prices, problems };
}

/**
 * Who the prices that come with this project are from: none of them sells what
 * is paid for.
 */
export const SECOND_HAND: ReadonlySet<string> = new Set([
  'vantage.sh; wring.co; cloudburn.io',
  'vantage.sh; wring.co',
  'c3x.dev',
  'AWS containers blog 2024-04; factualminds',
  'factualminds',
  'coiled.io/pricing, copied by api-evangelist/coiled',
  'saturncloud.io/docs, undated, read 2026-11-23'
]);

/** The first and the last date in a table; null when it is empty. */
export function datesOf(
  prices: readonly IPrice[]
): { oldest: string; newest: string } | null {
  const dates = prices.map(({ date }) => date).sort();
  return dates.length > 0
    ? { oldest: dates[0], newest: dates[dates.length - 1] }
    : null;
}

/** Of when the prices are, and whose, in words. */
export function describePrices(
  prices: readonly IPrice[],
  trans: TranslationBundle
): string {
  const dates = datesOf(prices);
  if (!dates) {
    return trans.__(
      'No price is set. Prices stand in the settings, under Dask cluster prices.'
    );
  }
  const { oldest, newest } = dates;
  const others = prices.filter(({ source }) => SECOND_HAND.has(source)).length;
  return [
    oldest === newest
      ? trans.__('The prices are of %1.', oldest)
      : trans.__('The prices are of %1 to %2.', oldest, newest),
    others === 0
      ? ''
      : others === prices.length
        ? trans.__(
            'They come from second-hand sources: check those that decide.'
          )
        : trans._n(
            '%1 of them comes from a second-hand source: check it if it decides.',
            '%1 of them come from second-hand sources: check those that decide.',
            others
          ),
    trans.__('They stand in the settings, under Dask cluster prices.')
  ]
    .filter(Boolean)
    .join(' ');
}

/** How old a date is at the least, in whole days; never less than 0. */
export function ageInDays(date: string, now: number): number {
  const [year, month, day] = date.split('-').map(Number);
  const end =
    day !== undefined
      ? Date.UTC(year, month - 1, day)
      : month !== undefined
        ? Date.UTC(year, month, 0)
        : Date.UTC(year, 11, 31);
  return Math.max(0, Math.floor((now - end) / 86_400_000));
}

/** A price in words: what, how much, from whom and when. */
export function describePrice(
  price: IPrice,
  amount: string,
  trans: TranslationBundle
): string {
  const { provider, region, item, unit, source, date } = price;
  const what = [provider, region, item].filter(Boolean).join(' ');
  return source
    ? trans.__('%1: %2 per %3 (%4, %5)', what, amount, unit, source, date)
    : trans.__('%1: %2 per %3 (%4)', what, amount, unit, date);
}

namespace Private {
  type Row = Record<string, unknown>;

  const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

  /** The row as people find it again. */
  export function nameOf(item: unknown): string {
    const { provider, region, item: what } = asRow(item) ?? {};
    const name = [provider, region, what]
      .filter(part => typeof part === 'string' && part !== '')
      .join(' ');
    return name || '–';
  }

  /** The price, null for a row without one, or what is wrong. */
  export function readRow(
    item: unknown,
    trans: TranslationBundle
  ): IPrice | string | null {
    const row = asRow(item);
    if (!row) {
      return trans.__('this is not a row with columns.');
    }
    const text = (name: string): string => {
      const value = row[name];
      return typeof value === 'string' ? value.trim() : '';
    };
    for (const name of [
      'provider',
      'region',
      'item',
      'unit',
      'currency',
      'source',
      'date'
    ]) {
      const value = row[name];
      if (value !== undefined && value !== null && typeof value !== 'string') {
        return trans.__('“%1” must be text.', name);
      }
    }
    for (const name of ['provider', 'item']) {
      if (text(name) === '') {
        return trans.__('“%1” is missing.', name);
      }
    }
    const { price } = row;
    if (price === undefined || price === null) {
      return null;
    }
    if (typeof price !== 'number' || !Number.isFinite(price)) {
      return trans.__('the price must be a number.');
    }
    if (price < 0) {
      return trans.__('the price is negative.');
    }
    const unit = UNITS.find(name => name === text('unit'));
    if (!unit) {
      return text('unit') === ''
        ? trans.__('the unit is missing.')
        : trans.__(
            'the unit “%1” is not known. Known are: %2.',
            text('unit'),
            UNITS.join(', ')
          );
    }
    const currency = text('currency');
    if (!isCurrency(currency)) {
      return currency === ''
        ? trans.__('the currency is missing.')
        : trans.__(
            'the currency “%1” is not known. Write a code such as USD or EUR.',
            currency
          );
    }
    if (!isDate(text('date'))) {
      return trans.__(
        'the date must be a year, a month or a day, such as 2026-04-01.'
      );
    }
    return {
      provider: text('provider'),
      region: text('region'),
      item: text('item'),
      unit,
      price,
      currency,
      source: text('source'),
      date: text('date')
    };
  }

  function asRow(item: unknown): Row | null {
    return typeof item === 'object' && item !== null && !Array.isArray(item)
      ? (item as Row)
      : null;
  }

  function isDate(text: string): boolean {
    const match = DATE.exec(text);
    if (!match) {
      return false;
    }
    const [year, month, day] = [match[1], match[2] ?? '01', match[3] ?? '01'];
    const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
  }
}
