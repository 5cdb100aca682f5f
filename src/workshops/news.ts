/** Follows the announcements of a class while somebody can see the page. */
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { ClusterError } from '../tokens';
import { toClusterError } from '../cluster/errors';
import type { ClassService } from './service';
import type { IAnnouncement } from './serviceWire';

/**
 * One request at a time waits for the next announcement; a hidden page asks
 * nothing. While the service does not answer it is asked ever more rarely.
 */
export class News implements IDisposable {
  constructor(private _service: Pick<ClassService, 'announcements'>) {
    this._poll = new Poll({
      auto: false,
      name: 'jupyterlab-seasonal-monitor:news',
      standby: 'when-hidden',
      frequency: { interval: PAUSE, max: MOST, backoff: true },
      factory: () => this._look()
    });
  }

  /** All that was heard, oldest first, also of before a restart. */
  get all(): readonly IAnnouncement[] {
    return this._all;
  }

  /** Why nothing is heard now; null while all is well. */
  get problem(): ClusterError | null {
    return this._problem;
  }

  /** Something was heard, or is heard no more. */
  get changed(): ISignal<News, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  /** Begin to listen. */
  start(): void {
    void this._poll.start();
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._poll.dispose();
      this._end.abort();
      Signal.clearData(this);
    }
  }

  private async _look(): Promise<void> {
    try {
      const told = await this._service.announcements(true, this._end.signal);
      const isBetter = this._problem !== null;
      this._problem = null;
      // The service counts anew after a restart, and may tell some again.
      const fresh = told.filter(
        ({ id, time }) =>
          !this._all.some(known => known.id === id && known.time === time)
      );
      this._all = [...this._all, ...fresh].slice(-KEPT);
      if (fresh.length > 0 || isBetter) {
        this._changed.emit();
      }
    } catch (reason) {
      if (!this.isDisposed) {
        this._problem = toClusterError(reason);
        this._changed.emit();
      }
      throw reason;
    }
  }

  private readonly _poll: Poll;
  private readonly _end = new AbortController();
  private readonly _changed = new Signal<News, void>(this);
  private _all: IAnnouncement[] = [];
  private _problem: ClusterError | null = null;
}

/** Between two requests, and at most after failures, in ms. */
const [PAUSE, MOST] = [1000, 15_000];

/** Announcements that are kept. */
const KEPT = 50;
