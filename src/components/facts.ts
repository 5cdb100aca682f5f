import type { TranslationBundle } from '@jupyterlab/translation';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare
} from '../cluster/units';
import type { IClusterSnapshot, ISample } from '../tokens';
import type { ILanguage } from './language';

/** How a state is marked beside its word. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'off';

/** The state of a cluster as one word or two, and its mark. */
export function describeState(
  snapshot: IClusterSnapshot,
  responding: boolean,
  trans: TranslationBundle
): { word: string; tone: Tone } {
  switch (snapshot.state) {
    case 'queued':
      return { word: trans.__('Queued'), tone: 'off' };
    case 'starting':
      return { word: trans.__('Starting'), tone: 'busy' };
    case 'stopping':
      return { word: trans.__('Stopping'), tone: 'busy' };
    case 'stopped':
      return { word: trans.__('Stopped'), tone: 'off' };
    case 'failed':
      return { word: trans.__('Failed'), tone: 'bad' };
    case 'lost':
      return { word: trans.__('Lost'), tone: 'bad' };
    default:
  }
  if (!responding) {
    return { word: trans.__('Not responding'), tone: 'warn' };
  }
  return snapshot.state === 'degraded'
    ? { word: trans.__('Degraded'), tone: 'warn' }
    : { word: trans.__('Running'), tone: 'good' };
}

/** `2 / 2 workers`, or the bounds of an adaptive cluster. */
export function describeWorkers(
  workers: IClusterSnapshot['workers'],
  { trans, locale }: ILanguage
): string {
  if (!workers) {
    return '';
  }
  const { ready, wanted, minimum, maximum } = workers;
  if (minimum !== undefined && maximum !== undefined) {
    return trans._n(
      '%2 worker (%3–%4)',
      '%2 workers (%3–%4)',
      ready,
      formatCount(ready, locale),
      formatCount(minimum, locale),
      formatCount(maximum, locale)
    );
  }
  if (wanted !== undefined) {
    return trans.__(
      '%1 / %2 workers',
      formatCount(ready, locale),
      formatCount(wanted, locale)
    );
  }
  return trans._n('%2 worker', '%2 workers', ready, formatCount(ready, locale));
}

/** `1.2 GiB / 8 GiB`; the limit is left out where it is not known. */
export function describeMemory(
  memory: IClusterSnapshot['memory'],
  { trans, locale }: ILanguage
): string {
  const used = formatBytes(memory?.used, locale);
  const limit = formatBytes(memory?.limit, locale);
  return used && limit ? trans.__('%1 / %2', used, limit) : used || limit;
}

/** For how long it has been up, since it was asked for. */
export function describeAge(
  { state, created }: IClusterSnapshot,
  now: number,
  { trans, locale }: ILanguage
): string[] {
  if (state !== 'running' && state !== 'degraded') {
    return [];
  }
  const age = now - created;
  return [
    age < 60_000
      ? trans.__('just started')
      : trans.__('up for %1', formatDuration(minutes(age), locale))
  ];
}

/** What the tasks do and for how long nothing ran, in short parts. */
export function describeTasks(
  snapshot: IClusterSnapshot,
  now: number,
  { trans, locale }: ILanguage
): string[] {
  const { tasks, idleSince, conditions, memory, workers } = snapshot;
  const parts: string[] = [];
  const count = (value: number): string => formatCount(value, locale);
  if (tasks && tasks.processing + tasks.waiting > 0) {
    parts.push(
      trans._n(
        '%2 task running',
        '%2 tasks running',
        tasks.processing,
        count(tasks.processing)
      )
    );
    if (tasks.waiting > 0) {
      parts.push(trans.__('%1 waiting', count(tasks.waiting)));
    }
  } else if (idleSince !== undefined) {
    parts.push(
      now - idleSince < 60_000
        ? trans.__('idle')
        : trans.__(
            'idle for %1',
            formatDuration(minutes(now - idleSince), locale)
          )
    );
  } else if (tasks) {
    parts.push(trans.__('no tasks'));
  }
  // A budget that lasts for days needs no countdown.
  const far = snapshot.stopsFor === 'budget' && !snapshot.stopsWithin;
  if (snapshot.stopsAt !== undefined && !far) {
    const left = Math.max(0, snapshot.stopsAt - now);
    parts.push(
      left < 60_000
        ? trans.__('stops in less than a minute')
        : trans.__('stops in %1', formatDuration(minutes(left), locale))
    );
  }
  if (tasks && tasks.erred > 0) {
    parts.push(trans.__('%1 failed', count(tasks.erred)));
  }
  if (conditions?.paused) {
    parts.push(
      trans._n(
        '%2 worker paused',
        '%2 workers paused',
        conditions.paused,
        count(conditions.paused)
      )
    );
  }
  if (conditions?.restarting) {
    const all = Math.max(conditions.restarting, workers?.wanted ?? 0);
    parts.push(
      trans._n(
        'restarting %2 of %3 worker',
        'restarting %2 of %3 workers',
        all,
        count(conditions.restarting),
        count(all)
      )
    );
  }
  if (memory?.spilled) {
    parts.push(trans.__('%1 on disk', formatBytes(memory.spilled, locale)));
  }
  return parts;
}

/** The samples of one measure with its lowest, highest and last value. */
export interface ISeries {
  points: Array<{ time: number; value: number }>;
  text: string;
}

/** A chart of less is a stroke at its end, in ms. */
const LEAST = 10_000;

/** CPU over the last minutes, with the same in words. */
export function describeHistory(
  history: readonly ISample[],
  { trans, locale }: ILanguage
): ISeries | null {
  const points = history.flatMap(({ time, cpu }) =>
    cpu === undefined ? [] : [{ time, value: cpu }]
  );
  if (
    points.length < 2 ||
    points[points.length - 1].time - points[0].time < LEAST
  ) {
    return null;
  }
  const values = points.map(point => point.value);
  const percent = (value: number): string => formatShare(value / 100, locale);
  return {
    points,
    text: trans.__(
      'CPU in the last 5 minutes: now %1, lowest %2, highest %3',
      percent(values[values.length - 1]),
      percent(Math.min(...values)),
      percent(Math.max(...values))
    )
  };
}

/** Whole minutes, so that a text does not change each second. */
function minutes(ms: number): number {
  return Math.floor(ms / 60_000) * 60_000;
}
