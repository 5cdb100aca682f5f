import type { ISessionContext } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ISignal, Signal } from '@lumino/signaling';
import { isOver } from '../cluster/states';
import type {
  ClusterState,
  ICluster,
  IClusterManager,
  ISnippets
} from '../tokens';

const NONE: ISnippets.IState = { cluster: null, status: 'none' };
const UNKNOWN: ISnippets.IState = { cluster: null, status: 'unknown' };

/**
 * Which notebook is connected to which cluster, as last known. It asks nobody:
 * it is told after an act of the person, and sees kernels and clusters go.
 */
export class Connections {
  constructor(manager: IClusterManager) {
    manager.stateChanged.connect(this._onClusterState, this);
  }

  /** A notebook's connection changed; carries the id of its widget. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  get(id: string): ISnippets.IState {
    return this._states.get(id) ?? UNKNOWN;
  }

  /** Note what a notebook's kernel is connected to. */
  set(panel: NotebookPanel, cluster: string | null): void {
    if (!this._states.has(panel.id)) {
      panel.sessionContext.statusChanged.connect(this._onKernelStatus, this);
      panel.sessionContext.kernelChanged.connect(this._onKernelChanged, this);
      panel.disposed.connect(this._onDisposed, this);
    }
    this._panels.set(panel.sessionContext, panel.id);
    this._set(
      panel.id,
      cluster ? { cluster, status: 'connected' } : { ...NONE }
    );
  }

  private _set(id: string, state: ISnippets.IState): void {
    const known = this._states.get(id);
    if (known?.cluster !== state.cluster || known.status !== state.status) {
      this._states.set(id, state);
      this._changed.emit(id);
    }
  }

  private _lose(id: string | undefined): void {
    const state = id === undefined ? undefined : this._states.get(id);
    if (id !== undefined && state?.status === 'connected') {
      this._set(id, { ...state, status: 'lost' });
    }
  }

  private _onKernelStatus(context: ISessionContext, status: string): void {
    if (['restarting', 'autorestarting', 'dead'].includes(status)) {
      this._lose(this._panels.get(context));
    }
  }

  private _onKernelChanged(context: ISessionContext): void {
    this._lose(this._panels.get(context));
  }

  private _onClusterState(
    _: IClusterManager,
    change: { cluster: ICluster; to: ClusterState }
  ): void {
    if (isOver(change.to)) {
      for (const [id, state] of [...this._states]) {
        if (state.cluster === change.cluster.key) {
          this._lose(id);
        }
      }
    }
  }

  private _onDisposed(panel: NotebookPanel): void {
    this._states.delete(panel.id);
  }

  private _states = new Map<string, ISnippets.IState>();
  private _panels = new WeakMap<ISessionContext, string>();
  private _changed = new Signal<this, string>(this);
}
