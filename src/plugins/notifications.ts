import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { createLanguage } from '../components/language';
import { followSettings } from '../settings';
import { Notifier } from '../sidebar/notifier';
import { DOMAIN } from '../tokens';
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
  if (settings) {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    void followSettings(settings, ID, trans, setting => {
      notifier.toasts = setting?.composite.toasts !== false;
    });
  }
}
