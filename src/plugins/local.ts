import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { LazyProvider } from '../providers/kernel/lazy';
import { loadSettings } from '../settings';
import { DOMAIN, IProviderRegistry } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:local';

/** Add the provider of clusters on this machine. */
export function activate(
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  notebooks: INotebookTracker | null,
  settings: ISettingRegistry | null,
  translator: ITranslator | null
): void {
  const { sessions, kernelspecs } = app.serviceManager;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const setting = settings && loadSettings(settings, ID, trans);
  registry.add(
    new LazyProvider({
      id: 'local',
      label: trans.__('This machine'),
      caption: trans.__('Workers on the machine that runs your notebooks'),
      rank: 100,
      creates: true,
      sessions,
      kind: 'cluster',
      load: async changed => {
        const { createLocalProvider } =
          await import('../providers/kernel/provider');
        const loaded = await setting;
        return createLocalProvider({
          sessions,
          kernelspecs,
          trans,
          changed,
          activeKernel: () =>
            notebooks?.currentWidget?.sessionContext.session?.kernel?.name,
          warmStart: () => loaded?.composite.warmStart !== false
        });
      }
    })
  );
}
