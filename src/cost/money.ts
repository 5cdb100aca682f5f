/**
 * Arithmetic with amounts of money, by currency. Pure functions.
 */
import type { Money } from '../tokens';

/** No money at all. */
export const NOTHING: Money = {};

/** An amount of one currency. */
export function money(amount: number, currency: string): Money {
  return { [currency]: amount };
}

/** The sum, currency by currency. */
export function addMoney(...parts: Money[]): Money {
  const sum: Record<string, number> = {};
  for (const part of parts) {
    for (const [currency, amount] of Object.entries(part)) {
      sum[currency] = (sum[currency] ?? 0) + amount;
    }
  }
  return sum;
}

/** The same, so many times. */
export function timesMoney(part: Money, factor: number): Money {
  return Object.fromEntries(
    Object.entries(part).map(([currency, amount]) => [
      currency,
      amount * factor
    ])
  );
}

/** Whether there is an amount, be it 0. */
export function isSet(part: Money): boolean {
  return Object.keys(part).length > 0;
}

/** Whether a code is one of ISO 4217, as the browser knows them. */
export function isCurrency(code: string): boolean {
  return Private.codes()?.has(code) ?? /^[A-Z]{3}$/.test(code);
}

/**
 * An amount with its currency's digits, `1,234.50 USD`; two significant digits
 * where it is less than a tenth, so that little is not shown as nothing.
 */
export function formatAmount(
  amount: number,
  currency: string,
  locale?: string
): string {
  return `${Private.format(amount, currency, locale).format(amount)} ${currency}`;
}

/** A price as it stands in a table: `0.04048 USD`. */
export function formatPrice(
  price: number,
  currency: string,
  locale?: string
): string {
  const digits = new Intl.NumberFormat(locale, { maximumFractionDigits: 9 });
  return `${digits.format(price)} ${currency}`;
}

/** All amounts, such as `1.20 USD + 3.00 EUR`; empty when there is none. */
export function formatMoney(part: Money, locale?: string): string {
  return Object.entries(part)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([currency, amount]) => formatAmount(amount, currency, locale))
    .join(' + ');
}

namespace Private {
  let known: ReadonlySet<string> | null | undefined;

  /** The currencies that there are, or null where the browser cannot say. */
  export function codes(): ReadonlySet<string> | null {
    if (known === undefined) {
      const { supportedValuesOf } = Intl as {
        supportedValuesOf?: (key: string) => string[];
      };
      known = supportedValuesOf ? new Set(supportedValuesOf('currency')) : null;
    }
    return known;
  }

  const formats = new Map<string, Intl.NumberFormat>();

  /** A number format, made once: making one costs more than using it. */
  export function format(
    amount: number,
    currency: string,
    locale?: string
  ): Intl.NumberFormat {
    const small = amount !== 0 && Math.abs(amount) < 0.1;
    const key = `${locale ?? ''} ${small ? '' : currency}`;
    let found = formats.get(key);
    if (!found) {
      found = new Intl.NumberFormat(
        locale,
        small ? { maximumSignificantDigits: 2 } : digits(currency)
      );
      formats.set(key, found);
    }
    return found;
  }

  function digits(currency: string): Intl.NumberFormatOptions {
    const { maximumFractionDigits, minimumFractionDigits } =
      new Intl.NumberFormat('en', {
        style: 'currency',
        currency
      }).resolvedOptions();
    return { maximumFractionDigits, minimumFractionDigits };
  }
}
