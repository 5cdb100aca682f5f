import { EarlyIDs } from './early';

export { earlyTexts } from './early';
export type { ICommandText } from './early';

/**
 * The ids of all commands. A command that acts on a cluster takes the argument
 * `cluster` (its key); without it the command acts on the cluster of the
 * context menu's target, then on the current one.
 */
export namespace CommandIDs {
  /** Show the sidebar. */
  export const showSidebar = EarlyIDs.showSidebar;
  /** Start a cluster; `profile` names the preset, the last one by default. */
  export const newCluster = EarlyIDs.newCluster;
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
  /** Show everything that runs anywhere. */
  export const showLeftRunning = EarlyIDs.showLeftRunning;
  /** Ask again for a cluster that failed or was lost. */
  export const retryCluster = 'seasonal-monitor:retry-cluster';
  /** The same with half as many workers. */
  export const retryFewer = 'seasonal-monitor:retry-fewer-workers';
  /** Open workers, events and logs of a cluster. */
  export const showDetails = EarlyIDs.showDetails;
  /** Show and explain what happened to a cluster. */
  export const whatHappened = 'seasonal-monitor:what-happened';
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
  export const openPlot = EarlyIDs.openPlot;
  /** Open the layout `layout`. */
  export const openLayout = 'seasonal-monitor:open-layout';
  /** Close all panes of a cluster. */
  export const closeLayout = 'seasonal-monitor:close-layout';
  /** Paste a dashboard's address. */
  export const openDashboardAddress = 'seasonal-monitor:open-dashboard-address';
  /** Open the dashboard of the focused notebook's client. */
  export const detectDashboard = 'seasonal-monitor:detect-dashboard';
  /** Open the form of the template `template`. */
  export const openTemplate = EarlyIDs.openTemplate;
  /** Change the parameters of a template's cells in the active notebook. */
  export const editParameters = 'seasonal-monitor:edit-parameters';
  /** Make a template out of the active notebook. */
  export const saveAsTemplate = 'seasonal-monitor:save-as-template';
  /** Read all templates again. */
  export const refreshTemplates = 'seasonal-monitor:refresh-templates';
  /** Make a workshop file and show its form. */
  export const newWorkshop = EarlyIDs.newWorkshop;
  /** Show the form of a workshop file: `path`, or the one that is open. */
  export const editWorkshop = 'seasonal-monitor:edit-workshop';
  /** Open the workshop that the query `link` names, or a code that is asked for. */
  export const joinWorkshop = EarlyIDs.joinWorkshop;
  /** Open the trainer's page of a workshop file: `path`, or the open one. */
  export const teachClass = 'seasonal-monitor:teach-class';
  /** Show sidebar, notebook and plots side by side, or go back. */
  export const teachingLayout = 'seasonal-monitor:teaching-layout';
  /** Large text and high contrast, or back. */
  export const projectorMode = 'seasonal-monitor:projector-mode';
  /** Show what clusters have cost. */
  export const showCosts = EarlyIDs.showCosts;
  /** Download what clusters have cost. */
  export const exportCosts = 'seasonal-monitor:export-costs';
  /** Open the settings with the table of prices. */
  export const editPrices = 'seasonal-monitor:edit-prices';
  /** Compare the ways to have a cluster. */
  export const ownOrRent = EarlyIDs.ownOrRent;
}

/** The peer's commands, which are registered only where the peer is absent. */
export namespace PeerCommandIDs {
  export const populateUrl = 'dask:populate-dashboard-url';
  export const launchLayout = 'dask:populate-and-launch-layout';
}
