import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { createLanguage } from '../components/language';
import { followSettings } from '../settings';
import { Away } from '../sidebar/away';
import { Leaving } from '../sidebar/leaving';
import type { Asks } from '../sidebar/leaving';
import { Notifier } from '../sidebar/notifier';
import { browserStorage } from '../storage';
import { DOMAIN, leftKey } from '../tokens';
import type { IClusterManager, ICosts, IProviderRegistry } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:notifications';

/**
 * Tell of starts, stops and losses, by toasts and to screen readers, and of what runs
 * on when a person leaves.
 */
export function activate(
  app: JupyterFrontEnd,
  manager: IClusterManager,
  registry: IProviderRegistry | null,
  costs: ICosts | null,
  settings: ISettingRegistry | null,
  translator: ITranslator | null
): void {
  const services = {
    manager,
    registry,
    costs,
    commands: app.commands,
    language: createLanguage(translator)
  };
  const notifier = new Notifier(services);
  const leaving = new Leaving(services);
  new Away({
    ...services,
    storage: browserStorage(),
    key: leftKey(app.serviceManager.serverSettings.baseUrl)
  });
  if (settings) {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    void followSettings(settings, ID, trans, setting => {
      notifier.toasts = setting?.composite.toasts !== false;
      notifier.routine = setting?.composite.routine !== false;
      notifier.hush = setting && (() => void setting.set('routine', false));
      const asks = setting?.composite.askBeforeLeaving;
      leaving.asks = typeof asks === 'string' ? (asks as Asks) : 'endless';
    });
  }
}
