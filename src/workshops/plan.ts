/**
 * What would happen if somebody joined a workshop. Pure: nothing is asked and
 * nothing is started.
 */
import { Profiles } from '../cluster/profiles';
import { least, plannedSize, sizeInBytes } from '../cluster/size';
import { formatBytes, parseBytes } from '../cluster/units';
import { formatMoney, isSet } from '../cost/money';
import { findRate, placeOf, priceSpan } from '../cost/rate';
import type { TranslationBundle } from '@jupyterlab/translation';
import type {
  IClusterLimits,
  IClusterRequest,
  IMachine,
  IPrice,
  IProfiles,
  Money
} from '../tokens';
import type { IWorkshop } from './model';

/** What joining would do, and why it cannot if it cannot. */
export interface IPlan {
  /** Absent where the workshop wants no cluster, or it cannot be had. */
  request?: IClusterRequest;
  /** Sentences, in the order in which things would happen. */
  sentences: string[];
  /** Why nobody can join here, in words; empty when one can. */
  problem: string;
}

/** What a plan depends on besides the file. */
export interface IPlanOptions {
  profiles: Pick<IProfiles, 'profiles' | 'clamp'> | null;
  prices: readonly IPrice[];
  /** What the workers of a provider share, where that is known already. */
  machine?: (provider: string) => IMachine | undefined;
  trans: TranslationBundle;
  locale?: string;
}

/** The plan of a workshop. */
export function planWorkshop(
  workshop: IWorkshop,
  options: IPlanOptions
): IPlan {
  const { profiles, prices, trans, locale } = options;
  const sentences: string[] = [];
  const notebooks = workshop.materials.filter(one => one.notebook).length;
  if (notebooks > 0) {
    sentences.push(
      trans._n(
        '%1 notebook is copied into your folder “%2”. A copy that is there already is kept.',
        '%1 notebooks are copied into your folder “%2”. Copies that are there already are kept.',
        notebooks,
        workshop.id
      )
    );
  }
  if (workshop.profile === undefined) {
    sentences.push(trans.__('No cluster is started.'));
    return { sentences, problem: '' };
  }
  const profile = profiles?.profiles.find(
    ({ name }) => name === workshop.profile
  );
  if (!profiles || !profile) {
    const problem = trans.__(
      'This server has no profile “%1”, which the workshop asks for. Ask your trainer or administrator to add it.',
      workshop.profile
    );
    return { sentences, problem };
  }
  const narrowed = narrow(
    {
      provider: profile.provider,
      name: workshop.id,
      profile: profile.name,
      environment: profile.environment,
      options: { ...profile.options }
    },
    workshop.limits ?? {}
  );
  const { request, notes } = profiles.clamp(narrowed);
  if (workshop.stagger !== undefined && workshop.stagger > 0) {
    sentences.push(
      trans.__(
        'Your start waits for its place in %1 minutes after the click, or after the start of the class; the page says how long and how many are before you.',
        workshop.stagger
      )
    );
  }
  const size = workerSize(request, options.machine?.(request.provider));
  sentences.push(...describeCluster(request, size, trans, locale), ...notes);
  const { idleTimeout, lifetime } = request.options;
  if (typeof lifetime === 'number') {
    sentences.push(trans.__('It ends by itself after %1 minutes.', lifetime));
  }
  if (typeof idleTimeout === 'number') {
    sentences.push(
      trans.__('It ends after %1 minutes without a task.', idleTimeout)
    );
  }
  sentences.push(describeCost(request, size, prices, trans, locale));
  return { request, sentences, problem: '' };
}

/** A request within the limits of a workshop, which never widen anything. */
export function narrow(
  request: IClusterRequest,
  limits: IClusterLimits
): IClusterRequest {
  const options = { ...request.options };
  const atMost = (name: string, most: number | undefined): void => {
    const value = options[name];
    if (most !== undefined && typeof value === 'number' && value > most) {
      options[name] = most;
    }
  };
  for (const name of ['workers', 'minimum', 'maximum']) {
    atMost(name, limits.workers);
  }
  if (
    limits.workers !== undefined &&
    ['workers', 'maximum'].every(name => typeof options[name] !== 'number')
  ) {
    options.workers = limits.workers;
  }
  atMost('threads', limits.threadsPerWorker);
  for (const name of ['idleTimeout', 'lifetime'] as const) {
    options[name] ??= limits[name] ?? null;
    atMost(name, limits[name]);
    if (options[name] === null) {
      delete options[name];
    }
  }
  const { memoryPerWorker } = limits;
  if (typeof options.memory === 'string' && memoryPerWorker !== undefined) {
    const asked = parseBytes(options.memory) ?? Infinity;
    if (asked > (parseBytes(memoryPerWorker) ?? Infinity)) {
      options.memory = memoryPerWorker;
    }
  }
  return {
    ...request,
    options,
    limits: Profiles.strictest(request.limits ?? {}, limits)
  };
}

