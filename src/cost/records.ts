/**
 * What the history keeps of clusters: one record for each and day. Pure functions.
 */
import type { History, ICluster, IRecord, IUsage } from '../tokens';
import { isSet } from './money';
import { IRate, priceSpan } from './rate';
import {
  coreSeconds,
  countedUntil,
  hasEnded,
  usageByDay,
  workerSeconds
} from './usage';

/** The records of one cluster up to now; none of one that somebody else pays. */
export function recordsOf(
  cluster: ICluster,
  usage: IUsage,
  { now, gone, rate }: { now: number; gone: boolean; rate?: IRate }
): History {
  // A scheduler of somebody else is on somebody else's bill.
  if (!cluster.capabilities.stop) {
    return {};
  }
  const { snapshot, provider, profile, key } = cluster;
  const until = countedUntil(snapshot, now);
  const ended = gone || hasEnded(snapshot);
  const history: Record<string, Record<string, IRecord>> = {};
  const seen = snapshot.usage ? undefined : usage;
  for (const [day, span] of usageByDay(usage, until)) {
    const cost = rate ? priceSpan(rate, span) : {};
    history[day] = {
      [key]: {
        name: snapshot.name,
        provider,
        profile,
        workers: workerSeconds(span),
        cores: coreSeconds(span),
        ...(isSet(cost) ? { cost } : {}),
        ...(seen ? { seen } : {}),
        until,
        ended
      }
    };
  }
  return history;
}

/** Whether there is a record. */
export function isSomething(history: History): boolean {
  return Object.keys(history).length > 0;
}

/** The records that are not among the others as they are. */
export function without(history: History, written: History): History {
  const left: Record<string, Record<string, IRecord>> = {};
  for (const [day, records] of Object.entries(history)) {
    for (const [key, record] of Object.entries(records)) {
      if (written[day]?.[key] !== record) {
        (left[day] ??= {})[key] = record;
      }
    }
  }
  return left;
}
