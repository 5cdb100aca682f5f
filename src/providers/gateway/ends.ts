/**
 * Ends of a gateway's cluster that are ordered, such as for a budget. A gateway
 * keeps none, so pages do: in this browser, for all its tabs, and only while one
 * is open.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { ClusterError, IClusterSnapshot, IEndOrder } from '../../tokens';

/** An order that holds. */
type Order = IEndOrder & { at: number };

/** What is kept of a cluster's ends. */
export interface IEnds {
  orders: Order[];
  /** Orders that somebody has put off: they are not taken again. */
  kept: string[];
}

/** Minutes before the end at which it is said. */
const MARKS = [5, 1];

const MINUTE = 60_000;

/** A page that comes so late, in ms, slept: it says the end anew. */
const LATE = 2 * MINUTE;

/** The longest time, in ms, for which a browser can be told to wait. */
const LONGEST = 2 ** 31 - 1;

/** The ends of one cluster, as the controller keeps them for other clusters. */
export class PageEnds implements IDisposable {
  constructor(private _options: PageEnds.IOptions) {}

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Tell what an earlier page has left to do, if it has. */
  start(): void {
    this.sync();
    if (this._ends.orders.length > 0) {
      this._options.changed();
    }
  }

  /** Whether an order ends it first, which can be put off. */
  canKeep(idle: number | undefined): boolean {
    const first = this._firstBefore(idle);
    return first !== undefined && !first.final;
  }

  /**
   * What a snapshot tells of its end.
   *
   * @param idle - When the gateway ends it, if nothing runs until then.
   */
  figures(idle: number | undefined): Partial<IClusterSnapshot> {
    const first = this._firstBefore(idle);
    const left = first ? first.at - Date.now() : Infinity;
    const { orders } = this._ends;
    return {
      stopsAt: first?.at ?? idle,
      stopsFor: first ? 'budget' : undefined,
      stopsWhy: first?.text,
      stopsWithin: [...MARKS].reverse().find(mark => left <= mark * MINUTE),
      orders: orders.length > 0 ? orders : undefined
    };
  }

  /** Take an order, at the earliest when all marks were said. */
  order({ at, ...order }: IEndOrder): void {
    this._read();
    const { orders, kept } = this._ends;
    const known = orders.find(({ name }) => name === order.name);
    if (at === null ? !known : kept.includes(order.name) && !order.final) {
      return;
    }
    const others = orders.filter(item => item !== known);
    if (at === null) {
      this._write({ orders: others, kept });
      return;
    }
    const earliest = Math.max(at, Date.now() + MARKS[0] * MINUTE);
    // A time that is past already is told again and again: that puts off nothing.
    const end =
      known && at <= known.at ? Math.min(known.at, earliest) : earliest;
    this._write({ orders: [...others, { ...order, at: end }], kept });
  }

  /** It could not be carried out: say it anew, and try again. */
  again({ name }: IEndOrder): void {
    this._read();
    const at = Date.now() + MARKS[0] * MINUTE;
    const orders = this._ends.orders.map(item =>
      item.name === name ? { ...item, at } : item
    );
    this._write({ ...this._ends, orders });
  }

  /** Let the cluster go on past the order that would end it first. */
  keep(idle: number | undefined): void {
    const { trans } = this._options;
    this._read();
    const first = this._firstBefore(idle);
    if (!first) {
      throw new ClusterError(
        trans.__('Its gateway ends this cluster, and nobody can put that off.'),
        { code: 'invalid', hint: trans.__('Run something on it.') }
      );
    }
    if (first.final) {
      throw new ClusterError(first.text, {
        code: 'limit',
        hint: trans.__(
          'Your administrator has set this budget: save your results, or ask for more.'
        )
      });
    }
    this._write({
      orders: this._ends.orders.filter(item => item !== first),
      kept: [...this._ends.kept, first.name]
    });
  }

  /** Take over what other tabs have ordered or put off. */
  sync(): void {
    this._read();
    const now = Date.now();
    if (this._ends.orders.some(({ at }) => at < now - LATE)) {
      // Nobody was there to say it.
      const orders = this._ends.orders.map(order => ({
        ...order,
        at: order.at < now - LATE ? now + MARKS[0] * MINUTE : order.at
      }));
      this._write({ ...this._ends, orders });
    } else {
      this._wait();
    }
  }

  dispose(): void {
    this._isDisposed = true;
    clearTimeout(this._timer);
  }

  private _firstBefore(idle = Infinity): Order | undefined {
    const [first] = [...this._ends.orders].sort((a, b) => a.at - b.at);
    return first && first.at <= idle ? first : undefined;
  }

  private _read(): void {
    this._ends = this._options.read() ?? { orders: [], kept: [] };
  }

  private _write(ends: IEnds): void {
    this._ends = ends;
    this._options.write(ends);
    this._wait();
    this._options.changed();
  }

  /** Wait for the next mark or end. */
  private _wait(): void {
    clearTimeout(this._timer);
    const first = this._firstBefore();
    if (!first || this._isDisposed) {
      return;
    }
    const left = first.at - Date.now();
    const steps = [...MARKS.map(mark => left - mark * MINUTE), left];
    const next = Math.max(0, Math.min(...steps.filter(step => step > 0), left));
    this._timer = setTimeout(
      () => this._look(),
      Math.min(LONGEST, Number.isFinite(next) ? next : 0)
    );
  }

  /** A mark or an end is reached, if no other tab put it off. */
  private _look(): void {
    this.sync();
    const first = this._firstBefore();
    const late = first ? Date.now() - first.at : -1;
    if (first && late >= 0 && late <= LATE) {
      clearTimeout(this._timer);
      this._options.due(first);
    } else {
      this._options.changed();
    }
  }

  private _ends: IEnds = { orders: [], kept: [] };
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _isDisposed = false;
}

export namespace PageEnds {
  export interface IOptions {
    /** What this browser keeps. */
    read: () => IEnds | undefined;
    write: (ends: IEnds) => void;
    /** Its figures are others now. */
    changed: () => void;
    /** It ends now. */
    due: (order: IEndOrder) => void;
    trans: TranslationBundle;
  }
}

/** What is stored of a cluster's ends, as far as it can be used. */
export function readEnds(stored: unknown): IEnds | undefined {
  const { orders, kept } = (stored ?? {}) as Record<string, unknown>;
  return Array.isArray(orders) && Array.isArray(kept)
    ? {
        orders: orders.filter(
          (order): order is Order =>
            typeof order?.name === 'string' &&
            Number.isFinite(order.at) &&
            typeof order.text === 'string' &&
            typeof order.final === 'boolean'
        ),
        kept: kept.filter(name => typeof name === 'string')
      }
    : undefined;
}
