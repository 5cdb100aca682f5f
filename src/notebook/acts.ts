import {
  Clipboard,
  Dialog,
  Notification,
  showDialog
} from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { namedCluster } from '../cluster/named';
import { ClusterError, ICluster, IClusterManager, ISnippets } from '../tokens';

/** What the commands of this room work with. */
export interface IActsContext {
  snippets: ISnippets;
  manager: IClusterManager;
  trans: TranslationBundle;
}

/** The arguments of the commands, as far as they are well-formed. */
interface IArguments {
  cluster?: unknown;
  notebook?: unknown;
  run?: unknown;
  cell?: unknown;
}

/**
 * Execute a command. What goes wrong is told in a notification with its cause
 * behind "Details"; it rejects for nothing but a fault of the program.
 */
export async function act(
  verb: 'connect' | 'copy' | 'disconnect',
  args: IArguments,
  context: IActsContext
): Promise<ISnippets.Outcome | void> {
  try {
    return await Private.VERBS[verb](args, context);
  } catch (error) {
    if (!(error instanceof ClusterError)) {
      throw error;
    }
    Private.tell(error, args, context);
  }
}

namespace Private {
  /** How long the word of a copy stays, ms. */
  const COPIED = 4000;

  type Verb = (
    args: IArguments,
    context: IActsContext
  ) => Promise<ISnippets.Outcome | void>;

  export const VERBS: Record<'connect' | 'copy' | 'disconnect', Verb> = {
    connect: (args, context) =>
      context.snippets.connect(clusterOf(args, context), {
        notebook: text(args.notebook),
        run: flag(args.run),
        cell: flag(args.cell)
      }),
    copy: async (args, context) => {
      const code = await context.snippets.code(clusterOf(args, context));
      Clipboard.copyToSystem(code);
      Notification.success(
        context.trans.__('The connection code was copied.'),
        {
          autoClose: COPIED
        }
      );
    },
    disconnect: (args, context) =>
      context.snippets.disconnect(text(args.notebook))
  };

  /** The cluster that is named, or else the current one. */
  function clusterOf(args: IArguments, context: IActsContext): ICluster {
    return namedCluster(text(args.cluster), context.manager, context.trans);
  }

  export function tell(
    error: ClusterError,
    args: IArguments,
    context: IActsContext
  ): void {
    const { trans } = context;
    const actions: Notification.IAction[] = [];
    if (error.cause.length > 0) {
      actions.push({
        label: trans.__('Details'),
        callback: () => void showCause(error, trans)
      });
    }
    if (error.code === 'unavailable' && text(args.cluster) !== undefined) {
      actions.push({
        label: trans.__('Copy code'),
        callback: () => void act('copy', args, context)
      });
    }
    const words = error.hint ? `${error.message} ${error.hint}` : error.message;
    Notification.error(words, { actions, autoClose: false });
  }

  async function showCause(
    error: ClusterError,
    trans: TranslationBundle
  ): Promise<void> {
    const causes = error.cause.map(({ kind, message }) =>
      kind ? `${kind}: ${message}` : message
    );
    await showDialog({
      title: error.message,
      body: [...causes, ...error.log].join('\n'),
      buttons: [Dialog.okButton({ label: trans.__('Close') })]
    });
  }

  const text = (value: unknown): string | undefined =>
    typeof value === 'string' ? value : undefined;

  const flag = (value: unknown): boolean | undefined =>
    typeof value === 'boolean' ? value : undefined;
}
