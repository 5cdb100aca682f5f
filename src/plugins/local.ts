import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { controllerProvider } from '../providers/kernel/offer';
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
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const setting = settings && loadSettings(settings, ID, trans);
  registry.add(
    controllerProvider(app, notebooks, trans, {
      id: 'local',
      label: trans.__('This machine'),
      caption: trans.__('Workers on the machine that runs your notebooks'),
      rank: 100,
      kind: 'cluster',
      load: async () => {
        const loaded = await setting;
        return { warmStart: () => loaded?.composite.warmStart !== false };
      }
    })
  );
}
