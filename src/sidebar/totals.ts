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

/** The sums now, in one pass: it is asked for as long as clusters change. */
export function sum(clusters: readonly ICluster[]): ITotals {
  const total: ITotals = { clusters: 0, workers: 0 };
  for (const { snapshot } of clusters) {
    const { state, workers, memory } = snapshot;
    if (!ALIVE.includes(state)) {
      continue;
    }
    total.clusters += 1;
    total.workers += workers?.ready ?? 0;
    if (memory?.used !== undefined) {
      total.memory = (total.memory ?? 0) + memory.used;
    }
    if (memory?.limit !== undefined) {
      total.limit = (total.limit ?? 0) + memory.limit;
    }
  }
  return total;
}
