import { DisposableDelegate, IDisposable } from '@lumino/disposable';
import { IClusterManager, tabChannel } from '../tokens';
import type { ClusterManager } from './manager';

/**
 * Tell the other tabs of this server, in this browser, when a cluster that was
 * asked for here comes or goes, and look again when another tab says so.
 *
 * #### Notes
 * It sends nothing over the network until another tab speaks.
 */
export function linkTabs(
  manager: IClusterManager,
  baseUrl: string
): IDisposable {
  const channel = new BroadcastChannel(tabChannel(baseUrl));
  channel.onmessage = () => void manager.refresh();
  const tell = (
    _: IClusterManager,
    change: ClusterManager.IClusterStateChange
  ): void => {
    if (change.cluster.request || change.to === 'stopped') {
      channel.postMessage(null);
    }
  };
  manager.stateChanged.connect(tell);
  return new DisposableDelegate(() => {
    manager.stateChanged.disconnect(tell);
    channel.close();
  });
}
