import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PageConfig } from '@jupyterlab/coreutils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { loadSettings } from '../settings';
import { DOMAIN, IProviderRegistry } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:gateway';

/**
 * Add the provider of a gateway's clusters, on a hub and where an address is
 * set; elsewhere there is none.
 */
export async function activate(
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  notebooks: INotebookTracker | null,
  settings: ISettingRegistry | null,
  translator: ITranslator | null
): Promise<void> {
  const { sessions, kernelspecs, serverSettings } = app.serviceManager;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const setting = settings && (await loadSettings(settings, ID, trans));
  const address = String(setting?.composite.address ?? '').trim();
  const prefix = PageConfig.getOption('hubPrefix');
  if (!prefix && !address) {
    return;
  }
  const { createGatewayProvider } = await import('../providers/gateway/create');
  registry.add(
    createGatewayProvider({
      sessions,
      kernelspecs,
      server: serverSettings,
      address,
      hub: prefix
        ? {
            prefix,
            host: PageConfig.getOption('hubHost'),
            visitor: PageConfig.getOption('hubUser'),
            owner: PageConfig.getOption('hubServerUser')
          }
        : null,
      idleTimeout: () => Number(setting?.composite.idleTimeout) || undefined,
      activeKernel: () =>
        notebooks?.currentWidget?.sessionContext.session?.kernel?.name,
      trans
    })
  );
}
