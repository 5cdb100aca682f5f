/** One cluster of a gateway, as the model reaches it. */
import { inWords } from '../../cluster/errors';
import {
  ClusterError,
  ICapabilities,
  IClusterEvent,
  IClusterSnapshot,
  IConnection,
  IEndOrder,
  ILogEntry,
  WatchDetail
} from '../../tokens';
import { DriverBase } from '../kernel/driverBase';
import type { IGatewayAnswer, IGatewayReport } from '../kernel/protocolGateway';
import { IEnds, PageEnds } from './ends';
import { Events, workersNow } from './events';
import {
  figures,
  GATEWAY_CAPABILITIES,
  IQuiet,
  quietSince,
  stateOf
} from './figures';
import type { IWish } from './form';
import { gaveUp, limited, limitOf, notOffered, unheard } from './refusals';
import type { IGatewayTransport } from './transport';
import { describeWish, Wishes } from './wishes';
import { readCounts, readWorkers } from './wire';

/** Of so many looks one asks for memory and processors, too. */
const WORKERS_EACH = 3;

/** How old what is kept of a cluster's idling may get, in ms. */
const KEEP = 30_000;

/**
 * #### Notes
 * It asks nothing by itself. The provider tells it what the list says, and lets
 * it {@link measure} while somebody looks.
 */
export class GatewayDriver extends DriverBase {
  constructor(options: GatewayDriver.IOptions) {
    super();
    const { report, name, owner, connection } = options;
    this._options = options;
    this._snapshot = {
      id: report.name,
      name,
      state: stateOf(report.status),
      revision: 0,
      since: Date.now(),
      created: report.start_time,
      connection,
      options: report.options,
      ...(owner === undefined ? {} : { owner }),
      ...(options.idleTimeout ? { idleTimeout: options.idleTimeout } : {})
    };
    this._wishes = new Wishes(options);
    this._ends = new PageEnds({
      read: options.ends,
      write: options.ended,
      changed: () => this._apply(this._ends.figures(this._idleEnd)),
      due: order => void this._endFor(order),
      trans: options.trans
    });
    this._quiet = this._kept = options.quiet;
    this._ends.start();
    this.tell(report);
  }

  get snapshot(): IClusterSnapshot {
    return this._snapshot;
  }

  get capabilities(): ICapabilities {
    const keep = this._ends.canKeep(this._idleEnd);
    return { ...GATEWAY_CAPABILITIES, ends: 'page', keep };
  }

  /** How closely somebody looks. */
  get detail(): WatchDetail {
    return this._detail;
  }

  /** Take over what the gateway says of it. */
  tell(report: IGatewayReport): void {
    const { transport, trans } = this._options;
    const state = stateOf(report.status);
    const route = report.dashboard_route;
    const dashboard = route ? transport.dashboard(route) : undefined;
    const before = this._snapshot;
    if (state === 'running' && this._stopping) {
      return;
    }
    const same =
      state === before.state ||
      (before.state === 'degraded' && state === 'running');
    if (same && dashboard === before.dashboard) {
      return;
    }
    const error =
      state === 'failed' ? gaveUp(report.name, false, trans) : undefined;
    this._apply({
      ...(same ? {} : { state }),
      dashboard,
      ...(error
        ? {
            cause: [
              { message: error.message, hint: error.hint },
              ...error.cause
            ]
          }
        : {})
    });
  }

  /** How many requests the next {@link measure} makes. */
  get price(): number {
    return this._asksWorkers ? 2 : 1;
  }

