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

/** A batch system, such as `slurm`. */
export interface IQueueParams {
  system: string;
}

/** A queue, as `sinfo` tells of it. */
export interface IQueuePlace {
  name: string;
  default: boolean;
  up: boolean;
  /** The longest walltime as the system writes it; empty without one. */
  limit: string;
  /** Cores and bytes of its largest node. */
  cores: number;
  memory: number;
}

/** What can be asked of a batch system from here. */
export interface IQueueDescription {
  queues: IQueuePlace[];
  /** Network interfaces of the machine of the scheduler. */
  interfaces: string[];
  /** Packages and commands that are not there. */
  missing: string[];
  /** Why the queues are not known. */
  problem: string | null;
}

/** A job whose controller is dead. */
export interface IQueueLeftover {
  id: string;
  name: string;
  queue: string;
  state: 'waiting' | 'running';
  elapsed: string;
  /** Where its controller ran. */
  host: string;
  /** False if that is another host, which cannot be asked. */
  certain: boolean;
}

export interface IQueueCancelParams {
  system: string;
  jobs: string[];
}

export interface IQueueCancelled {
  jobs: string[];
}

export interface IKubernetesParams {
  /** The configured one without it. */
  namespace: string | null;
}

/** A cluster whose controller is gone. */
export interface IKubernetesCluster {
  /** Its name with the namespace's. */
  id: string;
  /** `cluster`, or `workers`: a group of workers whose cluster is gone. */
  kind: string;
  namespace: string;
  name: string;
  title: string;
  /** When it was made, as Kubernetes writes it. */
  created: string;
  /** False if its controller ran on another host, which cannot be asked. */
  certain: boolean;
}

/** What can be asked of Kubernetes from here. */
export interface IKubernetesDescription {
  namespace: string | null;
  /** The image that is used when none is named. */
  image: string;
  /** Packages that are not there. */
  missing: string[];
  /** Why no cluster can be made, and what to do. */
  problem: string | null;
  hint: string | null;
  clusters: IKubernetesCluster[];
  /** Sentences on what was not asked, and on what was deleted. */
  remarks: string[];
}

export interface ICoiledParams {
  /** The person's usual one without it. */
  workspace: string | null;
}

/** A cluster at Coiled that lives. */
export interface ICoiledCluster {
  /** Its name with the workspace's. */
  id: string;
  workspace: string;
  name: string;
  state: string;
  /** False if its controller may live on another host, which cannot be asked. */
  certain: boolean;
}

/** What can be asked of Coiled from here. */
export interface ICoiledDescription {
  workspace: string | null;
  workspaces: string[];
  /** The image that is used when none is named. */
  image: string;
  /** Packages that are not there. */
  missing: string[];
  /** Why no cluster can be made, and what to do. */
  problem: string | null;
  hint: string | null;
  /** Of all workspaces. */
  clusters: ICoiledCluster[];
  /** Sentences on workspaces that could not be asked. */
  remarks: string[];
}

/** Clusters by their ids. */
export interface ICoiledRemoveParams {
  clusters: string[];
}

export interface ICoiledRemoved {
  clusters: string[];
}

/** Clusters by name. */
export interface IKubernetesRemoveParams {
  namespace: string | null;
  clusters: string[];
}

export interface IKubernetesRemoved {
  clusters: string[];
}

/** What can be asked of AWS from here. */
export interface IAwsDescription {
  /** The region of the kernel's environment. */
  region: string | null;
  /** Packages that are not there. */
  missing: string[];
  /** Why no cluster can be made, and what to do. */
  problem: string | null;
  hint: string | null;
}

/** A service of AWS: `fargate` or `ec2`. */
export interface IAwsParams {
  service: string;
}

/** A cluster in an account whose controller is dead. */
export interface IAwsLeftover {
  id: string;
  title: string;
  region: string;
  /** What is there, in words. */
  parts: string[];
  /** Whether it costs money by the hour. */
  runs: boolean;
  /** When the cluster was made, as ISO 8601 writes it. */
  made: string;
  /** Where its controller ran. */
  host: string;
  /** False if that is another host, which cannot be asked. */
  certain: boolean;
}

/** What is left in the account. */
export interface IAwsLeftovers {
  clusters: IAwsLeftover[];
  /** Sentences on regions that could not be asked. */
  remarks: string[];
}

/** A cluster of a named class whose controller is dead, or ran on another host. */
export interface ICustomLeftover {
  id: string;
  /** The class, as `module:Class`. */
  kind: string;
  title: string;
  /** By which the class takes it up; empty while it is not known. */
  name: string;
  /** When it was made, as ISO 8601 writes it. */
  made: string;
  /** Where its controller ran. */
  host: string;
  /** False if that is another host, which cannot be asked. */
  certain: boolean;
  /** Whether its start was refused or took too long: there may be nothing. */
  failed: boolean;
}

export interface ICustomRemoveParams {
  clusters: string[];
}

export interface ICustomRemoved {
  clusters: string[];
}

/** Clusters by their ids. */
export interface IAwsRemoveParams {
  service: string;
  clusters: string[];
}

export interface IAwsRemoved {
  clusters: string[];
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
  customLeftovers: { params: IEmpty; result: ICustomLeftover[] };
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
