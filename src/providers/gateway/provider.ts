/** The clusters of a Dask Gateway. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import {
  ClusterError,
  IClusterDriver,
  IClusterLimits,
  IClusterRequest,
  IConnection,
  IProfile,
  IProvider,
  IProviderForm,
  IStart,
  IStep
} from '../../tokens';
import type { Activity } from '../kernel/activity';
import { cancelled } from '../kernel/errors';
import type { IGatewayReport } from '../kernel/protocol';
import { GatewayDriver } from './driver';
import { fieldOf, gatewaySchema, splitOptions } from './form';
import { gaveUp, REDIRECT } from './refusals';
import type { IGatewayTransport } from './transport';

/** How often the list is read while somebody looks at a card, in ms. */
const INTERVAL = 5000;

/** The longest pause after errors, in ms. */
const MAX_INTERVAL = 120_000;

/** The shortest time between two questions about one start, in ms. */
const PAUSE = 1000;

/** A start that takes longer, in ms, says for how long. */
const LONG = 30_000;

/** One that fails sooner, in ms, did not even start its scheduler. */
const AT_ONCE = 5000;

/**
 * #### Notes
 * It asks only when a person wants something, and while a card is looked at in a
 * visible page by somebody who is there: a page that idles asks nothing. Where no
 * gateway answers at the usual address there is no provider to be seen.
 */
export class GatewayProvider implements IProvider {
  constructor(options: GatewayProvider.IOptions) {
    const { trans } = options;
    this._options = options;
    this.label = trans.__('Dask Gateway');
    this.caption = trans.__('Workers on the machines of your hub');
    this._poll = new Poll({
      auto: false,
      name: 'jupyterlab-seasonal-monitor:gateway',
      standby: 'when-hidden',
      // Pages that were opened together shall not ask together.
      frequency: {
        interval: INTERVAL * (1 + Math.random() / 2),
        max: MAX_INTERVAL,
        backoff: true
      },
      factory: () => this._look()
    });
    options.activity.changed.connect(this._sync, this);
  }

  readonly id = 'gateway';
  readonly label: string;
  readonly caption: string;
  readonly rank = 200;

  /** Whether there is a gateway, as far as is known. */
  get creates(): boolean {
    return this._transport !== null || this._options.isExplicit;
  }

  get changed(): ISignal<IProvider, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  async form(): Promise<IProviderForm> {
    const { trans } = this._options;
    const transport = await this._required();
    const options = await transport.options();
    return {
      schema: gatewaySchema(options, trans),
      uiSchema: {
        'ui:order': [
          ...options.map(({ field }) => fieldOf(field)),
          'workers',
          'minimum',
          'maximum'
        ]
      },
      environments: [],
      notes: this._isForeign
        ? [
            trans.__(
              'It will be a cluster of %1. Notebooks of this server cannot use it.',
              this._owner ?? ''
            )
          ]
        : []
    };
  }

  async create(
    request: IClusterRequest,
    start: IStart
  ): Promise<IClusterDriver> {
    const transport = await this._required();
    const { options, wish } = splitOptions(request.options);
    start.progress(Private.steps());
    const began = Date.now();
    const name = await transport
      .create(options, start.signal)
      .catch(reason => Promise.reject(Private.ownFields(reason)));
    this._creating.add(name);
    if (request.name) {
      this._names.set(name, request.name);
    }
    try {
      const report = await this._started(transport, name, start, began);
      const driver = this._driver(transport, report, request.limits);
      await driver.begin(wish);
      if (start.signal.aborted) {
        throw cancelled(this._options.trans);
      }
      return driver;
    } catch (reason) {
      await transport.stop(name).catch(() => undefined);
      this._drivers.get(name)?.dispose();
      throw reason;
    } finally {
      this._creating.delete(name);
    }
  }

  async discover(): Promise<IClusterDriver[]> {
    const transport = await this._open();
    if (!transport) {
      return [];
    }
    const reports = await transport.list();
    await this._missing(transport, reports);
    this._sync();
    return reports
      .filter(({ name }) => !this._creating.has(name))
      .map(report => {
        const driver = this._driver(transport, report);
        driver.tell(report);
        return driver;
      });
  }

  prepare(): void {
    // Whoever opens the sidebar may have made a cluster in a notebook meanwhile.
    void this._open().then(
      transport => transport && this._known > 0 && this._changed.emit(),
      () => undefined
    );
  }

