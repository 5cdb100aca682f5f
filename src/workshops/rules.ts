/**
 * What a trainer sets for a class while it goes on, in place of what its file says.
 * Pure functions.
 */
import type { IWorkshop } from './model';

/** What holds; null where it was taken back, absent where nothing was set. */
export interface IRule {
  /** When the class ends, ms since the epoch. */
  end?: number | null;
  /** How many workers a participant's cluster may have. */
  workers?: number | null;
}

/** What holds in a class. */
export interface IClassRules {
  all: IRule;
  /** By name, of whom something else was set. */
  people: Record<string, IRule>;
}

/** How long it holds after it was set last, in ms: the next class is another. */
export const HOLDS = 86_400_000;

/** A workshop as its trainer wants it now; the administrator's limits still hold. */
export function ruled(workshop: IWorkshop, rule: IRule): IWorkshop {
  const { end, workers } = rule;
  return {
    ...workshop,
    ...(typeof end === 'number' ? { end: new Date(end).toISOString() } : {}),
    ...(typeof workers === 'number'
      ? { limits: { ...workshop.limits, workers } }
      : {})
  };
}

/** What holds after more was said. */
export function mergeRules(before: IRule, more: IRule): IRule {
  return {
    ...before,
    ...(more.end === undefined ? {} : { end: more.end }),
    ...(more.workers === undefined ? {} : { workers: more.workers })
  };
}

/** What holds for somebody. */
export function ruleOf(rules: IClassRules | undefined, name: string): IRule {
  return mergeRules(rules?.all ?? {}, rules?.people[name] ?? {});
}

/** Whether two rules are the same. */
export function isSameRule(a: IRule, b: IRule): boolean {
  return a.end === b.end && a.workers === b.workers;
}
