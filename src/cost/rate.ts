/**
 * Which prices are for a cluster, and what they make of its time. Pure
 * functions.
 */
import type { JSONObject } from '@lumino/coreutils';
import { parseBytes } from '../cluster/units';
import type { IPlanned, IPrice, IUsage, Money } from '../tokens';
import { addMoney, money } from './money';
import { ISpan, usageInAll } from './usage';

const GB = 2 ** 30;

/** Where and how a cluster runs, as far as prices differ by it. */
export interface IPlace {
  provider: string;
  region?: string;
  spot: boolean;
  /** It runs on ARM processors, which have prices of their own. */
  arm?: boolean;
  /** Kinds of machine of the workers and of the scheduler. */
  instance?: string;
  schedulerInstance?: string;
  /** The scheduler's size where it is paid by size. */
  schedulerCores?: number;
  /** Bytes. */
  schedulerMemory?: number;
}

/** A price that is for a cluster, and for what of it. */
export interface IPart {
  price: IPrice;
  of: 'core' | 'memory' | 'worker' | 'scheduler';
  /** How many units of it the scheduler has; 1 where that does not matter. */
  size: number;
}

/** The prices that are for a cluster. */
export interface IRate {
  parts: readonly IPart[];
  /** It runs on spot machines, and there is no price for those. */
  spotAtListPrice: boolean;
}

/** Read where a cluster runs from the options with which it was made. */
export function placeOf(provider: string, options: JSONObject = {}): IPlace {
  const text = (...names: string[]): string | undefined =>
    names
      .map(name => options[name])
      .find((value): value is string => typeof value === 'string' && !!value);
  const memory = (value: unknown): number | undefined =>
    typeof value === 'number'
      ? value * 2 ** 20
      : typeof value === 'string'
        ? parseBytes(value)
        : undefined;
  const count = (value: unknown): number | undefined =>
    typeof value === 'number' ? value : undefined;
  const cpu = count(options.scheduler_cpu);
  const units = provider === 'fargate' ? 1024 : 1;
  const { schedulerMemory } = options;
  return {
    provider,
    region: text('region', 'region_name'),
    spot:
      options.spot === true ||
      options.spot === 'spot' ||
      options.spot === 'spot_with_fallback' ||
      options.fargate_spot === true ||
      options.worker_is_spot === true ||
      options.spot_policy === 'spot',
    arm: options.arm === true,
    instance: text(
      'instanceType',
      'worker_instance_type',
      'instance_type',
      'worker_size'
    ),
    schedulerInstance: text(
      'schedulerInstanceType',
      'scheduler_instance_type',
      'scheduler_size'
    ),
    schedulerCores:
      count(options.schedulerCores) ?? (cpu === undefined ? cpu : cpu / units),
    // A controller tells bytes, where the libraries' options are in MiB.
    schedulerMemory:
      count(schedulerMemory) ??
      memory(
        schedulerMemory ?? options.scheduler_mem ?? options.scheduler_memory
      )
  };
}

/** The prices for a cluster there; null where none is set. */
export function findRate(
  prices: readonly IPrice[],
  place: IPlace
): IRate | null {
  const find = (item: string | undefined, ...units: string[]): IPrice | null =>
    item === undefined ? null : findPrice(prices, place, item, units);
  const workers = (mark: string): IPart[] => {
    const worker =
      find(
        place.instance && `${place.instance}${mark}`,
        'hour',
        'worker-hour'
      ) ?? find(`worker${mark}`, 'hour', 'worker-hour');
    if (worker) {
      return [{ price: worker, of: 'worker', size: 1 }];
    }
    const { core, memory } = Private.sizes(place, find, mark);
    return [
      ...(core ? [{ price: core, of: 'core' as const, size: 1 }] : []),
      ...(memory ? [{ price: memory, of: 'memory' as const, size: 1 }] : [])
    ];
  };
  const spot = place.spot ? workers('-spot') : [];
  const parts = spot.length > 0 ? spot : workers('');
  const fee = find('platform-fee', 'core-hour', 'vCPU-hour');
  if (fee) {
    parts.push({ price: fee, of: 'core', size: 1 });
  }
  if (parts.length === 0) {
    return null;
  }
  return {
    parts: [...parts, ...Private.scheduler(place, find)],
    spotAtListPrice: place.spot && spot.length === 0
  };
}

/**
 * The row for the region, else the one that is for all. Where the region is
 * not known, a single region in the table is taken.
 */
