/** What a scheduler says, as the model keeps it. Pure. */
import type {
  ClusterState,
  ICapabilities,
  IClusterSnapshot,
  IWorker
} from '../../tokens';
import type { IWish } from './form';
import type { ICounts } from './wire';

/** A cluster this young, in ms, has not idled for long. */
const YOUNG = 60_000;

/** What a gateway lets its users do. */
export const GATEWAY_CAPABILITIES: ICapabilities = {
  scale: true,
  adapt: true,
  restart: false,
  rename: false,
  workers: true,
  logs: false,
  stop: true
};

/** The state of a cluster by the gateway's word for it. */
export function stateOf(status: string): ClusterState {
  switch (status) {
    case 'PENDING':
      return 'starting';
    case 'RUNNING':
      return 'running';
    case 'STOPPING':
      return 'stopping';
    case 'STOPPED':
      return 'stopped';
    case 'FAILED':
      return 'failed';
    default:
      return 'lost';
  }
}

/**
 * The part of a snapshot that the scheduler's numbers tell. What they do not
 * tell is absent.
 *
 * @param before - The snapshot until now.
 * @param workers - Null when they were not asked for: what is known stays.
 * @param wish - How many workers were asked for, as far as is known.
 * @param idleTimeout - Seconds after which the gateway ends an idle cluster.
 */
export function figures(
  before: IClusterSnapshot,
  counts: ICounts,
  workers: readonly IWorker[] | null,
  wish: IWish,
  now: number,
  idleTimeout?: number
): Partial<IClusterSnapshot> {
  const busy = counts.processing + counts.waiting > 0;
  // Since when it idles is known only if its beginning was seen.
  const seen = before.tasks !== undefined || now - before.created < YOUNG;
  const idleSince = busy
    ? undefined
    : (before.idleSince ?? (seen ? now : undefined));
  return {
    workers: {
      ...Private.wanted(wish),
      ...before.workers,
      ready: counts.workers
    },
    threads: counts.threads,
    tasks: {
      processing: counts.processing,
      waiting: counts.waiting,
      memory: counts.memory,
      erred: counts.erred
    },
    idleSince,
    stopsAt:
      idleSince !== undefined && idleTimeout
        ? idleSince + idleTimeout * 1000
        : undefined,
    ...(workers ? Private.sums(workers) : {})
  };
}

namespace Private {
  export function wanted({
    workers,
    minimum,
    maximum
  }: IWish): Omit<NonNullable<IClusterSnapshot['workers']>, 'ready'> {
    return maximum !== undefined
      ? { minimum: minimum ?? 0, maximum }
      : workers !== undefined
        ? { wanted: workers }
        : {};
  }

  export function sums(
    workers: readonly IWorker[]
  ): Pick<IClusterSnapshot, 'memory' | 'cpu'> {
    if (workers.length === 0) {
      return { memory: undefined, cpu: undefined };
    }
    const sum = (of: (worker: IWorker) => number): number =>
      workers.reduce((total, worker) => total + of(worker), 0);
    const limit = sum(worker => worker.memoryLimit ?? 0);
    const spilled = sum(worker => worker.spilled ?? 0);
    return {
      memory: {
        used: sum(worker => worker.memory),
        ...(limit > 0 ? { limit } : {}),
        ...(spilled > 0 ? { spilled } : {})
      },
      cpu: sum(worker => worker.cpu)
    };
  }
}
