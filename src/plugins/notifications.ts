import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { createLanguage } from '../components/language';
import { followSettings } from '../settings';
import { Leaving } from '../sidebar/leaving';
import { Notifier } from '../sidebar/notifier';
import { DOMAIN } from '../tokens';
import type { IClusterManager, IProviderRegistry } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:notifications';

/** Tell of starts, stops and losses, by toasts and to screen readers. */
export function activate(
  app: JupyterFrontEnd,
  manager: IClusterManager,
  registry: IProviderRegistry | null,
  settings: ISettingRegistry | null,
  translator: ITranslator | null
): void {
  const services = {
    manager,
    registry,
    commands: app.commands,
    language: createLanguage(translator)
  };
  const notifier = new Notifier(services);
  const leaving = new Leaving(services);
  if (settings) {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    void followSettings(settings, ID, trans, setting => {
      notifier.toasts = setting?.composite.toasts !== false;
      leaving.asks = setting?.composite.askBeforeLeaving === true;
    });
  }
}
