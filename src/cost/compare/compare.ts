/**
 * What each way to have a cluster costs in a month, in money and in people's
 * hours. Pure functions.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IPrice, Money } from '../../tokens';
import { addMoney, money } from '../money';
import { findPrice } from '../rate';
import { assumptions, IAssumption } from './assumptions';
import { evaluate, namesIn, Values } from '../../cluster/expression';
import { IOption, NEEDED, options } from './options';
import { INamed, IQuantity, IWork, workNumbers } from './work';

/** What a person put in. */
export interface IInput {
  work: IWork;
  /** Assumptions that were changed, by name. */
  changed: Readonly<Record<string, number>>;
  /** The region of the clouds' prices. */
  region: string;
  /** The currency of the assumptions. */
  currency: string;
}

/** A number, which is perhaps not known, and where it comes from. */
export interface INumber extends Omit<INamed, 'value'> {
  /** Absent where no price is set. */
  value?: number;
  /** Of a number that is money. */
  currency?: string;
}

/** Everything that is computed with, and how. */
export interface ISheet {
  numbers: INumber[];
  quantities: IQuantity[];
  options: IOption[];
  currency: string;
}

/** A part of a bill with its amount. */
export interface ILineResult {
  label: string;
  formula: string;
  /** Absent where a price is not set. */
  amount?: number;
  currency?: string;
  /** The numbers and quantities in the formula. */
  names: string[];
}

/** An option with its amounts. */
export interface IOptionResult {
  option: IOption;
  lines: ILineResult[];
  /** People's hours a month: upkeep, and the set-up spread over its months. */
  hours: number;
  /** Null where a price is not set. */
  bill: Money | null;
  people: Money;
  total: Money | null;
  /** What is missing for a bill, in words. */
  missing: string[];
  /** Why it cannot do the work, in words. */
  limits: string[];
}

/** Gather the numbers and the formulas. */
export function makeSheet(
  input: IInput,
  prices: readonly IPrice[],
  trans: TranslationBundle
): ISheet {
  const { numbers, quantities } = workNumbers(input.work, trans);
  const all = options(trans);
  return {
    currency: input.currency,
    numbers: [
      ...numbers,
      ...assumptions(trans).map(item => assumed(item, input, trans)),
      ...NEEDED.map(({ name, provider, item, units }): INumber => {
        const place = { provider, region: input.region || undefined };
        const price = findPrice(prices, place, item, units);
        return {
          name,
          label: [provider, price?.region, item].filter(Boolean).join(' '),
          unit: price?.unit ?? units[0],
          ...(price ? { value: price.price, currency: price.currency } : {}),
          source: price?.source ?? trans.__('no price set'),
          date: price?.date ?? ''
        };
      })
    ],
    quantities: [...quantities, ...all.flatMap(option => option.quantities)],
    options: all
  };
}

/** All values by name; some of the numbers can be others than in the sheet. */
export function valuesOf(
  sheet: ISheet,
  others: Readonly<Record<string, number>> = {}
): Values {
  const values: Record<string, number | undefined> = {};
  for (const { name, value } of sheet.numbers) {
    values[name] = others[name] ?? value;
  }
  for (const { name, formula } of sheet.quantities) {
    values[name] = evaluate(formula, values);
  }
  return values;
}

/** What each option costs. */
export function compareOptions(
  sheet: ISheet,
  values: Values,
  trans: TranslationBundle
): IOptionResult[] {
  const numbers = new Map(sheet.numbers.map(item => [item.name, item]));
  return sheet.options.map(option => {
    const missing = new Set<string>();
    const lines = option.bill.map(({ label, formula }): ILineResult => {
      const names = namesIn(formula);
      const used = names.flatMap(name => numbers.get(name) ?? []);
      used
        .filter(({ name }) => values[name] === undefined)
        .forEach(item => missing.add(trans.__('no price set: %1', item.label)));
      const currencies = new Set(
        used.flatMap(item => (item.currency ? [item.currency] : []))
      );
      if (currencies.size > 1) {
        missing.add(
          trans.__('%1: its prices are in several currencies', label)
        );
        return { label, formula, names };
      }
      const [currency = sheet.currency] = currencies;
      const amount = evaluate(formula, values);
      return amount === undefined
        ? { label, formula, names }
        : { label, formula, names, currency, amount };
    });
    const value = (formula: string): number => evaluate(formula, values) ?? 0;
    const hours = value(
      `setup_${option.hours} / setup_months + upkeep_${option.hours}`
    );
    const people = money(hours * value('hour_price'), sheet.currency);
    const bill =
      missing.size > 0
        ? null
        : addMoney(
            ...lines.map(({ amount = 0, currency = sheet.currency }) =>
              money(amount, currency)
            )
          );
    return {
      option,
      lines,
      hours,
      bill,
      people,
      total: bill && addMoney(bill, people),
      missing: [...missing],
      limits: option.limits.flatMap(({ formula, text }) => {
        const over = value(formula);
        return over > 0
          ? [text.replace('%1', String(Math.ceil(over * 10) / 10))]
          : [];
      })
    };
  });
}

/** The total where it has one currency; undefined where it cannot be compared. */
export function comparable({ total }: IOptionResult): number | undefined {
  const amounts = total ? Object.values(total) : [];
  return amounts.length === 1 ? amounts[0] : undefined;
}

/** The cheapest that can do the work, among those of one currency. */
export function cheapest(
  results: readonly IOptionResult[],
  currency: string
): IOptionResult | null {
  const able = results.filter(
    result =>
      result.limits.length === 0 &&
      result.total?.[currency] !== undefined &&
      comparable(result) !== undefined
  );
  return able.reduce<IOptionResult | null>(
    (best, result) =>
      !best || (comparable(result) ?? 0) < (comparable(best) ?? 0)
        ? result
        : best,
    null
  );
}

function assumed(
  item: IAssumption,
  { changed, currency }: IInput,
  trans: TranslationBundle
): INumber {
  const { name, label, unit, source, date } = item;
  const isMoney = name.endsWith('_price');
  const value = changed[name];
  const fact = { name, label, ...(isMoney ? { currency } : {}) };
  return value === undefined
    ? { ...fact, unit, value: item.value, source, date }
    : { ...fact, unit, value, source: trans.__('put in by you'), date: '' };
}
