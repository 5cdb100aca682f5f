/**
 * Where a template could run: the profiles of the site, and the cluster that is
 * there. Pure functions; what nobody says is absent.
 */
import type { JSONObject } from '@lumino/coreutils';
import { ISize, plannedSize } from '../../cluster/size';
import type {
  IClusterLimits,
  IClusterSnapshot,
  IMachine,
  IProfile
} from '../../tokens';

/** A place with its size. */
export interface IPlace extends ISize {
  threads: number;
  /** The profile's or the cluster's name. */
  name: string;
  provider: string;
  options: JSONObject;
  /** It would have to be started. */
  profile?: IProfile;
  /** How many times as long as the machine of the estimates its own takes, if known. */
  slowness?: number;
  /** Threads follow from the number of workers where nobody asks for them. */
  shared?: boolean;
}

/** What a profile starts, within the limits. */
export function profilePlace(
  profile: IProfile,
  limits: IClusterLimits,
  machine?: IMachine
): IPlace {
  const { name, provider, options } = profile;
  return {
    name,
    provider,
    options,
    profile,
    ...(machine ? { shared: true } : {}),
    threads: 1,
    ...plannedSize(options, limits, machine)
  };
}

/** The cluster that is there; null before it has workers. */
export function clusterPlace(
  provider: string,
  { name, workers, threads, memory, options }: IClusterSnapshot
): IPlace | null {
  if (!workers || workers.ready < 1 || !threads) {
    return null;
  }
  return {
    name,
    provider,
    options: options ?? {},
    workers: workers.ready,
    most: workers.ready,
    threads: Math.max(1, Math.round(threads / workers.ready)),
    ...(memory?.limit ? { memory: memory.limit / workers.ready } : {})
  };
}
