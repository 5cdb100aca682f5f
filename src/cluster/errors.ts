import { ClusterError } from '../tokens';

/** Any rejection as an error that can be shown. */
export function toClusterError(reason: unknown): ClusterError {
  if (reason instanceof ClusterError) {
    return reason;
  }
  const message = reason instanceof Error ? reason.message : String(reason);
  return new ClusterError(message);
}
