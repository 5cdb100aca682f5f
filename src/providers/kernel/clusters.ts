/** Starts and finds clusters that live in controller kernels. */
import type { Session } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import {
  ClusterError,
  IClusterSnapshot,
  IStart,
  SESSION_TYPE
} from '../../tokens';
import { Activity } from './activity';
import { ControllerDriver, IOwner, STOP_TIMEOUTS } from './driver';
import { cancelled } from './errors';
import { parseSession, SessionKind, sessionPath } from './paths';
import { PendingStarts } from './pending';
import type { ICreateParams } from './protocol';
import { ControllerSession } from './session';
import { startSteps } from './startSteps';
import { gone, lossHint, SILENT, silent } from './unanswered';

/** How long a controller may take to say what it is, in ms. */
const DESCRIBE_TIMEOUT = 5000;

/** How long a session may be without the cluster that it is there for, in ms. */
const CLAIM = 30_000;

/**
 * The clusters of one kind of session, with one driver for each session.
 */
export class KernelClusters implements IDisposable {
  constructor(options: KernelClusters.IOptions) {
    this._sessions = options.sessions;
    this._trans = options.trans;
    this._kind = options.kind;
    this._ownerOf = options.ownerOf;
    this._activity = new Activity();
  }

  /** A session that held no cluster when it was found holds one now. */
  get changed(): ISignal<KernelClusters, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Start a cluster in a kernel of its own, or in a controller that waits.
   *
   * @returns A promise that rejects with a ClusterError, also when the start is
   * aborted, and leaves no session then; but a stand-by that refused the request
   * stays as it was.
   */
  async create(
    options: KernelClusters.ICreateOptions
  ): Promise<ControllerDriver> {
    const { start, standBy, name, environment, owner } = options;
    const path = sessionPath(this._kind, start.key, owner);
    this._starting.add(path);
    let session: ControllerSession | undefined;
    try {
      start.progress(startSteps(standBy ? 'packages' : 'kernel'));
      if (!standBy) {
        this._pending.add(path, Private.params(options));
      }
      session =
        standBy ??
        (await ControllerSession.start({
          sessions: this._sessions,
          trans: this._trans,
          path,
          name,
          environment,
          signal: start.signal
        }));
      const driver = await this._launch(session, path, options);
      if (start.signal.aborted) {
        // It was quicker than the person who gave it up.
        driver.dispose();
        throw cancelled(this._trans);
      }
      return driver;
    } catch (reason) {
      if (!standBy || !KernelClusters.isRefusal(reason)) {
        const timeout = STOP_TIMEOUTS[this._kind];
        if (timeout !== undefined && start.signal.aborted) {
          await session?.call('stop', {}, { timeout }).catch(() => undefined);
        }
        await session?.shutdown().catch(() => undefined);
      }
      throw reason;
    } finally {
      this._starting.delete(path);
      this._pending.remove(path);
    }
  }

  /** Drivers of all clusters of this kind on the server's list. */
  async discover(): Promise<ControllerDriver[]> {
    const found: Promise<ControllerDriver | null>[] = [];
    for (const model of this._sessions.running()) {
      const parsed = parseSession(model);
      const own = this._drivers.get(model.id);
      if (own) {
        found.push(Promise.resolve(own));
      } else if (
        parsed?.kind === this._kind &&
        model.kernel &&
        !this._starting.has(model.path)
      ) {
        found.push(this._find(model));
      }
    }
    const drivers = await Promise.all(found);
    const there = drivers.filter(driver => driver !== null);
    return [...new Set([...there, ...this._gone])];
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._activity.dispose();
    this._claims.forEach(clearTimeout);
    this._claims.clear();
    this._waiting.forEach(session => session.dispose());
    this._waiting.clear();
    Signal.clearData(this);
  }

  private async _launch(
    session: ControllerSession,
    path: string,
    options: KernelClusters.ICreateOptions
  ): Promise<ControllerDriver> {
    const { start, name, environment, profile, standBy } = options;
    let isNamed = !standBy;
    const accepted = (): void => {
      if (!isNamed) {
        // The path tells other tabs that this is no stand-by any more.
        isNamed = true;
        session.relabel(path, name).catch(() => undefined);
      }
    };
    const progress = session.rpc.onProgress(start.key, value => {
      accepted();
      start.progress(startSteps('packages', value.steps));
    });
    try {
      // Both are sent at once: the kernel takes them in turn.
      const info = session.initialize();
      const created = session.callAgain('create', Private.params(options), {
        signal: start.signal
      });
      created.catch(() => undefined);
      await info;
      start.progress(startSteps('packages'));
      // What can be done with it is known before it runs.
      const described = session.call('describe', {});
      described.catch(() => undefined);
      const snapshot = await created;
      accepted();
      const { capabilities } = await described;
      return this._drive(session, snapshot, {
        capabilities,
        profile,
        environment
      });
    } finally {
      progress.dispose();
    }
  }

  /** Join a session once, however often it is asked for. */
  private _find(model: Session.IModel): Promise<ControllerDriver | null> {
    let finding = this._finding.get(model.id);
    if (!finding) {
      finding = this._join(model).finally(() => this._finding.delete(model.id));
      this._finding.set(model.id, finding);
    }
    return finding;
  }

