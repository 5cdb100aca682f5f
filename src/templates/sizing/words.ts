/** What an estimate recommends, in words. Pure functions. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { formatBytes, formatCount } from '../../cluster/units';
import { workerMemory } from '../../cluster/advisor';
import type { IChunkAdvice, IEstimate, IRow, Reason } from './estimate';

/** What is to be said of a row, or nothing. */
export function rowNote(row: IRow, trans: TranslationBundle): string {
  if (!row.fits) {
    return trans.__('too little memory');
  }
  if (row.late) {
    return trans.__('not done in time');
  }
  return row.place.profile ? '' : trans.__('running');
}

/** The recommendation and its reason. */
export function reasonText(
  { row, reason }: { row: IRow; reason: Reason },
  { work, chunkPx }: IEstimate,
  trans: TranslationBundle,
  locale?: string
): string {
  const { name, threads, memory } = row.place;
  switch (reason) {
    case 'here':
      return trans.__('The cluster “%1” does it.', name);
    case 'cheapest':
      return trans.__('Recommended: “%1”, the cheapest that fits.', name);
    case 'only':
      return trans.__('Recommended: “%1”, the only one that fits.', name);
    case 'first':
      return trans.__(
        'Recommended: “%1”, the first that fits. Which is the cheapest is not known: not all have a price in one currency.',
        name
      );
    case 'fastest':
      return trans.__(
        'None is done in time; “%1” is the fastest. Allow more time, or a smaller area or period.',
        name
      );
    case 'noMemory':
      return trans.__(
        'No worker has enough memory: “%1” has %2 each, and chunks of %3 px need %4.',
        name,
        formatBytes(memory, locale),
        formatCount(chunkPx, locale),
        formatBytes(workerMemory(work, chunkPx, threads), locale)
      );
  }
}

/** Why chunks of another size would be better. */
export function chunkText(
  { px, why }: IChunkAdvice,
  { chunks, tasks }: IEstimate,
  trans: TranslationBundle,
  locale?: string
): string {
  switch (why) {
    case 'memory':
      return trans.__('Chunks of %1 px fit its workers.', px);
    case 'few':
      return trans._n(
        '%2 chunk is too few for its cores to share: chunks of %3 px are better.',
        '%2 chunks are too few for its cores to share: chunks of %3 px are better.',
        chunks,
        formatCount(chunks, locale),
        px
      );
    case 'tasks':
      return trans.__(
        '%1 tasks are too many for one run: chunks of %2 px make fewer.',
        formatCount(tasks, locale),
        px
      );
  }
}
