import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { isOver } from '../cluster/states';
import type { ICluster, IClusterManager } from '../tokens';

/** How long before a cluster stops by itself it is told, in ms. */
const MARKS = [5 * 60_000, 60_000];

/** So long before it is told one looks whether it still idles, in ms. */
const LEAD = 20_000;

/** A stop that is put off by less, in ms, is the same one. */
const SLACK = 30_000;

/** The longest time, in ms, for which a browser can be told to wait. */
const LONGEST = 2 ** 31 - 1;

/**
 * Tells twice before an idle cluster stops by itself, and takes it back when the
 * cluster is used again.
 *
 * #### Notes
 * What is known may be old, when nobody looks at the cluster: so it looks itself
 * shortly before it tells.
 */
export class Countdown implements IDisposable {
  constructor(options: Countdown.IOptions) {
    this._options = options;
    options.manager.changed.connect(this._onClusters, this);
    this._onClusters();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._entries.forEach(Private.quiet);
      this._entries.clear();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _onClusters(): void {
    const { clusters } = this._options.manager;
    for (const cluster of clusters) {
      if (!this._entries.has(cluster)) {
        this._entries.set(cluster, { told: Infinity });
        cluster.changed.connect(this._sync, this);
        this._sync(cluster);
      }
    }
    for (const cluster of [...this._entries.keys()]) {
      if (!clusters.includes(cluster)) {
        cluster.changed.disconnect(this._sync, this);
        this._takeBack(cluster);
        this._entries.delete(cluster);
      }
    }
  }

  private _sync(cluster: ICluster): void {
    const entry = this._entries.get(cluster);
    const { stopsAt, state } = cluster.snapshot;
    if (!entry || stopsAt === undefined || isOver(state)) {
      this._takeBack(cluster);
      return;
    }
    clearTimeout(entry.timer);
    const left = stopsAt - Date.now();
    if (left > entry.told + SLACK) {
      this._takeBack(cluster);
    }
    const reached = MARKS.filter(
      mark => mark < entry.told && left <= mark
    ).pop();
    if (reached !== undefined && left > 0) {
      Private.quiet(entry);
      entry.told = reached;
      this._options.tell(cluster, left);
    }
    const next = MARKS.find(mark => mark < entry.told && mark < left);
    if (next === undefined) {
      return;
    }
    const wait = left - next;
    if (wait > LEAD) {
      Private.quiet(entry);
    } else {
      entry.watch ??= this._options.manager.watch(cluster.key, 'counts');
    }
    entry.timer = setTimeout(
      () => this._sync(cluster),
      Math.min(LONGEST, wait > LEAD ? wait - LEAD : wait)
    );
  }

  /** It does not stop soon any more, or is gone. */
  private _takeBack(cluster: ICluster): void {
    const entry = this._entries.get(cluster);
    if (entry) {
      Private.quiet(entry);
      if (entry.told !== Infinity) {
        entry.told = Infinity;
        this._options.takeBack(cluster);
      }
    }
  }

  private readonly _options: Countdown.IOptions;
  private readonly _entries = new Map<ICluster, Private.IEntry>();
  private _isDisposed = false;
}

export namespace Countdown {
  export interface IOptions {
    manager: IClusterManager;
    /**
     * A cluster stops soon.
     *
     * @param left - The time until then, in ms.
     */
    tell: (cluster: ICluster, left: number) => void;
    /** What was told does not hold any more. */
    takeBack: (cluster: ICluster) => void;
  }
}

namespace Private {
  export interface IEntry {
    /** The last mark that was told, in ms before the stop. */
    told: number;
    timer?: ReturnType<typeof setTimeout>;
    /** While it is looked at for this. */
    watch?: IDisposable;
  }

  /** Neither wait nor look. */
  export function quiet(entry: IEntry): void {
    clearTimeout(entry.timer);
    entry.watch?.dispose();
    entry.watch = undefined;
  }
}
