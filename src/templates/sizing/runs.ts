/**
 * What was predicted of runs, and what they took; from it how this site's runs
 * compare with the estimate. Pure functions.
 */
import type { JSONObject } from '@lumino/coreutils';

/** One run of a template on a cluster. */
export interface IRun {
  /** When it was done, ms since the epoch. */
  at: number;
  version: string;
  /** Seconds, as the estimate says without any calibration. */
  predicted: number;
  /** Seconds that it took. */
  seconds: number;
  workers: number;
  /** Of all workers. */
  threads: number;
}

/** Runs of one template by a name for each, such as two pages agree upon. */
export type Runs = Readonly<Record<string, IRun>>;

/** So many of the last runs calibrate. */
export const CALIBRATING = 9;

/** So many are kept. */
export const KEPT = 20;

/** The runs of one version, newest first. */
export function lastRuns(runs: Runs, version: string): IRun[] {
  return Object.values(runs)
    .filter(run => run.version === version)
    .sort((a, b) => b.at - a.at);
}

/** How many times as long as predicted the last runs took, and how many these are. */
export function calibration(
  runs: Runs,
  version: string
): { factor: number; count: number } {
  const ratios = lastRuns(runs, version)
    .slice(0, CALIBRATING)
    .map(({ seconds, predicted }) => seconds / predicted)
    .sort((a, b) => a - b);
  const middle = ratios.length / 2;
  return {
    count: ratios.length,
    factor:
      ratios.length === 0
        ? 1
        : (ratios[Math.ceil(middle) - 1] + ratios[Math.floor(middle)]) / 2
  };
}

/** A factor by which a machine is slower, as far as it can be one. */
export function readSlowness(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0.05 && value < 100
    ? value
    : undefined;
}

/** The names of the runs that are too many. */
export function oldRuns(runs: Runs): string[] {
  return Object.keys(runs)
    .sort((a, b) => runs[b].at - runs[a].at)
    .slice(KEPT);
}

/** Read what was stored; what is no run is left out. */
export function readRuns(value: unknown): Runs {
  const runs: Record<string, IRun> = {};
  for (const [name, item] of Object.entries(Private.object(value))) {
    const { at, version, predicted, seconds, workers, threads } =
      Private.object(item);
    if (
      typeof version === 'string' &&
      [at, predicted, seconds, workers, threads].every(Private.isAmount)
    ) {
      runs[name] = {
        version,
        at: at as number,
        predicted: predicted as number,
        seconds: seconds as number,
        workers: workers as number,
        threads: threads as number
      };
    }
  }
  return runs;
}

/** What a run's cell says that it took. */
export interface IMeasured {
  seconds: number;
  workers: number;
  threads: number;
  /** Pixels, where the result is a raster. */
  height?: number;
  width?: number;
}

/** The type of the data in a cell's output. */
export const RUN_MIME = 'application/vnd.seasonal-monitor.run+json';

/**
 * What the outputs of a cell say; null where they say nothing, and where
 * nobody knows how many threads did it.
 */
export function readMeasured(outputs: readonly unknown[]): IMeasured | null {
  for (const output of outputs) {
    const data = Private.object(Private.object(output).data);
    const found = Private.object(data[RUN_MIME]);
    const { seconds, workers, threads, height, width } = found;
    if ([seconds, workers, threads].every(Private.isAmount)) {
      return {
        seconds: seconds as number,
        workers: workers as number,
        threads: threads as number,
        ...(Private.isAmount(height) && Private.isAmount(width)
          ? { height: height as number, width: width as number }
          : {})
      };
    }
  }
  return null;
}

/** A run as it is stored. */
export function writeRun(run: IRun): JSONObject {
  return { ...run };
}

namespace Private {
  export function object(value: unknown): Record<string, unknown> {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  }

  export function isAmount(value: unknown): boolean {
    return typeof value === 'number' && Number.isFinite(value) && value > 0;
  }
}
