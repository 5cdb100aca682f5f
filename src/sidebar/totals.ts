import type { IDisposable } from '@lumino/disposable';
import { Throttler } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import type { ICluster, IClusterManager } from '../tokens';

/** Sums over all clusters that have workers, or will have. */
export interface ITotals {
  clusters: number;
  workers: number;
  /** Bytes; absent when no cluster knows. */
  memory?: number;
  limit?: number;
}

/** At most so often, in ms, however many clusters change. */
const INTERVAL = 200;

const ALIVE = ['queued', 'starting', 'running', 'degraded', 'stopping'];

/** Follows the sums over all clusters. */
export class Totals implements IDisposable {
  constructor(manager: IClusterManager) {
    this._manager = manager;
    this._throttler = new Throttler(() => this._update(), INTERVAL);
    manager.changed.connect(this._onClusters, this);
    this._onClusters();
    this._update();
  }

  /** A new object with each change. */
  get value(): ITotals {
    return this._value;
  }

  get changed(): ISignal<Totals, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._throttler.dispose();
    Signal.clearData(this);
  }

  private _onClusters(): void {
    for (const cluster of this._manager.clusters) {
      // A slot that is connected already stays connected once.
      cluster.changed.connect(this._onChanged, this);
    }
    this._onChanged();
  }

  private _onChanged(): void {
    void this._throttler.invoke();
  }

  private _update(): void {
    if (this._isDisposed) {
      return;
    }
    const next = sum(this._manager.clusters);
    const known = this._value;
    if (
      next.clusters !== known.clusters ||
      next.workers !== known.workers ||
      next.memory !== known.memory ||
      next.limit !== known.limit
    ) {
      this._value = next;
      this._changed.emit();
    }
  }

  private _manager: IClusterManager;
  private _throttler: Throttler;
  private _isDisposed = false;
  private _value: ITotals = { clusters: 0, workers: 0 };
  private _changed = new Signal<Totals, void>(this);
}

/** The sums now. */
export function sum(clusters: readonly ICluster[]): ITotals {
  const alive = clusters
    .map(cluster => cluster.snapshot)
    .filter(({ state }) => ALIVE.includes(state));
  const add = (values: Array<number | undefined>): number | undefined => {
    const known = values.filter(value => value !== undefined);
    return known.length > 0
      ? known.reduce<number>((total, value) => total + (value ?? 0), 0)
      : undefined;
  };
  return {
    clusters: alive.length,
    workers: add(alive.map(({ workers }) => workers?.ready)) ?? 0,
    memory: add(alive.map(({ memory }) => memory?.used)),
    limit: add(alive.map(({ memory }) => memory?.limit))
  };
}
