import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { customBackEnd, ICustomClass } from '../providers/kernel/custom';
import { LazyProvider } from '../providers/kernel/lazy';
import { followSettings } from '../settings';
import { DOMAIN, IProviderRegistry } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:custom';

/** Add the provider of other classes while the settings name some. */
export function activate(
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  settings: ISettingRegistry,
  notebooks: INotebookTracker | null,
  translator: ITranslator | null
): void {
  const { sessions, kernelspecs } = app.serviceManager;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  let classes: ICustomClass[] = [];
  let added: IDisposable | null = null;
  void followSettings(settings, ID, trans, setting => {
    classes = (setting?.composite.classes ?? []) as unknown as ICustomClass[];
    if (classes.length === 0) {
      added?.dispose();
      added = null;
    } else if (!added) {
      const provider = new LazyProvider({
        id: 'custom',
        label: trans.__('Other classes'),
        caption: trans.__('Classes that the settings name'),
        rank: 900,
        creates: true,
        sessions,
        kind: 'custom',
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
            backEnd: customBackEnd(() => classes)
          });
        }
      });
      added = registry.add(provider);
    }
  });
}
