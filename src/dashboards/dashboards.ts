import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { DockLayout } from '@lumino/widgets';
import { ISignal, Signal } from '@lumino/signaling';
import { soon } from '../cluster/soon';
import { dashboardIcon } from '../icons';
import { addToPage } from '../placing';
import { plainText } from '../plainText';
import { Activity } from '../providers/kernel/activity';
import {
  ClusterError,
  ICluster,
  IClusterManager,
  IDashboards,
  ILayout,
  IPlot
} from '../tokens';
import { openAddress, openTab } from './address';
import { orderPanes } from './layouts';
import type { NativeCharts } from './native';
import type { PlotPane } from './pane';
import {
  describePlot,
  isGpuPlot,
  isPlot,
  NATIVE_PLOT,
  ownPlots
} from './plots';
import { hasGpu, probe } from './probe';
import type { DashboardSettings } from './settings';
import { AddressSource, ClusterSource, ISource } from './source';
import { IReach, reachDashboard } from './url';

/** How long after a cluster's workers its dashboard may come, in ms. */
const DASHBOARD_DELAY = 15_000;

/** A tab with one plot. */
export type DashboardTab = MainAreaWidget<PlotPane | NativeCharts>;

/** What a tab shows, by which it is found again and comes back. */
export interface ITabKey {
  /** A cluster's key, or the proxied address of no listed cluster. */
  source: string;
  plot: string;
}

/** What is kept of a tab for its return. */
export interface IKeptTab extends ITabKey {
  /** What its cluster was called, in case that is not found again. */
  name?: string;
}

/** Opens plots of clusters in tabs, and keeps one tab for each plot. */
export class Dashboards implements IDashboards {
  constructor(options: Dashboards.IOptions) {
    this._options = options;
    this._trans = options.trans;
    options.settings.changed.connect(this._onSettings, this);
  }

  get favourites(): readonly string[] {
    return this._options.settings.favourites;
  }

  get layouts(): readonly ILayout[] {
    return this._options.settings.layouts;
  }

  get changed(): ISignal<IDashboards, void> {
    return this._changed;
  }

  async plots(cluster: ICluster): Promise<IPlot[]> {
    const { trans, server, settings } = this._options;
    // The dashboard of a cluster comes a moment after its workers.
    const reach = await soon(
      () => this.reachOf(cluster),
      cluster.changed,
      Private.patience(cluster)
    );
    if (reach === null) {
      throw new ClusterError(
        trans.__('%1 has no dashboard now.', cluster.snapshot.name),
        {
          code: 'unavailable',
          hint: trans.__('Wait until it is running; see Small charts.')
        }
      );
    }
    const plots = await this._probe(reach, cluster);
    const context = { server, trans };
    const gpu = settings.showGpu || (await hasGpu(reach, plots, context));
    return [
      ...ownPlots(trans),
      ...plots.filter(plot => gpu || !isGpuPlot(plot.id))
    ];
  }

  setFavourite(plot: string, favourite: boolean): Promise<void> {
    return this._options.settings.setFavourite(plot, favourite);
  }

  async open(cluster: ICluster, plot: string): Promise<void> {
    await this.openTab({ source: cluster.key, plot });
  }

  openLayout(cluster: ICluster, layout: string): Promise<readonly string[]> {
    return this.openLayoutOf(cluster.key, layout);
  }

  closeLayout(cluster: ICluster): void {
    this._closeAll(cluster.key);
  }

  openAddress(address: string, layout?: string): Promise<void> {
    return openAddress(address, layout ?? this.layouts[0]?.name, {
      dashboards: this,
      manager: this._options.manager,
      server: this._options.server,
      trusted: this._options.settings.trusted,
      trans: this._trans
    });
  }

  /** How the page gets at the cluster's dashboard; null when it cannot. */
  reachOf(cluster: ICluster): IReach | null {
    const { snapshot } = cluster;
    return snapshot.state === 'running' || snapshot.state === 'degraded'
      ? reachDashboard(snapshot, this._options.server.baseUrl)
      : null;
  }

