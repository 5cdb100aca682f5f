/** A cluster that a controller kernel owns, as the model reaches it. */
import { ISignal, Signal } from '@lumino/signaling';
import { isOver } from '../../cluster/states';
import type {
  ClusterError,
  ICapabilities,
  IClusterEvent,
  IClusterSnapshot,
  IEndOrder,
  ILogEntry,
  WatchDetail
} from '../../tokens';
import type { Activity } from './activity';
import { DriverBase } from './driverBase';
import type { SessionKind } from './paths';
import type { Requests } from './protocol';
import type { ControllerSession } from './session';

/** Seconds after which the controller stops reporting by itself. */
const LEASE = 180;

/** A lease older than this, in ms, is renewed when the person does something. */
const RENEW = 60_000;

/** How long an answer to `ping` may take, in ms. */
const PING_TIMEOUT = 3000;

/** How long the controller may take to stop in order, in ms. */
const STOP_TIMEOUT = 10_000;

/**
 * How long controllers may take to stop in order, in ms, where a service must have
 * ended machines before the rest can be removed.
 */
export const STOP_TIMEOUTS: Partial<Record<SessionKind, number>> = {
  fargate: 180_000,
  ec2: 180_000
};

/** The same for a controller that did not answer before. */
const STOP_TIMEOUT_SILENT = 1000;

/** What a scheduler that was found in a notebook's kernel can do there. */
export interface IOwner {
  scale(workers: number): Promise<void>;
  adapt(minimum: number, maximum: number): Promise<void>;
}

/**
 * Drives one cluster through its controller.
 *
 * #### Notes
 * It has no timer. A lease lapses by itself when the person is away, so being
 * away sends nothing; what a person does renews it. When the cluster has ended,
 * however it did, the session goes too.
 */
export class ControllerDriver extends DriverBase {
  constructor(options: ControllerDriver.IOptions) {
    super();
    this._session = options.session;
    this._activity = options.activity;
    this._snapshot = options.snapshot;
    this._capabilities = options.capabilities;
    this._owner = options.owner;
    this._stopTimeout = options.stopTimeout ?? STOP_TIMEOUT;
    this._lossHint = options.lossHint;
    this.profile = options.profile ?? undefined;
    this.environment = options.environment ?? this._session.environment;
    const { rpc } = this._session;
    rpc.on('clusterChanged', snapshot => this._apply(snapshot));
    rpc.on('clusterEvent', event => this._happened.emit(event));
    rpc.on('workersChanged', workers => this._workersChanged.emit(workers));
    this._session.lost.connect(this._onLost, this);
    this._session.interrupted.connect(this._onInterrupted, this);
    this._session.reconnected.connect(this._onReconnected, this);
    this._activity.changed.connect(this._syncWatch, this);
    if (this._session.loss) {
      this._onLost(this._session, this._session.loss);
    }
  }

  readonly environment?: string;

  readonly profile?: string;

  get snapshot(): IClusterSnapshot {
    return this._snapshot;
  }

  get capabilities(): ICapabilities {
    return this._owner
      ? { ...this._capabilities, scale: true, adapt: true }
      : this._capabilities;
  }

  /** Emitted once, when nobody uses the driver any more. */
  get disposed(): ISignal<ControllerDriver, void> {
    return this._disposed;
  }

  async scale(workers: number): Promise<void> {
    if (this._owner) {
      await this._owner.scale(workers);
    } else {
      await this._act('scale', { workers });
    }
  }

  async adapt(minimum: number, maximum: number): Promise<void> {
    if (this._owner) {
      await this._owner.adapt(minimum, maximum);
    } else {
      await this._act('adapt', { minimum, maximum });
    }
  }

  async restart(): Promise<void> {
    await this._act('restart', {});
  }

  async keep(minutes: number): Promise<void> {
    await this._act('keep', { minutes });
  }

  async end(order: IEndOrder): Promise<void> {
    await this._act('end', { ...order });
  }

  async rename(name: string): Promise<void> {
    await this._act('rename', { name });
    // The list of sessions follows; the cluster has its name in any case.
    await this._session.rename(name).catch(() => undefined);
  }

  stop(): Promise<void> {
    if (!this._stopping) {
      this._stopping = this._stop().catch(reason => {
        this._stopping = null;
        throw reason;
      });
    }
    return this._stopping;
  }

  watch(detail: WatchDetail): void {
    if (detail !== this._wanted) {
      this._wanted = detail;
      this._syncWatch();
    }
  }

