/** Times as a person types them: without a zone, which is the person's own. Pure. */

/**
 * A moment as `datetime-local` inputs write it, in the person's zone.
 *
 * @param time - ISO 8601 with an offset.
 * @returns Empty when it is no moment.
 */
export function toLocal(time: string | undefined): string {
  const date = new Date(time ?? NaN);
  if (Number.isNaN(date.getTime())) {
    return '';
  }
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/**
 * The moment that a person typed, with the offset that their zone has then.
 *
 * @param local - As `datetime-local` inputs write it.
 * @returns Undefined when it is no moment.
 */
export function withOffset(local: string): string | undefined {
  const date = new Date(local);
  if (!/^\d{4}-/.test(local) || Number.isNaN(date.getTime())) {
    return undefined;
  }
  const minutes = -date.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  const ahead = Math.abs(minutes);
  const offset = `${pad(Math.floor(ahead / 60))}:${pad(ahead % 60)}`;
  return `${local.slice(0, 16)}${sign}${offset}`;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