  /**
   * Open the panes of a layout for a cluster or a proxied address.
   *
   * @returns The ids of all of them.
   */
  async openLayoutOf(source: string, name: string): Promise<readonly string[]> {
    const layout = this.layouts.find(one => one.name === name);
    if (!layout) {
      throw new ClusterError(
        this._trans.__('There is no layout named %1.', name),
        {
          code: 'not-found',
          hint: this._trans.__('Choose another, or add it in the settings.')
        }
      );
    }
    const tabs = new Map<string, DashboardTab>();
    for (const { plot, mode, ref } of orderPanes(layout)) {
      const beside = ref === null ? undefined : tabs.get(ref);
      const tab = await this.openTab(
        { source, plot },
        { mode, ref: beside?.id, activate: false }
      );
      tabs.set(plot, tab);
    }
    const [first] = tabs.values();
    if (first) {
      this._options.shell.activateById(first.id);
    }
    return [...tabs.values()].map(({ id }) => id);
  }

  /** Open a tab, or find the one that shows the same. */
  async openTab(
    key: IKeptTab,
    place: Dashboards.IPlace = {}
  ): Promise<DashboardTab> {
    const { shell, tracker } = this._options;
    if (!isPlot(key.plot)) {
      throw new ClusterError(this._trans.__('There is no such plot.'), {
        code: 'not-found',
        hint: this._trans.__('Choose one in the Dashboards section.')
      });
    }
    let tab = this._find(key);
    if (!tab) {
      const made = await this._create(key, place.paused ?? false);
      // The same may have been asked for while its code was loaded.
      tab = this._find(key);
      if (tab) {
        made.dispose();
      } else {
        tab = made;
        addToPage(shell, tab, {
          mode: place.mode as DockLayout.InsertMode,
          ref: place.ref,
          activate: false
        });
        void tracker.add(tab);
        const { source } = tab.content;
        tab.disposed.connect(() => this._updateAll(source.id));
        this._updateAll(source.id);
      }
    }
    if (place.activate !== false) {
      shell.activateById(tab.id);
    }
    return tab;
  }

  private async _create(key: IKeptTab, paused: boolean): Promise<DashboardTab> {
    const { manager, tracker, trans, locale } = this._options;
    const { label } = describePlot(key.plot, trans);
    const native = key.plot === NATIVE_PLOT;
    const [{ NativeCharts }, { PlotPane }] = await Promise.all([
      native
        ? import('./native')
        : Promise.resolve({ NativeCharts: null as never }),
      native ? Promise.resolve({ PlotPane: null as never }) : import('./pane')
    ]);
    const source = this._source(key);
    const titleOf = (): string =>
      trans.__('%1 of %2', label, plainText(source.name));
    const content: PlotPane | NativeCharts = native
      ? new NativeCharts({ source, manager, trans, locale })
      : new PlotPane({
          source,
          plot: key.plot,
          title: titleOf,
          activity: this._activity(),
          pauseAfter: () => this._options.settings.pauseAfter,
          probe: reach => this._probe(reach, source.cluster),
          startAgain: () => this._again(source),
          closeAll: {
            several: () => this._tabsOf(source.id).length > 1,
            execute: () => this._closeAll(source.id)
          },
          openNative: isAddress(key.source)
            ? undefined
            : () => void this.openTab({ source: source.id, plot: NATIVE_PLOT }),
          openTab,
          explained: this._explained,
          paused,
          trans
        });
    const tab: DashboardTab = new MainAreaWidget<PlotPane | NativeCharts>({
      content
    });
    tab.id = tabId(key);
    tab.title.icon = dashboardIcon;
    tab.title.closable = true;
    const name = (): void => {
      const title = titleOf();
      if (title !== tab.title.label) {
        tab.title.label = title;
        tab.title.caption = title;
        void tracker.save(tab);
      }
    };
    name();
    source.changed.connect(name, tab);
    return tab;
  }

  private _source({ source: id, name }: IKeptTab): ISource {
    const { manager, server, trans } = this._options;
    const { baseUrl } = server;
    return isAddress(id)
      ? new AddressSource(id)
      : new ClusterSource({ key: id, name, manager, baseUrl, trans });
  }

