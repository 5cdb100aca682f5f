import type { TranslationBundle } from '@jupyterlab/translation';
import { ISignal, Signal } from '@lumino/signaling';
import {
  ClusterError,
  ICluster,
  IClusterDriver,
  IClusterManager
} from '../tokens';
import type { Cluster } from './cluster';

/** The clusters that are known, and which of them is the current one. */
export class ClusterList {
  constructor(options: ClusterList.IOptions) {
    this._trans = options.trans;
    this._changed = new Signal(options.owner);
    this._currentChanged = new Signal(options.owner);
    this._stateChanged = new Signal(options.owner);
  }

  /** Newest last. */
  get all(): readonly Cluster[] {
    return this._all;
  }

  /** A cluster came or went, or what is told beside the list changed. */
  get changed(): ISignal<IClusterManager, void> {
    return this._changed;
  }

  /** Any cluster's state changed. */
  get stateChanged(): ISignal<
    IClusterManager,
    ClusterList.IClusterStateChange
  > {
    return this._stateChanged;
  }

  /** The one that commands without arguments act on. */
  get current(): ICluster | null {
    return this._current;
  }

  set current(cluster: ICluster | null) {
    if (cluster !== this._current) {
      this._current = cluster;
      this._currentChanged.emit(cluster);
    }
  }

  get currentChanged(): ISignal<IClusterManager, ICluster | null> {
    return this._currentChanged;
  }

  get(key: string): Cluster | undefined {
    return this._all.find(cluster => cluster.key === key);
  }

  /**
   * A cluster by its key, and its driver.
   *
   * @throws a ClusterError where there is none; reading `driver` throws one, too.
   */
  find(key: string): { cluster: Cluster; driver: IClusterDriver } {
    const cluster = this.get(key);
    if (!cluster) {
      throw new ClusterError(this._trans.__('There is no such cluster.'), {
        code: 'not-found',
        hint: this._trans.__('It may have been stopped in another tab.')
      });
    }
    const trans = this._trans;
    return {
      cluster,
      get driver() {
        if (!cluster.driver) {
          throw new ClusterError(trans.__('The cluster is not ready yet.'), {
            code: 'unavailable',
            hint: trans.__('Wait until it runs.')
          });
        }
        return cluster.driver;
      }
    };
  }

  add(cluster: Cluster): void {
    cluster.stateChanged.connect(this._onStateChanged, this);
    this._all = [...this._all, cluster];
    if (!this._current) {
      this.current = cluster;
    }
    this.tell();
  }

  /** Take a cluster away, and its driver with it. */
  remove(cluster: Cluster): void {
    this._drop(cluster);
    cluster.dispose();
  }

  /**
   * Take away what a list told of a cluster while it still started here.
   *
   * @param driver - That of its start.
   */
  forgetDouble(cluster: Cluster, driver: IClusterDriver): void {
    for (const other of this._all) {
      if (
        other !== cluster &&
        other.provider === cluster.provider &&
        other.snapshot.id === driver.snapshot.id
      ) {
        this._drop(other);
        if (other.driver !== driver) {
          other.dispose();
        }
      }
    }
  }

  /** Say that something changed. */
  tell(): void {
    this._changed.emit();
  }

  private _drop(cluster: Cluster): void {
    this._all = this._all.filter(item => item !== cluster);
    if (this._current === cluster) {
      this.current = this._all[this._all.length - 1] ?? null;
    }
    this.tell();
  }

  private _onStateChanged(sender: Cluster, change: Cluster.IStateChange): void {
    this._stateChanged.emit({ cluster: sender, ...change });
    if (change.to === 'stopped') {
      this.remove(sender);
    }
  }

  private _trans: TranslationBundle;
  private _all: readonly Cluster[] = [];
  private _current: ICluster | null = null;
  private _changed: Signal<IClusterManager, void>;
  private _currentChanged: Signal<IClusterManager, ICluster | null>;
  private _stateChanged: Signal<
    IClusterManager,
    ClusterList.IClusterStateChange
  >;
}

export namespace ClusterList {
  export interface IOptions {
    /** Who sends the signals. */
    owner: IClusterManager;
    trans: TranslationBundle;
  }

  /** A cluster went from one state to another. */
  export interface IClusterStateChange extends Cluster.IStateChange {
    cluster: ICluster;
  }
}
