/** Plots of a cluster's dashboard. */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { ICluster } from './manager';
import { PACKAGE } from './names';

/** A plot of a scheduler's dashboard. */
export interface IPlot {
  /** Its path, such as `individual-task-stream`. */
  id: string;
  label: string;
  group: string;
}

/** A named arrangement of plots, in the peer's `defaultLayout` shape. */
export interface ILayout {
  name: string;
  plots: Record<string, { mode: string; ref?: string | null }>;
}

/** Dashboards of clusters. */
export interface IDashboards {
  /** What the cluster's scheduler offers; throws a ClusterError in words. */
  plots(cluster: ICluster): Promise<IPlot[]>;
  readonly favourites: readonly string[];
  readonly layouts: readonly ILayout[];
  /** Favourites or layouts changed. */
  readonly changed: ISignal<IDashboards, void>;
  setFavourite(plot: string, favourite: boolean): Promise<void>;
  /** Open a plot, or bring forward the pane that shows it. */
  open(cluster: ICluster, plot: string): Promise<void>;
  /**
   * Open the panes of a layout, where they are not open already.
   *
   * @returns The ids of all of them.
   */
  openLayout(cluster: ICluster, layout: string): Promise<readonly string[]>;
  closeLayout(cluster: ICluster): void;
  /**
   * Open what an address leads to: a listed cluster's dashboard in panes, and
   * anything else after asking. Throws a ClusterError in words.
   *
   * @param layout - The layout to open; the first one by default.
   */
  openAddress(address: string, layout?: string): Promise<void>;
}

export const IDashboards = new Token<IDashboards>(
  `${PACKAGE}:IDashboards`,
  "Panes with the plots of a cluster's dashboard."
);
