import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { PeerCommandIDs } from '../commands';
import { ClusterError, DOMAIN, IDashboards } from '../tokens';

/**
 * The two commands that Dask's own HTML runs through dask-labextension, where
 * that extension is absent.
 */
export function activate(
  app: JupyterFrontEnd,
  dashboards: IDashboards,
  translator: ITranslator | null
): void {
  const { commands } = app;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const url = {
    type: 'string',
    description: trans.__('The address of a Dask dashboard')
  };
  const describedBy = { args: { type: 'object', properties: { url } } };
  const open = async (args: { url?: unknown }): Promise<void> => {
    try {
      await dashboards.openAddress(String(args.url ?? ''));
    } catch (error) {
      if (!(error instanceof ClusterError)) {
        throw error;
      }
      Notification.error([error.message, error.hint].join(' '));
    }
  };
  if (!commands.hasCommand(PeerCommandIDs.populateUrl)) {
    commands.addCommand(PeerCommandIDs.populateUrl, {
      label: trans.__('Use Dask Dashboard Address'),
      caption: trans.__('Open the dashboard at an address'),
      describedBy,
      execute: open
    });
  }
  if (!commands.hasCommand(PeerCommandIDs.launchLayout)) {
    commands.addCommand(PeerCommandIDs.launchLayout, {
      label: trans.__('Launch Dask Dashboard Layout'),
      caption: trans.__('Open the layout of the dashboard at an address'),
      describedBy,
      execute: open
    });
  }
}
