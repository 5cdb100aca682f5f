import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { DOMAIN, IClusterManager, ICosts } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:prices';

/** Provide what clusters cost, by the prices in the settings. */
export async function activate(
  app: JupyterFrontEnd,
  manager: IClusterManager,
  settings: ISettingRegistry,
  translator: ITranslator | null
): Promise<ICosts> {
  const [{ Meter }, { readPrices }, { ServerStore }] = await Promise.all([
    import('../cost/meter'),
    import('../cost/prices'),
    import('../cost/store')
  ]);
  const { languageCode } = translator ?? nullTranslator;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const meter = new Meter({
    manager,
    store: new ServerStore(app.serviceManager.serverSettings),
    trans,
    locale: languageCode.replace('_', '-')
  });
  const configure = (setting: ISettingRegistry.ISettings): void =>
    meter.setPrices(readPrices(setting.composite.prices, trans));
  // A setting that cannot be read leaves no prices: nothing is shown as free.
  void settings.load(ID).then(
    setting => {
      setting.changed.connect(configure, meter);
      configure(setting);
    },
    (reason: Error) => {
      const text = trans.__('The prices could not be read: %1', reason.message);
      meter.setPrices({ prices: [], problems: [{ row: 0, text }] });
    }
  );
  return meter;
}
