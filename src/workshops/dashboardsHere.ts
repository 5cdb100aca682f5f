/** Whether this page could show the dashboards of a class; starts nothing. */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { inWords } from '../cluster/errors';
import { explainRefusal } from '../dashboards/refusals';
import type { IClusterManager, IDashboards } from '../tokens';

/** What is asked. */
export interface IDashboardsHereOptions {
  manager: IClusterManager;
  dashboards: IDashboards | null;
  server: ServerConnection.ISettings;
  trans: TranslationBundle;
}

/**
 * Why dashboards cannot be shown, in words; empty when they can. A cluster of the
 * class that runs is asked itself; without one the server is asked for its proxy,
 * which clusters of a gateway do not need.
 *
 * @param name - The name of the class's cluster.
 * @param provider - What would make it.
 */
export async function whyNoDashboards(
  name: string,
  provider: string | undefined,
  { manager, dashboards, server, trans }: IDashboardsHereOptions
): Promise<string> {
  const cluster = manager.clusters.find(
    ({ snapshot }) => snapshot.name === name && snapshot.state === 'running'
  );
  if (cluster && dashboards) {
    try {
      await dashboards.plots(cluster);
      return '';
    } catch (reason) {
      return inWords(reason);
    }
  }
  if (provider === 'gateway') {
    return '';
  }
  const { status } = await ServerConnection.makeRequest(
    URLExt.join(server.baseUrl, 'server-proxy', 'servers-info'),
    { cache: 'no-store' },
    server
  );
  return status === 200
    ? ''
    : inWords(
        explainRefusal({ way: 'proxied', base: server.baseUrl }, status, trans)
      );
}
