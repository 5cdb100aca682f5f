import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import type { MainAreaWidget } from '@jupyterlab/apputils';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { spreadsheetIcon } from '@jupyterlab/ui-components';
import { CommandIDs, earlyTexts } from '../commands';
import { guarded } from '../guard';
import { addToPage } from '../placing';
import { DOMAIN, ICosts, IPlaces } from '../tokens';

/** The application's command that opens its settings. */
const SETTINGS = 'settingeditor:open';

/** Add the pages about what clusters have cost and could cost. */
export function activate(
  app: JupyterFrontEnd,
  places: IPlaces,
  costs: ICosts,
  browser: IDefaultFileBrowser | null,
  palette: ICommandPalette | null,
  state: IStateDB | null,
  language: ITranslator | null
): void {
  const { commands, shell, serviceManager } = app;
  const translator = language ?? nullTranslator;
  const trans = translator.load(DOMAIN);
  const addCommand = guarded(commands, trans);
  const noArgs = { args: { type: 'object', properties: {} } };
  const options = {
    costs,
    translator,
    state,
    kernel: async () => {
      await serviceManager.kernelspecs.ready;
      const { pythonKernel } = await import('../templates/create');
      return pythonKernel(serviceManager.kernelspecs.specs);
    },
    save: async (name: string, notebook: Private.Notebook) => {
      const { createNotebook } = await import('../templates/create');
      const path = await createNotebook(
        serviceManager.contents,
        browser?.model.path ?? '',
        name,
        notebook
      );
      await commands.execute('docmanager:open', { path });
      return path;
    },
    exportCosts: () => commands.execute(CommandIDs.exportCosts),
    compare: () => void commands.execute(CommandIDs.ownOrRent),
    editPrices: () => void commands.execute(CommandIDs.editPrices)
  };

  const add = (
    command: string,
    namespace: string,
    text: { label: string; caption: string },
    create: (room: Private.Room) => MainAreaWidget
  ): void => {
    const tracker = new WidgetTracker<MainAreaWidget>({
      namespace: `seasonal-monitor-${namespace}-tabs`
    });
    places.restore(tracker, namespace, () => ({}));
    addCommand(command, {
      ...text,
      icon: spreadsheetIcon,
      describedBy: noArgs,
      execute: async () => {
        let tab = tracker.find(widget => !widget.isDisposed);
        if (!tab) {
          tab = create(await import('../cost/panels'));
          await tracker.add(tab);
          addToPage(shell, tab);
        }
        shell.activateById(tab.id);
      }
    });
    palette?.addItem({ command, category: trans.__('Dask') });
  };
  const texts = earlyTexts(trans);
  add(CommandIDs.showCosts, 'costs', texts.showCosts, room =>
    room.createHistory(options)
  );
  add(CommandIDs.ownOrRent, 'comparison', texts.ownOrRent, room =>
    room.createComparison(options)
  );
  addCommand(CommandIDs.exportCosts, {
    label: trans.__('Export Dask Costs as CSV'),
    caption: trans.__('Download what clusters have cost, one line a day'),
    describedBy: noArgs,
    execute: async () => {
      const [{ toCsv }, { download }] = await Promise.all([
        import('../cost/history'),
        import('../components/download')
      ]);
      download('dask-costs.csv', toCsv(await costs.history()));
    }
  });
  addCommand(CommandIDs.editPrices, {
    label: trans.__('Edit Dask Prices…'),
    caption: trans.__('Open the settings with the prices and budgets'),
    describedBy: noArgs,
    isEnabled: () => commands.hasCommand(SETTINGS),
    execute: () => commands.execute(SETTINGS, { query: 'Dask cluster prices' })
  });
  for (const command of [CommandIDs.exportCosts, CommandIDs.editPrices]) {
    palette?.addItem({ command, category: trans.__('Dask') });
  }
}

namespace Private {
  export type Room = typeof import('../cost/panels');

  export type Notebook = Parameters<
    (typeof import('../templates/create'))['createNotebook']
  >[3];
}
