import type { ICluster } from '../tokens';
import type { Cluster } from './cluster';

/** How long after its start a cluster may still get another name, in ms. */
const UNUSED = 60_000;

/**
 * Gives names to clusters that nobody named, and keeps them apart.
 *
 * #### Notes
 * Two pages that start a cluster at the same moment do not know of each other, and
 * give the same name. When they do, the page that made the later one names it anew,
 * before anybody has used it. Which one is later follows from what both pages know.
 */
export class Names {
  /** @param clusters - Those that are known now. */
  constructor(clusters: () => readonly Cluster[]) {
    this._clusters = clusters;
  }

  /** `dask-1`, or the first number that is free. */
  next(): string {
    return this._free(0);
  }

  /** Note that this page gave a cluster its name, and may give it another one. */
  add(cluster: ICluster): void {
    this._given.add(cluster);
  }

  /** Note it for a cluster that takes the place, and the name, of another one. */
  replace(cluster: ICluster, by: ICluster): void {
    if (this._given.has(cluster)) {
      this._given.add(by);
    }
  }

  /** Another cluster has come: name anew what has the name of an earlier one. */
  settle(): void {
    for (const cluster of this._clusters()) {
      if (this._given.has(cluster) && Private.canBeRenamed(cluster)) {
        const { name } = cluster.snapshot;
        const before = this._clusters().filter(
          other =>
            other.snapshot.name === name && Private.isEarlier(other, cluster)
        );
        if (before.length > 0) {
          this._given.delete(cluster);
          // Of several later ones each takes another number.
          cluster.driver
            ?.rename(this._free(before.length - 1))
            .catch(() => undefined);
        }
      }
    }
  }

  private _free(skipped: number): string {
    const names = new Set(this._clusters().map(item => item.snapshot.name));
    let number = 1;
    while (names.has(`dask-${number}`) || skipped-- > 0) {
      number += 1;
    }
    return `dask-${number}`;
  }

  private _clusters: () => readonly Cluster[];
  private _given = new WeakSet<ICluster>();
}

namespace Private {
  /** It runs, for a short time, and nothing was computed in it yet. */
  export function canBeRenamed({
    capabilities,
    driver,
    snapshot
  }: Cluster): boolean {
    const { state, created, tasks } = snapshot;
    const used = Object.values(tasks ?? {}).some(count => count > 0);
    return (
      driver !== null &&
      capabilities.rename &&
      state === 'running' &&
      !used &&
      Date.now() - created < UNUSED
    );
  }

  /** The same on every page, once its owner has told of the cluster. */
  export function isEarlier(one: Cluster, other: Cluster): boolean {
    const { created, id } = one.snapshot;
    const than = other.snapshot;
    return (
      one.driver !== null &&
      (created === than.created ? id < than.id : created < than.created)
    );
  }
}
