import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IConsoleTracker } from '@jupyterlab/console';
import { IEditorTracker } from '@jupyterlab/fileeditor';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { guarded } from '../guard';
import { Snippets } from '../notebook/snippets';
import { loadSettings } from '../settings';
import { DOMAIN, IClusterManager, ISnippets } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:notebook';

/** Connection code for notebooks, consoles and Python files. */
export function activate(
  app: JupyterFrontEnd,
  manager: IClusterManager,
  notebooks: INotebookTracker | null,
  consoles: IConsoleTracker | null,
  editors: IEditorTracker | null,
  settings: ISettingRegistry | null,
  translator: ITranslator | null,
  palette: ICommandPalette | null
): ISnippets {
  const { commands, shell } = app;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const addCommand = guarded(commands, trans);
  const setting = settings && loadSettings(settings, ID, trans);
  const snippets = new Snippets({
    shell,
    commands,
    manager,
    trans,
    trackers: { notebooks, consoles, editors },
    runs: async () => (await setting)?.composite.runCell !== false
  });
  NotebookActions.executed.connect((_, { notebook, cell, success }) => {
    if (success && cell.model.getMetadata('seasonal_monitor')) {
      const panel = notebooks?.find(one => one.content === notebook);
      void (panel && snippets.refresh(panel.id));
    }
  });
  const act = async (verb: 'connect' | 'copy' | 'disconnect', args: object) =>
    (await import('../notebook/acts')).act(verb, args, {
      snippets,
      manager,
      trans
    });
  const properties = {
    cluster: {
      type: 'string',
      description: trans.__('Its key; the current cluster by default')
    },
    notebook: {
      type: 'string',
      description: trans.__(
        'The id of a notebook widget; the active one by default'
      )
    }
  };
  const isEnabled = (): boolean => manager.clusters.length > 0;
  addCommand(CommandIDs.connectNotebook, {
    label: trans.__('Connect Notebook to Dask Cluster'),
    caption: trans.__('Write the connection code into the active document'),
    isEnabled,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          ...properties,
          run: {
            type: 'boolean',
            description: trans.__('Run it at once; the setting by default')
          },
          cell: {
            type: 'boolean',
            description: trans.__('False: connect the kernel, write nothing')
          }
        }
      }
    },
    execute: args => act('connect', args)
  });
  addCommand(CommandIDs.disconnectNotebook, {
    label: trans.__('Disconnect Notebook from Dask Cluster'),
    caption: trans.__('Close the Dask client of the active notebook'),
    isEnabled: () => !!notebooks?.currentWidget,
    describedBy: { args: { type: 'object', properties } },
    execute: args => act('disconnect', args)
  });
  addCommand(CommandIDs.copyConnectionCode, {
    label: trans.__('Copy Connection Code'),
    caption: trans.__('Copy the code that connects to the Dask cluster'),
    isEnabled,
    describedBy: { args: { type: 'object', properties } },
    execute: args => act('copy', args)
  });
  const category = trans.__('Dask');
  for (const command of [
    CommandIDs.connectNotebook,
    CommandIDs.disconnectNotebook,
    CommandIDs.copyConnectionCode
  ]) {
    palette?.addItem({ command, category });
  }
  return snippets;
}
