/**
 * Every public token and interface of the extension. Importing this file loads
 * no code but the token objects and the error class.
 */
import type { IWidgetTracker } from '@jupyterlab/apputils';
import {
  JSONObject,
  ReadonlyPartialJSONObject,
  Token
} from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { Panel, Widget } from '@lumino/widgets';

/** The npm name, which prefixes every plugin id and setting. */
export const PACKAGE = 'jupyterlab-seasonal-monitor';

/** The translation domain. */
export const DOMAIN = 'jupyterlab_seasonal_monitor';

/** The `type` of a Jupyter session whose kernel owns a cluster. */
export const SESSION_TYPE = 'dask-cluster';

/** The channel on which the tabs of one server, in one browser, talk. */
export function tabChannel(baseUrl: string): string {
  return `${PACKAGE} ${baseUrl}`;
}

/** The MIME type under which a dragged cluster card carries its cluster's id. */
export const CLUSTER_MIME = 'application/vnd.seasonal-monitor.cluster';

// ---------------------------------------------------------------- clusters

/**
 * The life of a cluster:
 * `queued → starting → running ⇄ degraded → stopping → stopped`, and `failed`
 * (never came up) or `lost` (was up, its owner is gone).
 */
export type ClusterState =
  | 'queued'
  | 'starting'
  | 'running'
  | 'degraded'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'lost';

/** One step of a start, in the order in which the person sees them. */
export interface IStep {
  /** `kernel`, `packages`, `scheduler`, `workers`. */
  id: string;
  state: 'waiting' | 'active' | 'done' | 'failed';
  /** A short fact, such as `1 of 2`. */
  detail?: string;
}

/** One link of a cause chain, outermost first. */
export interface ICause {
  /** What happened, in words, without secrets. */
  message: string;
  /** The exception's class name or the error's code. */
  kind?: string;
  /** What the person can do next. */
  hint?: string;
}

/**
 * How to reach a cluster. Opaque to views: only the snippet and a provider
 * look inside. Holds paths, never key material.
 */
export interface IConnection {
  kind: 'scheduler' | 'gateway';
  /** The scheduler's address or the gateway cluster's name. */
  address: string;
  /** A PEM file (mode 0600) with authority, certificate and key, for TLS. */
  credentials?: string;
  /** The gateway's address where the environment does not set it. */
  gateway?: string;
}

/**
 * The whole state of a cluster at one time. Level-based: a newer snapshot
 * replaces an older one, so a lost or doubled message does no harm. What is not
 * known is absent, never 0.
 */
export interface IClusterSnapshot {
  /** Given by the controller or the gateway; unique within a provider. */
  id: string;
  name: string;
  state: ClusterState;
  /** Grows with each change made by the owner; older revisions are dropped. */
  revision: number;
  /** When the state was entered, ms since the epoch. */
  since: number;
  /** When the cluster was asked for, ms since the epoch. */
  created: number;
  /** Since when no task ran, ms since the epoch. */
  idleSince?: number;
  steps?: IStep[];
  workers?: {
    ready: number;
    /** How many were asked for; absent while adaptive. */
    wanted?: number;
    /** Both present exactly when the cluster is adaptive. */
    minimum?: number;
    maximum?: number;
    /** The host's or administrator's bound. */
    limit?: number;
  };
  /** Threads of all workers. */
  threads?: number;
  /** Bytes over all workers. */
  memory?: { used?: number; limit?: number; spilled?: number };
  /** Percent over all workers; 100 is one core. */
  cpu?: number;
  tasks?: {
    /** On a worker now. */
    processing: number;
    /** Waiting for others or queued on the scheduler. */
    waiting: number;
    /** Results held in memory. */
    memory: number;
    erred: number;
  };
  /** Unusual conditions of workers: how many are in each. */
  conditions?: { paused?: number; spilling?: number; restarting?: number };
  connection?: IConnection;
  /** `http://host:port` as the owner sees it; the page rewrites it for the proxy. */
  dashboard?: string;
  /** The owner's `python`, `dask`, `distributed`, … versions. */
  versions?: Record<string, string>;
  /** For `failed`, `lost` and `degraded`: why, outermost first. */
  cause?: ICause[];
  /** The last log lines that belong to `cause`. */
  log?: string[];
  /** The options with which it was made, after defaults and clamping. */
  options?: JSONObject;
}

