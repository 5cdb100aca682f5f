import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { ClusterManager } from '../cluster/manager';
import { linkTabs } from '../cluster/tabs';
import { DOMAIN, IClusterManager, IProviderRegistry } from '../tokens';

/** Where the current cluster's key is kept over a reload. */
const CURRENT = 'jupyterlab-seasonal-monitor:current';

/** Provide all clusters and the acts on them. */
export function activate(
  app: JupyterFrontEnd,
  providers: IProviderRegistry,
  state: IStateDB | null,
  translator: ITranslator | null
): IClusterManager {
  const manager = new ClusterManager({
    registry: providers,
    trans: (translator ?? nullTranslator).load(DOMAIN)
  });
  linkTabs(manager, app.serviceManager.serverSettings.baseUrl);
  if (state) {
    void Private.keepCurrent(manager, state);
  }
  return manager;
}

namespace Private {
  /** Choose the cluster again that was current before a reload. */
  export async function keepCurrent(
    manager: IClusterManager,
    state: IStateDB
  ): Promise<void> {
    let wanted = await state.fetch(CURRENT);
    const restore = (): void => {
      const cluster =
        typeof wanted === 'string' ? manager.get(wanted) : undefined;
      if (cluster) {
        wanted = undefined;
        manager.changed.disconnect(restore);
        manager.current = cluster;
      }
    };
    manager.changed.connect(restore);
    restore();
    manager.currentChanged.connect((_, cluster) => {
      if (cluster?.snapshot.state === 'running') {
        void state.save(CURRENT, cluster.key);
      }
    });
  }
}
