import type { ClusterState } from '../tokens';

/** Whether a cluster in this state has, and will have, no processes any more. */
export function isOver(state: ClusterState): boolean {
  return state === 'stopped' || state === 'failed' || state === 'lost';
}
