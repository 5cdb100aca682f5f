/** What clusters cost. */
import { JSONObject, Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { ICluster } from './manager';
import { PACKAGE } from './names';
import type { IUsage } from './state';

/**
 * Amounts by currency, such as `{ USD: 1.2 }`. Currencies are never mixed: a
 * sum has as many parts as there are currencies.
 */
export type Money = Readonly<Record<string, number>>;

/** What a price is for. A vCPU is taken as a core. */
export type PriceUnit =
  | 'core-hour'
  | 'vCPU-hour'
  | 'GB-hour'
  | 'worker-hour'
  | 'hour'
  | 'GB-month'
  | 'month';

/** One price and where it was found. */
export interface IPrice {
  /** The provider's id, such as `fargate`. */
  provider: string;
  /** Empty where the price is the same everywhere. */
  region: string;
  /** What is paid for, such as `core`, `memory` or `m6i.xlarge`. */
  item: string;
  unit: PriceUnit;
  price: number;
  /** A code of ISO 4217. */
  currency: string;
  source: string;
  /** A year, a month or a day: `2026`, `2026-04`, `2026-04-01`. */
  date: string;
}

/** A row of the table that cannot be used, and why. */
export interface IPriceProblem {
  /** Its place in the table, from 1; 0 for the table as a whole. */
  row: number;
  /** In words, with the row's number and name. */
  text: string;
}

/** What could be read of the table of prices. */
export interface IPriceTable {
  prices: readonly IPrice[];
  problems: readonly IPriceProblem[];
}

/** One cluster on one day of UTC. */
export interface IRecord {
  name: string;
  provider: string;
  profile?: string;
  /** Seconds of all workers. */
  workers: number;
  /** Seconds of all cores. */
  cores: number;
  /** Absent where no price was set. */
  cost?: Money;
  /** Up to when it is counted, ms since the epoch. */
  until: number;
  /** Its end was seen. */
  ended: boolean;
  /** What pages counted of a cluster whose owner does not count. */
  seen?: IUsage;
}

/** Records by day, such as `2026-11-25`, and by cluster key. */
export type History = Readonly<
  Record<string, Readonly<Record<string, IRecord>>>
>;

/** What a cluster costs, and on what that is based. */
export interface IClusterCost {
  /** With the workers that are there now. */
  perHour: Money;
  soFar: Money;
  /** Sentences: budgets that are used up, or nearly. */
  warnings?: readonly string[];
  /** Sentences: the prices with their dates, and what is not counted. */
  basis: readonly string[];
}

/** A cluster that is only thought of. */
export interface IPlanned {
  provider: string;
  options: JSONObject;
  workers: number;
  /** Of each worker. */
  threads: number;
  /** Bytes of each worker; where it is not known memory is not counted. */
  memory?: number;
  seconds: number;
}

/** What a planned cluster would cost. */
export interface IForecast {
  cost: Money;
  /** The same as people read it. */
  text: string;
}

/** Why it is not known what a cluster costs. */
export interface ILack {
  /** `no price set for eu-west-9` */
  short: string;
  /** In a sentence, with what to do. */
  text: string;
}

/** The sums over all clusters that have a price. */
export interface ICostTotal {
  perHour: Money;
  /** How many clusters with workers have no price. */
  unpriced: number;
}

/** The prices in force, put on the time that workers were there. */
export interface ICosts {
  /** Prices or what is counted changed. */
  readonly changed: ISignal<ICosts, void>;
  /** Null where no price is set: it is not known, which is not 0. */
  of(cluster: ICluster, now: number): IClusterCost | null;
  /** Why no price is found for a cluster; null where one is. */
  lack(cluster: ICluster): ILack | null;
  /** What a cluster that is not there would cost; null where no price is set. */
  forecast(planned: IPlanned): IForecast | null;
  /** Null where no cluster has a price. */
  total(): ICostTotal | null;
  /**
   * What a day or a month of UTC has cost, such as `2026-11-25` or `2026-11`; null
   * until it is known what earlier pages have kept, which `changed` tells.
   */
  spent(period: string, now: number): Money | null;
  /** The prices in force, and the rows that cannot be used. */
  readonly table: IPriceTable;
  /** All that was kept, with the clusters that are there counted up to now. */
  history(): Promise<History>;
  /** Why the history could not be kept, in words; empty when it is. */
  readonly problem: string;
}

export const ICosts = new Token<ICosts>(
  `${PACKAGE}:ICosts`,
  'What Dask clusters cost, by the prices that are set.'
);
