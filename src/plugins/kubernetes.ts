import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { LazyProvider } from '../providers/kernel/lazy';
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
  const { sessions, kernelspecs } = app.serviceManager;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  let added: IDisposable | null = null;
  void followSettings(settings, ID, trans, setting => {
    if (setting?.composite.enabled !== true) {
      added?.dispose();
      added = null;
      return;
    }
    added ??= registry.add(
      new LazyProvider({
        id: 'kubernetes',
        label: trans.__('Kubernetes'),
        caption: trans.__('Scheduler and workers as pods'),
        rank: 200,
        creates: true,
        sessions,
        kind: 'kubernetes',
        load: async changed => {
          const [{ createLocalProvider }, { kubernetesBackEnd }] =
            await Promise.all([
              import('../providers/kernel/provider'),
              import('../providers/kernel/kubernetes')
            ]);
          return createLocalProvider({
            sessions,
            kernelspecs,
            trans,
            changed,
            activeKernel: () =>
              notebooks?.currentWidget?.sessionContext.session?.kernel?.name,
            warmStart: () => false,
            backEnd: kubernetesBackEnd()
          });
        }
      })
    );
  });
}
