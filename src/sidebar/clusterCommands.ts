import { showErrorMessage } from '@jupyterlab/apputils';
import { refreshIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { inWords } from '../cluster/errors';
import { fewerWorkers } from '../cluster/fewer';
import { recipeAsPython, recipeAsYaml, recipeOf } from '../cluster/recipe';
import { CommandIDs, earlyTexts } from '../commands';
import { plainText } from '../plainText';
import { guarded } from '../guard';
import { clusterIcon } from '../icons';
import type { ClusterState, ICapabilities } from '../tokens';
import { ClusterActs, IActArgs } from './acts';
import {
  clusterArgs,
  isIn,
  NO_ARGS,
  profileArgs,
  readArgs,
  targetOf
} from './commandArgs';
import type { ISidebarServices } from './services';

const UP: ClusterState[] = ['running', 'degraded'];
const BROKEN: ClusterState[] = ['failed', 'lost'];
const STOPPABLE: ClusterState[] = ['queued', 'starting', ...UP, ...BROKEN];

/**
 * Add the commands that act on clusters.
 *
 * @returns the ids of those that are not in the palette yet.
 */
export function addClusterCommands(services: ISidebarServices): string[] {
  const { commands, manager, language } = services;
  const { trans } = language;
  const acts = new ClusterActs(services);
  const addCommand = guarded(commands, trans);
  const onProfile = profileArgs(trans);
  const onCluster = clusterArgs(trans);

  /** Do it, and say in words why not when it fails. */
  const attempt = async (
    args: ReadonlyPartialJSONObject,
    act: (args: IActArgs) => unknown
  ): Promise<void> => {
    try {
      await act(readArgs(args));
    } catch (reason) {
      // A dialog that goes away unanswered rejects with nothing.
      if (reason !== undefined) {
        await showErrorMessage(
          trans.__('That did not work'),
          plainText(inWords(reason), 500)
        );
      }
    }
  };
  const changes = (): boolean => !manager.readOnly;
  const able = (
    args: ReadonlyPartialJSONObject,
    capability: keyof ICapabilities,
    states = UP
  ): boolean =>
    changes() &&
    isIn(manager, args, states) &&
    targetOf(manager, args)?.capabilities[capability] === true;

  const endsItself = (args: ReadonlyPartialJSONObject): boolean =>
    targetOf(manager, args)?.snapshot.stopsAt !== undefined;

  addCommand(CommandIDs.newCluster, {
    ...earlyTexts(trans).newCluster,
    icon: clusterIcon,
    describedBy: { args: onProfile },
    isVisible: changes,
    isEnabled: changes,
    execute: args => attempt(args, values => acts.newCluster(values))
  });
  addCommand(CommandIDs.startInitial, {
    label: trans.__("Start the Site's Initial Clusters"),
    caption: trans.__(
      'Start those of the Dask configuration that do not run yet'
    ),
    describedBy: { args: NO_ARGS },
    isVisible: () => changes() && acts.initial.length > 0,
    isEnabled: () => changes() && acts.initial.length > 0,
    execute: args => attempt(args, values => acts.startInitial(values))
  });
  addCommand(CommandIDs.customiseCluster, {
    label: args =>
      args.cluster
        ? trans.__('New Cluster like This…')
        : trans.__('Customise…'),
    caption: trans.__('Choose environment, size and name of a new cluster'),
    describedBy: { args: onProfile },
    isVisible: changes,
    isEnabled: changes,
    execute: args => attempt(args, values => acts.customise(values))
  });
  addCommand(CommandIDs.refreshClusters, {
    label: trans.__('Refresh the Clusters'),
    caption: trans.__('Ask again which clusters there are'),
    icon: refreshIcon,
    describedBy: { args: NO_ARGS },
    execute: () => manager.refresh()
  });
  addCommand(CommandIDs.scaleCluster, {
    label: trans.__('Scale…'),
    caption: trans.__('Change the number of workers'),
    describedBy: { args: onCluster },
    isVisible: changes,
    isEnabled: args => able(args, 'scale'),
    execute: args => attempt(args, values => acts.scale(values))
  });
  addCommand(CommandIDs.restartWorkers, {
    label: trans.__('Restart Workers…'),
    caption: trans.__('Start all workers anew; their results are lost'),
    describedBy: { args: onCluster },
    isVisible: changes,
    isEnabled: args => able(args, 'restart'),
    execute: args => attempt(args, values => acts.restart(values))
  });
  addCommand(CommandIDs.renameCluster, {
    label: trans.__('Rename…'),
    caption: trans.__('Change the name of a cluster'),
    describedBy: { args: onCluster },
    isVisible: changes,
    isEnabled: args => able(args, 'rename'),
    execute: args => attempt(args, values => acts.rename(values))
  });
  addCommand(CommandIDs.keepCluster, {
    label: trans.__('Keep for 30 Minutes'),
    caption: trans.__('Put off the time at which a cluster stops by itself'),
    describedBy: { args: onCluster },
    isVisible: args => able(args, 'keep') && endsItself(args),
    isEnabled: args => able(args, 'keep') && endsItself(args),
    execute: args => attempt(args, values => acts.keep(values))
  });
  addCommand(CommandIDs.stopCluster, {
    label: args => {
      const target = targetOf(manager, args);
      if (isIn(manager, args, BROKEN)) {
        return trans.__('Dismiss');
      }
      if (isIn(manager, args, ['queued', 'starting'])) {
        return trans.__('Cancel the Start');
      }
      return target?.capabilities.stop === false
        ? trans.__('Forget Cluster')
        : trans.__('Stop Cluster');
    },
    caption: trans.__('Stop a cluster with all its workers'),
    describedBy: { args: onCluster },
    isVisible: args => changes() || isIn(manager, args, BROKEN),
    isEnabled: args => isIn(manager, args, changes() ? STOPPABLE : BROKEN),
    execute: args => attempt(args, values => acts.stop(values))
  });
  addCommand(CommandIDs.stopAllClusters, {
    label: trans.__('Stop All Clusters…'),
    caption: trans.__('Stop all clusters, after a question'),
    describedBy: { args: NO_ARGS },
    isVisible: changes,
    isEnabled: () => changes() && manager.clusters.length > 0,
    execute: args => attempt(args, () => acts.stopAll())
  });
  addCommand(CommandIDs.retryCluster, {
    label: trans.__('Retry'),
    caption: trans.__('Start a cluster again that failed or was lost'),
    describedBy: { args: onCluster },
    isVisible: args => changes() && isIn(manager, args, BROKEN),
    isEnabled: args => changes() && isIn(manager, args, BROKEN),
    execute: args => attempt(args, values => acts.retry(values))
  });
  addCommand(CommandIDs.retryFewer, {
    label: trans.__('Retry with Fewer Workers'),
    caption: trans.__('Start a cluster again with half as many workers'),
    describedBy: { args: onCluster },
    isVisible: args => changes() && isIn(manager, args, BROKEN),
    isEnabled: args => {
      const target = targetOf(manager, args);
      return (
        changes() &&
        isIn(manager, args, BROKEN) &&
        target !== null &&
        fewerWorkers(target) !== null
      );
    },
    execute: args => attempt(args, values => acts.retry(values, true))
  });
  addCommand(CommandIDs.copyReport, {
    label: trans.__('Copy Report'),
    caption: trans.__('Copy what is known of a cluster, for whoever helps'),
    describedBy: { args: onCluster },
    isEnabled: args => targetOf(manager, args) !== null,
    execute: args => attempt(args, values => acts.copyReport(values))
  });
  const hasRecipe = (args: ReadonlyPartialJSONObject): boolean => {
    const target = targetOf(manager, args);
    return target !== null && recipeOf(target) !== null;
  };
  addCommand(CommandIDs.copyPython, {
    label: trans.__('Copy as Python'),
    caption: trans.__('Copy code that makes such a cluster in a notebook'),
    describedBy: { args: onCluster },
    isVisible: hasRecipe,
    isEnabled: hasRecipe,
    execute: args =>
      attempt(args, values => acts.copyRecipe(values, recipeAsPython))
  });
  addCommand(CommandIDs.copyYaml, {
    label: trans.__('Copy as YAML'),
    caption: trans.__('Copy a Dask configuration that makes such clusters'),
    describedBy: { args: onCluster },
    isVisible: hasRecipe,
    isEnabled: hasRecipe,
    execute: args =>
      attempt(args, values => acts.copyRecipe(values, recipeAsYaml))
  });
  const changed = (): void => commands.notifyCommandChanged();
  manager.changed.connect(changed);
  manager.currentChanged.connect(changed);
  manager.stateChanged.connect(changed);
  services.profiles?.changed.connect(changed);
  return [
    CommandIDs.startInitial,
    CommandIDs.customiseCluster,
    CommandIDs.refreshClusters,
    CommandIDs.scaleCluster,
    CommandIDs.restartWorkers,
    CommandIDs.renameCluster,
    CommandIDs.keepCluster,
    CommandIDs.stopCluster,
    CommandIDs.stopAllClusters,
    CommandIDs.retryCluster,
    CommandIDs.retryFewer,
    CommandIDs.copyReport,
    CommandIDs.copyPython,
    CommandIDs.copyYaml
  ];
}
