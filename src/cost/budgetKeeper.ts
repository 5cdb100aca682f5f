import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Throttler } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { ClusterError, ICluster, IClusterManager, Money } from '../tokens';
import { hold } from './hold';
import {
  describeBudget,
  IBudget,
  IBudgetTable,
  ISpending,
  judge,
  nameOf,
  usedUpAt
} from './budgets';

/** How often what is spent is added up, in ms; that asks nobody anything. */
const INTERVAL = 30_000;

/** Changes that come together are looked at together, in ms. */
const TOGETHER = 500;

/** An end is ordered again when it has moved by more than this, in ms. */
const MOVED = 60_000;

/** How the names of the orders begin that are given here; see `nameOf`. */
const OWN = 'budget ';

const UP: readonly string[] = ['running', 'degraded'];

/** What the keeper reads of the meter. */
export interface ISpendings {
  readonly changed: ISignal<unknown, void>;
  amounts(
    cluster: ICluster,
    now: number
  ): { perHour: Money; soFar: Money } | null;
  total(): { perHour: Money; unpriced: number } | null;
  /** Of a day or month such as `2026-11`; null until it is known. */
  spent(period: string, now: number): Money | null;
}

/**
 * Keeps clusters within the budgets: says when one is nearly used up, refuses
 * to let clusters grow when it is, and orders their end where that is wanted.
 *
 * #### Notes
 * The end is ordered from the cluster's owner ahead of time, so it comes also
 * when no page is open; where the owner cannot, by pages. Clusters without a price are
 * never counted. Which orders there are is what the owner tells, so a page that comes
 * later takes back those of budgets that are gone.
 */