/** One row of the worker table. */
export interface IWorker {
  /** Unique within the cluster. */
  name: string;
  address: string;
  status: string;
  threads: number;
  /** Percent; 100 is one core. */
  cpu: number;
  /** Bytes. */
  memory: number;
  memoryLimit?: number;
  spilled?: number;
  processing: number;
  /** Results held in memory. */
  stored: number;
  pid?: number;
  /** When it was last heard of, ms since the epoch. */
  lastSeen: number;
}

/** Something that happened to a cluster, for its event list. */
export interface IClusterEvent {
  /** ms since the epoch. */
  time: number;
  kind:
    | 'state'
    | 'worker-added'
    | 'worker-lost'
    | 'worker-paused'
    | 'worker-restarted'
    | 'scaled'
    | 'task-erred'
    | 'log';
  level: 'info' | 'warning' | 'error';
  /** In words. */
  text: string;
  worker?: string;
}

/** Log lines of one process of a cluster. */
export interface ILogEntry {
  /** `scheduler`, `controller` or a worker's name. */
  source: string;
  lines: string[];
}

/** How closely somebody looks: the owner sends no more than is looked at. */
export type WatchDetail = 'none' | 'counts' | 'workers';

/** What a provider's clusters can do; views hide the rest. */
export interface ICapabilities {
  scale: boolean;
  adapt: boolean;
  restart: boolean;
  rename: boolean;
  workers: boolean;
  logs: boolean;
  /** False for a scheduler that somebody else owns: it is forgotten, not stopped. */
  stop: boolean;
}

/**
 * One cluster as its provider reaches it. Verbs reject with a
 * {@link ClusterError}.
 */
export interface IClusterDriver extends IDisposable {
  readonly snapshot: IClusterSnapshot;
  readonly capabilities: ICapabilities;
  /** The kernelspec name or image in which it runs. */
  readonly environment?: string;
  readonly profile?: string;
  /** A newer snapshot. */
  readonly changed: ISignal<IClusterDriver, IClusterSnapshot>;
  readonly happened: ISignal<IClusterDriver, IClusterEvent>;
  /** All rows of the worker table, at most once a second while watched. */
  readonly workersChanged: ISignal<IClusterDriver, readonly IWorker[]>;
  /** Without having been asked it is known that the owner answers, or does not. */
  readonly respondingChanged?: ISignal<IClusterDriver, boolean>;
  scale(workers: number): Promise<void>;
  adapt(minimum: number, maximum: number): Promise<void>;
  restart(): Promise<void>;
  rename(name: string): Promise<void>;
  /** Idempotent: a second stop joins the first. */
  stop(): Promise<void>;
  /** Say how closely this page looks. Sends nothing when it did not change. */
  watch(detail: WatchDetail): void;
  /** Ask whether the owner still answers; resolves false when it does not. */
  ping(): Promise<boolean>;
  logs(lines: number, worker?: string): Promise<ILogEntry[]>;
  events(): Promise<IClusterEvent[]>;
}

/** What a person asks for. */
export interface IClusterRequest {
  provider: string;
  /** Free text; a name is made when absent. */
  name?: string;
  /** The profile's name, for the record and for "repeat the last". */
  profile?: string;
  /** A kernelspec name; the provider's default when absent. */
  environment?: string;
  /** Checked against the provider's schema. */
  options: JSONObject;
}

/** An environment in which a cluster can run. */
export interface IEnvironment {
  /** The kernelspec's name. */
  name: string;
  label: string;
}

/** What is needed to draw a provider's form. */
export interface IProviderForm {
  /** JSON Schema of `options`, with titles, help and defaults. */
  schema: JSONObject;
  uiSchema?: JSONObject;
  environments: IEnvironment[];
  /** The environment chosen when the person chooses none. */
  environment?: string;
  /** Sentences such as "This machine has 2 cores and 23 GiB." */
  notes: string[];
}

