import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  ICommandPalette,
  MainAreaWidget,
  WidgetTracker
} from '@jupyterlab/apputils';
import type { ITranslator } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { CommandIDs, earlyTexts } from '../commands';
import { guarded } from '../guard';
import { clusterIcon } from '../icons';
import { addToPage } from '../placing';
import { clusterArgs, detailsArgs } from '../sidebar/commandArgs';
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
  const addCommand = guarded(commands, trans);
  const tracker = new WidgetTracker<MainAreaWidget<ClusterDetails>>({
    namespace: 'seasonal-monitor-cluster-details'
  });
  places.restore(tracker, 'details', ({ content }) => ({
    cluster: content.key
  }));
  const open = async (key: string): Promise<ClusterDetails> => {
    const { createDetails } = await import('../sidebar/details');
    let widget = tracker.find(({ content }) => content.key === key);
    if (!widget) {
      widget = createDetails({ key, services });
      addToPage(shell, widget);
      void tracker.add(widget);
    }
    shell.activateById(widget.id);
    return widget.content;
  };
  const keyOf = ({ cluster }: ReadonlyPartialJSONObject): string | undefined =>
    typeof cluster === 'string' ? cluster : manager.current?.key;
  addCommand(CommandIDs.showDetails, {
    ...earlyTexts(trans).showDetails,
    describedBy: { args: detailsArgs(trans) },
    isEnabled: args => keyOf(args) !== undefined,
    execute: async args => {
      const key = keyOf(args);
      if (key) {
        const details = await open(key);
        if (typeof args.tab === 'string') {
          details.tab = args.tab;
        }
      }
    }
  });
  addCommand(CommandIDs.whatHappened, {
    label: trans.__('What Just Happened'),
    caption: trans.__('Show the events of the cluster, each explained'),
    icon: clusterIcon,
    describedBy: { args: clusterArgs(trans) },
    isEnabled: args => keyOf(args) !== undefined,
    execute: async args => {
      const key = keyOf(args);
      if (key) {
        const details = await open(key);
        details.explains = true;
        details.tab = 'events';
      }
    }
  });
  for (const command of [CommandIDs.showDetails, CommandIDs.whatHappened]) {
    palette?.addItem({ command, category: trans.__('Dask') });
  }
}
