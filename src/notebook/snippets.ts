import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';
import type { FocusTracker, Widget } from '@lumino/widgets';
import { dragOnceLoaded } from '../dragging';
import type { ICluster, IClusterManager, ISnippets } from '../tokens';
import { Connections } from './connections';
import type { Connector } from './connector';
import type { ITrackers } from './target';

/** How many widgets are remembered by when they had the focus. */
const RECENT = 8;

/**
 * The front door of this room: small, and loads the rest when it is used.
 */
export class Snippets implements ISnippets {
  constructor(options: Snippets.IOptions) {
    this._options = options;
    this._connections = new Connections(options.manager);
    this._connections.changed.connect(this._onChanged, this);
    options.trackers.notebooks?.currentChanged.connect(this._onChanged, this);
    options.shell.currentChanged?.connect(this._onFocus, this);
  }

  get connected(): string | null {
    const panel = this._options.trackers.notebooks?.currentWidget;
    const state = panel && this._connections.get(panel.id);
    return state?.status === 'connected' ? state.cluster : null;
  }

  get connectedChanged(): ISignal<ISnippets, void> {
    return this._changed;
  }

  async code(cluster: ICluster): Promise<string> {
    return (await this._load()).code(cluster);
  }

  async connect(
    cluster: ICluster,
    options: ISnippets.IConnectOptions = {}
  ): Promise<ISnippets.Outcome> {
    const connector = await this._load();
    return connector.connect(cluster, {
      ...options,
      run: options.run ?? (await this._options.runs())
    });
  }

  async disconnect(notebook?: string): Promise<void> {
    await (await this._load()).disconnect(notebook);
  }

  async drag(cluster: ICluster, event: MouseEvent): Promise<void> {
    const id = UUID.uuid4();
    const dropped = await dragOnceLoaded(event, async () => {
      const [connector, { dragData }] = await Promise.all([
        this._load(),
        import('./drag')
      ]);
      return dragData(cluster.key, connector.code(cluster), id);
    });
    if (dropped) {
      const { keepDropped } = await import('./drag');
      this._options.trackers.notebooks?.forEach(panel =>
        keepDropped(panel, id)
      );
    }
  }

  state(notebook: string): ISnippets.IState {
    return this._connections.get(notebook);
  }

  async refresh(notebook: string): Promise<void> {
    const panel = this._options.trackers.notebooks?.find(
      one => one.id === notebook
    );
    if (panel) {
      await (await this._load()).refresh(panel);
    }
  }

  async client(): Promise<ISnippets.IClient | null> {
    return (await this._load()).client();
  }

  private async _load(): Promise<Connector> {
    if (!this._connector) {
      const { Connector } = await import('./connector');
      this._connector ??= new Connector({
        ...this._options,
        connections: this._connections,
        recent: () => this._recent
      });
    }
    return this._connector;
  }

  private _onChanged(): void {
    this._changed.emit();
  }

  private _onFocus(
    _: JupyterFrontEnd.IShell,
    { newValue }: FocusTracker.IChangedArgs<Widget>
  ): void {
    if (newValue) {
      const others = this._recent.filter(
        one => one !== newValue && !one.isDisposed
      );
      this._recent = [newValue, ...others].slice(0, RECENT);
    }
  }

  private readonly _options: Snippets.IOptions;
  private readonly _connections: Connections;
  private _connector: Connector | null = null;
  private _recent: Widget[] = [];
  private _changed = new Signal<ISnippets, void>(this);
}

export namespace Snippets {
  export interface IOptions {
    shell: JupyterFrontEnd.IShell;
    commands: JupyterFrontEnd['commands'];
    manager: IClusterManager;
    trackers: ITrackers;
    /** Whether an inserted cell is run at once, where nobody says. */
    runs: () => Promise<boolean>;
    trans: TranslationBundle;
  }
}
