/**
 * The protocol between the page and a controller: JSON-RPC 2.0, one message a
 * comm message. The same names stand in
 * `jupyterlab_seasonal_monitor/controller/protocol.py`; a test compares the two.
 *
 * Both sides may drop any event: a snapshot is whole, so the next one heals.
 */
import type { JSONObject } from '@lumino/coreutils';
import type {
  ICause,
  IClusterEvent,
  IClusterSnapshot,
  ILogEntry,
  IStep,
  IWorker,
  WatchDetail
} from '../../tokens';
import type {
  IAwsDescription,
  IAwsLeftovers,
  IAwsParams,
  IAwsRemoveParams,
  IAwsRemoved,
  ICoiledDescription,
  ICoiledParams,
  ICoiledRemoveParams,
  ICoiledRemoved,
  ICustomLeftovers,
  ICustomRemoveParams,
  ICustomRemoved,
  IKubernetesDescription,
  IKubernetesParams,
  IKubernetesRemoveParams,
  IKubernetesRemoved,
  IQueueCancelParams,
  IQueueCancelled,
  IQueueDescription,
  IQueueLeftover,
  IQueueParams
} from './protocolBackEnds';
import type {
  IGatewayAdaptParams,
  IGatewayAnswer,
  IGatewayConnectParams,
  IGatewayCreateParams,
  IGatewayForm,
  IGatewayGetParams,
  IGatewayName,
  IGatewayPage,
  IGatewayPlace,
  IGatewayReport,
  IGatewayScaleParams,
  IGatewaySchedulerParams
} from './protocolGateway';

/** Grows when an older page and a newer controller cannot talk. */
export const PROTOCOL_VERSION = 1;

/** The comm target that the controller registers. */
export const COMM_TARGET = 'jupyterlab_seasonal_monitor';

/** JSON-RPC error codes beyond the standard ones. */
export const ERROR_CODES = {
  cancelled: -32800,
  invalid: -32602,
  launchFailed: -32001,
  limit: -32002,
  missingPackage: -32003,
  notFound: -32004,
  protocol: -32005,
  unavailable: -32006,
  notResponding: -32007
} as const;

/** What comes in the `data` of a JSON-RPC error. */
export interface IErrorData {
  cause: ICause[];
  log: string[];
  /** Message by option name. */
  fields: Record<string, string>;
  hint: string | null;
}

export interface IInitializeParams {
  protocol: number;
  /** The extension's version. */
  client: string;
}

/** What the controller is and where it runs. */
export interface IControllerInfo {
  protocol: number;
  /** The controller's version, which is the extension's that sent it. */
  controller: string;
  pid: number;
  host: string;
  python: string;
  executable: string;
  /** Version by package, null where it is not installed. */
  packages: Record<string, string | null>;
  /** Packages that a cluster needs and that are not installed. */
  missing: string[];
  /** Cores that this process may use, by affinity and cgroup. */
  cpus: number;
  /** Bytes that this process may use, by cgroup and machine. */
  memory: number;
  /** `forkserver` or `spawn`. */
  start: string;
  /** The site's `labextension` Dask configuration, if there is one. */
  labextension: JSONObject | null;
  /** The cluster that this controller owns already. */
  cluster: IClusterSnapshot | null;
}

export interface IWarmParams {
  /** Those of the local cluster that is likely to come: its workers wait, too. */
  options?: JSONObject;
}

export interface IWarmResult {
  /** Seconds that the warm-up took; 0 when it was warm. */
  seconds: number;
}

export interface ISpeedResult {
  /** How many times as long as the machine of the estimates this one takes. */
  slowness: number;
}

export interface ICreateParams {
  /** Idempotency key: a second request with it joins the first. */
  key: string;
  name: string;
  /** `local`, `scheduler`, `labextension`, or a batch system's name. */
  launcher: string;
  options: JSONObject;
  profile: string | null;
  /** The kernelspec's name, for the record. */
  environment: string | null;
}

export interface IRenameParams {
  name: string;
}

export interface IScaleParams {
  workers: number;
}

export interface IAdaptParams {
  minimum: number;
  maximum: number;
}

export interface IKeepParams {
  /** For how long the end is put off, from now. */
  minutes: number;
}

export interface IEndParams {
  /** What the end is for: a later order of the same name replaces it. */
  name: string;
  /** When, ms since the epoch; null takes the order back. */
  at: number | null;
  /** Why, in words. */
  text: string;
  /** Nobody can put it off. */
  final: boolean;
}

export interface IWatchParams {
  detail: WatchDetail;
  /** Seconds after which the controller falls back to `none` by itself. */
  lease: number;
}

export interface ILogsParams {
  lines: number;
  worker: string | null;
}

/** What `describe` tells: enough to draw a card in another tab. */
export interface IDescription {
  cluster: IClusterSnapshot | null;
  launcher: string | null;
  profile: string | null;
  environment: string | null;
  capabilities: {
    scale: boolean;
    adapt: boolean;
    restart: boolean;
    rename: boolean;
    workers: boolean;
    logs: boolean;
    stop: boolean;
    keep: boolean;
  };
}

export type IEmpty = Record<string, never>;

