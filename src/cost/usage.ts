/**
 * How long workers were there: what a cluster's owner tells, carried on to any
 * time, and split by days. Pure functions. Days are days of UTC, so that two
 * pages in two places write the same.
 */
import { isOver } from '../cluster/states';
import type { IClusterSnapshot, IUsage, IUsedSize } from '../tokens';

/** A day in ms. */
const DAY = 86_400_000;

/** Seconds of all workers of one size. */
export interface ISizeSeconds {
  threads: number;
  /** Bytes of one worker; absent where it has no limit. */
  memory?: number;
  seconds: number;
}

/** What was there in one day, or in all. */
export interface ISpan {
  sizes: ISizeSeconds[];
  /** Seconds in which there was a scheduler. */
  scheduler: number;
}

/** Whether a cluster is gone, so that its count is final. */
export function hasEnded({ state, usage }: IClusterSnapshot): boolean {
  return usage?.ended !== undefined || isOver(state);
}

/** Up to when a cluster's workers count: its end, or now. */
export function countedUntil(
  { state, since, usage }: IClusterSnapshot,
  now: number
): number {
  const end = usage?.ended ?? (isOver(state) ? since : now);
  return Math.min(end, now);
}

/** The same usage with its days counted up to a time; earlier ones change nothing. */
export function settle(usage: IUsage, until: number): IUsage {
  const end = Math.min(until, usage.ended ?? until);
  if (end <= usage.at) {
    return usage;
  }
  const spans = [...splitDays(usage.at, end)];
  return {
    ...usage,
    at: end,
    sizes: usage.sizes.map(size => {
      const days = { ...size.days };
      for (const [day, seconds] of size.count > 0 ? spans : []) {
        days[day] = (days[day] ?? 0) + seconds * size.count;
      }
      return { ...size, days };
    })
  };
}

/** What was there on each day, up to a time. */
export function usageByDay(usage: IUsage, until: number): Map<string, ISpan> {
  const settled = settle(usage, until);
  const days = new Map<string, ISpan>();
  const span = (day: string): ISpan => {
    const known = days.get(day) ?? { sizes: [], scheduler: 0 };
    days.set(day, known);
    return known;
  };
  const end = Math.min(until, usage.ended ?? until);
  for (const [day, seconds] of splitDays(usage.started, end)) {
    span(day).scheduler += seconds;
  }
  for (const { threads, memory, days: counted } of settled.sizes) {
    for (const [day, seconds] of Object.entries(counted)) {
      span(day).sizes.push({ threads, memory, seconds });
    }
  }
  return days;
}

/** What was there in all, up to a time. */
export function usageInAll(usage: IUsage, until: number): ISpan {
  const all: ISpan = { sizes: [], scheduler: 0 };
  for (const { sizes, scheduler } of usageByDay(usage, until).values()) {
    all.sizes.push(...sizes);
    all.scheduler += scheduler;
  }
  return all;
}

/** Seconds of all workers. */
export function workerSeconds({ sizes }: ISpan): number {
  return sizes.reduce((sum, size) => sum + size.seconds, 0);
}

/** Seconds of all threads, each of which is taken as a core. */
export function coreSeconds({ sizes }: ISpan): number {
  return sizes.reduce((sum, size) => sum + size.seconds * size.threads, 0);
}

/**
 * Go on counting a cluster whose owner does not count: what was known is
 * carried on to now, and from now there are the workers that the snapshot tells.
 *
 * @param known - What was counted before, by this page or an earlier one.
 */
export function observe(
  known: IUsage | undefined,
  snapshot: IClusterSnapshot,
  now: number
): IUsage {
  const before: IUsage = known
    ? settle(known, now)
    : { started: now, at: now, sizes: [] };
  const { workers, threads, memory } = snapshot;
  const alive = !isOver(snapshot.state);
  const count = alive ? (workers?.ready ?? 0) : 0;
  const each = (value: number | undefined): number | undefined =>
    value === undefined || count === 0 ? undefined : Math.round(value / count);
  const present: Omit<IUsedSize, 'count' | 'days'> = {
    threads: each(threads) ?? 1,
    memory: each(memory?.limit)
  };
  const same = (size: IUsedSize): boolean =>
    size.threads === present.threads && size.memory === present.memory;
  const sizes = before.sizes.map(size => ({
    ...size,
    count: same(size) ? count : 0
  }));
  if (count > 0 && !sizes.some(same)) {
    sizes.push({ ...present, count, days: {} });
  }
  return { ...before, sizes, ...(alive ? {} : { ended: before.at }) };
}

/** The days of a span of time with the seconds in each. */
function* splitDays(begin: number, end: number): Generator<[string, number]> {
  for (let from = begin; from < end;) {
    const until = Math.min(end, (Math.floor(from / DAY) + 1) * DAY);
    yield [new Date(from).toISOString().slice(0, 10), (until - from) / 1000];
    from = until;
  }
}
