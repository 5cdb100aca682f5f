/**
 * Dekads, the ten-day steps of rainfall monitoring: days 1–10, 11–20 and 21 to
 * the month's end, 36 in a year. Written `202403d1` for 1–10 March 2024. Pure.
 */
import type { JSONObject } from '@lumino/coreutils';

const PER_YEAR = 36;
const LABEL = /^(\d{4})(0[1-9]|1[0-2])d([123])$/;
/** A year without a 29th of February, for dekads of any year. */
const COMMON_YEAR = 2023;

/** Number of a dekad, counted without gaps; null for text that is none. */
export function parseDekad(text: string): number | null {
  const match = LABEL.exec(text);
  if (!match) {
    return null;
  }
  const [year, month, third] = match.slice(1).map(Number);
  return year * PER_YEAR + (month - 1) * 3 + third - 1;
}

/** A dekad by its number as one writes it. */
export function dekadLabel(step: number): string {
  const year = Math.floor(step / PER_YEAR);
  const place = step - year * PER_YEAR;
  const month = String(Math.floor(place / 3) + 1).padStart(2, '0');
  return `${String(year).padStart(4, '0')}${month}d${(place % 3) + 1}`;
}

/** The days of a dekad, such as “1 – 10 March 2024”. */
export function dekadInWords(step: number, locale?: string): string {
  return Private.days(step, locale, { dateStyle: 'long' });
}

/** The days of a dekad of any year, counted from 1, such as “1 – 10 March”. */
export function dekadOfYearInWords(place: number, locale?: string): string {
  return Private.days(COMMON_YEAR * PER_YEAR + place - 1, locale, {
    day: 'numeric',
    month: 'long'
  });
}

/** Whether a parameter is a dekad of a certain year. */
export function isDekad(schema: JSONObject): boolean {
  const { pattern } = schema;
  return (
    schema.type === 'string' &&
    typeof pattern === 'string' &&
    Private.accepts(pattern, '202403d1') &&
    !Private.accepts(pattern, '2024-03-01')
  );
}

/** Whether a parameter is the number of a dekad in its year. */
export function isDekadOfYear(schema: JSONObject): boolean {
  return (
    schema.type === 'integer' &&
    schema.minimum === 1 &&
    schema.maximum === PER_YEAR &&
    /\bdekad of\b/i.test(String(schema.title))
  );
}

namespace Private {
  export function days(
    step: number,
    locale: string | undefined,
    options: Intl.DateTimeFormatOptions
  ): string {
    const year = Math.floor(step / PER_YEAR);
    const place = step - year * PER_YEAR;
    const month = Math.floor(place / 3);
    const third = place % 3;
    const first = Date.UTC(year, month, third * 10 + 1);
    const last =
      third === 2 ? Date.UTC(year, month + 1, 0) : first + 9 * 86_400_000;
    return new Intl.DateTimeFormat(locale, {
      ...options,
      timeZone: 'UTC'
    }).formatRange(first, last);
  }

  export function accepts(pattern: string, text: string): boolean {
    try {
      return new RegExp(pattern, 'u').test(text);
    } catch {
      return false;
    }
  }
}
