import { MainAreaWidget } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { IDisposable } from '@lumino/disposable';
import { Message } from '@lumino/messaging';
import { ISignal, Signal } from '@lumino/signaling';
import * as React from 'react';
import { LanguageProvider } from '../components/language';
import { plainText } from '../plainText';
import { clusterIcon } from '../icons';
import type { ICluster, WatchDetail } from '../tokens';
import { DetailsView } from './detailsView';
import type { ISidebarServices } from './services';
import '../../style/base.css';
import '../../style/card.css';
import '../../style/details.css';

/**
 * Workers, events, logs and options of one cluster. It waits for a cluster
 * that is not known yet, as after a reload.
 */
export class ClusterDetails extends ReactWidget {
  constructor(options: ClusterDetails.IOptions) {
    super();
    this.key = options.key;
    this._services = options.services;
    this.addClass('jp-DaskDetails');
    this.title.icon = clusterIcon;
    this._services.manager.changed.connect(this._onClusters, this);
    this._onClusters();
  }

  /** The key with which it was opened. */
  readonly key: string;

  get cluster(): ICluster | null {
    return this._cluster;
  }

  /** The tab that was chosen. */
  get tab(): string {
    return this._tab;
  }

  set tab(tab: string) {
    this._tab = tab;
    this._changed.emit();
  }

  /** Whether what happens is explained, as for who learns Dask. */
  get explains(): boolean {
    return this._explains;
  }

  set explains(explains: boolean) {
    this._explains = explains;
    this._changed.emit();
  }

  /** The cluster came or went, or what is shown of it changed. */
  get changed(): ISignal<ClusterDetails, void> {
    return this._changed;
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._watch?.dispose();
    Signal.clearData(this);
    super.dispose();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._update();
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._update();
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    document.addEventListener('visibilitychange', this);
    this._update();
    if (!this._cluster) {
      void this._services.manager.refresh();
    }
  }

  protected override onBeforeDetach(msg: Message): void {
    document.removeEventListener('visibilitychange', this);
    super.onBeforeDetach(msg);
  }

  handleEvent(event: Event): void {
    this._update();
  }

  protected render(): JSX.Element {
    return (
      <LanguageProvider value={this._services.language}>
        <DetailsView
          details={this}
          services={this._services}
          onTab={this._onTab}
        />
      </LanguageProvider>
    );
  }

  private _onTab = (tab: string): void => {
    this._inView = tab;
    this._update();
  };

  private _onClusters(): void {
    const { manager, language } = this._services;
    const known = this._cluster;
    const cluster =
      known && manager.clusters.includes(known)
        ? known
        : (manager.get(this.key) ?? null);
    const { trans } = language;
    if (cluster !== known) {
      known?.changed.disconnect(this._onCluster, this);
      cluster?.changed.connect(this._onCluster, this);
      this._cluster = cluster;
      this._update();
    }
    this._onCluster();
    if (!cluster && !this.title.label) {
      this.title.label = trans.__('Cluster');
    }
    this._changed.emit();
  }

  private _onCluster(): void {
    if (this._cluster) {
      this.title.label = plainText(this._cluster.snapshot.name);
    }
  }

  /** Look as closely as what is in view needs. */
  private _update(): void {
    const visible = this.isVisible && document.visibilityState === 'visible';
    const detail = this._inView === 'workers' ? 'workers' : 'counts';
    const wanted = visible && this._cluster ? detail : 'none';
    if (wanted === this._detail && this._cluster === this._watched) {
      return;
    }
    const before = this._watch;
    this._detail = wanted;
    this._watched = this._cluster;
    this._watch =
      wanted !== 'none' && this._cluster
        ? this._services.manager.watch(this._cluster.key, wanted)
        : null;
    before?.dispose();
  }

  private _services: ISidebarServices;
  private _cluster: ICluster | null = null;
  private _tab = 'workers';
  private _inView = 'workers';
  private _explains = false;
  private _detail: WatchDetail = 'none';
  private _watched: ICluster | null = null;
  private _watch: IDisposable | null = null;
  private _changed = new Signal<ClusterDetails, void>(this);
}

export namespace ClusterDetails {
  export interface IOptions {
    /** The cluster's key. */
    key: string;
    services: ISidebarServices;
  }
}

/** The details of a cluster as a tab of the main area. */
export function createDetails(
  options: ClusterDetails.IOptions
): MainAreaWidget<ClusterDetails> {
  const content = new ClusterDetails(options);
  const widget = new MainAreaWidget({ content });
  widget.toolbar.hide();
  widget.id = `jp-DaskDetails-${options.key.replace(/\W/g, '-')}`;
  return widget;
}
