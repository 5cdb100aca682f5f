/** Controllers that wait for work, so that a click need not wait for them. */
import type { Session } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONObject, UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { parseSession, sessionPath } from './paths';
import type { IControllerInfo } from './protocol';
import { ControllerSession } from './session';

/** How long a form waits for a controller that is being opened, in ms. */
const PATIENCE = 3000;

/** So many stand-bys of an environment may end in this time, in ms. */
const MOST_ENDS = 3;
const ENDS_WITHIN = 300_000;

/**
 * At most one waiting controller for each environment, shared by all tabs.
 *
 * #### Notes
 * A controller ends itself when nobody needed it for some minutes. Which tab
 * gets it when two want it at once is decided by the controller. Where they end
 * again and again no other is started for a while, which is said once.
 */
export class StandBys implements IDisposable {
  constructor(options: StandBys.IOptions) {
    this._sessions = options.sessions;
    this._trans = options.trans;
    this._tell = options.tell;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Have a controller ready in this environment.
   *
   * @param options - Of the local cluster that is likely to come.
   */
  prepare(environment: string, options?: JSONObject): void {
    if (
      this._waiting.has(environment) ||
      this._isDisposed ||
      this._isUnstable(environment)
    ) {
      return;
    }
    const session = Private.exclusively(environment, () =>
      this._open(environment, options)
    ).catch(() => {
      // A click tells why, when there is one.
      this._waiting.delete(environment);
      this._ended(environment);
      return null;
    });
    this._waiting.set(environment, session);
  }

  /**
   * Take the controller of this environment, which is then no stand-by any
   * more; null when there is none.
   */
  async take(environment: string): Promise<ControllerSession | null> {
    const waiting = this._waiting.get(environment);
    this._waiting.delete(environment);
    const session = (await waiting) ?? null;
    if (!session || session.loss || session.isDisposed) {
      return null;
    }
    this._kept.delete(session);
    session.lost.disconnect(this._onLost, this);
    session.rpc.on('clusterChanged', () => undefined);
    return session;
  }

  /** The controller that waits in this environment, to be asked and not taken. */
  async peek(environment: string): Promise<ControllerSession | null> {
    this.prepare(environment);
    return (await this._waiting.get(environment)) ?? null;
  }

  /** A controller that was taken was not used after all. */
  giveBack(session: ControllerSession): void {
    if (this._waiting.has(session.environment) || this._isDisposed) {
      session.shutdown().catch(() => undefined);
    } else {
      this._keep(session);
      this._waiting.set(session.environment, Promise.resolve(session));
    }
  }

  /** What the last controller of this environment said of its machine. */
  info(environment: string): IControllerInfo | undefined {
    return this._infos.get(environment);
  }

  /** What the last controller of any environment said of this machine. */
  get latest(): IControllerInfo | undefined {
    return [...this._infos.values()].pop();
  }

  /**
   * What the controller of this environment says of its machine; waits a little
   * for one that is being opened.
   */
  async ready(environment: string): Promise<IControllerInfo | undefined> {
    const waiting = this._waiting.get(environment);
    if (waiting) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>(resolve => {
        timer = setTimeout(resolve, PATIENCE);
      });
      const told = waiting
        .then(session => session?.initialize())
        .catch(() => undefined);
      await Promise.race([told, late]);
      clearTimeout(timer);
    }
    return this.info(environment);
  }