  /**
   * Ask the scheduler how it is; nothing when it does not answer. The workers
   * are asked for less often, unless somebody looks at each.
   */
  async measure(): Promise<void> {
    const { transport, idleTimeout } = this._options;
    const { id, state } = this._snapshot;
    if (state !== 'running' && state !== 'degraded') {
      return;
    }
    const asksWorkers = this._asksWorkers;
    this._turn += 1;
    const [counts, identity] = await Promise.all([
      transport.scheduler(id, 'counts').then(readCounts),
      asksWorkers ? transport.scheduler(id, 'identity') : null
    ]);
    if (this.isDisposed || this._stopping || !counts) {
      return;
    }
    const now = Date.now();
    const workers = identity && readWorkers(identity);
    const before = this._snapshot;
    this._told(before.workers?.ready, counts.workers);
    this._keep(quietSince(before, counts, this._quiet, now, idleTimeout));
    const told = figures(before, counts, {
      workers,
      wish: this._wishes.current,
      quiet: this._quiet,
      idleTimeout
    });
    this._idleEnd = told.stopsAt;
    this._ends.sync();
    this._apply({
      ...this._wishes.state(counts.workers, now),
      ...told,
      ...this._ends.figures(this._idleEnd)
    });
    if (this._detail === 'workers' && workers) {
      this._workersChanged.emit(workers);
    }
  }

  /** The gateway answered, or did not. */
  setAnswered(answered: boolean): void {
    if (answered !== this._answered && !this.isDisposed) {
      this._answered = answered;
      this._respondingChanged.emit(answered);
    }
  }

  async scale(workers: number): Promise<void> {
    const { transport } = this._options;
    this._wishes.check(workers);
    const answer = await transport.scale(this._snapshot.id, workers);
    const wanted = limitOf(answer.msg) ?? workers;
    this._wishes.current = { workers: wanted };
    this._wanted(answer, { wanted });
  }

  async adapt(minimum: number, maximum: number): Promise<void> {
    const { transport } = this._options;
    this._wishes.check(maximum);
    const answer = await transport.adapt(this._snapshot.id, minimum, maximum);
    const most = limitOf(answer.msg) ?? maximum;
    this._wishes.current = {
      minimum: Math.min(minimum, most),
      maximum: most
    };
    this._wanted(answer, {
      minimum: Math.min(minimum, most),
      maximum: most
    });
  }

  /**
   * Ask for the workers of a new cluster. Less than was wished for is no
   * failure: it stands in the events, and on the card when nobody answered.
   */
  async begin({ workers, minimum, maximum }: IWish): Promise<void> {
    try {
      if (maximum !== undefined) {
        await this.adapt(minimum ?? 0, maximum);
      } else if (workers) {
        await this.scale(workers);
      }
    } catch (reason) {
      const code = reason instanceof ClusterError ? reason.code : 'error';
      if (code === 'not-responding') {
        // The cluster runs: a hub that is away for a moment is no end of it.
        this._wishes.setUnheard();
        this._apply(this._wishes.state(0));
        this._tell('scaled', 'warning', unheard(this._options.trans).message);
      } else if (code !== 'limit') {
        throw reason;
      }
    }
  }

  async restart(): Promise<void> {
    throw notOffered(this._options.trans);
  }

  async rename(): Promise<void> {
    throw notOffered(this._options.trans);
  }

  stop(): Promise<void> {
    this._stopping ??= this._options.transport
      .stop(this._snapshot.id)
      .catch(reason => {
        this._stopping = null;
        throw reason;
      });
    return this._stopping;
  }

  async end(order: IEndOrder): Promise<void> {
    this._ends.order(order);
  }

  async keep(): Promise<void> {
    this._ends.keep(this._idleEnd);
  }

  watch(detail: WatchDetail): void {
    if (detail !== this._detail) {
      this._detail = detail;
      this._options.watched();
    }
  }

  async ping(): Promise<boolean> {
    // The list tells it while somebody looks; a click is no reason to ask more.
    return this._answered;
  }

  async logs(): Promise<ILogEntry[]> {
    throw notOffered(this._options.trans);
  }

  async events(): Promise<IClusterEvent[]> {
    return this._events.all;
  }

  protected letGo(): void {
    this._ends.dispose();
    this._options.disposed(this);
  }

