import type { JSONObject } from '@lumino/coreutils';
import type { ICluster } from '../tokens';

/**
 * Half of the workers that a cluster was asked for, as options for another try.
 *
 * @returns Null when there cannot be fewer, or it is not known how many it was.
 */
export function fewerWorkers({
  request,
  snapshot
}: Pick<ICluster, 'request' | 'snapshot'>): JSONObject | null {
  const asked: JSONObject = { ...snapshot.options, ...request?.options };
  const fewer: JSONObject = {};
  for (const name of ['workers', 'maximum']) {
    const count = asked[name];
    if (typeof count === 'number' && count > 1) {
      fewer[name] = Math.floor(count / 2);
    }
  }
  const { minimum } = asked;
  if (typeof minimum === 'number' && typeof fewer.maximum === 'number') {
    fewer.minimum = Math.min(minimum, fewer.maximum);
  }
  return Object.keys(fewer).length > 0 ? fewer : null;
}
