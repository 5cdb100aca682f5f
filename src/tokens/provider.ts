/** Ways to make clusters, and one cluster as its provider reaches it. */
import { JSONObject, Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { Money } from './costs';
import { PACKAGE } from './names';
import type { IProfile } from './profiles';
import type {
  ICapabilities,
  IClusterEvent,
  IClusterSnapshot,
  ILogEntry,
  IStep,
  IWorker,
  WatchDetail
} from './state';

/**
 * One cluster as its provider reaches it. Verbs reject with a
 * {@link ClusterError}.
 */
export interface IClusterDriver extends IDisposable {
  readonly snapshot: IClusterSnapshot;
  readonly capabilities: ICapabilities;
  /** The kernelspec name or image in which it runs. */
  readonly environment?: string;
  readonly profile?: string;
  /** A newer snapshot. */
  readonly changed: ISignal<IClusterDriver, IClusterSnapshot>;
  readonly happened: ISignal<IClusterDriver, IClusterEvent>;
  /** All rows of the worker table, at most once a second while watched. */
  readonly workersChanged: ISignal<IClusterDriver, readonly IWorker[]>;
  /** Without having been asked it is known that the owner answers, or does not. */
  readonly respondingChanged?: ISignal<IClusterDriver, boolean>;
  scale(workers: number): Promise<void>;
  adapt(minimum: number, maximum: number): Promise<void>;
  restart(): Promise<void>;
  /** Put off the end by so many minutes; where `keep` is among what it can do. */
  keep?(minutes: number): Promise<void>;
  /** Order the end, for a reason that the page knows; where `keep` can be done. */
  end?(order: IEndOrder): Promise<void>;
  rename(name: string): Promise<void>;
  /** Idempotent: a second stop joins the first. */
  stop(): Promise<void>;
  /** Say how closely this page looks. Sends nothing when it did not change. */
  watch(detail: WatchDetail): void;
  /** Ask whether the owner still answers; resolves false when it does not. */
  ping(): Promise<boolean>;
  logs(lines: number, worker?: string): Promise<ILogEntry[]>;
  events(): Promise<IClusterEvent[]>;
}

/** An end that is ordered, such as when a budget will be used up. */
export interface IEndOrder {
  /** What it is for: a later order of the same name replaces it. */
  name: string;
  /** When, ms since the epoch; null takes the order back. */
  at: number | null;
  /** Why, in words. */
  text: string;
  /** Nobody can put it off. */
  final: boolean;
}

/** Bounds on what can be asked for; absent ones do not bind. */
export interface IClusterLimits {
  workers?: number;
  threadsPerWorker?: number;
  /** A size such as `4 GiB`. */
  memoryPerWorker?: string;
  /** Minutes without a task after which a cluster ends. */
  idleTimeout?: number;
  /** Minutes for which a cluster may live. */
  lifetime?: number;
}

/** What a person asks for. */
export interface IClusterRequest {
  provider: string;
  /** Free text; a name is made when absent. */
  name?: string;
  /** The profile's name, for the record and for "repeat the last". */
  profile?: string;
  /** A kernelspec name; the provider's default when absent. */
  environment?: string;
  /** Checked against the provider's schema. */
  options: JSONObject;
  /** Bounds that the cluster's owner keeps for as long as it lives. */
  limits?: IClusterLimits;
}

/** An environment in which a cluster can run. */
export interface IEnvironment {
  /** The kernelspec's name. */
  name: string;
  label: string;
}

/** What is needed to draw a provider's form. */
export interface IProviderForm {
  /** JSON Schema of `options`, with titles, help and defaults. */
  schema: JSONObject;
  uiSchema?: JSONObject;
  environments: IEnvironment[];
  /** The environment chosen when the person chooses none. */
  environment?: string;
  /** Sentences such as "This machine has 2 cores and 23 GiB." */
  notes: string[];
}

/** How a provider tells of a start before a driver exists. */
export interface IStart {
  /** Aborting it leaves nothing behind. */
  readonly signal: AbortSignal;
  /** The owner's id, so that the page can refuse the same request twice. */
  readonly key: string;
  /** Shown in the card while it starts. */
  progress(steps: IStep[]): void;
}

/**
 * What a cluster left running somewhere, and no cluster in the list owns: jobs,
 * pods, or things in one's account of a cloud.
 */
export interface ILeftover {
  /** Its provider's own name of it, for {@link IProvider.removeLeftovers}. */
  id: string;
  /** What it is, in words, such as `SLURM job`. */
  kind: string;
  title: string;
  /** In words: its queue, state or region. */
  detail: string;
  /** Since when it is there, ms since the epoch; absent where that is not known. */
  since?: number;
  /** Whether its owner is surely gone, so that nobody uses it. */
  certain: boolean;
  /** Where it is not certain: why, in a sentence. */
  doubt?: string;
  /** What it costs in an hour, where that is known. */
  perHour?: Money;
}

/** What clusters have left with a provider, as far as it could be asked. */
export interface ILeftovers {
  items: readonly ILeftover[];
  /** Sentences on what was not asked, and on what was removed on the way. */
  remarks?: readonly string[];
}

/** What workers on one machine can share. */
export interface IMachine {
  cores: number;
  /** Bytes. */
  memory: number;
}

/** A way to make clusters. Registered by a plugin of its own. */
export interface IProvider {
  /** Lower-case and stable, such as `local`. */
  readonly id: string;
  readonly label: string;
  /** One sentence for the New cluster menu. */
  readonly caption: string;
  /** Order in menus, ascending. */
  readonly rank: number;
  /** Whether a person can make one from a form here. */
  readonly creates: boolean;
  /**
   * What its clusters survive: `kill`, the Jupyter server being killed, but not its
   * end in order; `server`, both. Absent: they end with the server in any case.
   */
  readonly survives?: 'kill' | 'server';
  /** The clusters that it knows may have changed: call {@link discover}. */
  readonly changed?: ISignal<IProvider, void>;
  form(): Promise<IProviderForm>;
  create(request: IClusterRequest, start: IStart): Promise<IClusterDriver>;
  /** All clusters there are now, however and by whomever made. */
  discover(): Promise<IClusterDriver[]>;
  /**
   * The machine that all workers share, where there is one and it is known
   * already; asks nothing.
   */
  capacity?(): IMachine | undefined;
  /**
   * How many times as long as the machine of the estimates the one that all workers
   * share takes, from some 30 ms of work on it; undefined where it cannot be measured.
   */
  slowness?(): Promise<number | undefined>;
  /**
   * Get ready for a click; called when the sidebar becomes visible.
   *
   * @param expected - What a press of the button for a new cluster would ask this
   * provider for.
   */
  prepare?(environment?: string, expected?: IClusterRequest): void;
  /** Profiles that the environment itself defines, such as an existing site's. */
  profiles?(): Promise<IProfile[]>;
  /**
   * This person's own things that clusters left there; asked only when somebody
   * wants to see them. Absent where nothing can be left that is not in
   * {@link discover}.
   */
  leftovers?(): Promise<ILeftovers>;
  /**
   * Remove some of them: only what {@link leftovers} would tell now.
   *
   * @returns The ids of what was removed.
   */
  removeLeftovers?(ids: readonly string[]): Promise<readonly string[]>;
}

/** The providers, in order of rank. */
export interface IProviderRegistry {
  readonly providers: readonly IProvider[];
  readonly changed: ISignal<IProviderRegistry, void>;
  get(id: string): IProvider | undefined;
  /** Disposing the result takes the provider away. Throws on a doubled id. */
  add(provider: IProvider): IDisposable;
}

export const IProviderRegistry = new Token<IProviderRegistry>(
  `${PACKAGE}:IProviderRegistry`,
  'The ways in which Dask clusters can be made.'
);
