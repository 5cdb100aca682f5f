import type { ICluster, IPrice } from '../tokens';
import { findRate, IPlace, IRate, placeOf } from './rate';

/** The prices that are for a cluster, and where it runs. */
export interface IRated {
  rate: IRate;
  place: IPlace;
}

/** Which prices are for which cluster, by one table; found once for each. */
export class Rates {
  /** Null where no price is set. */
  of(cluster: ICluster, prices: readonly IPrice[]): IRated | null {
    const { provider, snapshot } = cluster;
    const told = snapshot.options !== undefined;
    let known = this._known.get(cluster);
    // Without its options, it is found once, and once more when they come.
    if (!known || (told && !known.told)) {
      const place = placeOf(provider, snapshot.options);
      const rate = findRate(prices, place);
      known = { told, found: rate ? { rate, place } : null };
      this._known.set(cluster, known);
    }
    return known.found;
  }

  private _known = new WeakMap<
    ICluster,
    { told: boolean; found: IRated | null }
  >();
}
