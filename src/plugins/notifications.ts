import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ITranslator } from '@jupyterlab/translation';
import { createLanguage } from '../components/language';
import { Notifier } from '../sidebar/notifier';
import type { IClusterManager } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:notifications';

/** Tell of starts, stops and losses, by toasts and to screen readers. */
export function activate(
  app: JupyterFrontEnd,
  manager: IClusterManager,
  settings: ISettingRegistry | null,
  translator: ITranslator | null
): void {
  const notifier = new Notifier({
    manager,
    commands: app.commands,
    language: createLanguage(translator)
  });
  const configure = (setting: ISettingRegistry.ISettings): void => {
    notifier.toasts = setting.composite.toasts !== false;
  };
  // A setting that cannot be read leaves the default.
  void settings?.load(ID).then(
    setting => {
      setting.changed.connect(configure);
      configure(setting);
    },
    () => undefined
  );
}
