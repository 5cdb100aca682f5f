import type { TranslationBundle } from '@jupyterlab/translation';

/** More is a slip of the finger wherever no limit is known. */
const MOST = 100_000;

/** A number of workers that was typed, or what is wrong with it. */
export type Count = { value: number } | { message: string };

/** Read a number of workers from text. */
export function parseCount(
  text: string,
  limit: number | undefined,
  trans: TranslationBundle
): Count {
  const typed = text.trim();
  if (!typed) {
    return { message: trans.__('Enter a number of workers.') };
  }
  if (/^-\s*\d/.test(typed)) {
    return { message: trans.__('The number cannot be below 0.') };
  }
  if (!/^\d+$/.test(typed)) {
    return { message: trans.__('Enter a whole number, such as 4.') };
  }
  const value = Number(typed);
  const most = limit ?? MOST;
  if (value > most) {
    return { message: trans.__('At most %1 workers are allowed here.', most) };
  }
  return { value };
}

/** Bounds of an adaptive cluster that were typed, or what is wrong by field. */
export type Bounds =
  | { minimum: number; maximum: number }
  | { messages: { minimum?: string; maximum?: string } };

/** Read the bounds of an adaptive cluster from text. */
export function parseBounds(
  minimum: string,
  maximum: string,
  limit: number | undefined,
  trans: TranslationBundle
): Bounds {
  const low = parseCount(minimum, limit, trans);
  const high = parseCount(maximum, limit, trans);
  if ('message' in low || 'message' in high) {
    return {
      messages: {
        minimum: 'message' in low ? low.message : undefined,
        maximum: 'message' in high ? high.message : undefined
      }
    };
  }
  if (low.value > high.value) {
    return {
      messages: {
        minimum: trans.__('The minimum cannot be above the maximum.')
      }
    };
  }
  if (high.value === 0) {
    return {
      messages: { maximum: trans.__('The maximum must be at least 1.') }
    };
  }
  return { minimum: low.value, maximum: high.value };
}