/** Requests of the page, by method. */
export interface Requests {
  initialize: { params: IInitializeParams; result: IControllerInfo };
  /** Import Dask and start the fork server, so that `create` is quick. */
  warm: { params: IWarmParams; result: IWarmResult };
  /** Measures for some 30 ms. */
  speed: { params: IEmpty; result: ISpeedResult };
  /** Can be cancelled; reports steps through `$/progress`, token = key. */
  create: { params: ICreateParams; result: IClusterSnapshot };
  describe: { params: IEmpty; result: IDescription };
  rename: { params: IRenameParams; result: IClusterSnapshot };
  scale: { params: IScaleParams; result: IClusterSnapshot };
  adapt: { params: IAdaptParams; result: IClusterSnapshot };
  restart: { params: IEmpty; result: IClusterSnapshot };
  /** Refused in words where an administrator's bound is reached. */
  keep: { params: IKeepParams; result: IClusterSnapshot };
  /** An end that the page knows the reason of; at the earliest in 5 minutes. */
  end: { params: IEndParams; result: IClusterSnapshot };
  /** Idempotent. */
  stop: { params: IEmpty; result: IClusterSnapshot };
  watch: { params: IWatchParams; result: IClusterSnapshot };
  workers: { params: IEmpty; result: IWorker[] };
  logs: { params: ILogsParams; result: ILogEntry[] };
  events: { params: IEmpty; result: IClusterEvent[] };
  ping: { params: IEmpty; result: IEmpty };
  /** Rejected in words when the gateway cannot be used from this kernel. */
  gatewayConnect: { params: IGatewayConnectParams; result: IGatewayPlace };
  gatewayOptions: { params: IEmpty; result: IGatewayForm };
  /** Those that are pending or running, however made. */
  gatewayList: { params: IEmpty; result: IGatewayReport[] };
  /** Can be cancelled. */
  gatewayGet: { params: IGatewayGetParams; result: IGatewayReport };
  /** Can be cancelled: a cluster that was made all the same is stopped. */
  gatewayCreate: { params: IGatewayCreateParams; result: IGatewayName };
  gatewayScale: { params: IGatewayScaleParams; result: IGatewayAnswer };
  gatewayAdapt: { params: IGatewayAdaptParams; result: IGatewayAnswer };
  /** Idempotent. */
  gatewayStop: { params: IGatewayName; result: IEmpty };
  gatewayScheduler: { params: IGatewaySchedulerParams; result: IGatewayPage };
  queueDescribe: { params: IQueueParams; result: IQueueDescription };
  queueLeftovers: { params: IQueueParams; result: IQueueLeftover[] };
  /** Cancels only what `queueLeftovers` would tell now. */
  queueCancel: { params: IQueueCancelParams; result: IQueueCancelled };
  /** Tells what is missing in words; it is never rejected for that. */
  kubernetesDescribe: {
    params: IKubernetesParams;
    result: IKubernetesDescription;
  };
  /** As the one before. */
  coiledDescribe: { params: ICoiledParams; result: ICoiledDescription };
  /** Stops only what `coiledDescribe` would tell now. */
  coiledRemove: { params: ICoiledRemoveParams; result: ICoiledRemoved };
  /** Deletes only what `kubernetesDescribe` would tell now. */
  kubernetesRemove: {
    params: IKubernetesRemoveParams;
    result: IKubernetesRemoved;
  };
  /** Tells what is missing in words; it is never rejected for that. */
  awsDescribe: { params: IEmpty; result: IAwsDescription };
  /** Rejected in words where the account cannot be asked. */
  awsLeftovers: { params: IAwsParams; result: IAwsLeftovers };
  /** Removes only what `awsLeftovers` would tell now. */
  awsRemove: { params: IAwsRemoveParams; result: IAwsRemoved };
  /** Of classes by name, as controllers on this machine noted them. */
  customLeftovers: { params: IEmpty; result: ICustomLeftovers };
  /** Stops only what `customLeftovers` would tell now. */
  customRemove: { params: ICustomRemoveParams; result: ICustomRemoved };
}

/** Events of the controller, by method. */
export interface Events {
  /** Always the whole snapshot. */
  clusterChanged: IClusterSnapshot;
  clusterEvent: IClusterEvent;
  /** All rows; only while somebody watches `workers`. */
  workersChanged: IWorker[];
}

/** The value of a `$/progress` notification. */
export interface IProgress {
  steps: IStep[];
}

/** Method names at run time, for the contract test. */
export const METHODS: ReadonlyArray<keyof Requests> = [
  'initialize',
  'warm',
  'speed',
  'create',
  'describe',
  'rename',
  'scale',
  'adapt',
  'restart',
  'keep',
  'end',
  'stop',
  'watch',
  'workers',
  'logs',
  'events',
  'ping',
  'gatewayConnect',
  'gatewayOptions',
  'gatewayList',
  'gatewayGet',
  'gatewayCreate',
  'gatewayScale',
  'gatewayAdapt',
  'gatewayStop',
  'gatewayScheduler',
  'queueDescribe',
  'queueLeftovers',
  'queueCancel',
  'kubernetesDescribe',
  'coiledDescribe',
  'coiledRemove',
  'kubernetesRemove',
  'awsDescribe',
  'customLeftovers',
  'customRemove',
  'awsLeftovers',
  'awsRemove'
];

/** Event names at run time, for the contract test. */
export const EVENTS: ReadonlyArray<keyof Events> = [
  'clusterChanged',
  'clusterEvent',
  'workersChanged'
];
