/** What is asked of a Dask Gateway through a controller, and its answers. */
import type { JSONObject } from '@lumino/coreutils';

export interface IGatewayConnectParams {
  /** Null for the address that the kernel's environment tells. */
  address: string | null;
}

/** Where a gateway is: for the kernel, and for a browser. */
export interface IGatewayPlace {
  address: string;
  dashboards: string;
}

/** The administrator's form for this user, as the gateway sends it. */
export interface IGatewayForm {
  cluster_options: JSONObject[];
}

/** One cluster as the gateway sends it, but without certificate and key. */
export interface IGatewayReport {
  name: string;
  status: string;
  /** ms since the epoch. */
  start_time: number;
  stop_time: number | null;
  options: JSONObject;
  dashboard_route: string | null;
}

export interface IGatewayName {
  name: string;
}

export interface IGatewayGetParams {
  name: string;
  /** Answer only when it is not pending any more, or after some 20 seconds. */
  wait: boolean;
}

export interface IGatewayCreateParams {
  options: JSONObject;
}

export interface IGatewayScaleParams {
  name: string;
  workers: number;
}

export interface IGatewayAdaptParams {
  name: string;
  minimum: number;
  maximum: number;
}

/** What the gateway did instead, in its words, if it is not `ok`. */
export interface IGatewayAnswer {
  ok: boolean;
  msg: string | null;
}

export interface IGatewaySchedulerParams {
  name: string;
  page: 'counts' | 'identity';
}

/** What a scheduler says of itself; null while it does not answer. */
export interface IGatewayPage {
  data: JSONObject | null;
}
