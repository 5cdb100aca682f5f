/**
 * What clusters have cost, by day. Pure functions. Each record is the whole of
 * one cluster's day, so writing it twice, or from two pages, counts it once.
 */
import type { JSONObject, ReadonlyPartialJSONValue } from '@lumino/coreutils';
import type { History, IRecord, IUsage, Money } from '../tokens';
import { formatDuration } from '../cluster/units';
import { addMoney, isSet } from './money';

/** The sums over a day or a month. */
export interface IPeriod {
  /** Such as `2026-11` or `2026-11-25`. */
  period: string;
  clusters: number;
  workers: number;
  cores: number;
  cost: Money;
  /** How many clusters had no price. */
  unpriced: number;
  /** How many clusters' ends were not seen: they may have cost more. */
  open: number;
}

/** Days older than this are forgotten. */
export const DAYS = 400;

/** More records than this are not kept: the oldest days go first. */
export const RECORDS = 5000;

/** Both histories as one; of two records of the same, the later one. */
export function mergeHistories(a: History, b: History): History {
  const days: Record<string, Record<string, IRecord>> = {};
  for (const history of [a, b]) {
    for (const [day, records] of Object.entries(history)) {
      const merged = (days[day] ??= {});
      for (const [key, record] of Object.entries(records)) {
        const known = merged[key];
        merged[key] = known && Private.isLater(known, record) ? known : record;
      }
    }
  }
  return days;
}

/**
 * Hours with two digits after the point; less than a tenth of an hour in minutes
 * and seconds, so that little is not shown as nothing.
 */
export function formatHours(seconds: number, locale?: string): string {
  if (seconds > 0 && seconds < 360) {
    return formatDuration(Math.max(1, seconds) * 1000, locale);
  }
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(
    seconds / 3600
  );
}

/** The days that are too old or too many to be kept. */
export function oldDays(history: History, today: string): string[] {
  const first = new Date(Date.parse(today) - DAYS * 86_400_000)
    .toISOString()
    .slice(0, 10);
  let left = 0;
  return Object.keys(history)
    .sort()
    .reverse()
    .filter(day => {
      left += Object.keys(history[day]).length;
      return day < first || left > RECORDS;
    });
}

/** The sums by day or by month, newest first. */
export function periods(history: History, by: 'day' | 'month'): IPeriod[] {
  const sums = new Map<string, IPeriod>();
  const clusters = new Map<string, Set<string>[]>();
  for (const [day, records] of Object.entries(history)) {
    const period = by === 'day' ? day : day.slice(0, 7);
    const [all, unpriced, open] = clusters.get(period) ?? [
      new Set<string>(),
      new Set<string>(),
      new Set<string>()
    ];
    clusters.set(period, [all, unpriced, open]);
    let sum = sums.get(period) ?? Private.empty(period);
    for (const [key, record] of Object.entries(records)) {
      all.add(key);
      if (!record.cost || !isSet(record.cost)) {
        unpriced.add(key);
      }
      if (!record.ended) {
        open.add(key);
      }
      sum = {
        ...sum,
        workers: sum.workers + record.workers,
        cores: sum.cores + record.cores,
        cost: addMoney(sum.cost, record.cost ?? {})
      };
    }
    sums.set(period, {
      ...sum,
      clusters: all.size,
      unpriced: unpriced.size,
      open: open.size
    });
  }
  return [...sums.values()].sort((a, b) => b.period.localeCompare(a.period));
}

/** Read what was stored; what is not a record is left out. */
export function readHistory(
  value: ReadonlyPartialJSONValue | undefined
): History {
  const days: Record<string, Record<string, IRecord>> = {};
  for (const [day, records] of Object.entries(Private.object(value))) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) {
      continue;
    }
    for (const [key, record] of Object.entries(Private.object(records))) {
      const read = Private.readRecord(Private.object(record));
      if (read) {
        (days[day] ??= {})[key] = read;
      }
    }
  }
  return days;
}

/**
 * A record as it is stored.
 *
 * #### Notes
 * The server merges what it is sent into what it has, and null takes away.
 */
export function writeRecord(record: IRecord): JSONObject {
  return {
    name: record.name,
    provider: record.provider,
    profile: record.profile ?? null,
    workers: Math.round(record.workers),
    cores: Math.round(record.cores),
    cost: record.cost && isSet(record.cost) ? { ...record.cost } : null,
    until: record.until,
    ended: record.ended,
    seen: record.seen ? Private.writeUsage(record.seen) : null
  };
}

