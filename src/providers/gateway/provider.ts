/** The clusters of a Dask Gateway. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ISignal, Signal } from '@lumino/signaling';
import { toClusterError } from '../../cluster/errors';
import {
  ClusterError,
  IClusterDriver,
  IClusterLimits,
  IClusterRequest,
  IConnection,
  IProfile,
  IProvider,
  IProviderForm,
  IStart
} from '../../tokens';
import type { Activity } from '../kernel/activity';
import { cancelled } from '../kernel/errors';
import type { IGatewayReport } from '../kernel/protocolGateway';
import { GatewayDriver } from './driver';
import { fieldOf, gatewaySchema, splitOptions } from './form';
import { fewAtOnce, Looks } from './looks';
import type { Records } from './records';
import { askFor, startSteps, takeBack, untilRunning } from './start';
import type { IGatewayTransport } from './transport';
import { Way } from './way';

/** So long, in ms, the list is fresh enough for who opens the sidebar. */
const FRESH = 10_000;

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
    this._way = new Way({ ...options, found: () => this._changed.emit() });
    this.label = trans.__('Dask Gateway');
    this.caption = trans.__('Workers on the machines of your hub');
    this._looks = new Looks({
      activity: options.activity,
      drivers: () => [...this._drivers.values()],
      list: () => this._look()
    });
  }

  readonly id = 'gateway';
  readonly label: string;
  readonly caption: string;
  readonly rank = 200;
  readonly survives = 'server';

  /** Whether there is a gateway, as far as is known. */
  get creates(): boolean {
    return this._way.transport !== null || this._options.isExplicit;
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
      notes: this._way.isForeign
        ? [
            trans.__(
              'It will be a cluster of %1. Notebooks of this server cannot use it.',
              this._way.owner ?? ''
            )
          ]
        : []
    };
  }

  async create(
    request: IClusterRequest,
    start: IStart
  ): Promise<IClusterDriver> {
    const { trans } = this._options;
    const transport = await this._required();
    const { options, wish } = splitOptions(request.options);
    start.progress(startSteps());
    const name = await askFor(transport, options, start, trans);
    this._creating.add(name);
    if (request.name) {
      this._options.records.set(name, { name: request.name });
    }
    let isLeft = false;
    try {
      const report = await untilRunning(transport, name, start, trans);
      const driver = this._driver(transport, report, request.limits);
      await driver.begin(wish);
      if (start.signal.aborted) {
        throw cancelled(trans);
      }
      return driver;
    } catch (reason) {
      this._drivers.get(name)?.dispose();
      const error = await takeBack(
        transport,
        { id: name, label: this._nameOf(name) },
        toClusterError(reason),
        trans
      );
      isLeft = error.code === 'left-over';
      throw error;
    } finally {
      this._creating.delete(name);
      if (isLeft) {
        this._changed.emit();
      }
    }
  }

  async discover(): Promise<IClusterDriver[]> {
    const transport = await this._way.open();
    if (!transport) {
      return [];
    }
    // A look that fails counts, too: a hub that is down is not asked more often.
    this._lookedAt = Date.now();
    const reports = await transport.list();
    await this._missing(transport, reports);
    this._looks.sync();
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
    if (this._lookedAt && Date.now() - this._lookedAt > FRESH) {
      this._changed.emit();
    }
  }

  async profiles(): Promise<IProfile[]> {
    const { trans } = this._options;
    const transport = await this._way.open().catch(() => null);
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
    this._looks.dispose();
    this._way.transport?.dispose();
    Signal.clearData(this);
  }

  private async _required(): Promise<IGatewayTransport> {
    const transport = await this._way.open();
    if (!transport) {
      const { trans } = this._options;
      throw new ClusterError(trans.__('This hub has no Dask Gateway.'), {
        code: 'unavailable',
        hint: trans.__('Start a cluster on this machine instead.')
      });
    }
    return transport;
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
    const record = this._options.records.get(name);
    const driver = new GatewayDriver({
      transport,
      report,
      name: this._nameOf(name),
      connection: this._connection(name),
      owner: this._way.owner,
      wish: record.wish,
      wished: wish => this._options.records.set(name, { wish }),
      quiet: record.quiet,
      quieted: quiet => this._options.records.set(name, { quiet }),
      ends: () => this._options.records.get(name).ends,
      ended: ends => this._options.records.set(name, { ends }),
      limits,
      idleTimeout: idleTimeout(),
      watched: () => this._looks.sync(),
      disposed: () => {
        this._drivers.delete(name);
        this._looks.sync();
      },
      trans
    });
    this._drivers.set(name, driver);
    return driver;
  }

  /** What the card of a cluster is called. */
  private _nameOf(cluster: string): string {
    return (
      this._options.records.get(cluster).name ??
      this._options.trans.__(
        'gateway-%1',
        cluster.replace(/^.*\./, '').slice(0, 8)
      )
    );
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
      ...(this._way.isForeign
        ? {
            refused: trans.__(
              'This is a cluster of %1, and the server is that of %2.',
              this._way.owner ?? '',
              this._options.host ?? ''
            )
          }
        : {})
    };
  }

  /** Learn what became of clusters that the list has no more. */
  private async _missing(
    transport: IGatewayTransport,
    reports: readonly IGatewayReport[]
  ): Promise<void> {
    const names = new Set(reports.map(({ name }) => name));
    this._options.records.keep(new Set([...names, ...this._creating]));
    const gone = [...this._drivers.values()].filter(
      ({ snapshot: { id, state } }) =>
        !names.has(id) &&
        !this._creating.has(id) &&
        ['starting', 'running', 'degraded', 'stopping'].includes(state)
    );
    await fewAtOnce(gone, async driver => {
      try {
        driver.tell(await transport.get(driver.snapshot.id, false));
      } catch (reason) {
        if (reason instanceof ClusterError && reason.code === 'not-found') {
          driver.tell(Private.stopped(driver));
        }
      }
    });
  }

  /** Read the list while somebody looks at a card. */
  private async _look(): Promise<void> {
    const transport = await this._way.open();
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
  }

  private readonly _options: GatewayProvider.IOptions;
  private readonly _way: Way;
  private readonly _looks: Looks;
  private readonly _drivers = new Map<string, GatewayDriver>();
  private readonly _creating = new Set<string>();
  /** When the list was asked for last, in ms since the epoch. */
  private _lookedAt = 0;
  private _isDisposed = false;
  private _changed = new Signal<IProvider, void>(this);
}

export namespace GatewayProvider {
  export interface IOptions extends Omit<Way.IOptions, 'found'> {
    activity: Activity;
    /** What is known of clusters beside what the gateway keeps. */
    records: Records;
    /** The address for kernels whose environment does not tell it. */
    kernelAddress?: string;
    isHub: boolean;
    /** Seconds after which the gateway ends an idle cluster; as far as known. */
    idleTimeout: () => number | undefined;
    trans: TranslationBundle;
  }
}

namespace Private {
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
