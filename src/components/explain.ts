/**
 * What an event of a cluster means, for who learns Dask. Pure; the facts are from
 * Dask's documentation of scheduling states and of the memory of workers.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IClusterEvent } from '../tokens';

/** An event explained. */
export interface IExplanation {
  /** What it is and why it happens. */
  what: string;
  /** What one can do, or that there is nothing to do. */
  next: string;
}

/** Explain an event; null where its own words say all. */
export function explain(
  event: IClusterEvent,
  trans: TranslationBundle
): IExplanation | null {
  switch (event.kind) {
    case 'worker-added':
      return {
        what: trans.__(
          'A worker is a process that computes. The scheduler gives it tasks from now on; what others hold in memory stays with them.'
        ),
        next: trans.__('There is nothing to do.')
      };
    case 'worker-restarted':
      return {
        what: trans.__(
          'Each worker has a nanny, a process that starts it again when it dies. It comes back with empty memory.'
        ),
        next: trans.__(
          'There is nothing to do, unless it dies again: then look for the reason in the event before it.'
        )
      };
    case 'worker-lost':
      return event.level === 'info'
        ? {
            what: trans.__(
              'The cluster became smaller because somebody or its limits asked for it. Dask first copies what only this worker held to the others.'
            ),
            next: trans.__('There is nothing to do.')
          }
        : {
            what: trans.__(
              'A process ended that should not have. Often it used more memory than its limit, and was ended so that the machine goes on. Its tasks go to other workers; a task with which several workers died is given up, with the error KilledWorker.'
            ),
            next: trans.__(
              'If it was memory: choose smaller chunks, fewer threads for each worker, or workers with more memory.'
            )
          };
    case 'worker-paused':
      return {
        what: trans.__(
          'A worker that has filled four fifths of its memory takes no new tasks until there is room again. Results that nobody needs any more make room, and results that are written to disk.'
        ),
        next: trans.__(
          'If it stays so: delete variables that hold results (persist keeps all of them), choose smaller chunks, or add workers.'
        )
      };
    case 'spilled':
      return {
        what: trans.__(
          'From three fifths of its memory on, a worker writes results that it does not need at once to its disk, and reads them back later. Nothing is lost; it is slower.'
        ),
        next: trans.__(
          'Add workers or memory, or keep less: compute a sum or a mean on the cluster and fetch only that.'
        )
      };
    case 'tasks-recomputed':
      return {
        what: trans.__(
          'Results are kept only in the memory of workers. The scheduler still knows how each was made, so it makes the lost ones again. The answer is the same; it comes later.'
        ),
        next: trans.__(
          'There is nothing to do. Write to files what took long, so that it survives.'
        )
      };
    case 'data-lost':
      return {
        what: trans.__(
          'Data that a notebook sent (scatter) has no recipe, so it cannot be made again. What depends on it fails.'
        ),
        next: trans.__(
          'Send it again, with broadcast=True so that each worker has a copy; better, let workers read it from files.'
        )
      };
    case 'task-erred':
      return {
        what: trans.__(
          'The function of one task raised an error. What depends on it cannot be computed; all else goes on. The notebook gets the error when it asks for the result.'
        ),
        next: trans.__(
          'Read the error, and try the same function on one small chunk without the cluster.'
        )
      };
    case 'scaled':
      return {
        what: trans.__(
          'The number of workers that the cluster wants has changed. New ones come one after the other; workers that are to go hand over what they hold first.'
        ),
        next: trans.__('There is nothing to do.')
      };
    case 'state':
    case 'log':
      return null;
  }
}
