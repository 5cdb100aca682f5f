/**
 * Memory, chunk size, tasks, workers and time of a plan, before anything is
 * started. Pure functions, the same as in `seasonal_monitor/advisor.py`, where
 * the rules are explained; a test runs both over the same cases.
 */

/** Bytes that each worker process needs for imports and compiled code. */
export const BASE_BYTES = 400_000_000;

/** Dask begins to spill at this share of a worker's limit. */
export const SPILL_SHARE = 0.6;

const SMALLEST_CHUNK_PX = 16;

/** More tasks than this are too many for one run. */
export const MOST_TASKS = 100_000;

/** What is to be computed. */
export interface IWorkload {
  /** Time steps that are computed. */
  steps: number;
  /** Time steps that are read, and held in memory. */
  reads: number;
  /** Pixels. */
  height: number;
  width: number;
  /** Bytes of one value while it is worked on. */
  itemsize: number;
  /** How many chunks' worth of memory one chunk takes. */
  factor: number;
  /** Time of one core for one value, reading not included. */
  secondsPerPixelStep: number;
  /** Tasks per spatial chunk beside the reading of its files. */
  layers: number;
}

/** Bytes of what is read, in memory. */
export function bytesOf(work: IWorkload): number {
  return Math.ceil(work.reads * work.height * work.width * work.itemsize);
}

/** The least memory of a worker, in bytes, for square chunks with all dates. */
export function workerMemory(
  work: IWorkload,
  chunkPx: number,
  threads = 1
): number {
  const side = Math.min(chunkPx, work.height) * Math.min(chunkPx, work.width);
  const chunk = work.reads * side * work.itemsize;
  return Math.ceil((BASE_BYTES + threads * work.factor * chunk) / SPILL_SHARE);
}

/**
 * The largest chunk that a worker can hold.
 *
 * @returns Pixels per side, a multiple of 16; undefined if not even the smallest
 * one fits.
 */
export function chunkSide(
  work: IWorkload,
  workerBytes: number,
  threads = 1
): number | undefined {
  const room = SPILL_SHARE * workerBytes - BASE_BYTES;
  const pixels = room / (threads * work.factor * work.reads * work.itemsize);
  let side = pixels > 0 ? Math.floor(Math.sqrt(Math.floor(pixels))) : 0;
  side -= side % SMALLEST_CHUNK_PX;
  if (workerMemory(work, SMALLEST_CHUNK_PX, threads) > workerBytes) {
    return undefined;
  }
  side = Math.max(side, SMALLEST_CHUNK_PX);
  const longest = Math.max(work.height, work.width);
  return Math.min(
    side,
    Math.ceil(longest / SMALLEST_CHUNK_PX) * SMALLEST_CHUNK_PX
  );
}

/** Spatial chunks. */
export function countChunks(work: IWorkload, chunkPx: number): number {
  return Math.ceil(work.height / chunkPx) * Math.ceil(work.width / chunkPx);
}

/** Tasks of a graph that reads each chunk, all its dates, in one task, and opens the files in one. */
export function countTasks(work: IWorkload, chunkPx: number): number {
  return countChunks(work, chunkPx) * (1 + work.layers) + 1;
}

/** Wall time for one second of a core's work. */
export const OVERHEAD = 1.1;
export const SECONDS_PER_OPEN = 0.0014;
export const SECONDS_PER_READ = 2e-8;
export const SECONDS_PER_DATE = 0.0015;
export const SECONDS_PER_TASK = 0.0015;
export const SECONDS_BEFORE = 0.35;

/** The seconds that one core takes for a chunk of average size. */
export function chunkSeconds(work: IWorkload, chunkPx: number): number {
  const pixels = (work.height * work.width) / countChunks(work, chunkPx);
  const computed = work.steps * work.secondsPerPixelStep;
  const read = work.reads * SECONDS_PER_READ;
  return (
    OVERHEAD * (pixels * (computed + read) + work.reads * SECONDS_PER_OPEN)
  );
}

/** The seconds of a run that more workers do not shorten. */
export function waitingSeconds(work: IWorkload, chunkPx: number): number {
  const tasks = countTasks(work, chunkPx) * SECONDS_PER_TASK;
  return SECONDS_BEFORE + work.reads * SECONDS_PER_DATE + tasks;
}

/** The seconds of a run on a warm cluster. */
export function duration(
  work: IWorkload,
  chunkPx: number,
  workers: number,
  threads = 1
): number {
  const rounds = Math.ceil(countChunks(work, chunkPx) / (workers * threads));
  return waitingSeconds(work, chunkPx) + rounds * chunkSeconds(work, chunkPx);
}

/**
 * The fewest workers that finish within so many seconds.
 *
 * @returns Undefined if that is too short even with a core for each chunk.
 */
export function workersFor(
  work: IWorkload,
  chunkPx: number,
  deadline: number,
  threads = 1
): number | undefined {
  const chunks = countChunks(work, chunkPx);
  const left = deadline - waitingSeconds(work, chunkPx);
  const rounds = Math.min(
    chunks,
    Math.floor(left / chunkSeconds(work, chunkPx))
  );
  return rounds < 1
    ? undefined
    : Math.ceil(Math.ceil(chunks / rounds) / threads);
}