/** How a provider tells of a start before a driver exists. */
export interface IStart {
  /** Aborting it leaves nothing behind. */
  readonly signal: AbortSignal;
  /** The owner's id, so that the page can refuse the same request twice. */
  readonly key: string;
  /** Shown in the card while it starts. */
  progress(steps: IStep[]): void;
}

/** A way to make clusters. Registered by a plugin of its own. */
export interface IProvider {
  /** Lower-case and stable, such as `local`. */
  readonly id: string;
  readonly label: string;
  /** One sentence for the New cluster menu. */
  readonly caption: string;
  /** Order in menus, ascending. */
  readonly rank: number;
  /** Whether a person can make one from a form here. */
  readonly creates: boolean;
  /** The clusters that it knows may have changed: call {@link discover}. */
  readonly changed?: ISignal<IProvider, void>;
  form(): Promise<IProviderForm>;
  create(request: IClusterRequest, start: IStart): Promise<IClusterDriver>;
  /** All clusters there are now, however and by whomever made. */
  discover(): Promise<IClusterDriver[]>;
  /** Get ready for a click; called when the sidebar becomes visible. */
  prepare?(environment?: string): void;
  /** Profiles that the environment itself defines, such as an existing site's. */
  profiles?(): Promise<IProfile[]>;
}

/** The providers, in order of rank. */
export interface IProviderRegistry {
  readonly providers: readonly IProvider[];
  readonly changed: ISignal<IProviderRegistry, void>;
  get(id: string): IProvider | undefined;
  /** Disposing the result takes the provider away. Throws on a doubled id. */
  add(provider: IProvider): IDisposable;
}

export const IProviderRegistry = new Token<IProviderRegistry>(
  `${PACKAGE}:IProviderRegistry`,
  'The ways in which Dask clusters can be made.'
);

/** One measurement of a cluster, for small charts. */
export interface ISample {
  /** ms since the epoch. */
  time: number;
  workers?: number;
  cpu?: number;
  memory?: number;
  processing?: number;
}

/** One cluster as views see it: read-only state and a signal. */
export interface ICluster {
  /** `<provider>:<id>`, stable over reloads. */
  readonly key: string;
  readonly provider: string;
  readonly snapshot: IClusterSnapshot;
  readonly capabilities: ICapabilities;
  readonly environment?: string;
  readonly profile?: string;
  /** What it was asked for with; absent when it was found. */
  readonly request?: IClusterRequest;
  /** False when the owner did not answer the last time it was asked. */
  readonly responding: boolean;
  /** At most five minutes, oldest first. */
  readonly history: readonly ISample[];
  /** At most 200, oldest first. */
  readonly events: readonly IClusterEvent[];
  readonly workers: readonly IWorker[];
  /** Snapshot, events, history or `responding` changed. */
  readonly changed: ISignal<ICluster, void>;
  readonly workersChanged: ISignal<ICluster, void>;
}

/**
 * All clusters and all acts on them. Views call these verbs and nothing else.
 * Verbs reject with a {@link ClusterError}.
 */
export interface IClusterManager {
  /** Newest last. */
  readonly clusters: readonly ICluster[];
  /** A cluster came or went. */
  readonly changed: ISignal<IClusterManager, void>;
  /** Any cluster's state changed; for notifications and announcements. */
  readonly stateChanged: ISignal<
    IClusterManager,
    { cluster: ICluster; from: ClusterState; to: ClusterState }
  >;
  /** The one that commands without arguments act on. */
  current: ICluster | null;
  readonly currentChanged: ISignal<IClusterManager, ICluster | null>;
  get(key: string): ICluster | undefined;
  /** Returns at once with a queued or starting cluster. */
  create(request: IClusterRequest): ICluster;
  /** Ask again for what failed or was lost; the old card goes. */
  retry(key: string): ICluster;
  scale(key: string, workers: number): Promise<void>;
  adapt(key: string, minimum: number, maximum: number): Promise<void>;
  restart(key: string): Promise<void>;
  rename(key: string, name: string): Promise<void>;
  /** Stops, cancels a start, or forgets what is failed, lost or not ours. */
  stop(key: string): Promise<void>;
  /** A visible view shows this cluster; dispose it when it is hidden. */
  watch(key: string, detail: WatchDetail): IDisposable;
  /** Check now that the owner answers; called on a person's activity. */
  ping(key: string): void;
  logs(key: string, lines: number, worker?: string): Promise<ILogEntry[]>;
  events(key: string): Promise<void>;
  /** Ask every provider what there is. */
  refresh(): Promise<void>;
  /** Providers whose last `discover` failed, with the reason. */
  readonly problems: ReadonlyMap<string, ClusterError>;
}

