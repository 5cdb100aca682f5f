/** How large a cluster would be, from what is asked for and what is known of the place. */
import type { JSONObject } from '@lumino/coreutils';
import type { IClusterLimits, IMachine } from '../tokens';
import { parseBytes } from './units';

/** Workers of one size. */
export interface ISize {
  /** How many there would be without a wish. */
  workers?: number;
  /** How many there can be. */
  most?: number;
  /** Of each. */
  threads?: number;
  /** Bytes of each. */
  memory?: number;
}

/**
 * The size that options of any provider ask for; what they do not say is absent.
 *
 * @param machine - What all workers share, where that is one machine.
 */
export function plannedSize(
  options: JSONObject,
  limits: IClusterLimits = {},
  machine?: IMachine
): ISize {
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
  // A batch job can hold several workers, and its size is that of the job.
  const together = number('processes') ?? 1;
  const threads =
    least(
      number('threads', 'worker_cores', 'nthreads') ??
        Private.part(number('cores'), together) ??
        (cores && workers ? Math.floor(cores / workers) : undefined),
      limits.threadsPerWorker
    ) || undefined;
  const most = least(
    limits.workers,
    cores && (Math.floor(cores / (threads ?? 1)) || 1)
  );
  const memory =
    Private.part(sizeInBytes(options.memory), together) ??
    sizeInBytes(options.worker_memory) ??
    (machine && workers ? Private.share(machine, workers) : undefined);
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(workers === undefined ? {} : { workers }),
    ...(most === undefined ? {} : { most }),
    ...(memory === undefined
      ? {}
      : {
          memory: least(memory, sizeInBytes(limits.memoryPerWorker)) ?? memory
        })
  };
}

/** The least of what binds. */
export function least(...values: (number | undefined)[]): number | undefined {
  const known = values.filter(value => value !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

/** A size in bytes, or in GiB where it is a plain number, as a gateway's form has it. */
export function sizeInBytes(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return value > 0 ? value * 2 ** 30 : undefined;
  }
  return typeof value === 'string' ? parseBytes(value) : undefined;
}

namespace Private {
  /** What each of some has of a whole, in whole units. */
  export function part(
    whole: number | undefined,
    count: number
  ): number | undefined {
    return whole && Math.max(1, Math.floor(whole / count));
  }

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