/**
 * When somebody's start is due, ms since the epoch. The same name always has
 * the same place in the window, so that another click gains nothing.
 */
export function dueAt(workshop: IWorkshop, name: string, now: number): number {
  const window = (workshop.stagger ?? 0) * 60_000;
  const start = workshop.start ? Date.parse(workshop.start) : now;
  const delay = window * placeInWindow(`${workshop.id}\n${name}`);
  return Math.max(now, Math.min(now, start) + delay);
}

/**
 * About how many of the people that are expected start before somebody whose start
 * is due; undefined where the file does not say how many they are.
 */
export function peopleBefore(
  workshop: IWorkshop,
  due: number,
  now: number
): { before: number; of: number } | undefined {
  const { participants, stagger } = workshop;
  const window = (stagger ?? 0) * 60_000;
  if (participants === undefined || window <= 0 || due <= now) {
    return undefined;
  }
  // Places are spread evenly over the window.
  const waits = Math.min(1, (due - now) / window);
  return {
    before: Math.min(participants - 1, Math.floor(waits * participants)),
    of: participants
  };
}

/** A number from 0 to below 1 that follows from a text, evenly spread. */
export function placeInWindow(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // The first bits of the hash differ little for names that differ at the end.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** What is known of workers before they are there. */
interface IWorkerSize {
  /** How many, where neither the file nor the profile says it. */
  usual?: number;
  threads?: number;
  /** Bytes. */
  memory?: number;
  /** Only bounds of a size that the cluster chooses are known. */
  isBound: boolean;
}

/**
 * What the options of any provider say of a worker; else how a machine is shared, or
 * what the limits allow.
 */
function workerSize(
  { options, limits = {} }: IClusterRequest,
  machine?: IMachine
): IWorkerSize {
  const told = plannedSize(options, {}, machine);
  const threads = least(told.threads, limits.threadsPerWorker);
  const memory = least(told.memory, sizeInBytes(limits.memoryPerWorker));
  return {
    ...(machine
      ? { usual: plannedSize(options, limits, machine).workers }
      : {}),
    threads,
    memory,
    isBound: threads !== told.threads || memory !== told.memory
  };
}

function describeCluster(
  { profile, options }: IClusterRequest,
  { usual, threads, memory, isBound }: IWorkerSize,
  trans: TranslationBundle,
  locale?: string
): string[] {
  const { minimum, maximum, workers = usual } = options;
  const name = String(profile);
  const cluster =
    typeof maximum === 'number'
      ? trans.__(
          'A cluster of the profile “%1” is started, with %2 to %3 workers.',
          name,
          typeof minimum === 'number' ? minimum : 0,
          maximum
        )
      : typeof workers === 'number'
        ? trans._n(
            'A cluster of the profile “%2” is started, with %1 worker.',
            'A cluster of the profile “%2” is started, with %1 workers.',
            workers,
            name
          )
        : trans.__(
            'A cluster of the profile “%1” is started, of the size that this profile has here.',
            name
          );
  const parts = [
    threads === undefined ? '' : trans._n('%1 thread', '%1 threads', threads),
    memory === undefined
      ? ''
      : trans.__('%1 of memory', formatBytes(memory, locale))
  ].filter(Boolean);
  if (parts.length === 0) {
    return [cluster];
  }
  const size = parts.join(', ');
  return [
    cluster,
    isBound
      ? trans.__('Each worker has up to %1.', size)
      : trans.__('Each worker has %1.', size)
  ];
}

function describeCost(
  { provider, options }: IClusterRequest,
  { usual, threads, memory }: IWorkerSize,
  prices: readonly IPrice[],
  trans: TranslationBundle,
  locale?: string
): string {
  const rate = findRate(prices, placeOf(provider, options));
  if (!rate) {
    return trans.__('No price is set for it.');
  }
  const { maximum, workers = usual } = options;
  const count = typeof maximum === 'number' ? maximum : workers;
  const pays = (of: string): boolean => rate.parts.some(part => part.of === of);
  const costOf = (cores?: number, number?: unknown): Money =>
    typeof number !== 'number' ||
    (cores === undefined && pays('core')) ||
    (memory === undefined && pays('memory'))
      ? {}
      : priceSpan(rate, {
          sizes: [{ threads: cores ?? 0, memory, seconds: number * 3600 }],
          scheduler: 3600
        });
  const perHour = costOf(threads, count);
  if (isSet(perHour)) {
    return trans.__('It costs up to %1 an hour.', formatMoney(perHour, locale));
  }
  // Each thread costs the same where nothing else is paid.
  const perThread = rate.parts.every(({ of }) => of === 'core')
    ? costOf(1, 1)
    : {};
  return isSet(perThread)
    ? trans.__(
        'It costs %1 an hour for each thread of its workers; how many these are is known when they are there.',
        formatMoney(perThread, locale)
      )
    : trans.__('It has a price; how much is known when its workers are there.');
}
