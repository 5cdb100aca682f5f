/**
 * Numbers as people read them, in the page's language. Pure functions; what is
 * not known gives an empty string, never 0.
 */

const formats = new Map<string, Intl.NumberFormat>();

/** A number format, made once: making one costs more than using it. */
function numberFormat(
  locale: string | undefined,
  options: Intl.NumberFormatOptions
): Intl.NumberFormat {
  const key = JSON.stringify([locale, options]);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes in binary units with at most three significant digits: `1.5 GiB`. */
export function formatBytes(
  bytes: number | undefined,
  locale?: string
): string {
  if (bytes === undefined || !Number.isFinite(bytes) || bytes < 0) {
    return '';
  }
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < BYTES.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = numberFormat(locale, {
    maximumSignificantDigits: 3
  }).format(value);
  return `${digits} ${BYTES[unit]}`;
}

/** A whole number with the language's grouping. */
export function formatCount(
  count: number | undefined,
  locale?: string
): string {
  return count === undefined || !Number.isFinite(count)
    ? ''
    : numberFormat(locale, { maximumFractionDigits: 0 }).format(count);
}

/** A part of a whole, given as 0 to 1: `42%`. */
export function formatShare(
  share: number | undefined,
  locale?: string
): string {
  return share === undefined || !Number.isFinite(share)
    ? ''
    : numberFormat(locale, {
        style: 'percent',
        maximumFractionDigits: 0
      }).format(share);
}

/** Milliseconds in the one or two largest units: `1 hr 5 min`, `12 sec`. */
export function formatDuration(
  ms: number | undefined,
  locale?: string
): string {
  if (ms === undefined || !Number.isFinite(ms)) {
    return '';
  }
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86400), 'day'],
    [Math.floor((seconds % 86400) / 3600), 'hour'],
    [Math.floor((seconds % 3600) / 60), 'minute'],
    [seconds % 60, 'second']
  ];
  const first = parts.findIndex(([value]) => value > 0);
  const shown =
    first < 0
      ? parts.slice(-1)
      : parts.slice(first, first + 2).filter(([value]) => value > 0);
  return shown
    .map(([value, unit]) =>
      numberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: 'short'
      }).format(value)
    )
    .join(' ');
}

/** The BCP 47 tag of a translator's language; undefined for one that is none. */
export function localeOf(languageCode: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(languageCode.replace('_', '-'))[0];
  } catch {
    return undefined;
  }
}

/** A clock time of today, with the date when it was another day. */
export function formatTime(
  ms: number,
  locale?: string,
  now = Date.now()
): string {
  const date = new Date(ms);
  const today = date.toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(locale, {
    dateStyle: today ? undefined : 'medium',
    timeStyle: 'medium'
  }).format(date);
}

const SIZE = /^\s*(\d+(?:\.\d+)?)\s*(B|[kKMGTP]i?B?)?\s*$/;

const POWERS: Record<string, number> = { K: 1, M: 2, G: 3, T: 4, P: 5 };

/**
 * Bytes of a size as Dask writes them: `2 GiB`, `500MB`, `1024`.
 * Undefined for anything else.
 */
export function parseBytes(text: string): number | undefined {
  const match = SIZE.exec(text);
  if (!match) {
    return undefined;
  }
  const unit = match[2] ?? 'B';
  const base = unit.includes('i') ? 1024 : 1000;
  const power = POWERS[unit[0].toUpperCase()] ?? 0;
  return Math.round(Number(match[1]) * base ** power);
}
