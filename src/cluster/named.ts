import type { TranslationBundle } from '@jupyterlab/translation';
import { ClusterError, ICluster, IClusterManager } from '../tokens';

/**
 * The cluster that a command's arguments name, or else the current one.
 *
 * @throws a ClusterError in words when there is none.
 */
export function namedCluster(
  key: string | undefined,
  manager: IClusterManager,
  trans: TranslationBundle
): ICluster {
  const cluster = key === undefined ? manager.current : manager.get(key);
  if (!cluster) {
    throw new ClusterError(trans.__('There is no such Dask cluster.'), {
      code: 'not-found',
      hint: trans.__('Start one with New cluster, or choose another.')
    });
  }
  return cluster;
}
