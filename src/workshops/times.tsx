/** Times of a workshop: how long it still goes, and when one's turn is. */
import * as React from 'react';
import { formatDuration } from '../cluster/units';
import { useLanguage } from '../components/language';
import { useNow } from '../components/signals';
import type { IWorkshop } from './model';
import { peopleBefore } from './plan';

/** When it is, here and in UTC, and how much time is left. */
export function TimeLeft({
  workshop
}: {
  workshop: IWorkshop;
}): JSX.Element | null {
  const { trans, locale } = useLanguage();
  const now = useNow(10_000, true);
  const [start, end] = [workshop.start, workshop.end].map(time =>
    time === undefined ? undefined : Date.parse(time)
  );
  const moment = (time: number): string =>
    trans.__(
      '%1 (%2)',
      formatMoment(time, locale),
      formatMoment(time, locale, 'UTC')
    );
  const parts: string[] = [];
  if (start !== undefined && now < start) {
    parts.push(
      start - now < FAR
        ? trans.__(
            'It starts in %1, at %2.',
            formatDuration(start - now, locale),
            moment(start)
          )
        : trans.__('It starts at %1.', moment(start))
    );
  }
  if (end !== undefined && now >= end) {
    parts.push(trans.__('It ended at %1.', moment(end)));
  } else if (end !== undefined) {
    parts.push(
      end - now < FAR
        ? trans.__(
            'It ends in %1, at %2.',
            formatDuration(end - now, locale),
            moment(end)
          )
        : trans.__('It ends at %1.', moment(end))
    );
  }
  return parts.length > 0 ? (
    <p className="jp-Workshop-banner">{parts.join(' ')}</p>
  ) : null;
}

/** How long one's start still waits, and about how many come before. */
export function WaitLeft({
  workshop,
  due
}: {
  workshop: IWorkshop;
  due: number;
}): JSX.Element {
  const { trans, locale } = useLanguage();
  const now = useNow(1000, true);
  const queue = peopleBefore(workshop, due, now);
  const left = formatDuration(due - now, locale);
  return (
    <span role="status">
      {queue
        ? trans.__(
            'Starts are spread over time. Yours is in %1; about %2 of %3 are before you.',
            left,
            queue.before,
            queue.of
          )
        : trans.__('Starts are spread over time. Yours is in %1.', left)}
    </span>
  );
}

/** The next time that clocks here show `hh:mm`, in ms since the epoch. */
export function nextMoment(time: string, now = Date.now()): number {
  const [hours, minutes] = time.split(':').map(Number);
  const moment = new Date(now);
  moment.setHours(hours, minutes, 0, 0);
  if (moment.getTime() <= now) {
    moment.setDate(moment.getDate() + 1);
  }
  return moment.getTime();
}

/** From when on the date says more than the time that is left, in ms: 30 days. */
const FAR = 30 * 86_400_000;

/** A moment, in the person's zone or another; with its year where it is not near. */
export function formatMoment(
  time: number,
  locale?: string,
  timeZone?: string,
  now = Date.now()
): string {
  const isNear = Math.abs(time - now) < FAR;
  return new Intl.DateTimeFormat(locale, {
    year: isNear ? undefined : 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short'
  }).format(time);
}