  /** An end that was ordered is there. */
  private async _endFor(order: IEndOrder): Promise<void> {
    const { trans } = this._options;
    try {
      await this.stop();
      this._apply({ state: 'stopping', cause: [{ message: order.text }] });
      this._apply({ state: 'stopped' });
    } catch (reason) {
      const words = trans.__('It could not be stopped: %1', inWords(reason));
      this._tell('state', 'error', words);
      this._ends.again(order);
    }
  }

  /** What was asked for, and what the gateway made of it. */
  private _wanted(
    answer: IGatewayAnswer,
    workers: { wanted: number } | { minimum: number; maximum: number }
  ): void {
    const { trans } = this._options;
    const { ready, limit } = this._snapshot.workers ?? { ready: 0 };
    const bound = limitOf(answer.msg) ?? limit;
    this._apply({
      ...this._wishes.state(ready),
      workers: {
        ready,
        ...workers,
        ...(bound === undefined ? {} : { limit: bound })
      }
    });
    const error = answer.ok ? null : limited(answer.msg, trans);
    this._tell(
      'scaled',
      error ? 'warning' : 'info',
      error?.message ?? describeWish(workers, trans)
    );
    if (error) {
      throw error;
    }
  }

  private get _asksWorkers(): boolean {
    return this._detail === 'workers' || this._turn % WORKERS_EACH === 0;
  }

  /** Remember since when nothing ran, and have it kept from time to time. */
  private _keep(quiet: IQuiet | undefined): void {
    this._quiet = quiet;
    const last = this._kept;
    if (!quiet || !last || quiet.seen - last.seen >= KEEP) {
      this._kept = quiet;
      if (quiet ?? last) {
        this._options.quieted(quiet);
      }
    }
  }

  private _told(before: number | undefined, ready: number): void {
    if (before !== undefined && before !== ready) {
      this._tell(...workersNow(before, ready, this._options.trans));
    }
  }

  private _tell(
    kind: IClusterEvent['kind'],
    level: IClusterEvent['level'],
    text: string
  ): void {
    this._happened.emit(this._events.add(kind, level, text));
  }

  private _apply(change: Partial<IClusterSnapshot>): void {
    const before = this._snapshot;
    const state = change.state ?? before.state;
    this._snapshot = {
      ...before,
      ...change,
      state,
      since: state === before.state ? before.since : Date.now(),
      revision: before.revision + 1
    };
    if (!this.isDisposed) {
      this._changed.emit(this._snapshot);
    }
  }

  private readonly _options: GatewayDriver.IOptions;
  private _snapshot: IClusterSnapshot;
  private _detail: WatchDetail = 'none';
  private readonly _ends: PageEnds;
  /** When the gateway ends it, if nothing runs until then. */
  private _idleEnd: number | undefined;
  private readonly _wishes: Wishes;
  private _turn = 0;
  private _quiet: IQuiet | undefined;
  /** The last one that was kept for other pages. */
  private _kept: IQuiet | undefined;
  private _answered = true;
  private _stopping: Promise<void> | null = null;
  private readonly _events = new Events();
}

export namespace GatewayDriver {
  export interface IOptions extends Wishes.IOptions {
    transport: IGatewayTransport;
    report: IGatewayReport;
    /** What the card is called. */
    name: string;
    connection: IConnection;
    /** Whose it is, where that can be somebody else than the server's user. */
    owner?: string;
    /** Seconds after which the site's gateway ends an idle cluster. */
    idleTimeout?: number;
    /** Since when it may idle, if that is known. */
    quiet?: IQuiet;
    /** That is known anew, or not any more. */
    quieted: (quiet: IQuiet | undefined) => void;
    /** The ends that are ordered, and that they are others now. */
    ends: () => IEnds | undefined;
    ended: (ends: IEnds) => void;
    /** Somebody looks more closely, or less. */
    watched: () => void;
    disposed: (driver: GatewayDriver) => void;
  }
}
