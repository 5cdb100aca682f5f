/**
 * A class as its trainer sees it: the rows, where they come from, and the acts
 * on them. Nothing is asked before {@link ClassRoom.isShown} is set.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { toClusterError } from '../cluster/errors';
import { ClusterError } from '../tokens';
import type { ILevel, IWays } from './levels';
import type { Orders } from './orders';
import { mergeRows } from './participants';
import type { IClassRules } from './rules';
import type { Act, IOrder, IParticipant } from './serviceWire';

/** How often the table is read while it is seen, in ms. */
const INTERVAL = 7000;

/** The longest pause after errors, in ms. */
const MAX_INTERVAL = 60_000;

export class ClassRoom implements IDisposable {
  constructor(private _options: ClassRoom.IOptions) {
    this._poll = new Poll({
      auto: false,
      name: 'jupyterlab-seasonal-monitor:class',
      standby: 'when-hidden',
      frequency: { interval: INTERVAL, max: MAX_INTERVAL, backoff: true },
      factory: () => this._look()
    });
  }

  get changed(): ISignal<ClassRoom, void> {
    return this._changed;
  }

  /** By name; those of the last look that went well. */
  get rows(): readonly IParticipant[] {
    return this._rows;
  }

  /** What the rows come from; empty until it is known. */
  get levels(): readonly ILevel[] {
    return this._ways?.levels ?? [];
  }

  /** What can be done to servers and clusters. */
  get may(): readonly Act[] {
    return this._ways?.may ?? [];
  }

  /** Whether participants hear announcements. */
  get canAnnounce(): boolean {
    return this._ways?.service !== null && this._ways !== null;
  }

  /** When the rows were read, ms since the epoch; 0 before. */
  get seen(): number {
    return this._seen;
  }

  /** Why the last look went wrong; null when it did not. */
  get problem(): ClusterError | null {
    return this._problem;
  }

  /** Names that are selected and still there. */
  get selected(): ReadonlySet<string> {
    return this._selected;
  }

  set selected(names: ReadonlySet<string>) {
    this._selected = names;
    this._changed.emit();
  }

  /** Whether somebody can see the page; then it looks. */
  get isShown(): boolean {
    return this._isShown;
  }

  set isShown(shown: boolean) {
    if (shown !== this._isShown && !this.isDisposed) {
      this._isShown = shown;
      void (shown ? this._poll.start() : this._poll.stop());
    }
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._poll.dispose();
      this._ways?.service?.dispose();
      Signal.clearData(this);
    }
  }

  /** Look now. */
  async refresh(): Promise<void> {
    await this._poll.refresh();
    await this._poll.tick;
  }

  /** Find out anew where rows can come from. */
  async retry(): Promise<void> {
    this._ways = null;
    await this.refresh();
  }

  /** Whom an act is for: those who are selected, or all. */
  get chosen(): readonly IParticipant[] {
    return this._selected.size > 0
      ? this._rows.filter(({ name }) => this._selected.has(name))
      : this._rows;
  }

  /** Tell something to these people, or to all where there are none. */
  async announce(text: string, users: readonly string[]): Promise<void> {
    await this._service.announce(text, users);
  }

  /** What is set for the class while it goes on. */
  get rules(): IClassRules {
    return this._options.orders.rules;
  }

  /** Set something for these people, or for all where there are none. */
  async order(order: IOrder, users: readonly string[]): Promise<void> {
    const service = this._service;
    await service.order(order, users);
    await this._options.orders.heed(service);
    this._changed.emit();
  }

  /** @returns Why servers did not start, by name. */
  startServers(users: readonly string[]): Promise<Record<string, string>> {
    return this._act(() => this._servers.startServers(users), STARTED);
  }

  /** @returns Why servers did not stop, by name. */
  stopServers(users: readonly string[]): Promise<Record<string, string>> {
    return this._act(() => this._servers.stopServers(users), STOPPED);
  }

  /** @returns Why clusters of the gateway did not stop, by name. */
  stopClusters(users: readonly string[]): Promise<Record<string, string>> {
    return this._act(() => this._service.stopClusters(users), /^\d+$/);
  }

  private async _act(
    act: () => Promise<Record<string, string>>,
    done: RegExp
  ): Promise<Record<string, string>> {
    const outcomes = await act();
    void this._poll.refresh();
    return Object.fromEntries(
      Object.entries(outcomes).filter(([, outcome]) => !done.test(outcome))
    );
  }

  private get _service(): NonNullable<IWays['service']> {
    return this._ways?.service ?? this._missing();
  }

  private get _servers(): NonNullable<IWays['servers']> {
    return this._ways?.servers ?? this._missing();
  }

  private _missing(): never {
    const { trans } = this._options;
    throw new ClusterError(
      trans.__('This hub does not let the page do that.'),
      {
        code: 'unavailable',
        hint: trans.__('See below the table what is missing for it.')
      }
    );
  }

  private async _look(): Promise<void> {
    try {
      const ways = (this._ways ??= await this._options.find());
      let rows: IParticipant[] | null = null;
      for (const source of ways.sources) {
        const told = await source.participants();
        // Who is in the class is for the first to say: anybody writes files.
        rows = rows === null ? told : mergeRows(rows, told);
      }
      if (ways.service) {
        await this._options.orders.heed(ways.service);
      }
      if (this.isDisposed) {
        return;
      }
      this._rows = [...(rows ?? [])].sort((a, b) =>
        a.name.localeCompare(b.name)
      );
      const names = new Set(this._rows.map(({ name }) => name));
      this._selected = new Set(
        [...this._selected].filter(name => names.has(name))
      );
      this._problem = null;
      this._seen = Date.now();
    } catch (reason) {
      this._problem = toClusterError(reason);
      throw reason;
    } finally {
      this._changed.emit();
    }
  }

  private readonly _poll: Poll;
  private readonly _changed = new Signal<ClassRoom, void>(this);
  private _ways: IWays | null = null;
  private _rows: readonly IParticipant[] = [];
  private _selected: ReadonlySet<string> = new Set();
  private _problem: ClusterError | null = null;
  private _seen = 0;
  private _isShown = false;
}

export namespace ClassRoom {
  export interface IOptions {
    /** Find out where rows can come from. */
    find: () => Promise<IWays>;
    /** What was set for it, which the page remembers. */
    orders: Orders;
    trans: TranslationBundle;
  }
}

/** What became of servers that did as they were told. */
const [STARTED, STOPPED] = [/^(running|starting)$/, /^(stopped|stopping)$/];