  async profiles(): Promise<IProfile[]> {
    const { trans } = this._options;
    const transport = await this._open().catch(() => null);
    return transport
      ? [
          {
            name: this.label,
            description: trans.__('A cluster of your hub, as it comes.'),
            provider: this.id,
            options: {},
            origin: 'site'
          }
        ]
      : [];
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._options.activity.changed.disconnect(this._sync, this);
    this._poll.dispose();
    this._transport?.dispose();
    Signal.clearData(this);
  }

  /** The user who speaks, where that need not be the server's. */
  private get _owner(): string | undefined {
    const { visitor, host } = this._options;
    if (!visitor || !host || visitor === host) {
      return undefined;
    }
    return this._transport?.via === 'kernel' ? host : visitor;
  }

  /** Whether these clusters are of no use for notebooks of this server. */
  private get _isForeign(): boolean {
    return this._owner !== undefined && this._owner !== this._options.host;
  }

  private async _required(): Promise<IGatewayTransport> {
    const transport = await this._open();
    if (!transport) {
      const { trans } = this._options;
      throw new ClusterError(trans.__('This hub has no Dask Gateway.'), {
        code: 'unavailable',
        hint: trans.__('Start a cluster on this machine instead.')
      });
    }
    return transport;
  }

  /** The way to the gateway, found once; null where there is none. */
  private _open(): Promise<IGatewayTransport | null> {
    this._opening ??= this._find().then(
      transport => {
        this._transport = transport;
        if (transport) {
          this._changed.emit();
        }
        return transport;
      },
      reason => {
        this._opening = null;
        throw reason;
      }
    );
    return this._opening;
  }

  private async _find(): Promise<IGatewayTransport | null> {
    const { page, kernel, isExplicit } = this._options;
    try {
      const near = page && (await Private.reached(page()));
      if (near) {
        return near;
      }
      const far = kernel();
      await far.probe();
      return far;
    } catch (reason) {
      const isAbsent =
        reason instanceof ClusterError &&
        ['not-found', 'missing-package', 'unavailable'].includes(reason.code);
      if (isAbsent && !isExplicit) {
        return null;
      }
      throw reason;
    }
  }

  private _driver(
    transport: IGatewayTransport,
    report: IGatewayReport,
    limits?: IClusterLimits
  ): GatewayDriver {
    const { name } = report;
    const known = this._drivers.get(name);
    if (known) {
      return known;
    }
    const { trans, idleTimeout } = this._options;
    const driver = new GatewayDriver({
      transport,
      report,
      name:
        this._names.get(name) ??
        trans.__('gateway-%1', name.replace(/^.*\./, '').slice(0, 8)),
      connection: this._connection(name),
      owner: this._owner,
      limits,
      idleTimeout: idleTimeout(),
      watched: () => this._sync(),
      disposed: () => {
        this._drivers.delete(name);
        this._sync();
      },
      trans
    });
    this._drivers.set(name, driver);
    return driver;
  }

  private _connection(address: string): IConnection {
    const { kernelAddress, isHub, trans } = this._options;
    return {
      kind: 'gateway',
      address,
      ...(kernelAddress
        ? {
            gateway: kernelAddress,
            ...(isHub ? { gatewayAuth: 'jupyterhub' as const } : {})
          }
        : {}),
      ...(this._isForeign
        ? {
            refused: trans.__(
              'This is a cluster of %1, and the server is that of %2.',
              this._owner ?? '',
              this._options.host ?? ''
            )
          }
        : {})
    };
  }

  /** Wait until a new cluster's scheduler runs. */
  private async _started(
    transport: IGatewayTransport,
    name: string,
    { signal, progress }: IStart,
    began: number
  ): Promise<IGatewayReport> {
    const { trans } = this._options;
    for (;;) {
      const asked = Date.now();
      const report = await transport.get(name, true, signal);
      if (signal.aborted) {
        throw cancelled(trans);
      }
      const age = Date.now() - began;
      if (report.status === 'RUNNING') {
        return report;
      }
      if (report.status !== 'PENDING') {
        throw gaveUp(name, age < AT_ONCE, trans);
      }
      if (age > LONG) {
        progress(
          Private.steps(
            trans.__(
              'the hub looks for a place since %1 s',
              Math.round(age / 1000)
            )
          )
        );
      }
      const rest = PAUSE - (Date.now() - asked);
      await new Promise(resolve => setTimeout(resolve, Math.max(0, rest)));
    }
  }

