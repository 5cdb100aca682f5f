import type { ILabShell, JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { ICommandPalette, IThemeManager } from '@jupyterlab/apputils';
import { PageConfig } from '@jupyterlab/coreutils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { guarded } from '../guard';
import { loadSettings } from '../settings';
import { browserStorage } from '../storage';
import { DOMAIN, PACKAGE } from '../tokens';
import type { IClusterManager, IDashboards } from '../tokens';
import { Projector } from '../workshops/projector';
import { TeachingLayout } from '../workshops/teachingLayout';

const ID = 'jupyterlab-seasonal-monitor:teaching';
const THEMES = '@jupyterlab/apputils-extension:themes';

/** Add what makes the page good to teach with. */
export function activate(
  app: JupyterFrontEnd,
  manager: IClusterManager,
  dashboards: IDashboards | null,
  shell: ILabShell | null,
  notebooks: INotebookTracker | null,
  themes: IThemeManager | null,
  registry: ISettingRegistry | null,
  palette: ICommandPalette | null,
  translator: ITranslator | null
): void {
  const { commands } = app;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const addCommand = guarded(commands, trans);
  const category = trans.__('Dask');

  if (shell) {
    const layout = new TeachingLayout({
      shell,
      manager,
      dashboards,
      notebooks,
      storage: browserStorage(),
      key: `${PACKAGE}:teaching:${app.serviceManager.serverSettings.baseUrl}:${PageConfig.getOption('workspace')}`,
      trans
    });
    addCommand(CommandIDs.teachingLayout, {
      label: trans.__('Teaching Layout'),
      caption: trans.__(
        'Show the sidebar, a notebook and two plots of its cluster side by side, or go back'
      ),
      isToggleable: true,
      isToggled: () => layout.isShown,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: async () => {
        if (layout.isShown) {
          layout.hide();
          return;
        }
        const missing = await layout.show();
        if (missing) {
          Notification.info(missing, { autoClose: 10_000 });
        }
      }
    });
    palette?.addItem({ command: CommandIDs.teachingLayout, category });
  }

  if (themes && registry) {
    let projector: Projector | null = null;
    const ready = Promise.all([
      loadSettings(registry, ID, trans),
      loadSettings(registry, THEMES, trans)
    ]).then(([own, theming]) => {
      if (own && theming) {
        projector = new Projector({ own, theming, names: () => themes.themes });
        commands.notifyCommandChanged(CommandIDs.projectorMode);
      }
      return projector;
    });
    addCommand(CommandIDs.projectorMode, {
      label: trans.__('Projector Mode'),
      caption: trans.__(
        'Large text and high contrast; once more, and all is as it was'
      ),
      isToggleable: true,
      isToggled: () => projector?.isOn ?? false,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: async () => {
        const made = await ready;
        if (!made) {
          Notification.error(
            trans.__(
              'Projector mode needs the settings of themes, which cannot be read. Correct them in the Settings Editor, and reload the page.'
            ),
            { autoClose: false }
          );
          return;
        }
        await made.toggle();
        commands.notifyCommandChanged(CommandIDs.projectorMode);
      }
    });
    palette?.addItem({ command: CommandIDs.projectorMode, category });
  }
}
