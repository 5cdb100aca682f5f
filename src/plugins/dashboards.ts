import type { JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { CommandIDs, earlyTexts } from '../commands';
import { guarded } from '../guard';
import type { DashboardVerb, IArguments } from '../dashboards/acts';
import {
  Dashboards,
  DashboardTab,
  isAddress,
  tabKey
} from '../dashboards/dashboards';
import { DashboardSettings } from '../dashboards/settings';
import { dashboardIcon } from '../icons';
import { loadSettings } from '../settings';
import {
  DOMAIN,
  IClusterManager,
  IDashboards,
  IPlaces,
  ISnippets
} from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:dashboards';

/** Provide the dashboards of clusters, and the commands that open them. */
export function activate(
  app: JupyterFrontEnd,
  places: IPlaces,
  manager: IClusterManager,
  snippets: ISnippets | null,
  registry: ISettingRegistry | null,
  palette: ICommandPalette | null,
  translator: ITranslator | null
): IDashboards {
  const { commands, shell, serviceManager } = app;
  const language = translator ?? nullTranslator;
  const trans = language.load(DOMAIN);
  const addCommand = guarded(commands, trans);
  const tracker = new WidgetTracker<DashboardTab>({
    namespace: 'seasonal-monitor-dashboard-panes'
  });
  const dashboards = new Dashboards({
    shell,
    manager,
    tracker,
    server: serviceManager.serverSettings,
    settings: new DashboardSettings(
      registry && loadSettings(registry, ID, trans),
      trans
    ),
    trans,
    locale: language.languageCode.replace('_', '-')
  });
  places.restore(tracker, 'dashboards', tab => {
    const { source, plot } = tabKey(tab);
    return isAddress(source)
      ? { address: source, plot }
      : { cluster: source, plot, name: tab.content.source.name };
  });

  const act = async (verb: DashboardVerb, args: IArguments): Promise<void> => {
    const room = await import('../dashboards/acts');
    await room.act(verb, args, { dashboards, manager, snippets, trans });
  };
  /** The arguments of a command that acts on a cluster's dashboards. */
  const describe = (more: Record<string, string> = {}) => {
    const properties: JSONObject = {};
    for (const [name, description] of Object.entries({
      cluster: trans.__('Its key; the current cluster by default'),
      ...more
    })) {
      properties[name] = { type: 'string', description };
    }
    return { args: { type: 'object', properties } };
  };
  const hasCluster = (args: IArguments): boolean =>
    typeof args.cluster === 'string' ||
    typeof args.address === 'string' ||
    manager.current !== null;
  addCommand(CommandIDs.openDashboards, {
    label: trans.__('Open Dashboards…'),
    caption: trans.__('Choose a plot or layout of the cluster'),
    icon: dashboardIcon,
    isEnabled: hasCluster,
    describedBy: describe(),
    execute: args => act('choose', args)
  });
  addCommand(CommandIDs.openPlot, {
    ...earlyTexts(trans).openPlot,
    icon: dashboardIcon,
    isEnabled: hasCluster,
    describedBy: describe({
      plot: trans.__('Its path; without it the person chooses'),
      address: trans.__('The address of a pane that comes back'),
      name: trans.__('What the cluster of a pane that comes back was called')
    }),
    execute: args => act('plot', args)
  });
  addCommand(CommandIDs.openLayout, {
    label: trans.__('Open Dashboard Layout'),
    caption: trans.__('Open several plots side by side'),
    icon: dashboardIcon,
    isEnabled: hasCluster,
    describedBy: describe({
      layout: trans.__('Its name; the first one by default')
    }),
    execute: args => act('layout', args)
  });
  addCommand(CommandIDs.closeLayout, {
    label: trans.__('Close Dashboards'),
    caption: trans.__('Close all plots of the cluster'),
    isEnabled: hasCluster,
    describedBy: describe(),
    execute: args => act('close', args)
  });
  addCommand(CommandIDs.openDashboardAddress, {
    label: trans.__('Open Dashboard by Address…'),
    caption: trans.__('Paste the address of a Dask dashboard'),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => act('paste', {})
  });
  addCommand(CommandIDs.detectDashboard, {
    label: trans.__('Open Dashboard of the Active Notebook'),
    caption: trans.__('Ask the active notebook for its Dask client'),
    isVisible: () => snippets !== null,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => act('detect', {})
  });
  const category = trans.__('Dask');
  for (const command of [
    CommandIDs.openDashboards,
    CommandIDs.openLayout,
    CommandIDs.closeLayout,
    CommandIDs.openDashboardAddress,
    CommandIDs.detectDashboard
  ]) {
    palette?.addItem({ command, category });
  }
  return dashboards;
}