  /** Learn what became of clusters that the list has no more. */
  private async _missing(
    transport: IGatewayTransport,
    reports: readonly IGatewayReport[]
  ): Promise<void> {
    const names = new Set(reports.map(({ name }) => name));
    this._known = names.size;
    const gone = [...this._drivers.values()].filter(
      ({ snapshot: { id, state } }) =>
        !names.has(id) &&
        !this._creating.has(id) &&
        ['starting', 'running', 'degraded', 'stopping'].includes(state)
    );
    await Promise.all(
      gone.map(async driver => {
        try {
          driver.tell(await transport.get(driver.snapshot.id, false));
        } catch (reason) {
          if (reason instanceof ClusterError && reason.code === 'not-found') {
            driver.tell(Private.stopped(driver));
          }
        }
      })
    );
  }

  /** Look at what somebody looks at; called by the poll. */
  private async _look(): Promise<void> {
    if (!this._options.activity.isActive) {
      // Being away has no event: it is found out here, once.
      void this._poll.stop();
      return;
    }
    const transport = await this._open();
    if (!transport) {
      return;
    }
    let reports: IGatewayReport[];
    try {
      reports = await transport.list();
    } catch (reason) {
      this._drivers.forEach(driver => driver.setAnswered(false));
      throw reason;
    }
    this._drivers.forEach(driver => driver.setAnswered(true));
    await this._missing(transport, reports);
    for (const report of reports) {
      this._drivers.get(report.name)?.tell(report);
    }
    const isNew = ({ name }: IGatewayReport): boolean =>
      !this._drivers.has(name) && !this._creating.has(name);
    if (reports.some(isNew)) {
      this._changed.emit();
    }
    await Promise.all(
      [...this._drivers.values()]
        .filter(({ detail }) => detail !== 'none')
        .map(driver => driver.measure())
    );
  }

  /** Let the poll run exactly while somebody looks. */
  private _sync(): void {
    if (this._isDisposed) {
      return;
    }
    const looked =
      this._options.activity.isActive &&
      [...this._drivers.values()].some(({ detail }) => detail !== 'none');
    const runs = !['constructed', 'stopped'].includes(this._poll.state.phase);
    if (looked && !runs) {
      void this._poll.start();
    } else if (!looked && runs) {
      void this._poll.stop();
    }
  }

  private readonly _options: GatewayProvider.IOptions;
  private readonly _poll: Poll;
  private readonly _drivers = new Map<string, GatewayDriver>();
  private readonly _names = new Map<string, string>();
  private readonly _creating = new Set<string>();
  private _opening: Promise<IGatewayTransport | null> | null = null;
  private _transport: IGatewayTransport | null = null;
  private _known = 0;
  private _isDisposed = false;
  private _changed = new Signal<IProvider, void>(this);
}

export namespace GatewayProvider {
  export interface IOptions {
    /** The way through the page; null where it cannot be. */
    page: (() => IGatewayTransport) | null;
    /** The way through a kernel. */
    kernel: () => IGatewayTransport;
    activity: Activity;
    /** Whether somebody has said that there is a gateway. */
    isExplicit: boolean;
    /** The address for kernels whose environment does not tell it. */
    kernelAddress?: string;
    isHub: boolean;
    /** The hub's user who looks at the page. */
    visitor?: string;
    /** The hub's user whose server it is. */
    host?: string;
    /** Seconds after which the gateway ends an idle cluster; as far as known. */
    idleTimeout: () => number | undefined;
    trans: TranslationBundle;
  }
}

namespace Private {
  export function steps(detail?: string): IStep[] {
    return [
      { id: 'scheduler', state: 'active', ...(detail ? { detail } : {}) },
      { id: 'workers', state: 'waiting' }
    ];
  }

  /** The gateway through the page, or null where the page is sent away. */
  export async function reached(
    page: IGatewayTransport
  ): Promise<IGatewayTransport | null> {
    try {
      await page.probe();
      return page;
    } catch (reason) {
      if (
        reason instanceof ClusterError &&
        reason.cause.some(({ kind }) => kind === REDIRECT)
      ) {
        page.dispose();
        return null;
      }
      throw reason;
    }
  }

  /** A refusal with the names of our form's fields. */
  export function ownFields(reason: unknown): unknown {
    if (!(reason instanceof ClusterError)) {
      return reason;
    }
    const { message, code, cause, log, hint } = reason;
    const fields = Object.fromEntries(
      Object.entries(reason.fields).map(([name, text]) => [fieldOf(name), text])
    );
    return new ClusterError(message, { code, cause, log, hint, fields });
  }

  export function stopped({
    snapshot: { id, created, options }
  }: GatewayDriver): IGatewayReport {
    return {
      name: id,
      status: 'STOPPED',
      start_time: created,
      stop_time: Date.now(),
      options: options ?? {},
      dashboard_route: null
    };
  }
}
