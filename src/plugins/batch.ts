import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { BATCH_SYSTEMS, batchBackEnd } from '../providers/kernel/backEnd';
import { LazyProvider } from '../providers/kernel/lazy';
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
  const { sessions, kernelspecs } = app.serviceManager;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const added = new Map<string, IDisposable>();
  void followSettings(settings, ID, trans, setting => {
    for (const system of BATCH_SYSTEMS) {
      const { id, name, rank } = system;
      const isOn = setting?.composite[id] === true;
      if (!isOn) {
        added.get(id)?.dispose();
        added.delete(id);
      } else if (!added.has(id)) {
        const provider = new LazyProvider({
          id,
          label: name,
          caption: trans.__('Workers as jobs of %1', name),
          rank,
          creates: true,
          sessions,
          kind: id,
          load: async changed => {
            const { createLocalProvider } =
              await import('../providers/kernel/provider');
            return createLocalProvider({
              sessions,
              kernelspecs,
              trans,
              changed,
              activeKernel: () =>
                notebooks?.currentWidget?.sessionContext.session?.kernel?.name,
              warmStart: () => false,
              backEnd: batchBackEnd(system)
            });
          }
        });
        added.set(id, registry.add(provider));
      }
    }
  });
}
