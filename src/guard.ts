import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { CommandIDs } from './commands';
import { isFromDocument } from './early';
import { confirm } from './question';

/**
 * Commands that only show something that is there: a page, a list or a menu, of
 * the current cluster. They change, run, start and store nothing.
 */
export const SHOWS: readonly string[] = [
  CommandIDs.showSidebar,
  CommandIDs.showDetails,
  CommandIDs.whatHappened,
  CommandIDs.showLeftRunning,
  CommandIDs.showCosts,
  CommandIDs.ownOrRent,
  CommandIDs.editPrices,
  CommandIDs.openDashboards,
  CommandIDs.openPlot,
  CommandIDs.openLayout,
  CommandIDs.refreshClusters,
  CommandIDs.refreshTemplates
];

/**
 * Commands that ask by themselves, with better words than a guard has: by the
 * question that the argument `asks` demands, or by a form that they have anyway.
 */
const ASKS: readonly string[] = [
  CommandIDs.newCluster,
  CommandIDs.startInitial,
  CommandIDs.customiseCluster,
  CommandIDs.connectScheduler,
  CommandIDs.scaleCluster,
  CommandIDs.restartWorkers,
  CommandIDs.renameCluster,
  CommandIDs.keepCluster,
  CommandIDs.stopCluster,
  CommandIDs.stopAllClusters,
  CommandIDs.retryCluster,
  CommandIDs.retryFewer,
  CommandIDs.openDashboardAddress,
  CommandIDs.openTemplate,
  CommandIDs.joinWorkshop
];

/** Registers a command, which describes its arguments. */
export type AddCommand = (
  id: string,
  options: CommandRegistry.ICommandOptions &
    Required<Pick<CommandRegistry.ICommandOptions, 'describedBy'>>
) => IDisposable;

/**
 * How all commands of this extension are registered: one that text in a document
 * asks for gets none of the document's arguments, and does nothing that the
 * person has not agreed to.
 *
 * @param commands - Where the commands go.
 */
export function guarded(
  commands: CommandRegistry,
  trans: TranslationBundle
): AddCommand {
  /** Ask for a command that does not ask by itself. */
  const agrees = (id: string): Promise<boolean> =>
    confirm({
      title: trans.__('Run a command?'),
      body: trans.__(
        'A document asks for “%1”: %2.',
        commands.label(id),
        commands.caption(id)
      ),
      accept: trans.__('Run'),
      cancel: trans.__('Cancel'),
      harmless: true
    });
  return (id, options) => {
    const execute = (args: ReadonlyPartialJSONObject): unknown =>
      options.execute(args);
    return commands.addCommand(id, {
      ...options,
      describedBy: options.describedBy,
      execute: args => {
        // Who clicked is only known before the first wait.
        if (!isFromDocument(args, window.event)) {
          return execute(args);
        }
        if (SHOWS.includes(id)) {
          return execute({});
        }
        if (ASKS.includes(id)) {
          return execute({ asks: true });
        }
        return agrees(id).then(yes => (yes ? execute({}) : undefined));
      }
    });
  };
}
