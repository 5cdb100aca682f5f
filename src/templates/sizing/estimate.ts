/**
 * What a template takes with given parameters: bytes, memory, chunks, and time
 * and cost on each profile, with a recommendation. Pure functions.
 */
import type { IForecast, IPlanned } from '../../tokens';
import {
  bytesOf,
  chunkSide,
  countChunks,
  countTasks,
  duration,
  IWorkload,
  MOST_TASKS,
  workerMemory,
  workersFor
} from '../../cluster/advisor';
import type { IPlace } from './places';

/** Workers where neither a profile nor a deadline says how many. */
const SOME_WORKERS = 2;

/** Chunks are good for so many rounds of all cores, and small enough by then. */
const ROUNDS = 2;

/** One place, and what the run would be there. */
export interface IRow {
  place: IPlace;
  workers: number;
  seconds: number;
  /** False where a worker's memory is too small for the chunks. */
  fits: boolean;
  /** It would not be done by the deadline. */
  late: boolean;
  /** Null where no price is set. */
  cost: IForecast | null;
}

/** Why a row is recommended. */
export type Reason =
  'cheapest' | 'first' | 'fastest' | 'only' | 'here' | 'noMemory';

/** Chunks of another size would be better. */
export interface IChunkAdvice {
  px: number;
  why: 'memory' | 'few' | 'tasks';
}

/** All that is said before a start. */
export interface IEstimate {
  work: IWorkload;
  bytes: number;
  chunkPx: number;
  chunks: number;
  tasks: number;
  /** The least memory of a worker with one thread. */
  memory: number;
  rows: IRow[];
  best: { row: IRow; reason: Reason } | null;
  advice: IChunkAdvice | null;
}

/** What an estimate is made of. */
export interface IQuestion {
  work: IWorkload;
  /** The side of a chunk as the form has it; absent where it has none. */
  chunkPx?: number;
  /** Seconds within which it should be done. */
  deadline?: number;
  /** How many times as long as predicted runs took here. */
  factor: number;
  places: readonly IPlace[];
  price: (planned: IPlanned) => IForecast | null;
}

/** The estimate. */
export function estimate(question: IQuestion): IEstimate {
  const { work, places } = question;
  const chunkPx = question.chunkPx ?? Private.usualChunk(work, places);
  const rows = places.map(place => Private.row(question, place, chunkPx));
  const best = recommend(rows);
  return {
    work,
    bytes: bytesOf(work),
    chunkPx,
    chunks: countChunks(work, chunkPx),
    tasks: countTasks(work, chunkPx),
    memory: workerMemory(work, chunkPx),
    rows,
    best,
    advice: Private.chunkAdvice(work, chunkPx, best?.row ?? rows[0])
  };
}

/**
 * The row to take. A cluster that is there and does it comes first; then what
 * is done in time. The cheapest is known only where all of these have a price in
 * one currency.
 */
export function recommend(
  rows: readonly IRow[]
): { row: IRow; reason: Reason } | null {
  const fitting = rows.filter(({ fits }) => fits);
  const inTime = fitting.filter(({ late }) => !late);
  const here = inTime.find(({ place }) => !place.profile);
  if (here) {
    return { row: here, reason: 'here' };
  }
  if (rows.length === 0 || fitting.length === 0) {
    const largest = Private.least(rows, row => -(row.place.memory ?? 0));
    return largest && { row: largest, reason: 'noMemory' };
  }
  if (inTime.length === 0) {
    const row = Private.least(fitting, ({ seconds }) => seconds);
    return row && { row, reason: 'fastest' };
  }
  if (inTime.length === 1) {
    return { row: inTime[0], reason: 'only' };
  }
  const currencies = inTime.map(({ cost }) => Object.keys(cost?.cost ?? {}));
  const comparable = currencies.every(
    keys => keys.length === 1 && keys[0] === currencies[0][0]
  );
  if (!comparable) {
    return { row: inTime[0], reason: 'first' };
  }
  const [currency] = currencies[0];
  const row = Private.least(
    inTime,
    ({ cost }) => cost?.cost[currency] ?? Infinity
  );
  return row && { row, reason: 'cheapest' };
}

namespace Private {
  export function row(
    { work, deadline, factor, price }: IQuestion,
    place: IPlace,
    chunkPx: number
  ): IRow {
    const { threads, memory, most = Infinity } = place;
    const times = factor * (place.slowness ?? 1);
    const needed =
      deadline === undefined
        ? undefined
        : (workersFor(work, chunkPx, deadline / times, threads) ?? Infinity);
    const usual = place.workers ?? SOME_WORKERS;
    const useful = Math.ceil(countChunks(work, chunkPx) / threads);
    // A cluster that is there has the workers that it has.
    const workers = place.profile
      ? Math.min(needed ?? usual, most, Math.max(useful, 1))
      : usual;
    const seconds = times * duration(work, chunkPx, workers, threads);
    return {
      place,
      workers,
      seconds,
      fits:
        memory === undefined || workerMemory(work, chunkPx, threads) <= memory,
      late: deadline !== undefined && seconds > deadline * (1 + 1e-9),
      cost: price({
        provider: place.provider,
        options: place.options,
        workers,
        threads,
        ...(memory === undefined ? {} : { memory }),
        seconds
      })
    };
  }

  /** A size that fits the first place, where the form does not ask for one. */
  export function usualChunk(
    work: IWorkload,
    places: readonly IPlace[]
  ): number {
    const { memory, threads } = places[0] ?? {};
    return (memory && chunkSide(work, memory, threads)) || 256;
  }

  /** Chunks that fit, give all cores something to do, and are not too many. */
  export function chunkAdvice(
    work: IWorkload,
    chunkPx: number,
    row: IRow | undefined
  ): IChunkAdvice | null {
    if (!row) {
      return null;
    }
    const { memory, threads, workers } = row.place;
    const largest =
      memory === undefined ? undefined : chunkSide(work, memory, threads);
    if (largest !== undefined && !row.fits && largest < chunkPx) {
      return { px: largest, why: 'memory' };
    }
    const cores = (workers ?? row.workers) * threads;
    if (countChunks(work, chunkPx) < cores) {
      const area = (work.height * work.width) / (ROUNDS * cores);
      const px = sixteens(Math.sqrt(area));
      if (px < chunkPx && countChunks(work, px) > countChunks(work, chunkPx)) {
        return { px, why: 'few' };
      }
    }
    if (countTasks(work, chunkPx) > MOST_TASKS) {
      const px = chunkPx * 2 ** Math.ceil(tooMany(work, chunkPx));
      if (largest === undefined || px <= largest) {
        return { px, why: 'tasks' };
      }
    }
    return null;
  }

  /** How often the side must be doubled until there are few enough tasks. */
  function tooMany(work: IWorkload, chunkPx: number): number {
    let doubled = 1;
    while (
      doubled < 8 &&
      countTasks(work, chunkPx * 2 ** doubled) > MOST_TASKS
    ) {
      doubled += 1;
    }
    return doubled;
  }

  function sixteens(px: number): number {
    return Math.max(16, Math.floor(px / 16) * 16);
  }

  export function least<T>(
    items: readonly T[],
    of: (item: T) => number
  ): T | null {
    return items.reduce<T | null>(
      (best, item) => (best === null || of(item) < of(best) ? item : best),
      null
    );
  }
}
