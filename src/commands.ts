import type { TranslationBundle } from '@jupyterlab/translation';

/**
 * The ids of all commands. A command that acts on a cluster takes the argument
 * `cluster` (its key); without it the command acts on the cluster of the
 * context menu's target, then on the current one.
 */
export namespace CommandIDs {
  /** Show the sidebar. */
  export const showSidebar = 'seasonal-monitor:show-sidebar';
  /** Start a cluster; `profile` names the preset, the last one by default. */
  export const newCluster = 'seasonal-monitor:new-cluster';
  /** Start the clusters that the site wants to have at the beginning. */
  export const startInitial = 'seasonal-monitor:start-initial-clusters';
  /** Open the form for a new cluster; `profile` fills it. */
  export const customiseCluster = 'seasonal-monitor:customise-cluster';
  /** Ask for a scheduler's address or file and show it as a card. */
  export const connectScheduler = 'seasonal-monitor:connect-scheduler';
  /** Ask the open kernels for clusters made in notebooks. */
  export const findClusters = 'seasonal-monitor:find-clusters';
  /** Ask all providers what there is. */
  export const refreshClusters = 'seasonal-monitor:refresh-clusters';
  /** Change the number of workers. */
  export const scaleCluster = 'seasonal-monitor:scale-cluster';
  /** Restart all workers, which forgets their results. */
  export const restartWorkers = 'seasonal-monitor:restart-workers';
  /** Change a cluster's name. */
  export const renameCluster = 'seasonal-monitor:rename-cluster';
  /** Put off the end of a cluster that would stop by itself. */
  export const keepCluster = 'seasonal-monitor:keep-cluster';
  /** Stop, cancel or forget a cluster. */
  export const stopCluster = 'seasonal-monitor:stop-cluster';
  /** Stop all clusters, after confirmation with numbers. */
  export const stopAllClusters = 'seasonal-monitor:stop-all-clusters';
  /** Ask again for a cluster that failed or was lost. */
  export const retryCluster = 'seasonal-monitor:retry-cluster';
  /** The same with half as many workers. */
  export const retryFewer = 'seasonal-monitor:retry-fewer-workers';
  /** Open workers, events and logs of a cluster. */
  export const showDetails = 'seasonal-monitor:show-details';
  /** Copy what happened to a cluster, for a report. */
  export const copyReport = 'seasonal-monitor:copy-report';
  /** Copy Python that makes such a cluster without this extension. */
  export const copyPython = 'seasonal-monitor:copy-as-python';
  /** Copy a Dask configuration that makes such clusters. */
  export const copyYaml = 'seasonal-monitor:copy-as-yaml';
  /** Write connection code into the active notebook, console or editor. */
  export const connectNotebook = 'seasonal-monitor:connect-notebook';
  /** Close the active notebook's client. */
  export const disconnectNotebook = 'seasonal-monitor:disconnect-notebook';
  /** Copy the connection code. */
  export const copyConnectionCode = 'seasonal-monitor:copy-connection-code';
  /** Switch auto-connect of new notebooks on or off. */
  export const toggleAutoConnect = 'seasonal-monitor:toggle-auto-connect';
  /** Choose a plot or layout of a cluster's dashboard. */
  export const openDashboards = 'seasonal-monitor:open-dashboards';
  /** Open the plot `plot`. */
  export const openPlot = 'seasonal-monitor:open-plot';
  /** Open the layout `layout`. */
  export const openLayout = 'seasonal-monitor:open-layout';
  /** Close all panes of a cluster. */
  export const closeLayout = 'seasonal-monitor:close-layout';
  /** Paste a dashboard's address. */
  export const openDashboardAddress = 'seasonal-monitor:open-dashboard-address';
  /** Open the dashboard of the focused notebook's client. */
  export const detectDashboard = 'seasonal-monitor:detect-dashboard';
  /** Open the form of the template `template`. */
  export const openTemplate = 'seasonal-monitor:open-template';
  /** Change the parameters of a template's cells in the active notebook. */
  export const editParameters = 'seasonal-monitor:edit-parameters';
  /** Make a template out of the active notebook. */
  export const saveAsTemplate = 'seasonal-monitor:save-as-template';
  /** Read all templates again. */
  export const refreshTemplates = 'seasonal-monitor:refresh-templates';
  /** Show what clusters have cost. */
  export const showCosts = 'seasonal-monitor:show-costs';
  /** Download what clusters have cost. */
  export const exportCosts = 'seasonal-monitor:export-costs';
  /** Compare the ways to have a cluster. */
  export const ownOrRent = 'seasonal-monitor:own-or-rent';
}

/** What a command is called, and what it does. */
export interface ICommandText {
  label: string;
  caption: string;
}

/**
 * The texts of the commands that can be found before their code is loaded, the
 * same before and after.
 */
export function earlyTexts(
  trans: TranslationBundle
): Record<
  'newCluster' | 'openTemplate' | 'openPlot' | 'showDetails' | 'ownOrRent',
  ICommandText
> {
  return {
    newCluster: {
      label: trans.__('New Dask Cluster'),
      caption: trans.__('Start a Dask cluster with the last profile')
    },
    openTemplate: {
      label: trans.__('Notebook from Template…'),
      caption: trans.__('Fill in the form of a Seasonal Monitor template')
    },
    openPlot: {
      label: trans.__('Open Plot…'),
      caption: trans.__('Open a plot of the Dask dashboard')
    },
    showDetails: {
      label: trans.__('Show Details'),
      caption: trans.__('Open workers, events, logs and options of a cluster')
    },
    ownOrRent: {
      label: trans.__('Own or Rent Dask…'),
      caption: trans.__('Compare what a month of work costs on each option')
    }
  };
}

/** The peer's commands, which are registered only where the peer is absent. */
export namespace PeerCommandIDs {
  export const populateUrl = 'dask:populate-dashboard-url';
  export const launchLayout = 'dask:populate-and-launch-layout';
}

/** Selector of what shows text that came with a document. */
export const CONTENT = '.jp-RenderedHTMLCommon, .jp-OutputArea-output';
