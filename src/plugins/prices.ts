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
  const [
    { Meter },
    { readPrices },
    { ServerStore },
    { BudgetKeeper },
    { readBudgets }
  ] = await Promise.all([
    import('../cost/meter'),
    import('../cost/prices'),
    import('../cost/store'),
    import('../cost/budgetKeeper'),
    import('../cost/budgets')
  ]);
  const { languageCode } = translator ?? nullTranslator;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const locale = languageCode.replace('_', '-');
  const meter = new Meter({
    manager,
    store: new ServerStore(app.serviceManager.serverSettings),
    trans,
    locale
  });
  const keeper = new BudgetKeeper({ manager, costs: meter, trans, locale });
  meter.warn = (cluster, now) => keeper.warnings(cluster, now);
  const configure = (setting: ISettingRegistry.ISettings): void => {
    const { composite, schema, user } = setting;
    const table = readPrices(composite.prices, trans);
    const budgets = readBudgets(
      schema.properties?.budgets?.default,
      user.budgets,
      trans
    );
    keeper.table = budgets;
    meter.setPrices({
      prices: table.prices,
      problems: [
        ...table.problems,
        ...budgets.problems.map(text => ({ row: 0, text }))
      ]
    });
  };
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
