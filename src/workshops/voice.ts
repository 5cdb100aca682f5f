/**
 * What a participant's page tells the trainer, and hears: only while it is open
 * and the person has joined, and only where the hub has a service for classes.
 */
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { toClusterError } from '../cluster/errors';
import { isOver } from '../cluster/states';
import { isSet } from '../cost/money';
import type {
  ClusterError,
  ICluster,
  IClusterManager,
  ICosts,
  Money
} from '../tokens';
import { workshopSteps } from './model';
import { News } from './news';
import type { IRule } from './rules';
import type { Run } from './run';
import type { ClassService } from './service';
import type { IAnnouncement, IStatus } from './serviceWire';

/** How the page and the trainer are connected. */
export type Connection =
  /** Nothing was asked yet: the person has not joined. */
  | 'not-joined'
  | 'asking'
  | 'connected'
  /** There is no service here, or the person is not in its class. */
  | 'none'
  /** There is one, which does not answer. */
  | 'lost';

/** The longest note that the service takes, in characters. */
export const MAX_NOTE = 500;

/** How long joining waits for a service that does not answer, in ms. */
const HEED = 5000;

/** Versions that are told. */
const PACKAGES = ['python', 'dask', 'distributed', 'xarray', 'numpy'];

export class Voice implements IDisposable {
  constructor(private _options: Voice.IOptions) {
    const { run, manager } = _options;
    run.changed.connect(this._update, this);
    manager.stateChanged.connect(this._update, this);
    this._update();
  }

  /** Connection, announcements or what was told changed. */
  get changed(): ISignal<Voice, void> {
    return this._changed;
  }

  /** What the trainer is told may have changed. */
  get statusChanged(): ISignal<Voice, void> {
    return this._statusChanged;
  }

  get connection(): Connection {
    return this._connection;
  }

  /** Why there is no connection; null where that is as it should be. */
  get problem(): ClusterError | null {
    return this._problem;
  }

  /** What trainers said, newest last. */
  get announcements(): readonly IAnnouncement[] {
    return this._news?.all ?? [];
  }

  /** What the trainer has set for this person's class. */
  get rule(): IRule {
    return this._news?.rule(this._options.run.workshop?.id ?? '') ?? {};
  }

  /** Something was said since the page listens. */
  get heard(): ISignal<Voice, readonly IAnnouncement[]> {
    return this._heard;
  }

  /** Whether help was asked for. */
  get wantsHelp(): boolean {
    return this._help;
  }

  /**
   * What the person's cluster of the class has cost so far; undefined where no
   * price is known, and null without such a cluster.
   */
  get spent(): Money | null | undefined {
    const cluster = this._cluster;
    if (!cluster) {
      return null;
    }
    const soFar = this._options.costs?.of(cluster, Date.now())?.soFar;
    return soFar && isSet(soFar) ? soFar : undefined;
  }

  /** What the trainer is told now. */
  get status(): IStatus {
    const { run } = this._options;
    const steps = run.workshop ? workshopSteps(run.workshop) : [];
    const snapshot = this._cluster?.snapshot;
    const { spent } = this;
    const versions = Object.entries(snapshot?.versions ?? {});
    return {
      step: steps.filter(({ id }) => run.done.has(id)).length,
      of: steps.length,
      help: this._help,
      note: this._help ? this._note : '',
      environment: Object.fromEntries(
        versions.filter(([one]) => PACKAGES.includes(one))
      ),
      ...(snapshot
        ? { cluster: snapshot.state, workers: snapshot.workers?.ready ?? 0 }
        : {}),
      ...(spent ? { spent: Private.rounded(spent) } : {})
    };
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._news?.dispose();
      this._service?.dispose();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  /** Ask the trainer for help, with a note, or say that it is no longer needed. */
  async ask(help: boolean, note = ''): Promise<void> {
    const before = { help: this._help, note: this._note };
    this._help = help;
    this._note = note.trim().slice(0, MAX_NOTE);
    try {
      await this._tell();
    } catch (reason) {
      this._help = before.help;
      this._note = before.note;
      throw reason;
    } finally {
      this._changed.emit();
    }
  }

  /** Hear what was said before this person joins, now that they do. Never rejects. */
  async heed(): Promise<void> {
    if (this._connection === 'not-joined') {
      await Promise.race([
        this._connect(),
        new Promise(resolve => setTimeout(resolve, HEED))
      ]);
    }
  }

  /** Try to reach the service again. */
  again(): void {
    if (this._connection === 'lost' || this._connection === 'none') {
      this._set('not-joined', null);
      this._update();
    }
  }

  /** The class's cluster of this person. */
  private get _cluster(): ICluster | undefined {
    const { manager, run } = this._options;
    return manager.clusters.find(
      ({ snapshot: { name, state } }) =>
        name === run.workshop?.id && !isOver(state)
    );
  }

  private _update(): void {
    this._statusChanged.emit();
    const isJoined = this._options.run.joining === 'joined';
    if (this._connection === 'not-joined' && isJoined) {
      void this._connect();
    } else if (this._connection === 'connected' && isJoined) {
      // What could not be told is told with the next change.
      void this._tell().catch(() => undefined);
    }
  }

  private async _connect(): Promise<void> {
    const service = (this._service ??= this._options.service());
    if (!service) {
      this._set('none', null);
      return;
    }
    this._set('asking', null);
    try {
      const { participant } = await service.me();
      if (this._isDisposed) {
        return;
      }
      if (!participant) {
        this._set('none', null);
        return;
      }
      this._set('connected', null);
      if (!this._news) {
        this._news = new News(service);
        this._news.changed.connect(() => this._changed.emit());
        this._news.heard.connect((_, told) => this._heard.emit(told));
        await this._news.start();
        if (this._isDisposed) {
          return;
        }
        this._changed.emit();
      }
      await this._tell();
    } catch (reason) {
      if (!this._isDisposed) {
        const error = toClusterError(reason);
        const isNone = ['not-found', 'unavailable'].includes(error.code);
        this._set(isNone ? 'none' : 'lost', error);
      }
    }
  }

  /** Tell what changed since it was told last. */
  private async _tell(): Promise<void> {
    const { status } = this;
    const said = JSON.stringify(status);
    const isHeard = this._connection === 'connected';
    if (this._service && isHeard && said !== this._said) {
      this._said = said;
      try {
        await this._service.report(status);
      } catch (reason) {
        this._said = '';
        throw reason;
      }
    }
  }

  private _set(connection: Connection, problem: ClusterError | null): void {
    this._connection = connection;
    this._problem = problem;
    this._changed.emit();
  }

  private _connection: Connection = 'not-joined';
  private _problem: ClusterError | null = null;
  private _service: ClassService | null = null;
  private _news: News | null = null;
  private _help = false;
  private _note = '';
  private _said = '';
  private _isDisposed = false;
  private _changed = new Signal<Voice, void>(this);
  private _heard = new Signal<Voice, readonly IAnnouncement[]>(this);
  private _statusChanged = new Signal<Voice, void>(this);
}

export namespace Voice {
  export interface IOptions {
    run: Run;
    manager: IClusterManager;
    /** Null where nothing is known of costs. */
    costs?: ICosts | null;
    /** The hub's service for classes; null where there is no hub. */
    service: () => ClassService | null;
  }
}

namespace Private {
  /** Amounts to the cent, so that each second of a cluster is not told. */
  export function rounded(spent: Money): Record<string, number> {
    return Object.fromEntries(
      Object.entries(spent).map(([currency, amount]) => [
        currency,
        Math.round(amount * 100) / 100
      ])
    );
  }
}