export const IClusterManager = new Token<IClusterManager>(
  `${PACKAGE}:IClusterManager`,
  'All Dask clusters of this person, and the acts on them.'
);

/** An error that can be shown: words, causes, log lines, and form fields. */
export class ClusterError extends Error {
  constructor(message: string, options: ClusterError.IOptions = {}) {
    super(message);
    this.name = 'ClusterError';
    this.code = options.code ?? 'error';
    this.cause = options.cause ?? [];
    this.log = options.log ?? [];
    this.fields = options.fields ?? {};
    this.hint = options.hint;
  }

  readonly code: ClusterError.Code;
  readonly cause: ICause[];
  readonly log: string[];
  /** Message by option name, for a form. */
  readonly fields: Record<string, string>;
  /** What the person can do next. */
  readonly hint?: string;
}

export namespace ClusterError {
  /** Kinds of error that views tell apart. */
  export type Code =
    | 'error'
    | 'cancelled'
    | 'invalid'
    | 'limit'
    | 'missing-package'
    | 'not-found'
    | 'not-responding'
    | 'launch-failed'
    | 'protocol'
    | 'unavailable';

  export interface IOptions {
    code?: Code;
    cause?: ICause[];
    log?: string[];
    fields?: Record<string, string>;
    hint?: string;
  }
}

// ---------------------------------------------------------------- profiles

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
  /**
   * The request within the administrator's limits, and in words what was
   * changed to make it so.
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

// ---------------------------------------------------------------- notebooks

/** Connection code and where it goes. */
export interface ISnippets {
  /** The code that connects a notebook to a cluster. Throws a ClusterError. */
  code(cluster: ICluster): Promise<string>;
  /**
   * Put the code in the active notebook, console or editor; update the cell
   * that is already there. One undo. Throws a ClusterError in words.
   */
  connect(
    cluster: ICluster,
    options?: ISnippets.IConnectOptions
  ): Promise<ISnippets.Outcome>;
  /** Close the notebook's client, if it is one that was made here. */
  disconnect(notebook?: string): Promise<void>;
  /**
   * Drag the code from a card to a notebook, cell, console or editor. Call it
   * from a native `dragstart` (which it cancels) or a pointer event.
   */
  drag(cluster: ICluster, event: MouseEvent): void;
  /** How the notebook whose widget has this id is connected, as last known. */
  state(notebook: string): ISnippets.IState;
  /** Ask the notebook's kernel, after an act of the person. */
  refresh(notebook: string): Promise<void>;
  /**
   * Where the Dask client of the active notebook or console is connected to,
   * asked of its kernel now; null when it has none. Throws a ClusterError.
   */
  client(): Promise<ISnippets.IClient | null>;
  /** The key of the cluster that the active notebook is connected to. */
  readonly connected: string | null;
  /** `connected` or the `state` of any notebook changed. */
  readonly connectedChanged: ISignal<ISnippets, void>;
}

export namespace ISnippets {
  /** What a `connect` did; `attached` is a connection without a cell. */
  export type Outcome =
    'inserted' | 'updated' | 'attached' | 'cancelled' | 'no-target';

  export interface IConnectOptions {
    /** Run the cell or prompt at once; the setting decides when absent. */
    run?: boolean;
    /** The id of a notebook's widget; the active target when absent. */
    notebook?: string;
    /** False: connect the notebook's kernel and write nothing. */
    cell?: boolean;
    /**
     * With `cell: false`: ask nothing, and leave everything as it is where the
     * name `client` is taken. Rejects where versions differ.
     */
    keep?: boolean;
  }

