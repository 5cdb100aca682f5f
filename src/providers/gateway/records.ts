/**
 * What a gateway does not keep of a cluster: the name that a person gave it, how
 * many workers were asked for, and since when nothing ran. Kept in this browser,
 * for all its tabs, until the cluster is gone.
 */
import { browserStorage } from '../../storage';
import { IEnds, readEnds } from './ends';
import type { IQuiet } from './figures';
import type { IWish } from './form';

/** What this browser knows of one cluster. */
export interface IRecord {
  name?: string;
  wish?: IWish;
  quiet?: IQuiet;
  /** Ends that are ordered, which the gateway does not keep. */
  ends?: IEnds;
}

/** The records of one server's page, by the gateway's name of a cluster. */
export class Records {
  /**
   * @param key - Where they are kept; of one person only.
   * @param storage - Null where the browser has none: then for this page only.
   */
  constructor(
    private _key: string,
    private _storage: Storage | null = browserStorage()
  ) {
    this._records = Private.read(this._storage, this._key);
  }

  get(cluster: string): IRecord {
    this._read();
    return this._records.get(cluster) ?? {};
  }

  /** Keep something; what else is known of the cluster stays. */
  set(cluster: string, record: IRecord): void {
    const known = this.get(cluster);
    this._records.set(cluster, { ...known, ...record });
    this._write();
  }

  /** Forget all clusters but these. */
  keep(clusters: ReadonlySet<string>): void {
    this._read();
    const gone = [...this._records.keys()].filter(name => !clusters.has(name));
    if (gone.length > 0) {
      gone.forEach(name => this._records.delete(name));
      this._write();
    }
  }

  /** Another tab may know more. */
  private _read(): void {
    if (this._storage) {
      this._records = Private.read(this._storage, this._key);
    }
  }

  private _write(): void {
    try {
      this._storage?.setItem(
        this._key,
        JSON.stringify(Object.fromEntries(this._records))
      );
    } catch {
      // A full storage costs no more than a name after a reload.
      this._storage = null;
    }
  }

  private _records: Map<string, IRecord>;
}

namespace Private {
  /** What is stored, as far as it can be used. */
  export function read(
    storage: Storage | null,
    key: string
  ): Map<string, IRecord> {
    let stored: unknown;
    try {
      stored = JSON.parse(storage?.getItem(key) ?? '{}');
    } catch {
      stored = {};
    }
    const found = new Map<string, IRecord>();
    for (const [cluster, value] of Object.entries(stored ?? {})) {
      const { name, wish, quiet, ...more } = (value ?? {}) as Record<
        string,
        unknown
      >;
      const ends = readEnds(more.ends);
      const times = (quiet ?? {}) as Partial<IQuiet>;
      found.set(cluster, {
        ...(typeof name === 'string' ? { name } : {}),
        ...(wish && typeof wish === 'object' ? { wish: numbers(wish) } : {}),
        ...(Number.isFinite(times.since) && Number.isFinite(times.seen)
          ? { quiet: { since: Number(times.since), seen: Number(times.seen) } }
          : {}),
        ...(ends ? { ends } : {})
      });
    }
    return found;
  }

  function numbers(wish: object): IWish {
    return Object.fromEntries(
      Object.entries(wish).filter(
        ([name, value]) =>
          ['workers', 'minimum', 'maximum'].includes(name) &&
          Number.isInteger(value)
      )
    );
  }
}
