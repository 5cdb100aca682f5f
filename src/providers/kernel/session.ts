/** One Jupyter session whose kernel runs a controller. */
import {
  CommsOverSubshells,
  Kernel,
  ServerConnection,
  Session
} from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { ClusterError, SESSION_TYPE } from '../../tokens';
import { boot, VERSION } from './bootstrap';
import { cancelled, unavailable } from './errors';
import { hasten } from './hasten';
import { parseSession } from './paths';
import {
  COMM_TARGET,
  IControllerInfo,
  PROTOCOL_VERSION,
  Requests
} from './protocol';
import { RpcClient } from './rpc';

/**
 * Opens or joins a session, puts the controller into its kernel, and tells what
 * becomes of it.
 *
 * #### Notes
 * Several pages can join one session: what is sent to the kernel does nothing
 * when the controller is there already.
 */
export class ControllerSession implements IDisposable {
  private constructor(
    session: Session.ISessionConnection,
    options: ControllerSession.IOptions,
    begin: boolean
  ) {
    this._session = session;
    this._sessions = options.sessions;
    this._trans = options.trans;
    this._kernel = session.kernel!;
    session.statusChanged.connect(this._onStatus, this);
    session.connectionStatusChanged.connect(this._onConnection, this);
    session.disposed.connect(this._onSessionDisposed, this);
    if ('commsOverSubshells' in this._kernel) {
      // The controller has a thread of its own; a subshell would cost a start.
      this._kernel.commsOverSubshells = CommsOverSubshells.Disabled;
    }
    this._booted = boot(this._kernel, this._trans, begin);
    this._booted.catch(() => undefined);
    const comm = this._kernel.createComm(COMM_TARGET);
    comm.open();
    this.rpc = new RpcClient({ comm, trans: this._trans });
    this._booted.catch(() => this.rpc.dispose());
  }

  /**
   * Start a kernel for a controller.
   *
   * @returns A promise that rejects with a ClusterError, and leaves no session
   * then. The controller may still be on its way when it resolves.
   */
  static async start(
    options: ControllerSession.IStartOptions
  ): Promise<ControllerSession> {
    const { sessions, trans, path, name, environment, signal } = options;
    if (signal?.aborted) {
      throw cancelled(trans);
    }
    let session: Session.ISessionConnection;
    try {
      session = await sessions.startNew(
        { path, name, type: SESSION_TYPE, kernel: { name: environment } },
        { kernelConnectionOptions: { handleComms: true } }
      );
    } catch (reason) {
      await Private.removeByPath(sessions, path);
      throw unavailable(
        trans.__('The kernel %1 could not be started.', environment),
        reason,
        trans.__('Start a notebook with this kernel to see why.')
      );
    }
    if (signal?.aborted) {
      await session.shutdown().catch(() => undefined);
      throw cancelled(trans);
    }
    hasten(session.kernel!);
    const kind = parseSession({ path, type: SESSION_TYPE })?.kind;
    return new ControllerSession(session, options, kind !== 'gateway');
  }

  /** Join a session that is there already. */
  static join(
    model: Session.IModel,
    options: ControllerSession.IOptions
  ): ControllerSession {
    const session = options.sessions.connectTo({
      model,
      kernelConnectionOptions: { handleComms: true }
    });
    return new ControllerSession(session, options, false);
  }

  readonly rpc: RpcClient;

  /** The session's id on the server. */
  get id(): string {
    return this._session.id;
  }

  get path(): string {
    return this._session.path;
  }

  get name(): string {
    return this._session.name;
  }

  /** The kernelspec's name. */
  get environment(): string {
    return this._kernel.name;
  }

  get isConnected(): boolean {
    return !this.loss && this._kernel.connectionStatus === 'connected';
  }

  /** Why the controller is gone, once it is. */
  get loss(): ClusterError | null {
    return this._loss;
  }

  /** The kernel died or was taken away; not emitted by {@link shutdown}. */
  get lost(): ISignal<ControllerSession, ClusterError> {
    return this._lost;
  }

  /** The network went: nothing is heard until {@link reconnected}. */
  get interrupted(): ISignal<ControllerSession, void> {
    return this._interrupted;
  }