  private async _join(model: Session.IModel): Promise<ControllerDriver | null> {
    const known = this._waiting.get(model.id);
    const session =
      known ??
      ControllerSession.join(model, {
        sessions: this._sessions,
        trans: this._trans
      });
    this._waiting.delete(model.id);
    try {
      const description = await session.call(
        'describe',
        {},
        { timeout: DESCRIBE_TIMEOUT }
      );
      const { cluster } = description;
      if (!cluster) {
        this._wait(session);
        return null;
      }
      if (cluster.state === 'stopped') {
        // Whoever stopped it left before its kernel was gone.
        await session.shutdown().catch(() => undefined);
        return null;
      }
      return this._drive(session, cluster, description);
    } catch (reason) {
      if (session.loss || !(reason instanceof ClusterError)) {
        session.dispose();
        return null;
      }
      return this._drive(session, silent(model, reason, this._trans), {
        capabilities: SILENT
      });
    }
  }

  /**
   * Another page is about to start a cluster in this session, or this page was
   * until it was loaded again; or its kernel ended while no page was open, and the
   * server started a bare one in its place, in which nobody starts anything.
   */
  private _wait(session: ControllerSession): void {
    this._waiting.set(session.id, session);
    session.rpc.on('clusterChanged', () => this._changed.emit());
    session.lost.connect(this._onWaitingLost, this);
    const params = this._pending.take(session.path);
    if (params) {
      session.callAgain('create', params).catch(() => {
        this._waiting.delete(session.id);
        return session.shutdown().catch(() => undefined);
      });
    }
    if (!this._claims.has(session.id)) {
      const timer = setTimeout(() => void this._claim(session.id), CLAIM);
      this._claims.set(session.id, timer);
    }
  }

  /** A session had its time: one in which nothing starts goes, and it is said. */
  private async _claim(id: string): Promise<void> {
    this._claims.delete(id);
    const session = this._waiting.get(id);
    const described = session?.call(
      'describe',
      {},
      { timeout: DESCRIBE_TIMEOUT }
    );
    const cluster = await described?.then(
      answer => answer.cluster ?? null,
      () => undefined
    );
    if (!session || this._waiting.get(id) !== session) {
      return;
    }
    if (cluster === null) {
      this._waiting.delete(id);
      const about = { capabilities: SILENT };
      const snapshot = gone(session, this._kind, this._trans);
      const driver = this._drive(session, snapshot, about);
      this._gone.add(driver);
      driver.disposed.connect(() => {
        this._gone.delete(driver);
      });
      await session.shutdown().catch(() => undefined);
    }
    this._changed.emit();
  }

  /** It died, or somebody else shut it down. */
  private _onWaitingLost(session: ControllerSession): void {
    this._waiting.delete(session.id);
    clearTimeout(this._claims.get(session.id));
    this._claims.delete(session.id);
    // The server would start a bare kernel in its place, again and again.
    void session
      .shutdown()
      .catch(() => undefined)
      .then(() => session.dispose());
  }

  private _drive(
    session: ControllerSession,
    snapshot: IClusterSnapshot,
    about: Pick<
      ControllerDriver.IOptions,
      'capabilities' | 'profile' | 'environment'
    >
  ): ControllerDriver {
    const { id } = session;
    clearTimeout(this._claims.get(id));
    this._claims.delete(id);
    const owner = parseSession({
      path: session.path,
      type: SESSION_TYPE
    })?.owner;
    const address = snapshot.connection?.address;
    session.lost.disconnect(this._onWaitingLost, this);
    const driver = new ControllerDriver({
      session,
      snapshot,
      activity: this._activity,
      owner: owner && address ? this._ownerOf?.(owner, address) : undefined,
      stopTimeout: STOP_TIMEOUTS[this._kind],
      lossHint: lossHint(this._kind, this._trans),
      ...about
    });
    this._drivers.set(id, driver);
    driver.disposed.connect(() => {
      this._drivers.delete(id);
    });
    return driver;
  }

  private _sessions: Session.IManager;
  private _trans: TranslationBundle;
  private _kind: SessionKind;
  private _ownerOf: KernelClusters.IOptions['ownerOf'];
  private _activity: Activity;
  private _isDisposed = false;
  private _drivers = new Map<string, ControllerDriver>();
  private _finding = new Map<string, Promise<ControllerDriver | null>>();
  private _pending = new PendingStarts();
  private _waiting = new Map<string, ControllerSession>();
  /** Until when sessions without a cluster wait for one. */
  private _claims = new Map<string, ReturnType<typeof setTimeout>>();
  /** Clusters that were lost before this page came. */
  private _gone = new Set<ControllerDriver>();
  private _starting = new Set<string>();
  private _changed = new Signal<KernelClusters, void>(this);
}

export namespace KernelClusters {
  export interface IOptions {
    sessions: Session.IManager;
    trans: TranslationBundle;
    /** Which sessions are its own. */
    kind: SessionKind;
    /** Who scales a scheduler that was found in this kernel. */
    ownerOf?: (kernel: string, address: string) => IOwner;
  }

  export interface ICreateOptions {
    start: IStart;
    name: string;
    /** A kernelspec's name. */
    environment: string;
    /** `local`, `scheduler` or `labextension`. */
    launcher: string;
    options: JSONObject;
    profile?: string;
    /** The kernel in which the scheduler was found. */
    owner?: string;
    /** A controller that waits for work; it is used up. */
    standBy?: ControllerSession;
  }

  /** Whether a controller said no before it did anything. */
  export function isRefusal(reason: unknown): boolean {
    return (
      reason instanceof ClusterError &&
      ['invalid', 'limit'].includes(reason.code)
    );
  }
}

namespace Private {
  /** What is asked of the controller. */
  export function params(
    options: KernelClusters.ICreateOptions
  ): ICreateParams {
    const { start, name, launcher, profile, environment } = options;
    return {
      key: start.key,
      name,
      launcher,
      options: options.options,
      profile: profile ?? null,
      environment
    };
  }
}
