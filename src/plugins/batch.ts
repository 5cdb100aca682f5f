import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { BATCH_SYSTEMS, batchBackEnd } from '../providers/kernel/backEnd';
import { controllerProvider, whileWanted } from '../providers/kernel/offer';
import { followSettings } from '../settings';
import { DOMAIN, IProviderRegistry } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:batch';

/** Add the providers of the batch systems that are turned on in the settings. */
export function activate(
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  settings: ISettingRegistry,
  notebooks: INotebookTracker | null,
  translator: ITranslator | null
): void {
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const offers = BATCH_SYSTEMS.map(system => {
    const { id, name, rank } = system;
    const offer = whileWanted(registry, () =>
      controllerProvider(app, notebooks, trans, {
        id,
        label: name,
        caption: trans.__('Workers as jobs of %1', name),
        rank,
        kind: id,
        leaves: true,
        load: async () => ({ backEnd: batchBackEnd(system) })
      })
    );
    return { id, offer };
  });
  void followSettings(settings, ID, trans, setting => {
    for (const { id, offer } of offers) {
      offer(setting?.composite[id] === true);
    }
  });
}
