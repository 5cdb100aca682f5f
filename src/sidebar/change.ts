import { Notification } from '@jupyterlab/apputils';
import { inWords } from '../cluster/errors';
import { CommandIDs } from '../commands';
import type { Scale } from '../components/scaleForm';
import { plainText } from '../plainText';
import type { ISidebarServices } from './services';

/** A toast shows no more. */
export const TOAST_LENGTH = 140;

/** How long a toast of a success stays, in ms. */
export const TOAST_TIME = 4000;

/** An act that takes longer, in ms, shows that it goes on. */
const PATIENCE = 600;

/** The services that an act needs. */
export type IChangeServices = Pick<
  ISidebarServices,
  'manager' | 'commands' | 'language'
>;

/** An error as one line for a toast: what happened and the next step. */
export function toastText(reason: unknown): string {
  return plainText(inWords(reason), TOAST_LENGTH);
}

/**
 * Show an act's progress and end in one toast. An act that ends at once shows
 * only its end.
 *
 * @param words - The texts; `success` is read when the act has ended.
 * @param actions - The buttons of a success.
 * @returns the promise that was given, to go on with.
 */
export function showProgress<T>(
  services: IChangeServices,
  key: string,
  promise: Promise<T>,
  words: { pending: string; success: string },
  actions: Notification.IAction[] = []
): Promise<T> {
  const success = (): string => plainText(words.success, TOAST_LENGTH);
  const well = { autoClose: TOAST_TIME, actions };
  const error = {
    autoClose: false as const,
    actions: detailsActions(services, key)
  };
  const soon = wait(PATIENCE);
  const first = Promise.race([promise.then(() => true), soon]);
  void first.then(
    ended => {
      if (ended) {
        Notification.success(success(), well);
        return;
      }
      // JupyterLab loses a change that comes before the toast is drawn.
      const shown = wait(PATIENCE);
      const outcome = promise.then(
        async () => {
          await shown;
          return null;
        },
        async reason => {
          await shown;
          throw reason;
        }
      );
      Notification.promise(outcome, {
        pending: {
          message: plainText(words.pending, TOAST_LENGTH),
          options: { autoClose: false }
        },
        success: { message: success, options: well },
        error: { message: toastText, options: error }
      });
    },
    reason => Notification.error(toastText(reason), error)
  );
  return promise;
}

/** The button of a toast that leads to the whole story. */
export function detailsActions(
  { commands, language }: IChangeServices,
  key: string
): Notification.IAction[] {
  return commands.hasCommand(CommandIDs.showDetails)
    ? [
        {
          label: language.trans.__('Details'),
          callback: () =>
            void commands.execute(CommandIDs.showDetails, { cluster: key })
        }
      ]
    : [];
}

function wait(ms: number): Promise<false> {
  return new Promise(resolve => window.setTimeout(() => resolve(false), ms));
}

/**
 * Change the number of workers.
 *
 * @returns a promise that rejects with the owner's words.
 */
export function scaleCluster(
  services: IChangeServices,
  key: string,
  wanted: Scale
): Promise<void> {
  const { manager, language } = services;
  const { trans } = language;
  const name = plainText(manager.get(key)?.snapshot.name ?? '');
  const pending = trans.__('%1: changing the number of workers…', name);
  if ('workers' in wanted) {
    return showProgress(services, key, manager.scale(key, wanted.workers), {
      pending,
      success: trans._n(
        '%2 was asked for %1 worker.',
        '%2 was asked for %1 workers.',
        wanted.workers,
        name
      )
    });
  }
  const { minimum, maximum } = wanted;
  return showProgress(services, key, manager.adapt(key, minimum, maximum), {
    pending,
    success: trans.__(
      '%1 follows its load: %2 to %3 workers.',
      name,
      minimum,
      maximum
    )
  });
}