  async ping(): Promise<boolean> {
    if (isOver(this._snapshot.state)) {
      return true;
    }
    if (!this._session.isConnected) {
      this._session.nudge();
      this._answered = false;
      return false;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>(resolve => {
      timer = setTimeout(() => resolve(false), PING_TIMEOUT);
    });
    // An answer that comes late says, too, that the owner is there again.
    const answer = this._session.call('ping', {}).then(
      () => this._heard(),
      () => false
    );
    this._answered = await Promise.race([answer, late]);
    clearTimeout(timer);
    return this._answered;
  }

  async logs(lines: number, worker?: string): Promise<ILogEntry[]> {
    return this._session.call('logs', { lines, worker: worker ?? null });
  }

  async events(): Promise<IClusterEvent[]> {
    return this._session.call('events', {});
  }

  /** Ask for the whole state; what cannot be had now comes later. */
  async resync(): Promise<void> {
    try {
      const { cluster, capabilities } = await this._session.call(
        'describe',
        {}
      );
      if (this.isDisposed) {
        return;
      }
      this._capabilities = capabilities;
      if (cluster) {
        this._apply(cluster);
      }
    } catch {
      // Its absence is told by `ping`, its end by the session.
    }
  }

  protected letGo(): void {
    this._activity.changed.disconnect(this._syncWatch, this);
    this._session.dispose();
    this._disposed.emit();
  }

  private _heard(): boolean {
    if (!this._answered && !this.isDisposed) {
      this._answered = true;
      this._respondingChanged.emit(true);
      void this.resync();
    }
    return true;
  }

  private async _act<K extends Private.Act>(
    method: K,
    params: Requests[K]['params']
  ): Promise<void> {
    const snapshot: IClusterSnapshot = await this._session.call(method, params);
    this._apply(snapshot);
  }

  private async _stop(): Promise<void> {
    if (this._session.isConnected) {
      const timeout = this._answered ? this._stopTimeout : STOP_TIMEOUT_SILENT;
      try {
        this._apply(await this._session.call('stop', {}, { timeout }));
      } catch {
        // The end of its kernel ends the cluster, whatever the controller says.
      }
    }
    await this._session.shutdown();
    this._end('stopped');
  }

  /** Fold in a snapshot unless a newer one is known. */
  private _apply(said: IClusterSnapshot): void {
    const known = this._snapshot;
    const snapshot = Private.isShutDown(said) ? this._shutDown(said) : said;
    if (
      this.isDisposed ||
      isOver(known.state) ||
      (snapshot.id === known.id && snapshot.revision < known.revision)
    ) {
      return;
    }
    const wasSilent = !this._answered;
    this._answered = true;
    this._snapshot = snapshot;
    this._changed.emit(snapshot);
    if (wasSilent) {
      this._respondingChanged.emit(true);
    }
    if (isOver(snapshot.state)) {
      this._leave();
    }
  }

  /** Its kernel was shut down: by this page, which stops it, or from elsewhere. */
  private _shutDown(snapshot: IClusterSnapshot): IClusterSnapshot {
    if (this._stopping) {
      return { ...snapshot, state: 'stopped', cause: undefined };
    }
    const hint = this._lossHint;
    const cause = snapshot.cause?.map(step =>
      hint === undefined ? step : { ...step, hint }
    );
    return { ...snapshot, cause };
  }

  /** The end of the cluster as this side saw it: what is not known goes. */
  private _end(state: 'stopped' | 'lost', error?: ClusterError): void {
    if (this.isDisposed || isOver(this._snapshot.state)) {
      return;
    }
    const { id, name, revision, created, options, versions, usage } =
      this._snapshot;
    this._apply({
      id,
      name,
      created,
      options,
      versions,
      usage,
      state,
      revision: revision + 1,
      since: Date.now(),
      cause: error && [
        {
          message: error.message,
          kind: error.code,
          hint: this._lossHint ?? error.hint
        },
        ...error.cause
      ]
    });
  }

  /** Take the session away; another page may have done so already. */
  private _leave(): void {
    this._session.shutdown().catch(() => undefined);
  }

  private _onLost(_: ControllerSession, error: ClusterError): void {
    this._end(
      this._snapshot.state === 'stopping' || this._stopping
        ? 'stopped'
        : 'lost',
      error
    );
  }

  private _onInterrupted(): void {
    this._answered = false;
    this._respondingChanged.emit(false);
  }

  private _onReconnected(): void {
    // What it answers says that it is there.
    void this.resync();
    this._sent = 'none';
    this._syncWatch();
  }

  /** Send how closely this page looks, if the controller does not know it. */
  private _syncWatch(): void {
    const detail = this._activity.isActive ? this._wanted : 'none';
    const age = Date.now() - this._sentAt;
    const lapsed = age >= LEASE * 1000;
    const isKnown =
      detail === 'none'
        ? this._sent === 'none' || lapsed
        : detail === this._sent && age < RENEW;
    if (isKnown || !this._session.isConnected || isOver(this._snapshot.state)) {
      return;
    }
    this._sent = detail;
    this._sentAt = Date.now();
    this._session.call('watch', { detail, lease: LEASE }).then(
      snapshot => this._apply(snapshot),
      () => {
        // It is sent again when the person does something.
        this._sent = 'none';
      }
    );
  }

  private _session: ControllerSession;
  private _activity: Activity;
  private _snapshot: IClusterSnapshot;
  private _capabilities: ICapabilities;
  private _stopTimeout: number;
  private _lossHint?: string;
  private _owner: IOwner | undefined;
  private _wanted: WatchDetail = 'none';
  private _sent: WatchDetail = 'none';
  private _sentAt = 0;
  private _answered = true;
  private _stopping: Promise<void> | null = null;
  private _disposed = new Signal<ControllerDriver, void>(this);
}

export namespace ControllerDriver {
  export interface IOptions {
    session: ControllerSession;
    activity: Activity;
    snapshot: IClusterSnapshot;
    capabilities: ICapabilities;
    environment?: string | null;
    profile?: string | null;
    /** Who scales it, when that is not the controller. */
    owner?: IOwner;
    /** How long its controller may take to stop in order, in ms. */
    stopTimeout?: number;
    /** What to do when the controller is lost, where the session does not know. */
    lossHint?: string;
  }
}

namespace Private {
  /** Acts whose answer is the cluster as it is then. */
  export type Act = 'scale' | 'adapt' | 'restart' | 'keep' | 'end' | 'rename';

  /** Whether a controller tells that it ends since its kernel does. */
  export function isShutDown({ state, cause }: IClusterSnapshot): boolean {
    return state === 'lost' && cause?.[0]?.kind === 'KernelShutDown';
  }
}
