import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import type { IClusterManager } from '../tokens';

/** Activity closer than this to the last asks nothing, in ms. */
const PING_DISTANCE = 5000;

/** How long after somebody did something the clusters are still asked, in ms. */
const ATTENTION = 15_000;

/** A card that is in view for less passes by: its owner is asked nothing; in ms. */
const PASSING = 300;

/** What the sidebar's views have in common. */
export interface ISidebarState {
  /** Whether a person can see the sidebar: the panel and the browser's tab. */
  visible: boolean;
  /** Whether the first list of clusters is still on its way. */
  loading: boolean;
  /** Whether starting and stopping are left out. */
  readOnly: boolean;
  /** Whether an administrator decided so. */
  locked: boolean;
}

/**
 * The state of the sidebar itself. The clusters' state is the manager's.
 *
 * #### Notes
 * It asks nobody anything while the sidebar is hidden, or when nobody did
 * anything lately.
 */
export class SidebarModel {
  constructor(options: SidebarModel.IOptions) {
    this._manager = options.manager;
    this._manager.changed.connect(this._onManager, this);
    this._onManager();
  }

  /** A new object with each change. */
  get state(): ISidebarState {
    return this._state;
  }

  get changed(): ISignal<SidebarModel, void> {
    return this._changed;
  }

  setVisible(visible: boolean): void {
    this._set({ visible });
  }

  setLocked(locked: boolean): void {
    this._set({ locked });
  }

  /** No more is followed. */
  dispose(): void {
    Signal.clearData(this);
  }

  /** Ask all providers; `loading` until the first answer of all. */
  async refresh(): Promise<void> {
    try {
      await this._manager.refresh();
    } finally {
      this._set({ loading: false });
    }
  }

  /** The person did something: see whether the shown clusters still answer. */
  active(): void {
    this._acted = Date.now();
    this._ask();
  }

  /** A card of this cluster is drawn; call the result when it is not. */
  show(key: string): () => void {
    let watch: IDisposable | undefined;
    const timer = setTimeout(() => {
      watch = this._manager.watch(key, 'counts');
    }, PASSING);
    this._shown.push(key);
    return () => {
      clearTimeout(timer);
      this._shown.splice(this._shown.indexOf(key), 1);
      // A card that is drawn anew looks on: the owner is not told twice.
      const looked = watch;
      if (looked) {
        setTimeout(() => looked.dispose(), 2 * PASSING);
      }
    };
  }

  private _onManager(): void {
    this._set({ readOnly: this._manager.readOnly });
  }

  private _ask(): void {
    const now = Date.now();
    if (!this._state.visible) {
      return;
    }
    if (now - this._pinged >= PING_DISTANCE) {
      this._pinged = now;
      for (const key of this._shown) {
        this._manager.ping(key);
      }
    }
    if (!this._timer && now - this._acted < ATTENTION) {
      this._timer = setTimeout(() => {
        this._timer = null;
        this._ask();
      }, PING_DISTANCE);
    }
  }

  private _set(change: Partial<ISidebarState>): void {
    const next = { ...this._state, ...change };
    const { visible, loading, readOnly, locked } = this._state;
    if (
      next.visible !== visible ||
      next.loading !== loading ||
      next.readOnly !== readOnly ||
      next.locked !== locked
    ) {
      this._state = next;
      this._changed.emit();
    }
  }

  private _manager: IClusterManager;
  private _state: ISidebarState = {
    visible: false,
    loading: true,
    readOnly: false,
    locked: false
  };
  private _shown: string[] = [];
  private _acted = 0;
  private _timer: ReturnType<typeof setTimeout> | null = null;
  private _pinged = 0;
  private _changed = new Signal<SidebarModel, void>(this);
}

export namespace SidebarModel {
  export interface IOptions {
    manager: IClusterManager;
  }
}
