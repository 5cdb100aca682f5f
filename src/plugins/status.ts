import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IStatusBar } from '@jupyterlab/statusbar';
import type { ITranslator } from '@jupyterlab/translation';
import { createLanguage } from '../components/language';
import { StatusItem } from '../sidebar/statusItem';
import type { IClusterManager, ICosts } from '../tokens';

/** Show the number of workers in the status bar while there is a cluster. */
export function activate(
  app: JupyterFrontEnd,
  manager: IClusterManager,
  statusBar: IStatusBar | null,
  costs: ICosts | null,
  translator: ITranslator | null
): void {
  if (!statusBar) {
    return;
  }
  const item = new StatusItem({
    manager,
    costs,
    commands: app.commands,
    language: createLanguage(translator)
  });
  statusBar.registerStatusItem('jupyterlab-seasonal-monitor:status', {
    item,
    align: 'left',
    rank: 40,
    isActive: () => item.isActive,
    activeStateChanged: item.activeChanged
  });
}
