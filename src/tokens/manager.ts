/** All clusters as views see them, and the acts on them. */
import { JSONObject, Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { ClusterError } from './error';
import { PACKAGE } from './names';
import type { IClusterRequest, IEndOrder } from './provider';
import type {
  ClusterState,
  ICapabilities,
  IClusterEvent,
  IClusterSnapshot,
  ILogEntry,
  ISample,
  IWorker,
  WatchDetail
} from './state';

/** One cluster as views see it: read-only state and a signal. */
export interface ICluster {
  /** `<provider>:<id>`, stable over reloads. */
  readonly key: string;
  readonly provider: string;
  readonly snapshot: IClusterSnapshot;
  readonly capabilities: ICapabilities;
  readonly environment?: string;
  readonly profile?: string;
  /** What it was asked for with; absent when it was found. */
  readonly request?: IClusterRequest;
  /** What was wrong with its options when it was refused, by field. */
  readonly refused?: Readonly<Record<string, string>>;
  /** False when the owner did not answer the last time it was asked. */
  readonly responding: boolean;
  /** At most five minutes, oldest first. */
  readonly history: readonly ISample[];
  /** At most 200, oldest first. */
  readonly events: readonly IClusterEvent[];
  readonly workers: readonly IWorker[];
  /** Snapshot, events, history or `responding` changed. */
  readonly changed: ISignal<ICluster, void>;
  readonly workersChanged: ISignal<ICluster, void>;
}

/**
 * All clusters and all acts on them. Views call these verbs and nothing else.
 * Verbs reject with a {@link ClusterError}.
 */
export interface IClusterManager {
  /** Newest last. */
  readonly clusters: readonly ICluster[];
  /** A cluster came or went. */
  readonly changed: ISignal<IClusterManager, void>;
  /** Any cluster's state changed; for notifications and announcements. */
  readonly stateChanged: ISignal<
    IClusterManager,
    { cluster: ICluster; from: ClusterState; to: ClusterState }
  >;
  /** Only watch: nothing is started, changed or stopped from this page. */
  readOnly: boolean;
  /** The one that commands without arguments act on. */
  current: ICluster | null;
  readonly currentChanged: ISignal<IClusterManager, ICluster | null>;
  get(key: string): ICluster | undefined;
  /**
   * Every request passes through this rule, by whatever way it came. Disposing
   * the result takes the rule away.
   */
  bound(rule: (request: IClusterRequest) => IClusterRequest): IDisposable;
  /**
   * Each wish for more workers passes through this check, which throws a
   * ClusterError to refuse it: how many a cluster that is there would have, and
   * which; nothing for a new one, which rules bound. Disposing the result takes
   * the check away.
   */
  guard(check: (workers?: number, cluster?: ICluster) => void): IDisposable;
  /** Why a new cluster would be refused now, such as for a budget; null if not. */
  refusal(): ClusterError | null;
  /** Returns at once with a queued or starting cluster. */
  create(request: IClusterRequest): ICluster;
  /**
   * Ask again for what failed or was lost; the old card goes.
   *
   * @param options - Options in place of those it was asked for with.
   */
  retry(key: string, options?: JSONObject): ICluster;
  scale(key: string, workers: number): Promise<void>;
  adapt(key: string, minimum: number, maximum: number): Promise<void>;
  restart(key: string): Promise<void>;
  /** Put off the end of a cluster that would end by itself. */
  keep(key: string, minutes: number): Promise<void>;
  /** Order the end of a cluster; nothing happens where that cannot be done. */
  end(key: string, order: IEndOrder): Promise<void>;
  rename(key: string, name: string): Promise<void>;
  /** Stops, cancels a start, or forgets what is failed, lost or not ours. */
  stop(key: string): Promise<void>;
  /** A visible view shows this cluster; dispose it when it is hidden. */
  watch(key: string, detail: WatchDetail): IDisposable;
  /** Check now that the owner answers; called on a person's activity. */
  ping(key: string): void;
  logs(key: string, lines: number, worker?: string): Promise<ILogEntry[]>;
  events(key: string): Promise<void>;
  /** Ask every provider what there is. */
  refresh(): Promise<void>;
  /** Providers whose last `discover` failed, with the reason. */
  readonly problems: ReadonlyMap<string, ClusterError>;
}

export const IClusterManager = new Token<IClusterManager>(
  `${PACKAGE}:IClusterManager`,
  'All Dask clusters of this person, and the acts on them.'
);
