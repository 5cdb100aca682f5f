import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import type {
  ClusterError,
  ClusterState,
  ICapabilities,
  ICluster,
  IClusterDriver,
  IClusterEvent,
  IClusterRequest,
  IClusterSnapshot,
  ISample,
  IStep,
  IWorker,
  WatchDetail
} from '../tokens';
import { isOver } from './states';

/** How far back the samples go, in ms. */
const HISTORY = 5 * 60_000;

/** Samples closer than this replace each other, in ms. */
const SAMPLE_DISTANCE = 900;

const MAX_EVENTS = 200;

/** What can be done before a driver says otherwise: it can be cancelled. */
const STARTING: ICapabilities = {
  scale: false,
  adapt: false,
  restart: false,
  rename: false,
  workers: false,
  logs: false,
  stop: true
};

/**
 * One cluster: folds what its driver says into state that views read.
 *
 * #### Notes
 * Only the manager writes to it. Snapshots are whole and numbered, so messages
 * that come late, twice or not at all do no harm.
 */
export class Cluster implements ICluster, IDisposable {
  constructor(options: Cluster.IOptions) {
    this.provider = options.provider;
    this.request = options.request;
    this._driver = null;
    const now = Date.now();
    this._snapshot = {
      id: options.id,
      name: options.name,
      state: 'queued',
      revision: -1,
      since: now,
      created: now,
      options: options.request?.options
    };
    if (options.driver) {
      this.attach(options.driver);
    }
  }

  readonly provider: string;
  readonly request?: IClusterRequest;

  get key(): string {
    return `${this.provider}:${this._snapshot.id}`;
  }

  get snapshot(): IClusterSnapshot {
    return this._snapshot;
  }

  get driver(): IClusterDriver | null {
    return this._driver;
  }

  get capabilities(): ICapabilities {
    return this._driver?.capabilities ?? STARTING;
  }

  get environment(): string | undefined {
    return this._driver?.environment ?? this.request?.environment;
  }

  get profile(): string | undefined {
    return this._driver?.profile ?? this.request?.profile;
  }

  get responding(): boolean {
    return this._responding;
  }

  get history(): readonly ISample[] {
    return this._history;
  }

  get events(): readonly IClusterEvent[] {
    return this._events;
  }

  get workers(): readonly IWorker[] {
    return this._workers;
  }

  get changed(): ISignal<ICluster, void> {
    return this._changed;
  }

  get workersChanged(): ISignal<ICluster, void> {
    return this._workersChanged;
  }

