import type { ICluster, ICostTotal, IPrice, IUsage } from '../tokens';
import { addMoney } from './money';
import { findRate, IPlace, IRate, placeOf, pricePerHour } from './rate';

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

/**
 * What all clusters that have workers cost in an hour.
 *
 * @param counted - Null where no price is set.
 */
export function totalOf(
  clusters: readonly ICluster[],
  counted: (cluster: ICluster) => (IRated & { usage: IUsage }) | null
): ICostTotal | null {
  const here = clusters.filter(
    ({ snapshot }) => (snapshot.workers?.ready ?? 0) > 0
  );
  const priced = here.flatMap(cluster => {
    const found = counted(cluster);
    return found ? [pricePerHour(found.rate, found.usage)] : [];
  });
  return priced.length > 0
    ? {
        perHour: addMoney(...priced),
        unpriced: here.length - priced.length
      }
    : null;
}
