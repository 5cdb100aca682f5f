/**
 * Where a template could run: the profiles of the site, and the cluster that is
 * there. Pure functions; what nobody says is absent.
 */
import type { JSONObject } from '@lumino/coreutils';
import { parseBytes } from '../../cluster/units';
import type {
  IClusterLimits,
  IClusterSnapshot,
  IMachine,
  IProfile
} from '../../tokens';

/** Workers of one size. */
export interface ISize {
  /** How many there would be without a wish. */
  workers?: number;
  /** How many there can be. */
  most?: number;
  threads: number;
  /** Bytes of each. */
  memory?: number;
}

/** A place with its size. */
export interface IPlace extends ISize {
  /** The profile's or the cluster's name. */
  name: string;
  provider: string;
  options: JSONObject;
  /** It would have to be started. */
  profile?: IProfile;
  /** How many times as long as the machine of the estimates its own takes, if known. */
  slowness?: number;
  /** Threads follow from the number of workers where nobody asks for them. */
  shared?: boolean;
}

/** What a profile starts, within the limits. */
export function profilePlace(
  profile: IProfile,
  limits: IClusterLimits,
  machine?: IMachine
): IPlace {
  const { name, provider, options } = profile;
  const number = (...names: string[]): number | undefined =>
    names
      .map(key => options[key])
      .find((value): value is number => typeof value === 'number' && value > 0);
  const cores = machine && Math.max(1, Math.floor(machine.cores));
  const usual = cores && Private.workers(cores);
  const workers = least(
    number('maximum', 'workers', 'n_workers') ?? usual,
    limits.workers
  );
  const threads =
    least(
      number('threads', 'worker_cores', 'nthreads') ??
        (cores && workers ? Math.floor(cores / workers) : 1),
      limits.threadsPerWorker
    ) || 1;
  const most = least(
    limits.workers,
    cores && (Math.floor(cores / threads) || 1)
  );
  const memory =
    bytes(options.memory) ??
    bytes(options.worker_memory) ??
    (machine && workers ? Private.share(machine, workers) : undefined);
  return {
    name,
    provider,
    options,
    profile,
    threads,
    ...(machine ? { shared: true } : {}),
    ...(workers === undefined ? {} : { workers }),
    ...(most === undefined ? {} : { most }),
    ...(memory === undefined
      ? {}
      : { memory: least(memory, bytes(limits.memoryPerWorker)) ?? memory })
  };
}

/** The cluster that is there; null before it has workers. */
export function clusterPlace(
  provider: string,
  { name, workers, threads, memory, options }: IClusterSnapshot
): IPlace | null {
  if (!workers || workers.ready < 1 || !threads) {
    return null;
  }
  return {
    name,
    provider,
    options: options ?? {},
    workers: workers.ready,
    most: workers.ready,
    threads: Math.max(1, Math.round(threads / workers.ready)),
    ...(memory?.limit ? { memory: memory.limit / workers.ready } : {})
  };
}

/** The least of what binds. */
function least(...values: (number | undefined)[]): number | undefined {
  const known = values.filter(value => value !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

/** A size in bytes, or in GB where it is a plain number. */
function bytes(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return value > 0 ? value * 2 ** 30 : undefined;
  }
  return typeof value === 'string' ? parseBytes(value) : undefined;
}

namespace Private {
  /** As a controller shares a machine (`controller/host.py`). */
  export function workers(cores: number): number {
    if (cores <= 4) {
      return cores;
    }
    let count = Math.floor(Math.sqrt(cores));
    while (cores % count !== 0) {
      count += 1;
    }
    return count;
  }

  export function share({ memory }: IMachine, workers: number): number {
    return (memory - Math.min(memory * 0.2, 4 * 2 ** 30)) / workers;
  }
}
