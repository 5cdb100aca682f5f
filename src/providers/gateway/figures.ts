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

/** What was seen this long ago, in ms, says nothing of the time since. */
const UNSEEN = 600_000;

/** A gateway looks four times in the time after which it ends a cluster. */
const LATE = 1.25;

/** What is known beside the scheduler's numbers. */
export interface IKnown {
  /** Absent when they were not asked for: what is known stays. */
  workers?: readonly IWorker[] | null;
  /** How many workers were asked for, as far as is known. */
  wish: IWish;
  quiet?: IQuiet;
  /** Seconds after which the gateway ends an idle cluster. */
  idleTimeout?: number;
}

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

/** Since when a cluster may idle, as far as it was seen. */
export interface IQuiet {
  /** When something ran last, or the cluster was new, ms since the epoch. */
  since: number;
  /** When one looked last, ms since the epoch. */
  seen: number;
}

/**
 * Since when nothing has been seen to run. A scheduler does not tell it, so what
 * was known before goes on, also over a time without looks: then a countdown ends
 * too early rather than too late.
 *
 * @param known - As of the last look.
 * @param idleTimeout - Seconds after which the gateway ends an idle cluster.
 * @returns Undefined when it is not known.
 */
export function quietSince(
  { created }: IClusterSnapshot,
  counts: ICounts,
  known: IQuiet | undefined,
  now: number,
  idleTimeout?: number
): IQuiet | undefined {
  if (Private.isBusy(counts)) {
    return { since: now, seen: now };
  }
  // A cluster that would have been ended meanwhile was used.
  const holds =
    known !== undefined &&
    (idleTimeout
      ? now < known.since + idleTimeout * 1000 * LATE + YOUNG
      : now - known.seen < UNSEEN);
  if (holds) {
    return { since: known.since, seen: now };
  }
  return Math.abs(now - created) < YOUNG
    ? { since: now, seen: now }
    : undefined;
}

/**
 * The part of a snapshot that the scheduler's numbers tell. What they do not
 * tell is absent.
 *
 * @param before - The snapshot until now.
 */
export function figures(
  before: IClusterSnapshot,
  counts: ICounts,
  { workers, wish, quiet, idleTimeout }: IKnown
): Partial<IClusterSnapshot> {
  const idleSince = Private.isBusy(counts) ? undefined : quiet?.since;
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
  export function isBusy({ processing, waiting }: ICounts): boolean {
    return processing + waiting > 0;
  }

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
