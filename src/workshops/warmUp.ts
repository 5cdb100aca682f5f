/**
 * Start as many workers as a class will need, once, and release them: machines
 * and images are then there when everybody starts at the same time.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { toClusterError } from '../cluster/errors';
import { isOver } from '../cluster/states';
import { addMoney } from '../cost/money';
import { ClusterError } from '../tokens';
import type {
  ICluster,
  IClusterManager,
  IClusterRequest,
  ICosts,
  Money
} from '../tokens';

/** How far it is. */
export type Warmth = 'cold' | 'warming' | 'releasing' | 'warm' | 'failed';

export class WarmUp implements IDisposable {
  constructor(private _options: WarmUp.IOptions) {}

  get changed(): ISignal<WarmUp, void> {
    return this._changed;
  }

  get warmth(): Warmth {
    return this._warmth;
  }

  /** How many workers are there, of how many. */
  get workers(): { ready: number; wanted: number } {
    return {
      ready: this._cluster?.snapshot.workers?.ready ?? this._ready,
      wanted: this._wanted
    };
  }

  /** Why it failed. */
  get problem(): ClusterError | null {
    return this._problem;
  }

  /** What it has cost; empty where no price is set. */
  get spent(): Money {
    return this._spent;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The cluster, if there is one, goes on until its idle time is over. */
  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._leave();
      Signal.clearData(this);
    }
  }

  /**
   * Ask for the workers, and release all when so many are there.
   *
   * @param request - A cluster such as participants get.
   */
  start(request: IClusterRequest, workers: number): void {
    if (this._warmth === 'warming' || this._warmth === 'releasing') {
      return;
    }
    const options: JSONObject = { ...request.options, workers };
    delete options.minimum;
    delete options.maximum;
    this._wanted = workers;
    this._ready = 0;
    this._problem = null;
    this._set('warming');
    try {
      this._cluster = this._options.manager.create({
        ...request,
        name: `${request.name}-warm-up`,
        options
      });
    } catch (reason) {
      this._fail(toClusterError(reason));
      return;
    }
    this._cluster.changed.connect(this._onCluster, this);
    this._watch = this._options.manager.watch(this._cluster.key, 'counts');
    this._onCluster();
  }

  /** Release what is there now. */
  async release(): Promise<void> {
    const cluster = this._cluster;
    if (!cluster || this._warmth !== 'warming') {
      return;
    }
    this._ready = cluster.snapshot.workers?.ready ?? 0;
    this._set('releasing');
    const cost = this._options.costs?.of(cluster, Date.now());
    this._spent = addMoney(this._spent, cost?.soFar ?? {});
    this._leave();
    try {
      await this._options.manager.stop(cluster.key);
      this._set('warm');
    } catch (reason) {
      this._fail(toClusterError(reason));
    }
  }

  private _onCluster(): void {
    const cluster = this._cluster;
    if (!cluster || this._warmth !== 'warming') {
      return;
    }
    const { state, workers, cause } = cluster.snapshot;
    if (isOver(state)) {
      const { trans } = this._options;
      this._leave();
      this._fail(
        new ClusterError(
          trans.__('The warm-up ended before all workers were there.'),
          {
            cause: [...(cause ?? [])],
            hint: trans.__('See its card in the sidebar, or ask for fewer.')
          }
        )
      );
    } else if (
      (state === 'running' || state === 'degraded') &&
      (workers?.ready ?? 0) >= this._wanted
    ) {
      // Not within the news of its start, which others have still to hear.
      setTimeout(() => void this.release());
    } else {
      this._changed.emit();
    }
  }

  private _leave(): void {
    this._cluster?.changed.disconnect(this._onCluster, this);
    this._watch?.dispose();
    this._watch = null;
    this._cluster = null;
  }

  private _fail(problem: ClusterError): void {
    this._problem = problem;
    this._set('failed');
  }

  private _set(warmth: Warmth): void {
    this._warmth = warmth;
    this._changed.emit();
  }

  private _warmth: Warmth = 'cold';
  private _cluster: ICluster | null = null;
  private _watch: IDisposable | null = null;
  private _wanted = 0;
  private _ready = 0;
  private _problem: ClusterError | null = null;
  private _spent: Money = {};
  private _isDisposed = false;
  private _changed = new Signal<WarmUp, void>(this);
}

export namespace WarmUp {
  export interface IOptions {
    manager: IClusterManager;
    costs: ICosts | null;
    trans: TranslationBundle;
  }
}
