import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { readHub } from '../providers/gateway/hub';
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
  const hub = readHub();
  if (!hub && !address) {
    return;
  }
  const { createGatewayProvider } = await import('../providers/gateway/create');
  registry.add(
    createGatewayProvider({
      sessions,
      kernelspecs,
      server: serverSettings,
      address,
      hub,
      idleTimeout: () => Number(setting?.composite.idleTimeout) || undefined,
      activeKernel: () =>
        notebooks?.currentWidget?.sessionContext.session?.kernel?.name,
      trans
    })
  );
}