/** What pages counted of a cluster whose owner does not count. */
export function lastSeen(history: History, key: string): IUsage | undefined {
  return Object.values(history)
    .map(records => records[key]?.seen)
    .filter(seen => seen !== undefined)
    .sort((a, b) => (b?.at ?? 0) - (a?.at ?? 0))[0];
}

/** One line for each cluster, day and currency, oldest first (RFC 4180). */
export function toCsv(history: History): string {
  const lines = [
    [
      'day_utc',
      'cluster',
      'provider',
      'profile',
      'worker_hours',
      'core_hours',
      'cost',
      'currency',
      'counted_until_utc',
      'end_seen'
    ]
  ];
  for (const day of Object.keys(history).sort()) {
    for (const record of Object.values(history[day])) {
      const facts = (cost: string, currency: string): string[] => [
        day,
        csvText(record.name),
        csvText(record.provider),
        csvText(record.profile ?? ''),
        (record.workers / 3600).toFixed(4),
        (record.cores / 3600).toFixed(4),
        cost,
        currency,
        new Date(record.until).toISOString(),
        record.ended ? 'yes' : 'no'
      ];
      const amounts = Object.entries(record.cost ?? {});
      lines.push(
        ...(amounts.length > 0
          ? amounts.map(([currency, amount]) =>
              facts(amount.toFixed(6), currency)
            )
          : [facts('', '')])
      );
    }
  }
  return lines.map(cells => `${cells.join(',')}\r\n`).join('');
}

/**
 * A cell of text. One that a spreadsheet would take for a formula gets an
 * apostrophe: names of clusters are anybody's text.
 */
export function csvText(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

namespace Private {
  export function empty(period: string): IPeriod {
    return {
      period,
      clusters: 0,
      workers: 0,
      cores: 0,
      cost: {},
      unpriced: 0,
      open: 0
    };
  }

  /** Whether the first one tells more, or the same; the order does not matter. */
  export function isLater(a: IRecord, b: IRecord): boolean {
    if (a.ended !== b.ended) {
      return a.ended;
    }
    if (a.until !== b.until) {
      return a.until > b.until;
    }
    return a.workers === b.workers
      ? JSON.stringify(writeRecord(a)) >= JSON.stringify(writeRecord(b))
      : a.workers > b.workers;
  }

  export function object(value: unknown): Record<string, unknown> {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  }

  export function readRecord(value: Record<string, unknown>): IRecord | null {
    const { name, provider, profile, workers, cores, until, ended } = value;
    const amount = (number: unknown): number | null =>
      typeof number === 'number' && Number.isFinite(number) && number >= 0
        ? number
        : null;
    const [worked, computed, counted] = [workers, cores, until].map(amount);
    if (
      typeof name !== 'string' ||
      typeof provider !== 'string' ||
      worked === null ||
      computed === null ||
      counted === null
    ) {
      return null;
    }
    const cost = Object.fromEntries(
      Object.entries(object(value.cost)).flatMap(([currency, number]) => {
        const read = amount(number);
        return read === null ? [] : [[currency, read]];
      })
    );
    return {
      name,
      provider,
      ...(typeof profile === 'string' ? { profile } : {}),
      workers: worked,
      cores: computed,
      ...(isSet(cost) ? { cost } : {}),
      until: counted,
      ended: ended === true,
      ...readSeen(value.seen)
    };
  }

  export function writeUsage({ started, at, sizes }: IUsage): JSONObject {
    return {
      started,
      at,
      sizes: sizes.map(({ threads, memory, count, days }) => ({
        threads,
        memory: memory ?? null,
        count,
        days: { ...days }
      }))
    };
  }

  function readSeen(value: unknown): { seen?: IUsage } {
    const { started, at, sizes } = object(value);
    if (
      typeof started !== 'number' ||
      typeof at !== 'number' ||
      !Array.isArray(sizes)
    ) {
      return {};
    }
    const read = sizes.map(object).flatMap(size => {
      const { threads, memory, count } = size;
      return typeof threads === 'number' && typeof count === 'number'
        ? [
            {
              threads,
              count,
              ...(typeof memory === 'number' ? { memory } : {}),
              days: object(size.days) as Record<string, number>
            }
          ]
        : [];
    });
    return { seen: { started, at, sizes: read } };
  }
}
