/**
 * What could be better about a cluster while it runs, from what its scheduler
 * tells. Pure functions; where something is not known there is no advice.
 */
import { formatBytes, formatCount } from '../cluster/units';
import type { IClusterSnapshot, ISample, IWorker } from '../tokens';
import type { ILanguage } from './language';
import { plainText } from '../plainText';

/** One thing to improve, and the one act that does it. */
export interface IAdvice {
  id: 'remark' | 'fewer' | 'memory' | 'straggler' | 'chunks';
  /** What is seen, in words. */
  text: string;
  /** Scale to so many workers; absent where the act is another one. */
  workers?: number;
}

/** Less work than there are workers for must last so long, in ms. */
const LASTING = 120_000;

/** The part of the memory that may be on disk. */
const SPILLED = 0.05;

/** One worker has at least so many times the tasks of all others together. */
const UNEVEN = 3;

export interface ISeen {
  snapshot: IClusterSnapshot;
  history: readonly ISample[];
  /** The rows of the worker table, where somebody looks at them. */
  workers: readonly IWorker[];
  now: number;
}

/** The most important advice for a cluster, or none. */
export function advise(seen: ISeen, language: ILanguage): IAdvice | null {
  const { state, workers } = seen.snapshot;
  if (state !== 'running' || !workers || workers.ready < 1) {
    return null;
  }
  const [remark] = seen.snapshot.remarks ?? [];
  if (remark) {
    return { id: 'remark', text: plainText(remark, 500) };
  }
  return (
    Private.memory(seen, language) ??
    Private.chunks(seen, language) ??
    Private.straggler(seen, language) ??
    Private.fewer(seen, language)
  );
}

namespace Private {
  /** Results go to disk: more workers have more memory. */
  export function memory(
    { snapshot }: ISeen,
    { trans, locale }: ILanguage
  ): IAdvice | null {
    const { memory: used, conditions, workers } = snapshot;
    const spilled = used?.spilled ?? 0;
    const share = used?.limit ? spilled / used.limit : 0;
    if (!workers || (share < SPILLED && !conditions?.paused)) {
      return null;
    }
    const text = conditions?.paused
      ? trans._n(
          '%2 worker takes no tasks, since its memory is full.',
          '%2 workers take no tasks, since their memory is full.',
          conditions.paused,
          formatCount(conditions.paused, locale)
        )
      : trans.__(
          'Memory is full: %1 are on disk, which is slow.',
          formatBytes(spilled, locale)
        );
    const more = Math.min(2 * workers.ready, workers.limit ?? Infinity);
    return more > workers.ready && workers.wanted !== undefined
      ? { id: 'memory', text, workers: more }
      : {
          id: 'memory',
          text: [
            text,
            trans.__('Take workers with more memory, or smaller chunks.')
          ].join(' ')
        };
  }

  /** Chunks do not suit the workers, or the scheduler. */
  export function chunks(
    { snapshot: { chunks: found } }: ISeen,
    { trans, locale }: ILanguage
  ): IAdvice | null {
    if (found?.kind === 'big' && found.bytes !== undefined) {
      return {
        id: 'chunks',
        text: trans.__(
          'Chunks are too big for these workers: results are %1 each. Take smaller chunks.',
          formatBytes(found.bytes, locale)
        )
      };
    }
    if (found?.kind === 'small' && found.seconds !== undefined) {
      return {
        id: 'chunks',
        text: trans.__(
          'Chunks are too small: a task takes %1 ms, not much more than the scheduler needs for it. Take larger chunks.',
          formatCount(Math.max(1, Math.round(1000 * found.seconds)), locale)
        )
      };
    }
    return null;
  }

  /** One worker has work, and the others wait for it. */
  export function straggler(
    { workers, snapshot }: ISeen,
    { trans }: ILanguage
  ): IAdvice | null {
    const [first, ...others] = [...workers].sort(
      (a, b) => b.processing - a.processing
    );
    const rest = others.reduce((sum, { processing }) => sum + processing, 0);
    const waits = (snapshot.tasks?.waiting ?? 0) > 0;
    if (
      others.length < 2 ||
      !waits ||
      first.processing < UNEVEN * Math.max(1, rest)
    ) {
      return null;
    }
    return {
      id: 'straggler',
      text: trans.__(
        'Worker %1 has nearly all the work, and the others wait for it.',
        first.name
      )
    };
  }

  /** There was less work than workers for a while. */
  export function fewer(
    { snapshot, history, now }: ISeen,
    { trans, locale }: ILanguage
  ): IAdvice | null {
    const { workers, threads, tasks } = snapshot;
    if (!workers || workers.wanted === undefined || !threads || !tasks) {
      return null;
    }
    const each = Math.max(1, threads / workers.ready);
    const busiest = Math.max(
      tasks.processing,
      ...history.map(({ processing }) => processing ?? Infinity)
    );
    const needed = Math.ceil(busiest / each);
    const lasts = history.length > 0 && now - history[0].time >= LASTING;
    if (
      !lasts ||
      tasks.processing === 0 ||
      tasks.waiting > 0 ||
      needed < 1 ||
      2 * needed > workers.ready
    ) {
      return null;
    }
    const unused = workers.ready - needed;
    return {
      id: 'fewer',
      text: trans._n(
        '%2 of %3 worker had nothing to do in the last minutes.',
        '%2 of %3 workers had nothing to do in the last minutes.',
        workers.ready,
        formatCount(unused, locale),
        formatCount(workers.ready, locale)
      ),
      workers: needed
    };
  }
}