  /** Start a successor of a cluster that is gone; its panes move to it. */
  private _again({ id, cluster }: ISource): void {
    if (!cluster) {
      return;
    }
    const { manager } = this._options;
    const { environment, profile, provider, snapshot } = cluster;
    const tabs = this._tabsOf(id);
    const successor = manager.get(id)
      ? manager.retry(id)
      : manager.create({
          name: snapshot.name,
          environment,
          profile,
          provider,
          options: cluster.request?.options ?? snapshot.options ?? {}
        });
    for (const tab of tabs) {
      const { plot } = tabKey(tab);
      void this.openTab(
        { source: successor.key, plot },
        { mode: 'tab-after', ref: tab.id, activate: false }
      ).then(() => tab.close());
    }
  }

  private _find(key: ITabKey): DashboardTab | undefined {
    return this._options.tracker.find(tab => {
      const known = tabKey(tab);
      return known.source === key.source && known.plot === key.plot;
    });
  }

  private _closeAll(source: string): void {
    for (const tab of this._tabsOf(source)) {
      tab.close();
    }
  }

  /** What a pane offers depends on whether there are others. */
  private _updateAll(source: string): void {
    for (const tab of this._tabsOf(source)) {
      tab.content.update();
    }
  }

  private _tabsOf(source: string): DashboardTab[] {
    return this._options.tracker.filter(tab => tabKey(tab).source === source);
  }

  /** Several panes that open at once ask once. */
  private _probe(reach: IReach, cluster: ICluster | null): Promise<IPlot[]> {
    const { server, trans } = this._options;
    const { base } = reach;
    let asked = this._probes.get(base);
    if (!asked) {
      const patience = cluster ? Private.patience(cluster) : 0;
      asked = probe(reach, { server, trans }, patience).finally(() =>
        this._probes.delete(base)
      );
      this._probes.set(base, asked);
    }
    return asked;
  }

  private _activity(): Activity {
    this._watched ??= new Activity();
    return this._watched;
  }

  private _onSettings(): void {
    this._changed.emit();
  }

  private readonly _options: Dashboards.IOptions;
  private readonly _trans: TranslationBundle;
  private readonly _explained = new Set<string>();
  private readonly _probes = new Map<string, Promise<IPlot[]>>();
  private _watched: Activity | null = null;
  private _changed = new Signal<IDashboards, void>(this);
}

/** Whether a source is a proxied address and not a cluster's key. */
export function isAddress(source: string): boolean {
  return /^https?:\/\//.test(source);
}

/** What a tab shows. */
export function tabKey(tab: DashboardTab): ITabKey {
  const { content } = tab;
  return {
    source: content.source.id,
    plot: 'plot' in content ? content.plot : NATIVE_PLOT
  };
}

/** The id of the tab that shows this. */
export function tabId(key: ITabKey): string {
  return `jp-dask-dashboard-${encodeURIComponent(key.source)}-${encodeURIComponent(key.plot)}`;
}

export namespace Dashboards {
  export interface IOptions {
    shell: JupyterFrontEnd.IShell;
    manager: IClusterManager;
    tracker: WidgetTracker<DashboardTab>;
    server: ServerConnection.ISettings;
    settings: DashboardSettings;
    trans: TranslationBundle;
    /** The page's language, as BCP 47. */
    locale?: string;
  }

  /** Where a tab goes. */
  export interface IPlace {
    mode?: string;
    /** The id of the widget that `mode` is relative to. */
    ref?: string;
    activate?: boolean;
    /** Show nothing before the person says so. */
    paused?: boolean;
  }
}

namespace Private {
  /** For how much longer a cluster's dashboard may be on its way, in ms. */
  export function patience({ snapshot }: ICluster): number {
    const { state, since } = snapshot;
    const age = Math.max(0, Date.now() - since);
    return state === 'running' ? Math.max(0, DASHBOARD_DELAY - age) : 0;
  }
}
