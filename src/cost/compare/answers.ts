/**
 * What follows from the comparison: from how much work on another option is
 * cheaper, and which assumptions matter. Pure functions.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IAssumption } from './assumptions';
import {
  cheapest,
  comparable,
  compareOptions,
  IOptionResult,
  ISheet,
  valuesOf
} from './compare';

/** The work over which options are compared, in times of the month's work. */
export const RANGE: readonly [number, number] = [0.01, 1000];

const STEPS = 160;

/** The totals over more and less work. */
export interface ICurve {
  id: string;
  label: string;
  /** One for each scale; null where it is not known. */
  totals: (number | null)[];
}

/** From one amount of work on, another option is cheaper. */
export interface IBreakEven {
  /** Core-hours a month. */
  coreHours: number;
  /** Labels of the cheaper option below and above. */
  below: string;
  above: string;
}

/** What an assumption does when it is half or double. */
export interface ISensitivity {
  name: string;
  label: string;
  low: number;
  high: number;
  /** Change of the total of the cheapest option now. */
  change: [low: number, high: number];
  /** Labels of the options that are then the cheapest; empty when none is. */
  cheapest: [low: string, high: string];
}

/** So many times the month's work, evenly on a logarithmic scale. */
export function scales(): number[] {
  const [least, most] = RANGE;
  return Array.from(
    { length: STEPS + 1 },
    (_, step) => least * (most / least) ** (step / STEPS)
  );
}

/**
 * The powers of ten among the ticks of a logarithmic axis, null in place of the
 * others; all ticks where fewer than two are powers.
 */
export function majorTicks(values: readonly number[]): (number | null)[] {
  const major = values.map(value =>
    Number.isInteger(Math.round(Math.log10(value) * 1e9) / 1e9) ? value : null
  );
  return major.filter(value => value !== null).length < 2 ? [...values] : major;
}

/** The totals of all options that can be compared. */
export function curves(sheet: ISheet, trans: TranslationBundle): ICurve[] {
  const rows = scales().map(scale =>
    compareOptions(sheet, valuesOf(sheet, { scale }), trans)
  );
  return sheet.options
    .map(({ id, label }, index) => ({
      id,
      label,
      totals: rows.map(row => {
        const result = row[index];
        return result.limits.length === 0 && isIn(result, sheet.currency)
          ? (comparable(result) ?? null)
          : null;
      })
    }))
    .filter(({ totals }) => totals.some(total => total !== null));
}

/**
 * Where the cheapest option changes as the work grows, to a tenth of a percent
 * of the work.
 */
export function breakEvens(
  sheet: ISheet,
  trans: TranslationBundle
): IBreakEven[] {
  const best = (scale: number): IOptionResult | null =>
    cheapest(
      compareOptions(sheet, valuesOf(sheet, { scale }), trans),
      sheet.currency
    );
  const steps = scales();
  const found: IBreakEven[] = [];
  for (let step = 1; step < steps.length; step += 1) {
    let [low, high] = [steps[step - 1], steps[step]];
    const below = best(low);
    const above = best(high);
    if (!below || !above || below.option.id === above.option.id) {
      continue;
    }
    while (high / low > 1.001) {
      const middle = Math.sqrt(low * high);
      if (best(middle)?.option.id === below.option.id) {
        low = middle;
      } else {
        high = middle;
      }
    }
    found.push({
      coreHours: valuesOf(sheet, { scale: high }).work_hours ?? 0,
      below: below.option.label,
      above: best(high)?.option.label ?? above.option.label
    });
  }
  return found;
}

/** What each assumption does to the cheapest option, most first. */
export function sensitivities(
  sheet: ISheet,
  items: readonly IAssumption[],
  trans: TranslationBundle
): ISensitivity[] {
  const results = (others: Record<string, number>): IOptionResult[] =>
    compareOptions(sheet, valuesOf(sheet, others), trans);
  const now = cheapest(results({}), sheet.currency);
  if (!now) {
    return [];
  }
  const base = comparable(now) ?? 0;
  const values = valuesOf(sheet);
  return items
    .map(({ name, label, minimum, maximum }): ISensitivity => {
      const value = values[name] ?? 0;
      const ends = [Math.max(minimum, value / 2), Math.min(maximum, value * 2)];
      const rows = ends.map(end => results({ [name]: end }));
      const change = rows.map(row => {
        const same = row.find(({ option }) => option.id === now.option.id);
        return ((same && comparable(same)) ?? base) - base;
      });
      const best = rows.map(
        row => cheapest(row, sheet.currency)?.option.label ?? ''
      );
      return {
        name,
        label,
        low: ends[0],
        high: ends[1],
        change: [change[0], change[1]],
        cheapest: [best[0], best[1]]
      };
    })
    .filter(
      item =>
        item.change.some(amount => amount !== 0) ||
        item.cheapest.some(label => label !== now.option.label)
    )
    .sort((a, b) => swing(b) - swing(a));
}

function swing({ change: [low, high] }: ISensitivity): number {
  return Math.max(Math.abs(low), Math.abs(high));
}

function isIn({ total }: IOptionResult, currency: string): boolean {
  return total?.[currency] !== undefined;
}
