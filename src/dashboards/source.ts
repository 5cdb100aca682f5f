import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import type { ICluster, IClusterManager } from '../tokens';
import { IReach, placeOf, reachDashboard } from './url';

/** Whose dashboard a pane shows, and how that is now. */
export interface ISource extends IDisposable {
  /** A cluster's key, or a proxied address. */
  readonly id: string;
  readonly name: string;
  /** The same where a sentence begins. */
  readonly subject: string;
  readonly cluster: ICluster | null;
  /** `waiting`: not found yet; `gone`: nothing may be asked any more. */
  readonly state: 'waiting' | 'ready' | 'gone';
  /** How the page gets at it while ready; null when it has no dashboard. */
  readonly reach: IReach | null;
  readonly changed: ISignal<ISource, void>;
}

/** The dashboard of a listed cluster, wherever it is at the time. */
export class ClusterSource implements ISource {
  constructor(options: ClusterSource.IOptions) {
    this._options = options;
    options.manager.changed.connect(this._onClusters, this);
    this._onClusters();
    if (!this._cluster) {
      void options.manager.refresh().finally(() => {
        this._searched = true;
        this._onChanged();
      });
    }
  }

  /** It follows the cluster, whose owner may give it another key. */
  get id(): string {
    return this._cluster?.key ?? this._options.key;
  }

  get name(): string {
    return this._name ?? this._options.trans.__('a cluster');
  }

  get subject(): string {
    return this._name ?? this._options.trans.__('This cluster');
  }

  get cluster(): ICluster | null {
    return this._cluster;
  }

  get state(): ISource['state'] {
    switch (this._cluster?.snapshot.state) {
      case undefined:
        return this._searched ? 'gone' : 'waiting';
      case 'stopping':
      case 'stopped':
      case 'failed':
      case 'lost':
        return 'gone';
      case 'queued':
      case 'starting':
        return 'waiting';
      default:
        return 'ready';
    }
  }

  get reach(): IReach | null {
    return this._cluster
      ? reachDashboard(this._cluster.snapshot, this._options.baseUrl)
      : null;
  }

  get changed(): ISignal<ISource, void> {
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
    this._options.manager.changed.disconnect(this._onClusters, this);
    this._cluster?.changed.disconnect(this._onChanged, this);
    Signal.clearData(this);
  }

  private get _name(): string | undefined {
    return this._cluster?.snapshot.name ?? this._options.name;
  }

  /** A cluster that left the list is remembered with its last state. */
  private _onClusters(): void {
    const cluster = this._options.manager.get(this.id);
    if (cluster && cluster !== this._cluster) {
      this._cluster?.changed.disconnect(this._onChanged, this);
      this._cluster = cluster;
      cluster.changed.connect(this._onChanged, this);
      this._onChanged();
    }
  }

  private _onChanged(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _options: ClusterSource.IOptions;
  private _cluster: ICluster | null = null;
  private _searched = false;
  private _isDisposed = false;
  private _changed = new Signal<ISource, void>(this);
}

export namespace ClusterSource {
  export interface IOptions {
    key: string;
    /** What it was called, for as long as it is not found. */
    name?: string;
    manager: IClusterManager;
    /** The Jupyter server's base URL. */
    baseUrl: string;
    trans: TranslationBundle;
  }
}

/** A dashboard behind this server's proxy that belongs to no listed cluster. */
export class AddressSource implements ISource {
  constructor(base: string) {
    this.id = base;
    this.name = this.subject = placeOf(base);
    this.reach = { base, way: 'proxied' };
  }

  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly reach: IReach;
  readonly cluster = null;
  readonly state = 'ready';
  isDisposed = false;

  get changed(): ISignal<ISource, void> {
    return this._changed;
  }

  dispose(): void {
    this.isDisposed = true;
    Signal.clearData(this);
  }

  private _changed = new Signal<ISource, void>(this);
}
