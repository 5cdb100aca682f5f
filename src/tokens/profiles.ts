/** Presets for new clusters, and the limits on them. */
import { JSONObject, Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { PACKAGE } from './names';
import type { IClusterLimits, IClusterRequest } from './provider';

/** A named preset for a provider. */
export interface IProfile {
  name: string;
  /** One line: what it is good for. */
  description?: string;
  provider: string;
  environment?: string;
  options: JSONObject;
  /** `admin` and `site` ones cannot be edited here. */
  origin?: 'user' | 'admin' | 'site';
  /** The site wants a cluster of it at the beginning of the work. */
  initial?: boolean;
}

/** A bound on the workers of each cluster that holds for a while, and whose it is. */
export interface ICap {
  workers: number;
  /** A sentence that says so. */
  text: string;
}

/** The profiles and limits that are in force. */
export interface IProfiles {
  readonly profiles: readonly IProfile[];
  readonly changed: ISignal<IProfiles, void>;
  /** The one started last, or the first. */
  readonly last: IProfile | undefined;
  remember(name: string): void;
  /** Ask the providers for profiles that environments define, such as a site's. */
  refresh(): Promise<void>;
  /** Add or replace one of the person's own. */
  save(profile: IProfile): Promise<void>;
  /** The bounds on every cluster. */
  readonly limits: IClusterLimits;
  /** Of the caps that hold now the narrowest, where there is one. */
  readonly cap: ICap | undefined;
  /** Cap what is asked for from now on, until the result is disposed. */
  addCap(cap: ICap): IDisposable;
  /** Options of a provider that an administrator has set for everybody. */
  locked(provider: string): JSONObject;
  /**
   * The request within the administrator's limits and the cap, and in words what
   * was changed to make it so.
   */
  clamp(request: IClusterRequest): {
    request: IClusterRequest;
    notes: string[];
  };
}

export const IProfiles = new Token<IProfiles>(
  `${PACKAGE}:IProfiles`,
  'Named presets for new clusters, and the limits on them.'
);
