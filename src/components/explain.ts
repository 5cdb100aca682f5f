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

/** Why a worker went, as far as it is known. */
function explainLoss(
  reason: IClusterEvent['reason'],
  trans: TranslationBundle
): IExplanation {
  switch (reason) {
    case 'asked':
      return {
        what: trans.__(
          'It was meant to go: somebody or the limits of the cluster made it smaller, or its time on the machine was over, such as the walltime of a batch system. Dask first copies what only this worker held to the others.'
        ),
        next: trans.__('There is nothing to do.')
      };
    case 'memory':
      return {
        what: trans.__(
          'It used more memory than a worker may have, and was ended so that the machine goes on. Its tasks go to other workers, which can die of the same: a task with which several workers died is given up, with the error KilledWorker.'
        ),
        next: trans.__(
          'Choose smaller chunks, fewer threads for each worker, or workers with more memory.'
        )
      };
    case 'silent':
      return {
        what: trans.__(
          'The scheduler heard nothing of it for minutes. Its machine may be gone or cut off, or one task keeps the whole process busy. Its tasks go to other workers.'
        ),
        next: trans.__(
          'If more of them go, look whether machines are taken away while you work; else look for a task that does not let go of the process for long, and make it smaller.'
        )
      };
    case 'died':
      return {
        what: trans.__(
          'Its process ended although nobody asked for it, and not at its own limit of memory: the machine ran out of memory, somebody ended it, or a library crashed. Its tasks go to other workers; a task with which several workers died is given up, with the error KilledWorker.'
        ),
        next: trans.__(
          'If it happens again, look at the log of the worker and at the memory of the machine.'
        )
      };
    default:
      return {
        what: trans.__(
          'There is a worker less. What told of it does not know why: somebody made the cluster smaller, the worker used too much memory, or its machine is gone. Its tasks go to other workers.'
        ),
        next: trans.__(
          'If nobody made the cluster smaller, look at the memory of the workers first: smaller chunks are often the answer.'
        )
      };
  }
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
      return explainLoss(event.reason, trans);
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
