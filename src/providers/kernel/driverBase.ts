/** What all drivers share: what they tell, until they are disposed of. */
import { ISignal, Signal } from '@lumino/signaling';
import type {
  ICapabilities,
  IClusterDriver,
  IClusterEvent,
  IClusterSnapshot,
  ILogEntry,
  IWorker,
  WatchDetail
} from '../../tokens';

export abstract class DriverBase implements IClusterDriver {
  abstract readonly snapshot: IClusterSnapshot;
  abstract readonly capabilities: ICapabilities;

  get changed(): ISignal<IClusterDriver, IClusterSnapshot> {
    return this._changed;
  }

  get happened(): ISignal<IClusterDriver, IClusterEvent> {
    return this._happened;
  }

  get workersChanged(): ISignal<IClusterDriver, readonly IWorker[]> {
    return this._workersChanged;
  }

  get respondingChanged(): ISignal<IClusterDriver, boolean> {
    return this._respondingChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  abstract scale(workers: number): Promise<void>;
  abstract adapt(minimum: number, maximum: number): Promise<void>;
  abstract restart(): Promise<void>;
  abstract rename(name: string): Promise<void>;
  abstract stop(): Promise<void>;
  abstract watch(detail: WatchDetail): void;
  abstract ping(): Promise<boolean>;
  abstract logs(lines: number, worker?: string): Promise<ILogEntry[]>;
  abstract events(): Promise<IClusterEvent[]>;

  /** Leave the cluster as it is. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this.letGo();
    Signal.clearData(this);
  }

  /** Let go of all that the driver holds; called once. */
  protected abstract letGo(): void;

  protected readonly _changed = new Signal<IClusterDriver, IClusterSnapshot>(
    this
  );
  protected readonly _happened = new Signal<IClusterDriver, IClusterEvent>(
    this
  );
  protected readonly _workersChanged = new Signal<
    IClusterDriver,
    readonly IWorker[]
  >(this);
  protected readonly _respondingChanged = new Signal<IClusterDriver, boolean>(
    this
  );
  private _isDisposed = false;
}
