import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject, ReadonlyPartialJSONValue } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import type { ICosts } from '../tokens';
import {
  breakEvens,
  curves,
  IBreakEven,
  ICurve,
  ISensitivity,
  sensitivities
} from './compare/answers';
import { assumptions, IAssumption } from './compare/assumptions';
import {
  cheapest,
  compareOptions,
  IInput,
  IOptionResult,
  ISheet,
  makeSheet,
  valuesOf
} from './compare/compare';
import type { Values } from '../cluster/expression';
import { kinds } from './compare/kinds';
import { EXAMPLE, IWork, IWorkItem, PIXEL } from './compare/work';
import { isCurrency } from './money';

/** Where the input is kept over a reload. */
const STATE = 'jupyterlab-seasonal-monitor:own-or-rent';

/** Everything that the page shows, for one input. */
export interface IComparison {
  input: IInput;
  sheet: ISheet;
  values: Values;
  results: IOptionResult[];
  best: IOptionResult | null;
  assumptions: IAssumption[];
  curves: ICurve[];
  breakEvens: IBreakEven[];
  sensitivities: ISensitivity[];
}

/** The input of the page and what follows from it. */
export class CompareModel implements IDisposable {
  constructor(private _options: CompareModel.IOptions) {
    const { costs, state } = _options;
    this._saver = new Debouncer(async () => {
      await state?.save(STATE, this._input as unknown as JSONObject);
    }, 500);
    this._value = this._compare();
    costs.changed.connect(this._onCosts, this);
    this.ready = this._restore();
  }

  /** The input of an earlier page is there, if there is one. */
  readonly ready: Promise<void>;

  /** A new object with each change. */
  get value(): IComparison {
    return this._value;
  }

  get changed(): ISignal<CompareModel, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The regions that the table knows. */
  get regions(): string[] {
    const { prices } = this._options.costs.table;
    return [...new Set(prices.map(({ region }) => region))]
      .filter(Boolean)
      .sort();
  }

  /** Change a part of the work. */
  setWork(change: Partial<IWork>): void {
    this._set({ ...this._input, work: { ...this._input.work, ...change } });
  }

  /** Change a row. Another template comes with its own pixels. */
  setItem(index: number, change: Partial<IWorkItem>): void {
    const items = this._input.work.items.map((item, at): IWorkItem => {
      if (at !== index) {
        return item;
      }
      const { pixel, ...rest } = item;
      return pixel === undefined || change.kind !== undefined
        ? { ...rest, ...change }
        : { ...item, ...change };
    });
    this.setWork({ items });
  }

  addItem(): void {
    const [{ id }] = kinds(this._options.trans);
    const { items } = this._input.work;
    const { area, periods, users } =
      items[items.length - 1] ?? EXAMPLE.items[0];
    this.setWork({ items: [...items, { kind: id, area, periods, users }] });
  }

  removeItem(index: number): void {
    const { items } = this._input.work;
    this.setWork({ items: items.filter((_, at) => at !== index) });
  }

  /** Change an assumption. */
  setAssumption(name: string, value: number): void {
    const changed = { ...this._input.changed, [name]: value };
    this._set({ ...this._input, changed });
  }

  setPlace(change: Partial<Pick<IInput, 'region' | 'currency'>>): void {
    this._set({ ...this._input, ...change });
  }

  /** Everything as it was at first. */
  reset(): void {
    this._set(CompareModel.START);
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._saver.dispose();
    Signal.clearData(this);
  }

  private async _restore(): Promise<void> {
    const kept = await this._options.state?.fetch(STATE).catch(() => undefined);
    const input = readInput(kept, this._options.trans);
    if (input && !this._touched && !this._isDisposed) {
      this._input = input;
      this._update();
    }
  }

  private _set(input: IInput): void {
    this._touched = true;
    this._input = input;
    this._update();
    // Rejects when it is disposed of meanwhile.
    this._saver.invoke().catch(() => undefined);
  }

  private _onCosts(costs: ICosts): void {
    if (costs.table !== this._table) {
      this._update();
    }
  }

  private _update(): void {
    this._value = this._compare();
    this._changed.emit();
  }

  private _compare(): IComparison {
    const { costs, trans } = this._options;
    this._table = costs.table;
    const input = this._input;
    const sheet = makeSheet(input, costs.table.prices, trans);
    const values = valuesOf(sheet);
    const results = compareOptions(sheet, values, trans);
    const items = assumptions(trans);
    return {
      input,
      sheet,
      values,
      results,
      best: cheapest(results, sheet.currency),
      assumptions: items,
      curves: curves(sheet, trans),
      breakEvens: breakEvens(sheet, trans),
      sensitivities: sensitivities(sheet, items, trans)
    };
  }

  private _input: IInput = CompareModel.START;
  private _table: ICosts['table'] | undefined;
  private _value: IComparison;
  private _touched = false;
  private _saver: Debouncer;
  private _isDisposed = false;
  private _changed = new Signal<CompareModel, void>(this);
}

export namespace CompareModel {
  export interface IOptions {
    costs: ICosts;
    trans: TranslationBundle;
    /** Where the input is kept. */
    state: IStateDB | null;
  }

  /** What the page begins with. */
  export const START: IInput = {
    work: EXAMPLE,
    changed: {},
    region: 'us-east-1',
    currency: 'USD'
  };
}

/** An input as it was kept; null where it is none. */
export function readInput(
  value: ReadonlyPartialJSONValue | undefined,
  trans: TranslationBundle
): IInput | null {
  const input = object(value);
  const work = object(input.work);
  const amount = (number: unknown, fallback: number): number =>
    typeof number === 'number' && Number.isFinite(number) && number >= 0
      ? number
      : fallback;
  if (!Array.isArray(work.items)) {
    return null;
  }
  const known = new Set(kinds(trans).map(({ id }) => id));
  const items = work.items.map(object).flatMap(item =>
    typeof item.kind === 'string' && known.has(item.kind)
      ? [
          {
            kind: item.kind,
            area: amount(item.area, 0),
            ...(amount(item.pixel, 0) >= PIXEL[0]
              ? { pixel: Math.min(amount(item.pixel, 0), PIXEL[1]) }
              : {}),
            periods: amount(item.periods, 1),
            users: amount(item.users, 1)
          }
        ]
      : []
  );
  const bounds = new Map(assumptions(trans).map(item => [item.name, item]));
  const changed: Record<string, number> = {};
  for (const [name, number] of Object.entries(object(input.changed))) {
    const item = bounds.get(name);
    if (
      item &&
      typeof number === 'number' &&
      number >= item.minimum &&
      number <= item.maximum
    ) {
      changed[name] = number;
    }
  }
  const { region, currency } = input;
  return {
    work: {
      mode: work.mode === 'hours' ? 'hours' : 'templates',
      items,
      coreHours: amount(work.coreHours, EXAMPLE.coreHours),
      gigabytes: amount(work.gigabytes, EXAMPLE.gigabytes),
      peakCoreHours: amount(work.peakCoreHours, EXAMPLE.peakCoreHours),
      peakHours: amount(work.peakHours, EXAMPLE.peakHours) || 1,
      users: amount(work.users, EXAMPLE.users)
    },
    changed,
    region: typeof region === 'string' ? region : CompareModel.START.region,
    currency:
      typeof currency === 'string' && isCurrency(currency)
        ? currency
        : CompareModel.START.currency
  };
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