  /** A Dask client as its kernel sees it. */
  export interface IClient {
    /** The scheduler's address. */
    address?: string;
    /** The dashboard's address. */
    dashboard?: string;
  }

  /** A notebook's connection. */
  export interface IState {
    /** The cluster's key; null when there is none. */
    cluster: string | null;
    /** `lost`: it was connected, then the kernel or the cluster went. */
    status: 'none' | 'connected' | 'lost';
  }
}

export const ISnippets = new Token<ISnippets>(
  `${PACKAGE}:ISnippets`,
  'Connection code for clusters, and its way into notebooks.'
);

// --------------------------------------------------------------- dashboards

/** A plot of a scheduler's dashboard. */
export interface IPlot {
  /** Its path, such as `individual-task-stream`. */
  id: string;
  label: string;
  group: string;
}

/** A named arrangement of plots, in the peer's `defaultLayout` shape. */
export interface ILayout {
  name: string;
  plots: Record<string, { mode: string; ref?: string | null }>;
}

/** Dashboards of clusters. */
export interface IDashboards {
  /** What the cluster's scheduler offers; throws a ClusterError in words. */
  plots(cluster: ICluster): Promise<IPlot[]>;
  readonly favourites: readonly string[];
  readonly layouts: readonly ILayout[];
  /** Favourites or layouts changed. */
  readonly changed: ISignal<IDashboards, void>;
  setFavourite(plot: string, favourite: boolean): Promise<void>;
  /** Open a plot, or bring forward the pane that shows it. */
  open(cluster: ICluster, plot: string): Promise<void>;
  openLayout(cluster: ICluster, layout: string): Promise<void>;
  closeLayout(cluster: ICluster): void;
  /**
   * Open what an address leads to: a listed cluster's dashboard in panes, and
   * anything else after asking. Throws a ClusterError in words.
   *
   * @param layout - The layout to open; the first one by default.
   */
  openAddress(address: string, layout?: string): Promise<void>;
}

export const IDashboards = new Token<IDashboards>(
  `${PACKAGE}:IDashboards`,
  "Panes with the plots of a cluster's dashboard."
);

// ---------------------------------------------------------------- templates

/** A parameterised notebook, as the catalogue lists it. */
export interface ITemplate {
  id: string;
  version: string;
  title: string;
  task: string;
  description: string;
  tags: string[];
  /** JSON Schema of the parameters, in display order. */
  parameters: JSONObject;
  /** Packages that its kernel needs. */
  requires: string[];
  /** The notebook itself (nbformat 4). */
  notebook: JSONObject;
  /** Why it cannot be used, in words; absent when it can. */
  problem?: string;
}

/** Where templates come from. */
export interface ITemplateSource {
  readonly id: string;
  load(): Promise<ITemplate[]>;
}

/** The catalogue of templates. */
export interface ITemplates {
  list(): Promise<ITemplate[]>;
  get(id: string): Promise<ITemplate | undefined>;
  add(source: ITemplateSource): IDisposable;
  /** Open the template's form in the main area. */
  open(id: string): Promise<void>;
}

export const ITemplates = new Token<ITemplates>(
  `${PACKAGE}:ITemplates`,
  'Seasonal Monitor templates and where they come from.'
);

// ------------------------------------------------------------------- places

/**
 * Places of the shell that are there before the code that fills them.
 *
 * #### Notes
 * The sidebar's tab and the restoring of panes must be known when the
 * application starts; what is in them comes with the first use.
 */
export interface IPlaces {
  /** The sidebar's widget; hidden until the person opens it. */
  readonly sidebar: Panel;
  /**
   * Bring the tracker's widgets back after a reload, as a layout restorer
   * does. The namespace must be one that the start plugin knows.
   */
  restore<T extends Widget>(
    tracker: IWidgetTracker<T>,
    namespace: string,
    args: (widget: T) => ReadonlyPartialJSONObject
  ): void;
}

export const IPlaces = new Token<IPlaces>(
  `${PACKAGE}:IPlaces`,
  'Places of the shell that are filled at the first use.'
);
