import type { JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { ICommandPalette, MainAreaWidget } from '@jupyterlab/apputils';
import type { ITranslator } from '@jupyterlab/translation';
import { listIcon } from '@jupyterlab/ui-components';
import { CommandIDs, earlyTexts } from '../commands';
import { guarded } from '../guard';
import { addToPage } from '../placing';
import type { LeftPanel } from '../sidebar/leftPanel';
import { createServices } from '../sidebar/services';
import type {
  IClusterManager,
  ICosts,
  IPlaces,
  IProfiles,
  IProviderRegistry
} from '../tokens';

/** Add the tab with everything that runs anywhere. */
export function activate(
  app: JupyterFrontEnd,
  places: IPlaces,
  manager: IClusterManager,
  registry: IProviderRegistry,
  profiles: IProfiles | null,
  costs: ICosts | null,
  palette: ICommandPalette | null,
  translator: ITranslator | null
): void {
  const { commands, shell, serviceManager } = app;
  const services = createServices({
    manager,
    registry,
    profiles,
    costs,
    translator,
    commands,
    kernelspecs: serviceManager.kernelspecs
  });
  const { trans } = services.language;
  const addCommand = guarded(commands, trans);
  const tracker = new WidgetTracker<MainAreaWidget<LeftPanel>>({
    namespace: 'seasonal-monitor-left-running'
  });
  places.restore(tracker, 'left', () => ({}));
  let tab: MainAreaWidget<LeftPanel> | null = null;
  addCommand(CommandIDs.showLeftRunning, {
    ...earlyTexts(trans).showLeftRunning,
    icon: listIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      const { createLeftRunning } = await import('../sidebar/leftPanel');
      if (!tab || tab.isDisposed) {
        tab = createLeftRunning(services);
        addToPage(shell, tab);
        void tracker.add(tab);
      }
      shell.activateById(tab.id);
      void tab.content.model.ask();
    }
  });
  palette?.addItem({
    command: CommandIDs.showLeftRunning,
    category: trans.__('Dask')
  });
}