  /** The network came back: what was said meanwhile may be missing. */
  get reconnected(): ISignal<ControllerSession, void> {
    return this._reconnected;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** What the controller is; asked once. Rejects when there can be none. */
  initialize(): Promise<IControllerInfo> {
    if (!this._info) {
      this._info = this.call('initialize', {
        protocol: PROTOCOL_VERSION,
        client: VERSION
      });
    }
    return this._info;
  }

  /** Call a method; says why the controller is gone if it is. */
  async call<K extends keyof Requests>(
    method: K,
    params: Requests[K]['params'],
    options: RpcClient.ICallOptions = {}
  ): Promise<Requests[K]['result']> {
    try {
      return await this.rpc.call(method, params, options);
    } catch (reason) {
      if (!options.signal?.aborted && this.rpc.isDisposed) {
        await this._booted;
        throw this._loss ?? reason;
      }
      throw reason;
    }
  }

  /**
   * Call a method that may be called twice: again after each interruption of
   * the network, in which an answer may have been lost.
   */
  async callAgain<K extends keyof Requests>(
    method: K,
    params: Requests[K]['params'],
    options: RpcClient.ICallOptions = {}
  ): Promise<Requests[K]['result']> {
    let attempt: () => void = () => undefined;
    try {
      return await new Promise((resolve, reject) => {
        attempt = () => {
          this.call(method, params, options).then(resolve, reject);
        };
        this._reconnected.connect(attempt);
        attempt();
      });
    } finally {
      this._reconnected.disconnect(attempt);
    }
  }

  /** Try to connect again when the page gave up. */
  nudge(): void {
    if (this._kernel.connectionStatus === 'disconnected' && !this._isDisposed) {
      this._kernel.reconnect().catch(() => undefined);
    }
  }

  /** Change what the session list shows; other tabs read the path. */
  async relabel(path: string, name: string): Promise<void> {
    await this._session.setPath(path);
    await this._session.setName(name);
  }

  /** Change the name only. */
  async rename(name: string): Promise<void> {
    await this._session.setName(name);
  }

  /**
   * End the kernel and take the session off the server's list. Idempotent.
   */
  shutdown(): Promise<void> {
    if (!this._ended) {
      this._isEnding = true;
      this._ended = Private.remove(this._sessions, this._session.id)
        .then(() => this.dispose())
        .catch(reason => {
          this._ended = null;
          this._isEnding = false;
          throw unavailable(
            this._trans.__('The controller kernel could not be shut down.'),
            reason,
            this._trans.__('Shut it down in the Running panel.')
          );
        });
    }
    return this._ended;
  }

  /** Leave the session; the kernel and its cluster go on. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this.rpc.dispose();
    if (!this._session.isDisposed) {
      this._session.dispose();
    }
    Signal.clearData(this);
  }

  private _onStatus(
    _: Session.ISessionConnection,
    status: Kernel.Status
  ): void {
    const trans = this._trans;
    if (status === 'autorestarting' || status === 'restarting') {
      this._lose(
        trans.__('The controller kernel died.'),
        trans.__('Often memory ran out: start it again with smaller limits.')
      );
    } else if (status === 'dead') {
      const died = this._kernel.connectionStatus === 'connected';
      this._lose(
        died
          ? trans.__('The controller kernel died.')
          : trans.__('The controller kernel was shut down from elsewhere.'),
        died
          ? trans.__(
              'Often memory ran out: start it again with smaller limits.'
            )
          : trans.__(
              'The Jupyter server may have been restarted. Start it again.'
            )
      );
    }
  }

  private _onSessionDisposed(): void {
    this._lose(
      this._trans.__('The controller kernel was shut down from elsewhere.'),
      this._trans.__('Start it again if you still need the cluster.')
    );
  }

  private _onConnection(
    _: Session.ISessionConnection,
    status: Kernel.ConnectionStatus
  ): void {
    if (status !== 'connected') {
      if (this._wasConnected && !this._wasInterrupted) {
        this._wasInterrupted = true;
        this._interrupted.emit();
      }
    } else {
      this._wasConnected = true;
      if (this._wasInterrupted) {
        this._wasInterrupted = false;
        this._reconnected.emit();
      }
    }
  }

  private _lose(message: string, hint: string): void {
    if (this._loss || this._isEnding || this._isDisposed) {
      return;
    }
    this._loss = new ClusterError(message, { code: 'unavailable', hint });
    this.rpc.dispose();
    this._lost.emit(this._loss);
  }

  private _session: Session.ISessionConnection;
  private _sessions: Session.IManager;
  private _kernel: Kernel.IKernelConnection;
  private _trans: TranslationBundle;
  private _booted: Promise<void>;
  private _info: Promise<IControllerInfo> | null = null;
  private _ended: Promise<void> | null = null;
  private _loss: ClusterError | null = null;
  private _isEnding = false;
  private _isDisposed = false;
  private _wasConnected = false;
  private _wasInterrupted = false;
  private _lost = new Signal<ControllerSession, ClusterError>(this);
  private _interrupted = new Signal<ControllerSession, void>(this);
  private _reconnected = new Signal<ControllerSession, void>(this);
}

export namespace ControllerSession {
  export interface IOptions {
    sessions: Session.IManager;
    trans: TranslationBundle;
  }

  export interface IStartOptions extends IOptions {
    path: string;
    /** What the session list shows. */
    name: string;
    /** A kernelspec's name. */
    environment: string;
    signal?: AbortSignal;
  }
}

namespace Private {
  /** How long to wait before each further attempt to end a kernel, in ms. */
  const PAUSES = [500, 1500, 3000, 5000];

  /**
   * End a session's kernel. The server refuses while it starts a dead kernel
   * again, so it is asked more than once.
   */
  export async function remove(
    sessions: Session.IManager,
    id: string
  ): Promise<void> {
    for (const pause of PAUSES) {
      try {
        return await sessions.shutdown(id);
      } catch (reason) {
        if (!(reason instanceof ServerConnection.ResponseError)) {
          throw reason;
        }
        await new Promise(resolve => setTimeout(resolve, pause));
      }
    }
    return sessions.shutdown(id);
  }

  /** Remove a session of which only the path is known, if it is there. */
  export async function removeByPath(
    sessions: Session.IManager,
    path: string
  ): Promise<void> {
    try {
      const model = await sessions.findByPath(path);
      if (model) {
        await sessions.shutdown(model.id);
      }
    } catch {
      // The server does not answer: there is nothing more to be done.
    }
  }
}