  /** Leave the controllers to other tabs. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._waiting.forEach(waiting => {
      void waiting.then(session => session?.dispose());
    });
    this._waiting.clear();
  }

  private async _open(
    environment: string,
    expected: JSONObject | undefined
  ): Promise<ControllerSession | null> {
    const options = { sessions: this._sessions, trans: this._trans };
    await this._sessions.refreshRunning();
    const model = [...this._sessions.running()].find(
      item =>
        parseSession(item)?.kind === 'standby' &&
        item.kernel?.name === environment
    );
    const session = model
      ? ControllerSession.join(model, options)
      : await ControllerSession.start({
          ...options,
          path: sessionPath('standby', UUID.uuid4()),
          name: this._trans.__('Dask stand-by'),
          environment
        });
    this._keep(session);
    void this._warm(session, expected);
    return session;
  }

  private _keep(session: ControllerSession): void {
    this._kept.add(session);
    session.lost.connect(this._onLost, this);
    session.rpc.on('clusterChanged', () => {
      // Another tab uses it: it is found again as that tab's cluster.
      this._forget(session);
      session.dispose();
    });
  }

  private async _warm(
    session: ControllerSession,
    options: JSONObject | undefined
  ): Promise<void> {
    try {
      const info = await session.initialize();
      this._infos.set(session.environment, info);
      if (!this._kept.has(session)) {
        // It was taken meanwhile: what it says is heard there.
        return;
      }
      if (info.cluster) {
        // A page took it and was closed before it could say so.
        this._forget(session);
        const { id, name } = info.cluster;
        await session.relabel(sessionPath('cluster', id), name);
        session.dispose();
      } else if (info.missing.length > 0) {
        this._forget(session);
        this._ended(session.environment);
        await session.shutdown();
      } else {
        await session.call('warm', options ? { options } : {});
      }
    } catch {
      // One that was taken meanwhile holds somebody's cluster.
      if (!session.isDisposed && this._kept.has(session)) {
        this._forget(session);
        this._ended(session.environment);
        await session.shutdown().catch(() => undefined);
      }
    }
  }

  /** It died, or it ended itself and the server started a bare kernel again. */
  private _onLost(session: ControllerSession): void {
    if (this._kept.delete(session)) {
      this._ended(session.environment);
    }
    this._forget(session);
    void session
      .shutdown()
      .catch(() => undefined)
      .then(() => session.dispose());
  }

  /** Count an end that nobody wanted, and say so when they are too many. */
  private _ended(environment: string): void {
    const ends = [...(this._ends.get(environment) ?? []), Date.now()];
    this._ends.set(environment, ends.slice(-MOST_ENDS));
    if (this._isUnstable(environment)) {
      this._tell(
        this._trans.__(
          'A controller in the kernel %1 could not be kept ready, %2 times in 5 minutes. None is kept for now; a new cluster tells why.',
          environment,
          MOST_ENDS
        )
      );
    }
  }

  private _isUnstable(environment: string): boolean {
    const ends = this._ends.get(environment) ?? [];
    return (
      ends.length === MOST_ENDS && Date.now() - Math.min(...ends) < ENDS_WITHIN
    );
  }

  /** Another tab uses it, or nobody can. */
  private _forget(session: ControllerSession): void {
    const { environment } = session;
    const waiting = this._waiting.get(environment);
    void waiting?.then(own => {
      if (own === session && this._waiting.get(environment) === waiting) {
        this._waiting.delete(environment);
      }
    });
  }

  private _sessions: Session.IManager;
  private _trans: TranslationBundle;
  private _tell: (text: string) => void;
  /** When stand-bys ended, in ms since the epoch, by environment. */
  private _ends = new Map<string, number[]>();
  private _waiting = new Map<string, Promise<ControllerSession | null>>();
  private _infos = new Map<string, IControllerInfo>();
  private _kept = new WeakSet<ControllerSession>();
  private _isDisposed = false;
}

export namespace StandBys {
  export interface IOptions {
    sessions: Session.IManager;
    trans: TranslationBundle;
    /** Says something that nobody asked for. */
    tell: (text: string) => void;
  }
}

namespace Private {
  /** One tab of this browser at a time, where the browser can see to that. */
  export async function exclusively<T>(
    environment: string,
    run: () => Promise<T>
  ): Promise<T> {
    const locks = (navigator as Partial<Navigator>).locks;
    return locks
      ? await locks.request(`jupyterlab-seasonal-monitor ${environment}`, run)
      : await run();
  }
}
