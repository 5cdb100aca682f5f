import {
  Dialog,
  InputDialog,
  Notification,
  showDialog
} from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { namedCluster } from '../cluster/named';
import { ClusterError, ICluster, IClusterManager, ISnippets } from '../tokens';
import { Dashboards, isAddress } from './dashboards';
import { createPlotMenu, openAtFocus } from './menu';
import { NATIVE_PLOT } from './plots';

/** What the commands of this room do. */
export type DashboardVerb =
  'choose' | 'plot' | 'layout' | 'close' | 'paste' | 'detect';

/** What they work with. */
export interface IActsContext {
  dashboards: Dashboards;
  manager: IClusterManager;
  snippets: ISnippets | null;
  trans: TranslationBundle;
}

/** The arguments of the commands, as far as they are well-formed. */
export type IArguments = Record<string, unknown>;

/**
 * Execute a command. What goes wrong is told in a notification; it rejects for
 * nothing but a fault of the program.
 */
export async function act(
  verb: DashboardVerb,
  args: IArguments,
  context: IActsContext
): Promise<void> {
  try {
    await Private.VERBS[verb](args, context);
  } catch (error) {
    if (!(error instanceof ClusterError)) {
      throw error;
    }
    Private.tell(error, args, context);
  }
}

namespace Private {
  type Verb = (args: IArguments, context: IActsContext) => Promise<void>;

  export const VERBS: Record<DashboardVerb, Verb> = {
    choose: async (args, context) => {
      const { dashboards, trans } = context;
      const cluster = clusterOf(args, context);
      const plots = await dashboards.plots(cluster);
      const run = (step: () => Promise<void> | void): void =>
        void attempt(step, args, context);
      openAtFocus(createPlotMenu({ cluster, dashboards, plots, run, trans }));
    },
    plot: async (args, context) => {
      const { dashboards } = context;
      const plot = text(args.plot);
      const address = text(args.address);
      if (plot === undefined) {
        await VERBS.choose(args, context);
      } else if (address !== undefined && isAddress(address)) {
        // Only a pane that comes back has an address: it waits for a click.
        await dashboards.openTab({ source: address, plot }, { paused: true });
      } else {
        const source = text(args.cluster) ?? clusterOf(args, context).key;
        const name = text(args.name);
        await dashboards.openTab({ source, plot, name });
      }
    },
    layout: async (args, context) => {
      const { dashboards } = context;
      const layout = text(args.layout) ?? dashboards.layouts[0].name;
      await dashboards.openLayout(clusterOf(args, context), layout);
    },
    close: async (args, context) => {
      context.dashboards.closeLayout(clusterOf(args, context));
    },
    paste: async (_, context) => {
      const { trans } = context;
      const { button, value } = await InputDialog.getText({
        title: trans.__('Open a Dask dashboard'),
        label: trans.__('Its address:'),
        placeholder: trans.__('http://127.0.0.1:8787/status'),
        okLabel: trans.__('Open')
      });
      if (button.accept && value) {
        await context.dashboards.openAddress(value);
      }
    },
    detect: async (_, context) => {
      const { dashboards, manager, snippets, trans } = context;
      const client = await snippets?.client();
      const cluster = client?.cluster && manager.get(client.cluster);
      if (cluster) {
        manager.current = cluster;
        await dashboards.openLayout(cluster, dashboards.layouts[0].name);
      } else if (client?.dashboard) {
        await dashboards.openAddress(client.dashboard);
      } else {
        throw new ClusterError(
          trans.__('The active notebook has no Dask client.'),
          {
            code: 'not-found',
            hint: trans.__('Connect it to a cluster first.')
          }
        );
      }
    }
  };

  async function attempt(
    step: () => Promise<void> | void,
    args: IArguments,
    context: IActsContext
  ): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof ClusterError)) {
        throw error;
      }
      tell(error, args, context);
    }
  }

  /** The cluster that is named, or else the current one. */
  function clusterOf(args: IArguments, context: IActsContext): ICluster {
    return namedCluster(text(args.cluster), context.manager, context.trans);
  }

  export function tell(
    error: ClusterError,
    args: IArguments,
    context: IActsContext
  ): void {
    const { dashboards, manager, trans } = context;
    const key = text(args.cluster);
    const cluster = key === undefined ? manager.current : manager.get(key);
    const actions: Notification.IAction[] = [];
    if (cluster && error.code !== 'not-found' && error.code !== 'invalid') {
      actions.push({
        label: trans.__('Small charts'),
        callback: () => void dashboards.open(cluster, NATIVE_PLOT)
      });
    }
    if (error.cause.length > 0) {
      actions.push({
        label: trans.__('Details'),
        callback: () =>
          void showDialog({
            title: error.message,
            body: error.cause
              .map(({ kind, message }) => `${kind ?? ''} ${message}`.trim())
              .join('\n'),
            buttons: [Dialog.okButton({ label: trans.__('Close') })]
          })
      });
    }
    const words = error.hint ? `${error.message} ${error.hint}` : error.message;
    Notification.error(words, { actions, autoClose: false });
  }

  const text = (value: unknown): string | undefined =>
    typeof value === 'string' ? value : undefined;
}
