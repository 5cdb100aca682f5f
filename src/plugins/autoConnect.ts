import type { JupyterFrontEnd } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { CommandIDs } from '../commands';
import { guarded } from '../guard';
import { loadSettings } from '../settings';
import { DOMAIN, IClusterManager, ISnippets } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:auto-connect';

/** Connects notebooks as they open, for people who switch it on. */
export function activate(
  app: JupyterFrontEnd,
  snippets: ISnippets,
  manager: IClusterManager,
  notebooks: INotebookTracker,
  registry: ISettingRegistry,
  translator: ITranslator | null
): void {
  const { commands } = app;
  const command = CommandIDs.toggleAutoConnect;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const addCommand = guarded(commands, trans);
  let enabled = false;
  let connecting: IDisposable | null = null;
  const update = async (setting: ISettingRegistry.ISettings) => {
    enabled = setting.composite.enabled === true;
    commands.notifyCommandChanged(command);
    const room = enabled ? await import('../notebook/autoConnect') : null;
    connecting?.dispose();
    connecting =
      room && enabled
        ? new room.AutoConnect({ notebooks, manager, snippets })
        : null;
  };
  const loaded = app.restored.then(() => loadSettings(registry, ID, trans));
  void loaded.then(setting => {
    setting?.changed.connect(update);
    return setting && update(setting);
  });
  addCommand(command, {
    label: trans.__('Connect New Notebooks to Dask'),
    caption: trans.__(
      'Make a client of the current cluster in each notebook that opens'
    ),
    isToggled: () => enabled,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => (await loaded)?.set('enabled', !enabled)
  });
}
