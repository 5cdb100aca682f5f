/**
 * How much clusters may cost: what the settings say, and how much of it is
 * spent. Pure functions. An amount without a price is not known: it is never
 * counted as 0.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { formatAmount, isCurrency } from './money';

/** What a budget is for: each cluster, or all of them in a day or month of UTC. */
export type BudgetPeriod = 'cluster' | 'day' | 'month';

/** An amount that is not to be passed. */
export interface IBudget {
  period: BudgetPeriod;
  amount: number;
  /** A code of ISO 4217. */
  currency: string;
  /** Clusters stop when it is used up; else they only do not grow. */
  stops: boolean;
  /** An administrator has set it: nobody can put off what follows from it. */
  fixed: boolean;
}

/** The budgets that can be used, and in words what is wrong with the others. */
export interface IBudgetTable {
  budgets: readonly IBudget[];
  problems: readonly string[];
}

/** What is spent of a budget, in its currency. */
export interface ISpending {
  spent: number;
  perHour: number;
}

/** The part of a budget at which it is first said. */
export const NEAR = 0.8;

/**
 * Read the budgets. All of them hold: an administrator's stay whatever a person
 * adds.
 */
export function readBudgets(
  fixed: unknown,
  own: unknown,
  trans: TranslationBundle
): IBudgetTable {
  const budgets: IBudget[] = [];
  const problems: string[] = [];
  const read = (value: unknown, isFixed: boolean): void => {
    if (value === undefined || value === null) {
      return;
    }
    if (!Array.isArray(value)) {
      problems.push(trans.__('The budgets are not a list of rows.'));
      return;
    }
    value.forEach((row: unknown, index) => {
      const found = Private.readRow(row, isFixed, trans);
      if (typeof found === 'string') {
        problems.push(trans.__('Budget %1: %2', index + 1, found));
      } else if (!budgets.some(budget => Private.isSame(budget, found))) {
        budgets.push(found);
      }
    });
  };
  read(fixed, true);
  read(own, false);
  return { budgets, problems };
}

/** Whether a budget is used up, nearly so, or neither. */
export function judge(
  { amount }: IBudget,
  { spent }: ISpending
): 'fine' | 'near' | 'over' {
  return spent >= amount ? 'over' : spent >= NEAR * amount ? 'near' : 'fine';
}

/**
 * When a budget will be used up at this rate, ms since the epoch; null for never,
 * or not before its day or month is over.
 */
export function usedUpAt(
  { amount, period }: IBudget,
  { spent, perHour }: ISpending,
  now: number
): number | null {
  if (spent >= amount) {
    return now;
  }
  const at =
    perHour > 0 ? now + ((amount - spent) / perHour) * 3_600_000 : Infinity;
  return at < Private.endOf(period, now) ? at : null;
}

/**
 * What an order to end is for. A changed amount keeps the name, so that its order
 * replaces the one of the old amount.
 */
export function nameOf(
  { period, currency, fixed }: IBudget,
  now: number
): string {
  const day = new Date(now).toISOString();
  const when = { cluster: '', day: day.slice(0, 10), month: day.slice(0, 7) };
  return ['budget', period, when[period], currency, fixed ? 'fixed' : '']
    .filter(Boolean)
    .join(' ');
}

/** `The budget of the month: 8.20 EUR of 10.00 EUR are spent.` */
export function describeBudget(
  { period, amount, currency }: IBudget,
  { spent }: ISpending,
  trans: TranslationBundle,
  locale?: string
): string {
  const whole = formatAmount(amount, currency, locale);
  const part = formatAmount(spent, currency, locale);
  const words = {
    cluster: trans.__(
      'The budget of the cluster: %1 of %2 are spent.',
      part,
      whole
    ),
    day: trans.__(
      'The budget of the day (UTC): %1 of %2 are spent.',
      part,
      whole
    ),
    month: trans.__('The budget of the month: %1 of %2 are spent.', part, whole)
  };
  return words[period];
}

namespace Private {
  const PERIODS: readonly unknown[] = ['cluster', 'day', 'month'];

  /** When a day or a month of UTC is over, ms since the epoch. */
  export function endOf(period: BudgetPeriod, now: number): number {
    const date = new Date(now);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    const ends = {
      cluster: Infinity,
      day: Date.UTC(year, month, date.getUTCDate() + 1),
      month: Date.UTC(year, month + 1)
    };
    return ends[period];
  }

  export function isSame(a: IBudget, b: IBudget): boolean {
    return (
      a.period === b.period &&
      a.amount === b.amount &&
      a.currency === b.currency &&
      (a.stops || !b.stops)
    );
  }

  /** The budget, or what is wrong with the row. */
  export function readRow(
    value: unknown,
    fixed: boolean,
    trans: TranslationBundle
  ): IBudget | string {
    const row = (
      typeof value === 'object' && value !== null ? value : {}
    ) as Record<string, unknown>;
    const { period, amount, currency, stops } = row;
    if (!PERIODS.includes(period)) {
      return trans.__('it must be for a cluster, day or month.');
    }
    if (
      typeof amount !== 'number' ||
      !Number.isFinite(amount) ||
      !(amount > 0)
    ) {
      return trans.__('the amount must be a number above 0.');
    }
    if (typeof currency !== 'string' || !isCurrency(currency)) {
      return trans.__(
        'the currency is not known. Write a code such as USD or EUR.'
      );
    }
    return {
      period: period as BudgetPeriod,
      amount,
      currency,
      stops: stops === true,
      fixed
    };
  }
}
