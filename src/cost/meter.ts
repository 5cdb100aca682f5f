import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import type {
  IClusterCost,
  ICluster,
  IClusterManager,
  ICostTotal,
  ICosts,
  IForecast,
  ILack,
  History,
  IPlanned,
  IPriceTable,
  IUsage,
  Money
} from '../tokens';
import { describeBasis, describeLack } from './basis';
import { lastSeen, mergeHistories, oldDays, periods } from './history';
import { formatMoney } from './money';
import { forecastCost, placeOf, pricePerHour, priceUsage } from './rate';
import { IRated, Rates, totalOf } from './rates';
import { isSomething, recordsOf, without } from './records';
import type { IHistoryStore } from './store';
import { countedUntil, observe } from './usage';

/** How long changes are collected before they are written, in ms. */
const DELAY = 5000;

/** What is only carried on is written when the page is left, at most so often, in ms. */
const CARRIED = 300_000;

/**
 * Puts the prices on the time that workers were there, and keeps what came of
 * it by day.
 *
 * #### Notes
 * It asks no cluster anything. Time is the owner's count, carried on to now, so
 * a reload, a second tab or a lost owner changes nothing. It writes only when
 * workers came or went, when a cluster ended, and when the page is left.
 */
export class Meter implements ICosts, IDisposable {
  constructor(private _options: Meter.IOptions) {
    const { manager } = _options;
    this._writer = new Debouncer(() => this._write(), DELAY);
    manager.changed.connect(this._onClusters, this);
    this._onClusters();
    document.addEventListener('visibilitychange', this);
  }

  get changed(): ISignal<ICosts, void> {
    return this._changed;
  }

  get table(): IPriceTable {
    return this._table;
  }

  get problem(): string {
    return this._problem;
  }

  /** Says which budgets a cluster's card warns of. */
  warn: (cluster: ICluster, now: number) => readonly string[] = () => [];

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The table of prices changed. */
  setPrices(table: IPriceTable): void {
    this._table = table;
    this._rates = new Rates();
    this._note();
    this._tell();
  }

  /** What a cluster costs, without the words; null where no price is set. */
  amounts(
    cluster: ICluster,
    now: number
  ): Pick<IClusterCost, 'perHour' | 'soFar'> | null {
    const counted = this._counted(cluster);
    if (!counted) {
      return null;
    }
    const { rate, usage } = counted;
    const until = countedUntil(cluster.snapshot, now);
    const here = cluster.snapshot.workers !== undefined;
    return {
      perHour: here ? pricePerHour(rate, usage) : {},
      soFar: priceUsage(rate, usage, until)
    };
  }

  of(cluster: ICluster, now: number): IClusterCost | null {
    const amounts = this.amounts(cluster, now);
    const counted = this._counted(cluster);
    if (!amounts || !counted) {
      return null;
    }
    const { trans, locale } = this._options;
    return {
      ...amounts,
      warnings: this.warn(cluster, now),
      basis: describeBasis(
        {
          ...counted,
          locale,
          observed: cluster.snapshot.usage === undefined
        },
        trans
      )
    };
  }

  lack(cluster: ICluster): ILack | null {
    const { provider, snapshot } = cluster;
    return this._rate(cluster)
      ? null
      : describeLack(
          this._table.prices,
          placeOf(provider, snapshot.options),
          this._options.trans
        );
  }

  forecast(planned: IPlanned): IForecast | null {
    const cost = forecastCost(this._table.prices, planned);
    return cost && { cost, text: formatMoney(cost, this._options.locale) };
  }

  /** Added up once for each change: a page asks as often as it draws. */
  total(): ICostTotal | null {
    if (this._total === undefined) {
      this._total = totalOf(this._options.manager.clusters, cluster =>
        this._counted(cluster)
      );
    }
    return this._total;
  }

  async history(): Promise<History> {
    const known = await this._load();
    this._observeAll();
    return mergeHistories(known, this._records(Date.now()));
  }

  spent(period: string, now: number): Money | null {
    if (!this._earlier) {
      void this._recall();
      return null;
    }
    const known = mergeHistories(this._earlier, this._done);
    const by = period.length > 7 ? 'day' : 'month';
    const found = periods(mergeHistories(known, this._records(now)), by).find(
      item => item.period === period
    );
    return found?.cost ?? {};
  }

  /** Write what is collected at once. */
  async flush(): Promise<void> {
    await this._write();
  }

