import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import { DocumentWidget } from '@jupyterlab/docregistry';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import type { ITranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { guarded } from '../guard';
import { createLanguage } from '../components/language';
import type { IClusterManager, ICosts, IPlaces, IProfiles } from '../tokens';
import { fileArgs } from '../workshops/commandArgs';
import { loadClassNames } from '../workshops/names';

/** Fill the trainers' pages of workshop files. */
export function activate(
  app: JupyterFrontEnd,
  places: IPlaces,
  manager: IClusterManager,
  profiles: IProfiles | null,
  costs: ICosts | null,
  state: IStateDB | null,
  settings: ISettingRegistry | null,
  palette: ICommandPalette | null,
  translator: ITranslator | null
): void {
  const { commands, shell, serviceManager } = app;
  const { contents, serverSettings } = serviceManager;
  const language = createLanguage(translator);
  const { trans } = language;
  const addCommand = guarded(commands, trans);
  places.fillClasses(async page => {
    const [{ fillClass }, { reachHub }, { screenActs }, names] =
      await Promise.all([
        import('../workshops/classPage'),
        import('../workshops/reach'),
        import('../workshops/screenActs'),
        loadClassNames(settings, trans)
      ]);
    await fillClass(
      page,
      {
        ...reachHub({
          server: serverSettings,
          ...names,
          trans
        }),
        contents,
        manager,
        profiles,
        costs,
        state,
        screen: () => screenActs(commands),
        trans
      },
      language
    );
  });
  const current = (): string => {
    const { currentWidget } = shell;
    const path =
      currentWidget instanceof DocumentWidget ? currentWidget.context.path : '';
    return path.endsWith('.workshop.json') ? path : '';
  };
  addCommand(CommandIDs.teachClass, {
    label: trans.__('Teach This Class'),
    caption: trans.__('Open the trainer’s page of a workshop file'),
    isEnabled: ({ path }) => typeof path === 'string' || current() !== '',
    describedBy: { args: fileArgs(trans) },
    execute: ({ path }) =>
      commands.execute('docmanager:open', {
        path: typeof path === 'string' ? path : current(),
        factory: 'Class'
      })
  });
  palette?.addItem({
    command: CommandIDs.teachClass,
    category: trans.__('Dask')
  });
}
