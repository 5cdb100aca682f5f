import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { controllerProvider, whileWanted } from '../providers/kernel/offer';
import { followSettings } from '../settings';
import { DOMAIN, IProviderRegistry } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:coiled';

/** Add the provider of clusters of Coiled while the settings turn it on. */
export function activate(
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  settings: ISettingRegistry,
  notebooks: INotebookTracker | null,
  translator: ITranslator | null
): void {
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const offer = whileWanted(registry, () =>
    controllerProvider(app, notebooks, trans, {
      id: 'coiled',
      label: trans.__('Coiled'),
      caption: trans.__('Machines of a cloud, rented by Coiled'),
      rank: 500,
      kind: 'coiled',
      leaves: true,
      survives: 'kill',
      load: async () => {
        const { coiledBackEnd } = await import('../providers/kernel/coiled');
        return { backEnd: coiledBackEnd() };
      }
    })
  );
  void followSettings(settings, ID, trans, setting =>
    offer(setting?.composite.enabled === true)
  );
}
