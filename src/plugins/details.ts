import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  ICommandPalette,
  MainAreaWidget,
  WidgetTracker
} from '@jupyterlab/apputils';
import type { ITranslator } from '@jupyterlab/translation';
import { CommandIDs, earlyTexts } from '../commands';
import { clusterArgs } from '../sidebar/commandArgs';
import type { ClusterDetails } from '../sidebar/details';
import { createServices } from '../sidebar/services';
import type {
  IClusterManager,
  ICosts,
  IPlaces,
  IProfiles,
  IProviderRegistry
} from '../tokens';

/** Add the tab with a cluster's workers, events, logs and options. */
export function activate(
  app: JupyterFrontEnd,
  places: IPlaces,
  manager: IClusterManager,
  registry: IProviderRegistry,
  profiles: IProfiles | null,
  costs: ICosts | null,
  palette: ICommandPalette | null,
  translator: ITranslator | null
): void {
  const { commands, shell, serviceManager } = app;
  const services = createServices({
    manager,
    registry,
    profiles,
    costs,
    translator,
    commands,
    kernelspecs: serviceManager.kernelspecs
  });
  const { trans } = services.language;
  const tracker = new WidgetTracker<MainAreaWidget<ClusterDetails>>({
    namespace: 'seasonal-monitor-cluster-details'
  });
  places.restore(tracker, 'details', ({ content }) => ({
    cluster: content.key
  }));
  const open = async (key: string): Promise<void> => {
    const { createDetails } = await import('../sidebar/details');
    let widget = tracker.find(({ content }) => content.key === key);
    if (!widget) {
      widget = createDetails({ key, services });
      shell.add(widget, 'main');
      void tracker.add(widget);
    }
    shell.activateById(widget.id);
  };
  commands.addCommand(CommandIDs.showDetails, {
    ...earlyTexts(trans).showDetails,
    describedBy: { args: clusterArgs(trans) },
    isEnabled: args => !!args.cluster || manager.current !== null,
    execute: async args => {
      const key =
        typeof args.cluster === 'string' ? args.cluster : manager.current?.key;
      if (key) {
        await open(key);
      }
    }
  });
  palette?.addItem({
    command: CommandIDs.showDetails,
    category: trans.__('Dask')
  });
}