  handleEvent(): void {
    if (document.visibilityState !== 'hidden') {
      return;
    }
    // Who ended is told by nobody again; who goes on is, by the cluster's owner.
    const late = Date.now() - this._written > CARRIED;
    if (isSomething(this._done) || (late && this._open.size > 0)) {
      void this._write(true);
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    document.removeEventListener('visibilitychange', this);
    this._writer.dispose();
    Signal.clearData(this);
  }

  private _onClusters(): void {
    const { clusters } = this._options.manager;
    for (const cluster of clusters) {
      // A slot that is connected already stays connected once.
      cluster.changed.connect(this._onCluster, this);
      this._onCluster(cluster);
    }
    for (const cluster of this._open) {
      if (!clusters.includes(cluster)) {
        this._close(cluster);
      }
    }
    this._tell();
  }

  private _onCluster(cluster: ICluster): void {
    const { usage, workers, state, name, options } = cluster.snapshot;
    const mark = JSON.stringify([
      usage ?? workers,
      workers?.ready,
      state,
      name,
      // Where it runs, and so its price, is told by these.
      options !== undefined
    ]);
    if (this._marks.get(cluster) === mark) {
      return;
    }
    this._marks.set(cluster, mark);
    this._observe(cluster);
    if (this._usage(cluster)) {
      this._open.add(cluster);
      this._note();
    }
    this._tell();
  }

  /** The cluster went: its record is final. */
  private _close(cluster: ICluster): void {
    this._open.delete(cluster);
    const now = Date.now();
    this._done = mergeHistories(
      this._done,
      this._recordsOf(cluster, now, true)
    );
    this._note();
  }

  /** Count what its owner does not count, from what earlier pages counted. */
  private _observe(cluster: ICluster): void {
    const { snapshot } = cluster;
    if (snapshot.usage || !(snapshot.workers || this._observed.has(cluster))) {
      return;
    }
    if (!this._earlier) {
      void this._recall();
      return;
    }
    const known =
      this._observed.get(cluster) ?? lastSeen(this._earlier, cluster.key);
    this._observed.set(cluster, observe(known, snapshot, Date.now()));
  }

  /** What earlier pages counted is asked for once, when it is needed. */
  private async _recall(): Promise<void> {
    this._recalling ??= this._load();
    const earlier = await this._recalling;
    if (!this._earlier && !this._isDisposed) {
      this._earlier = earlier;
      this._options.manager.clusters.forEach(cluster => {
        this._marks.delete(cluster);
        this._onCluster(cluster);
      });
      this._tell();
    }
  }

  private _observeAll(): void {
    this._open.forEach(cluster => this._observe(cluster));
  }

  private _usage(cluster: ICluster): IUsage | undefined {
    return cluster.snapshot.usage ?? this._observed.get(cluster);
  }

  /** What is counted of a cluster, and at which rate. */
  private _counted(cluster: ICluster): (IRated & { usage: IUsage }) | null {
    const usage = this._usage(cluster);
    const found = this._rate(cluster);
    return usage && found ? { usage, ...found } : null;
  }

  private _rate(cluster: ICluster): IRated | null {
    return this._rates.of(cluster, this._table.prices);
  }

  private _note(): void {
    if (this._open.size > 0 || isSomething(this._done)) {
      // Rejects when it is disposed of meanwhile.
      this._writer.invoke().catch(() => undefined);
    }
  }

  private async _load(): Promise<History> {
    try {
      const history = await this._options.store.load();
      this._problem = '';
      return mergeHistories(history, this._done);
    } catch (reason) {
      this._fail(reason);
      return this._done;
    }
  }

  /** @param leaves - The page may be gone before a second request. */
  private async _write(leaves = false): Promise<void> {
    const now = Date.now();
    const records = mergeHistories(this._done, this._records(now));
    if (!isSomething(records)) {
      return;
    }
    this._written = now;
    try {
      const { store } = this._options;
      const today = new Date(now).toISOString().slice(0, 10);
      const prunes = !this._pruned && !leaves;
      const old = prunes ? oldDays(await store.load(), today) : [];
      await store.save(records, old);
      this._pruned ||= prunes;
      if (this._earlier) {
        this._earlier = mergeHistories(this._earlier, records);
      }
      // What came meanwhile stays for the next time.
      this._done = without(this._done, records);
      this._problem = '';
    } catch (reason) {
      this._fail(reason);
    }
    if (!this._isDisposed) {
      this._tell();
    }
  }

  /** What is counted, or at which price, is something else now. */
  private _tell(): void {
    this._total = undefined;
    this._changed.emit();
  }

  private _fail(reason: unknown): void {
    const { trans } = this._options;
    this._problem = trans.__(
      'What clusters cost could not be kept on the server (%1). It is kept in this page until it is closed.',
      reason instanceof Error ? reason.message : String(reason)
    );
  }

  private _records(now: number): History {
    let all: History = {};
    for (const cluster of this._open) {
      all = mergeHistories(all, this._recordsOf(cluster, now, false));
    }
    return all;
  }

  private _recordsOf(cluster: ICluster, now: number, gone: boolean): History {
    const usage = this._usage(cluster);
    const rate = this._rate(cluster)?.rate;
    return usage ? recordsOf(cluster, usage, { now, gone, rate }) : {};
  }

  private _table: IPriceTable = { prices: [], problems: [] };
  private _problem = '';
  private _rates = new Rates();
  /** Undefined when it is to be added up again. */
  private _total: ICostTotal | null | undefined;
  private _marks = new WeakMap<ICluster, string>();
  private _observed = new WeakMap<ICluster, IUsage>();
  /** What earlier pages counted, once it is known. */
  private _earlier: History | undefined;
  private _recalling: Promise<History> | undefined;
  /** Clusters that have a usage and have not gone. */
  private _open = new Set<ICluster>();
  /** Records of clusters that went, until they are written. */
  private _done: History = {};
  private _written = 0;
  private _pruned = false;
  private _writer: Debouncer;
  private _isDisposed = false;
  private _changed = new Signal<ICosts, void>(this);
}

export namespace Meter {
  export interface IOptions {
    manager: IClusterManager;
    store: IHistoryStore;
    trans: TranslationBundle;
    /** The page's language, as BCP 47. */
    locale?: string;
  }
}
