/** A bound for clusters that grow by themselves. */
import { soon } from '../cluster/soon';
import type { ICluster, IClusterManager } from '../tokens';

/** How long one waits for the workers of now, in ms. */
const PATIENCE = 15_000;

/**
 * Let an adaptive cluster keep at most the workers that it has now.
 *
 * #### Notes
 * What the page knows of workers may be old where nobody looks, and a bound below
 * what is there would end workers: so the cluster is looked at first.
 *
 * @returns Whether it is held; false where how many there are could not be learnt.
 */
export async function hold(
  manager: IClusterManager,
  cluster: ICluster
): Promise<boolean> {
  const look = manager.watch(cluster.key, 'counts');
  try {
    let asked = 0;
    // Whatever it tells next.
    const isFresh = await soon(
      () => (asked++ > 0 ? true : null),
      cluster.changed,
      PATIENCE
    );
    const { workers } = cluster.snapshot;
    if (workers?.maximum === undefined) {
      // It does not adapt any more.
      return true;
    }
    // An owner that tells by itself has nothing to add where nothing changed.
    if (!isFresh && cluster.capabilities.ends === 'page') {
      return false;
    }
    const { minimum = 0, maximum } = workers;
    const most = Math.max(workers.ready, minimum, 1);
    if (most < maximum) {
      await manager.adapt(cluster.key, minimum, most);
    }
    return true;
  } finally {
    look.dispose();
  }
}