  /** The state was left for another one. */
  get stateChanged(): ISignal<Cluster, Cluster.IStateChange> {
    return this._stateChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Take over a driver; the cluster disposes of it. */
  attach(driver: IClusterDriver): void {
    this._driver = driver;
    driver.changed.connect(this._onChanged, this);
    driver.happened.connect(this._onHappened, this);
    driver.workersChanged.connect(this._onWorkersChanged, this);
    driver.respondingChanged?.connect(this._onResponding, this);
    driver.watch(this._detail);
    this._apply(driver.snapshot);
  }

  /** How closely somebody looks; kept for a driver that comes later. */
  watch(detail: WatchDetail): void {
    this._detail = detail;
    if (detail !== 'workers' && this._workers.length > 0) {
      this._workers = [];
      this._workersChanged.emit();
    }
    this._driver?.watch(detail);
  }

  /** What was wrong with its options when it was refused, by field. */
  get refused(): Readonly<Record<string, string>> | undefined {
    return this._refused;
  }

  /** The start goes on; before there is a driver. */
  progress(steps: IStep[]): void {
    this._move({ state: 'starting', steps });
  }

  /** The cluster is on its way out, whatever its owner says meanwhile. */
  stopping(): void {
    this._move({ state: 'stopping' });
  }

  /** The cluster is gone as it was meant to go. */
  stopped(): void {
    this._move({ state: 'stopped' });
  }

  /** The start or the life of the cluster ended badly. */
  fail(state: 'failed' | 'lost', error: ClusterError): void {
    if (Object.keys(error.fields).length > 0) {
      this._refused = error.fields;
    }
    this._move({
      state,
      cause: [
        { message: error.message, kind: error.code, hint: error.hint },
        ...error.cause
      ],
      log: error.log,
      steps: this._snapshot.steps?.map(step =>
        step.state === 'active' ? { ...step, state: 'failed' } : step
      )
    });
  }

  /** Whether the owner answered when it was asked. */
  setResponding(responding: boolean): void {
    if (responding !== this._responding) {
      this._responding = responding;
      this._changed.emit();
    }
  }

  /** Replace the events by the owner's list. */
  setEvents(events: IClusterEvent[]): void {
    this._events = events.slice(-MAX_EVENTS);
    this._changed.emit();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._driver?.dispose();
    Signal.clearData(this);
  }

  private _onChanged(_: IClusterDriver, snapshot: IClusterSnapshot): void {
    this._apply(snapshot);
  }

  private _onHappened(_: IClusterDriver, event: IClusterEvent): void {
    this._events = [...this._events.slice(1 - MAX_EVENTS), event];
    this._changed.emit();
  }

  private _onResponding(_: IClusterDriver, responding: boolean): void {
    this.setResponding(responding);
  }

  private _onWorkersChanged(
    _: IClusterDriver,
    workers: readonly IWorker[]
  ): void {
    this._workers = workers;
    this._workersChanged.emit();
  }

  /** Fold in a snapshot unless a newer one of the same owner is known. */
  private _apply(snapshot: IClusterSnapshot): void {
    const known = this._snapshot;
    if (snapshot.id === known.id && snapshot.revision < known.revision) {
      return;
    }
    const stopping = known.state === 'stopping' && !isOver(snapshot.state);
    this._set(stopping ? { ...snapshot, state: 'stopping' } : snapshot);
  }

  /** Change the state from this side, keeping what is known otherwise. */
  private _move(change: Partial<IClusterSnapshot>): void {
    const since =
      change.state === this._snapshot.state ? this._snapshot.since : Date.now();
    this._set({ ...this._snapshot, ...change, since });
  }

  private _set(snapshot: IClusterSnapshot): void {
    const from = this._snapshot.state;
    this._snapshot = snapshot;
    this._responding = true;
    this._sample();
    this._changed.emit();
    if (from !== snapshot.state) {
      this._stateChanged.emit({ from, to: snapshot.state });
    }
  }

  private _sample(): void {
    const { workers, cpu, memory, tasks } = this._snapshot;
    if (!workers) {
      return;
    }
    const time = Date.now();
    const last = this._history[this._history.length - 1];
    const kept = this._history.filter(sample => time - sample.time < HISTORY);
    if (last && time - last.time < SAMPLE_DISTANCE) {
      kept.pop();
    }
    kept.push({
      time,
      workers: workers.ready,
      cpu,
      memory: memory?.used,
      processing: tasks?.processing
    });
    this._history = kept;
  }

  private _driver: IClusterDriver | null;
  private _snapshot: IClusterSnapshot;
  private _detail: WatchDetail = 'none';
  private _responding = true;
  private _refused: Readonly<Record<string, string>> | undefined;
  private _history: ISample[] = [];
  private _events: IClusterEvent[] = [];
  private _workers: readonly IWorker[] = [];
  private _isDisposed = false;
  private _changed = new Signal<ICluster, void>(this);
  private _workersChanged = new Signal<ICluster, void>(this);
  private _stateChanged = new Signal<Cluster, Cluster.IStateChange>(this);
}

export namespace Cluster {
  export interface IOptions {
    provider: string;
    /** Until a driver gives its own. */
    id: string;
    name: string;
    request?: IClusterRequest;
    driver?: IClusterDriver;
  }

  export interface IStateChange {
    from: ClusterState;
    to: ClusterState;
  }
}