export class BudgetKeeper implements IDisposable {
  constructor(private _options: BudgetKeeper.IOptions) {
    const { manager } = _options;
    this._throttler = new Throttler(() => this._check(), TOGETHER);
    this._timer = setInterval(() => this._look(), INTERVAL);
    this._guard = manager.guard((_, cluster) => this._refuse(cluster));
    _options.costs.changed.connect(() => this._look(), this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The budgets in force. */
  get table(): IBudgetTable {
    return this._table ?? { budgets: [], problems: [] };
  }

  set table(table: IBudgetTable) {
    // Where there was a budget, its orders may have to be taken back.
    const had = this.table.budgets.length > 0;
    this._table = table;
    this._look(had);
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    clearInterval(this._timer);
    this._throttler.dispose();
    this._guard.dispose();
    Signal.clearData(this);
  }

  /** Sentences for the card of a cluster: the budgets that are nearly used up. */
  warnings(cluster: ICluster, now: number): string[] {
    const { trans, locale } = this._options;
    return this.table.budgets.flatMap(budget => {
      const spending = this._spending(budget, cluster, now);
      return spending && judge(budget, spending) !== 'fine'
        ? [describeBudget(budget, spending, trans, locale)]
        : [];
    });
  }

  private _look(had = false): void {
    const { clusters } = this._options.manager;
    const looks =
      had ||
      this.table.budgets.length > 0 ||
      clusters.some(({ snapshot }) => snapshot.orders);
    // As long as the budgets are not read, none of them is known to be gone.
    if (!this._isDisposed && this._table && looks) {
      this._throttler.invoke().catch(() => undefined);
    }
  }

  /** What is spent of a budget; null where it is not known in its currency. */
  private _spending(
    { period, currency }: IBudget,
    cluster: ICluster | null,
    now: number
  ): ISpending | null {
    const { costs } = this._options;
    if (period === 'cluster') {
      const cost = cluster && costs.amounts(cluster, now);
      return cost && currency in cost.soFar
        ? {
            spent: cost.soFar[currency],
            perHour: cost.perHour[currency] ?? 0
          }
        : null;
    }
    const date = new Date(now).toISOString();
    const spent = costs.spent(date.slice(0, period === 'day' ? 10 : 7), now);
    return spent && currency in spent
      ? {
          spent: spent[currency],
          perHour: costs.total()?.perHour[currency] ?? 0
        }
      : null;
  }

  /** Throw in words where a budget of all clusters, or of this one, is used up. */
  private _refuse(cluster: ICluster | null = null): void {
    const { trans, locale } = this._options;
    const now = Date.now();
    for (const budget of this.table.budgets) {
      const spending = this._spending(budget, cluster, now);
      if (spending && judge(budget, spending) === 'over') {
        throw new ClusterError(
          describeBudget(budget, spending, trans, locale),
          {
            code: 'limit',
            hint: budget.fixed
              ? trans.__(
                  'Your administrator has set it: stop a cluster, or ask for more.'
                )
              : trans.__(
                  'Change it in the settings, under Dask cluster prices.'
                )
          }
        );
      }
    }
  }

  private _check(): void {
    const now = Date.now();
    const clusters = this._options.manager.clusters.filter(
      ({ snapshot, capabilities }) =>
        UP.includes(snapshot.state) && capabilities.stop
    );
    // Of several budgets of one name the smallest is the one that counts.
    const budgets = [...this.table.budgets].sort((a, b) => a.amount - b.amount);
    const stops = new Map(
      budgets
        .filter(budget => budget.stops)
        .reverse()
        .map(budget => [nameOf(budget, now), budget])
    );
    clusters.forEach(cluster => this._takeBack(cluster, stops));
    for (const budget of budgets) {
      const name = nameOf(budget, now);
      const mark = `${name} ${budget.amount}`;
      if (budget.period !== 'cluster') {
        this._tell(budget, mark, this._spending(budget, null, now));
      }
      for (const cluster of clusters) {
        const spending = this._spending(budget, cluster, now);
        if (budget.period === 'cluster') {
          this._tell(budget, `${mark} ${cluster.key}`, spending);
        }
        if (
          stops.get(name) === budget &&
          spending &&
          this._takesOrders(cluster)
        ) {
          this._order(cluster, budget, name, usedUpAt(budget, spending, now));
        }
        if (spending && judge(budget, spending) === 'over') {
          this._hold(cluster, mark);
        }
      }
    }
  }

  /**
   * A cluster that adapts grows by itself: it keeps at most the workers that it has
   * now, once for each budget that is used up.
   */
  private _hold(cluster: ICluster, mark: string): void {
    const { manager } = this._options;
    const held = this._held.get(cluster) ?? new Set();
    const { maximum } = cluster.snapshot.workers ?? {};
    if (
      maximum === undefined ||
      held.has(mark) ||
      manager.readOnly ||
      !cluster.capabilities.adapt
    ) {
      return;
    }
    this._held.set(cluster, held.add(mark));
    void hold(manager, cluster).then(
      isHeld => isHeld || held.delete(mark),
      () => held.delete(mark)
    );
  }

  /** Say once that a budget is nearly used up, and once that it is. */
  private _tell(
    budget: IBudget,
    name: string,
    spending: ISpending | null
  ): void {
    const verdict = spending ? judge(budget, spending) : 'fine';
    const mark = `${name} ${verdict}`;
    if (!spending || verdict === 'fine' || this._told.has(mark)) {
      return;
    }
    this._told.add(mark);
    const { trans, locale } = this._options;
    const words = [describeBudget(budget, spending, trans, locale)];
    if (verdict === 'over' && budget.period !== 'cluster') {
      words.push(trans.__('No cluster starts or grows until it has changed.'));
    }
    Notification.warning(words.join(' '), { autoClose: false });
  }

  /** Take back the orders for budgets that there are no more. */
  private _takeBack(
    cluster: ICluster,
    stops: ReadonlyMap<string, IBudget>
  ): void {
    const orders = this._orders(cluster);
    for (const [name, at] of orders) {
      if (at !== null && !stops.has(name)) {
        orders.set(name, null);
        this._options.manager
          .end(cluster.key, { name, at: null, text: name, final: false })
          .catch(() => orders.set(name, at));
      }
    }
  }

  /** Whether its owner keeps such orders, or this page does, which may act. */
  private _takesOrders({ capabilities: { keep, ends } }: ICluster): boolean {
    return ends === 'page' ? !this._options.manager.readOnly : keep === true;
  }

  /** The orders that were given, by this page or as the owner tells. */
  private _orders(cluster: ICluster): Map<string, number | null> {
    const orders = this._ordered.get(cluster) ?? new Map();
    for (const { name, at } of cluster.snapshot.orders ?? []) {
      if (name.startsWith(OWN) && !orders.has(name)) {
        orders.set(name, at);
      }
    }
    this._ordered.set(cluster, orders);
    return orders;
  }

  private _order(
    cluster: ICluster,
    budget: IBudget,
    name: string,
    at: number | null
  ): void {
    const orders = this._orders(cluster);
    const known = orders.get(name);
    const isNews =
      at === null
        ? known !== undefined && known !== null
        : typeof known !== 'number' || Math.abs(at - known) > MOVED;
    // A time that is past already was ordered.
    if (!isNews || (known && known < Date.now() && at !== null)) {
      return;
    }
    orders.set(name, at);
    const { manager, trans, locale } = this._options;
    const spending = { spent: budget.amount, perHour: 0 };
    manager
      .end(cluster.key, {
        name,
        at,
        text: describeBudget(budget, spending, trans, locale),
        final: budget.fixed
      })
      .catch(() => orders.delete(name));
  }

  /** Null until the settings are read. */
  private _table: IBudgetTable | null = null;
  private _throttler: Throttler;
  private _timer: ReturnType<typeof setInterval>;
  private _guard: IDisposable;
  private _told = new Set<string>();
  private _held = new WeakMap<ICluster, Set<string>>();
  private _ordered = new WeakMap<ICluster, Map<string, number | null>>();
  private _isDisposed = false;
}

export namespace BudgetKeeper {
  export interface IOptions {
    manager: IClusterManager;
    costs: ISpendings;
    trans: TranslationBundle;
    /** The page's language, as BCP 47. */
    locale?: string;
  }
}