export function findPrice(
  prices: readonly IPrice[],
  place: Pick<IPlace, 'provider' | 'region'>,
  item: string,
  units: readonly string[]
): IPrice | null {
  const rows = prices.filter(
    row =>
      row.provider === place.provider &&
      row.item === item &&
      units.includes(row.unit)
  );
  const everywhere = rows.find(row => row.region === '') ?? null;
  if (place.region !== undefined) {
    return rows.find(row => row.region === place.region) ?? everywhere;
  }
  return everywhere ?? (rows.length === 1 ? rows[0] : null);
}

/**
 * The regions for which a provider has prices, where the cluster's own is not among
 * them; empty where the region is not what is missing.
 */
export function regionsWithout(
  prices: readonly IPrice[],
  { provider, region }: Pick<IPlace, 'provider' | 'region'>
): string[] {
  const regions = new Set(
    prices
      .filter(row => row.provider === provider && row.region !== '')
      .map(row => row.region)
  );
  return region === undefined || regions.has(region)
    ? []
    : [...regions].sort((a, b) => a.localeCompare(b));
}

/** What a span of time costs at a rate. */
export function priceSpan(rate: IRate, { sizes, scheduler }: ISpan): Money {
  return addMoney(
    ...rate.parts.map(({ price, of, size }) => {
      const seconds =
        of === 'scheduler'
          ? scheduler * size
          : sizes.reduce(
              (sum, worker) =>
                sum + worker.seconds * Private.amount(of, worker),
              0
            );
      return money((seconds / 3600) * price.price, price.currency);
    })
  );
}

/** What a cluster that is not there would cost; null where no price is set. */
export function forecastCost(
  prices: readonly IPrice[],
  planned: IPlanned
): Money | null {
  const { provider, options, workers, threads, memory, seconds } = planned;
  const rate = findRate(prices, placeOf(provider, options));
  return (
    rate &&
    priceSpan(rate, {
      sizes: [{ threads, memory, seconds: workers * seconds }],
      scheduler: seconds
    })
  );
}

/** What a cluster has cost up to a time. */
export function priceUsage(rate: IRate, usage: IUsage, until: number): Money {
  return priceSpan(rate, usageInAll(usage, until));
}

/** What an hour costs with the workers that are there. */
export function pricePerHour(rate: IRate, usage: IUsage): Money {
  return priceSpan(rate, {
    sizes: usage.sizes.map(({ threads, memory, count }) => ({
      threads,
      memory,
      seconds: count * 3600
    })),
    scheduler: usage.ended === undefined ? 3600 : 0
  });
}

/** Whether a rate needs memory that a worker does not tell. */
export function lacksMemory(rate: IRate, usage: IUsage): boolean {
  return (
    rate.parts.some(part => part.of === 'memory') &&
    usage.sizes.some(size => size.memory === undefined)
  );
}

namespace Private {
  type Find = (item: string | undefined, ...units: string[]) => IPrice | null;

  /** The prices of the scheduler, by its machine, its size, or as such. */
  export function scheduler(place: IPlace, find: Find): IPart[] {
    const { schedulerInstance, schedulerCores, schedulerMemory } = place;
    const whole =
      find(schedulerInstance, 'hour', 'worker-hour') ??
      find('scheduler', 'hour', 'worker-hour');
    if (whole) {
      return [{ price: whole, of: 'scheduler', size: 1 }];
    }
    const parts: IPart[] = [];
    const add = (price: IPrice | null, size: number | undefined): void => {
      if (price && size !== undefined) {
        parts.push({ price, of: 'scheduler', size });
      }
    };
    const { core, memory } = sizes(place, find, '');
    add(core, schedulerCores);
    add(
      memory,
      schedulerMemory === undefined ? undefined : schedulerMemory / GB
    );
    return parts;
  }

  /** The prices of cores and memory: those of ARM processors where it runs on them. */
  export function sizes(
    place: IPlace,
    find: Find,
    mark: string
  ): Record<'core' | 'memory', IPrice | null> {
    const of = (item: string, ...units: string[]): IPrice | null =>
      (place.arm ? find(`${item}-arm${mark}`, ...units) : null) ??
      find(`${item}${mark}`, ...units);
    return {
      core: of('core', 'core-hour', 'vCPU-hour'),
      memory: of('memory', 'GB-hour')
    };
  }

  /** How many units of it one worker has. */
  export function amount(
    of: IPart['of'],
    { threads, memory }: { threads: number; memory?: number }
  ): number {
    switch (of) {
      case 'core':
        return threads;
      case 'memory':
        return (memory ?? 0) / GB;
      default:
        return 1;
    }
  }
}
