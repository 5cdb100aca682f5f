import { Notification } from '@jupyterlab/apputils';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { ClusterError, ICluster, IClusterManager, ISnippets } from '../tokens';

/**
 * Connects notebooks to the current cluster as they open, while it exists.
 *
 * #### Notes
 * Only for people who asked for it. It binds the name `client` and nothing
 * else, leaves a `client` alone that is already there, and configures nothing,
 * so that a person's own `Client(...)` works as ever.
 */
export class AutoConnect implements IDisposable {
  constructor(options: AutoConnect.IOptions) {
    this._options = options;
    const { notebooks, manager } = options;
    notebooks.widgetAdded.connect(this._onAdded, this);
    manager.stateChanged.connect(this._onClusters, this);
    manager.changed.connect(this._onClusters, this);
    manager.currentChanged.connect(this._onClusters, this);
    notebooks.forEach(panel => this._follow(panel));
    void manager.refresh();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._options.notebooks.forEach(panel => {
      panel.sessionContext.statusChanged.disconnect(this._onStatus, this);
    });
    Signal.clearData(this);
  }

  private _onAdded(_: INotebookTracker, panel: NotebookPanel): void {
    this._follow(panel);
  }

  private _onClusters(): void {
    this._options.notebooks.forEach(panel => this._connect(panel));
  }

  private _onStatus(context: ISessionContext, status: string): void {
    const panel = this._options.notebooks.find(
      one => one.sessionContext === context
    );
    if (!panel) {
      return;
    }
    if (['restarting', 'autorestarting', 'starting'].includes(status)) {
      this._tried.delete(panel);
    } else if (status === 'idle') {
      this._connect(panel);
    }
  }

  private _follow(panel: NotebookPanel): void {
    panel.sessionContext.statusChanged.connect(this._onStatus, this);
    this._connect(panel);
  }

  /** Try once for each kernel and cluster. */
  private _connect(panel: NotebookPanel): void {
    const cluster = this._cluster();
    const kernel = panel.sessionContext.session?.kernel;
    if (!cluster || kernel?.status !== 'idle') {
      return;
    }
    const attempt = `${kernel.id} ${cluster.key}`;
    if (this._tried.get(panel) !== attempt) {
      this._tried.set(panel, attempt);
      void this._attempt(panel, cluster);
    }
  }

  private async _attempt(
    panel: NotebookPanel,
    cluster: ICluster
  ): Promise<void> {
    try {
      await this._options.snippets.connect(cluster, {
        notebook: panel.id,
        cell: false,
        keep: true
      });
    } catch (error) {
      if (!(error instanceof ClusterError)) {
        throw error;
      }
      Notification.warning([error.message, error.hint].join(' '), {
        autoClose: 8000
      });
    }
  }

  /** The current cluster if it runs, or the only one that does. */
  private _cluster(): ICluster | undefined {
    const { current, clusters } = this._options.manager;
    const running = clusters.filter(
      one => one.snapshot.state === 'running' && one.snapshot.connection
    );
    const chosen = running.find(one => one === current);
    return chosen ?? (running.length === 1 ? running[0] : undefined);
  }

  private readonly _options: AutoConnect.IOptions;
  private readonly _tried = new WeakMap<NotebookPanel, string>();
  private _isDisposed = false;
}

export namespace AutoConnect {
  export interface IOptions {
    notebooks: INotebookTracker;
    manager: IClusterManager;
    snippets: ISnippets;
  }
}
