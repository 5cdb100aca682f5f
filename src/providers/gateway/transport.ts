/** How the page speaks with a gateway, whichever way that goes. */
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { IGatewayAnswer, IGatewayReport } from '../kernel/protocolGateway';
import type { IGatewayOption } from './wire';

/** Verbs of a gateway. Each rejects with a ClusterError. */
export interface IGatewayTransport extends IDisposable {
  /** Who speaks: this page, or a kernel of the server. */
  readonly via: 'page' | 'kernel';
  /**
   * Whether a gateway answers there. Needs no sign-in and rejects with
   * `not-found` when something else does, or nothing.
   */
  probe(): Promise<void>;
  /** The administrator's form for this user. */
  options(): Promise<IGatewayOption[]>;
  /** The clusters of this user that are pending or running, however made. */
  list(): Promise<IGatewayReport[]>;
  /** @param wait - Answer only when it is not pending, or after some 20 s. */
  get(
    name: string,
    wait: boolean,
    signal?: AbortSignal
  ): Promise<IGatewayReport>;
  /**
   * It cannot be aborted: the name of what is made must not be lost.
   *
   * @returns The name.
   */
  create(options: JSONObject): Promise<string>;
  scale(name: string, workers: number): Promise<IGatewayAnswer>;
  adapt(
    name: string,
    minimum: number,
    maximum: number
  ): Promise<IGatewayAnswer>;
  /** Idempotent. */
  stop(name: string): Promise<void>;
  /** What a scheduler says of itself; null while it does not answer. */
  scheduler(
    name: string,
    page: 'counts' | 'identity'
  ): Promise<JSONObject | null>;
  /**
   * The address of a cluster's dashboard as a browser reaches it.
   *
   * @param route - The gateway's `dashboard_route`.
   */
  dashboard(route: string): string;
}
