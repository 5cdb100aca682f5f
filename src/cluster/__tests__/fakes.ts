import { PromiseDelegate } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';
import {
  ClusterError,
  ICapabilities,
  IClusterDriver,
  IClusterEvent,
  IClusterRequest,
  IClusterSnapshot,
  IEndOrder,
  ILogEntry,
  IProvider,
  IProviderForm,
  IStart,
  IWorker,
  WatchDetail
} from '../../tokens';

export const ALL: ICapabilities = {
  scale: true,
  adapt: true,
  restart: true,
  rename: true,
  workers: true,
  logs: true,
  stop: true,
  keep: true
};

/** A driver whose owner is the test. */
export class FakeDriver implements IClusterDriver {
  constructor(id: string, snapshot: Partial<IClusterSnapshot> = {}) {
    this.snapshot = {
      id,
      name: `name of ${id}`,
      state: 'running',
      revision: 1,
      since: Date.now(),
      created: Date.now(),
      workers: { ready: 2, wanted: 2 },
      ...snapshot
    };
  }

  snapshot: IClusterSnapshot;
  readonly capabilities = ALL;
  readonly calls: string[] = [];
  watched: WatchDetail[] = [];
  answers = true;
  stopResult = new PromiseDelegate<void>();
  isDisposed = false;

  get changed(): ISignal<IClusterDriver, IClusterSnapshot> {
    return this._changed;
  }

  get happened(): ISignal<IClusterDriver, IClusterEvent> {
    return this._happened;
  }

  get workersChanged(): ISignal<IClusterDriver, readonly IWorker[]> {
    return this._workersChanged;
  }

  /** The owner says something, as it was or as of a later revision. */
  say(change: Partial<IClusterSnapshot>): void {
    this.snapshot = {
      ...this.snapshot,
      revision: this.snapshot.revision + 1,
      ...change
    };
    this._changed.emit(this.snapshot);
  }

  repeat(snapshot: IClusterSnapshot): void {
    this._changed.emit(snapshot);
  }

  happen(event: IClusterEvent): void {
    this._happened.emit(event);
  }

  rows(workers: IWorker[]): void {
    this._workersChanged.emit(workers);
  }

  async scale(workers: number): Promise<void> {
    this.calls.push(`scale ${workers}`);
    if (workers > 8) {
      throw new ClusterError('Too many.', { code: 'limit' });
    }
    this.say({ workers: { ready: 2, wanted: workers } });
  }

  async adapt(minimum: number, maximum: number): Promise<void> {
    this.calls.push(`adapt ${minimum} ${maximum}`);
  }

  async restart(): Promise<void> {
    this.calls.push('restart');
  }

  async keep(minutes: number): Promise<void> {
    this.calls.push(`keep ${minutes}`);
    this.say({
      stopsAt: Date.now() + minutes * 60_000,
      stopsWithin: undefined
    });
  }

  async end({ name, at }: IEndOrder): Promise<void> {
    this.calls.push(`end ${at === null ? 'never' : name}`);
  }

  async rename(name: string): Promise<void> {
    this.say({ name });
  }

  stop(): Promise<void> {
    this.calls.push('stop');
    return this.stopResult.promise;
  }

  watch(detail: WatchDetail): void {
    this.watched.push(detail);
  }

  async ping(): Promise<boolean> {
    this.calls.push('ping');
    return this.answers;
  }

  async logs(lines: number, worker?: string): Promise<ILogEntry[]> {
    return [{ source: worker ?? 'scheduler', lines: [`${lines}`] }];
  }

  async events(): Promise<IClusterEvent[]> {
    return [{ time: 1, kind: 'scaled', level: 'info', text: 'scaled' }];
  }

  dispose(): void {
    this.isDisposed = true;
    Signal.clearData(this);
  }

  private _changed = new Signal<IClusterDriver, IClusterSnapshot>(this);
  private _happened = new Signal<IClusterDriver, IClusterEvent>(this);
  private _workersChanged = new Signal<IClusterDriver, readonly IWorker[]>(
    this
  );
}

/** A provider whose starts the test ends. */
export class FakeProvider implements IProvider {
  constructor(readonly id = 'fake') {}

  readonly label = 'Fake';
  readonly caption = 'Made by a test';
  readonly rank = 1;
  readonly creates = true;
  readonly starts: Array<{
    request: IClusterRequest;
    start: IStart;
    result: PromiseDelegate<IClusterDriver>;
  }> = [];
  found: IClusterDriver[] = [];
  problem: Error | null = null;

  get changed(): ISignal<IProvider, void> {
    return this._changed;
  }

  async form(): Promise<IProviderForm> {
    return { schema: {}, environments: [], notes: [] };
  }

  create(request: IClusterRequest, start: IStart): Promise<IClusterDriver> {
    const result = new PromiseDelegate<IClusterDriver>();
    start.signal.addEventListener('abort', () =>
      result.reject(new ClusterError('Cancelled', { code: 'cancelled' }))
    );
    this.starts.push({ request, start, result });
    return result.promise;
  }

  async discover(): Promise<IClusterDriver[]> {
    if (this.problem) {
      throw this.problem;
    }
    return this.found;
  }

  tell(): void {
    this._changed.emit();
  }

  private _changed = new Signal<IProvider, void>(this);
}
