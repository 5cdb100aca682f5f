import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { controllerProvider, whileWanted } from '../providers/kernel/offer';
import { followSettings } from '../settings';
import { DOMAIN, IProviderRegistry } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:kubernetes';

/** Add the provider of clusters on Kubernetes while the settings turn it on. */
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
      id: 'kubernetes',
      label: trans.__('Kubernetes'),
      caption: trans.__('Scheduler and workers as pods'),
      rank: 200,
      kind: 'kubernetes',
      leaves: true,
      load: async () => {
        const { kubernetesBackEnd } =
          await import('../providers/kernel/kubernetes');
        return { backEnd: kubernetesBackEnd() };
      }
    })
  );
  void followSettings(settings, ID, trans, setting =>
    offer(setting?.composite.enabled === true)
  );
}
