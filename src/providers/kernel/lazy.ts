/** A provider whose code is loaded when it is first needed. */
import type { Session } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';
import type {
  IClusterDriver,
  IClusterRequest,
  ILeftovers,
  IMachine,
  IProfile,
  IProvider,
  IProviderForm,
  IStart
} from '../../tokens';
import { parseSession, SessionKind } from './paths';

/** What stands behind a {@link LazyProvider}. */
export interface IProviderCore {
  form(): Promise<IProviderForm>;
  create(request: IClusterRequest, start: IStart): Promise<IClusterDriver>;
  /** @param refresh - Whether to ask the server for its list of sessions. */
  discover(refresh: boolean): Promise<IClusterDriver[]>;
  capacity?(): IMachine | undefined;
  slowness?(): Promise<number | undefined>;
  prepare?(environment?: string, expected?: IClusterRequest): void;
  profiles?(): Promise<IProfile[]>;
  leftovers?(): Promise<ILeftovers>;
  removeLeftovers?(ids: readonly string[]): Promise<readonly string[]>;
}

/**
 * Registers at start-up at the price of a few lines, and notices sessions that
 * come and go from the list that JupyterLab keeps anyway.
 */
export class LazyProvider implements IProvider {
  constructor(options: LazyProvider.IOptions) {
    this.id = options.id;
    this.label = options.label;
    this.caption = options.caption;
    this.rank = options.rank;
    this.creates = options.creates;
    this.survives = options.survives;
    this._sessions = options.sessions;
    this._kind = options.kind;
    this._load = options.load;
    if (options.leaves) {
      this.leftovers = async () =>
        (await this._core()).leftovers?.() ?? { items: [] };
      this.removeLeftovers = async ids =>
        (await this._core()).removeLeftovers?.(ids) ?? [];
    }
    this._sessions.runningChanged.connect(this._onRunning, this);
    void this._sessions.ready.then(() => this._onRunning());
  }

  readonly id: string;
  readonly label: string;
  readonly caption: string;
  readonly rank: number;
  readonly creates: boolean;
  readonly survives: IProvider['survives'];
  readonly leftovers: IProvider['leftovers'];
  readonly removeLeftovers: IProvider['removeLeftovers'];

  get changed(): ISignal<IProvider, void> {
    return this._changed;
  }

  async form(): Promise<IProviderForm> {
    return (await this._core()).form();
  }

  async create(
    request: IClusterRequest,
    start: IStart
  ): Promise<IClusterDriver> {
    return (await this._core()).create(request, start);
  }

  async discover(): Promise<IClusterDriver[]> {
    const isFresh = this._isFresh;
    this._isFresh = false;
    if (isFresh && !this._loaded && this._ids === '') {
      return [];
    }
    return (await this._core()).discover(!isFresh);
  }

  capacity(): IMachine | undefined {
    return this._ready?.capacity?.();
  }

  async slowness(): Promise<number | undefined> {
    return (await this._core()).slowness?.();
  }

  prepare(environment?: string, expected?: IClusterRequest): void {
    void this._core().then(core => core.prepare?.(environment, expected));
  }

  async profiles(): Promise<IProfile[]> {
    return (await this._core()).profiles?.() ?? [];
  }

  /** There may be other clusters than the list of sessions shows. */
  notify(): void {
    this._isFresh = true;
    this._changed.emit();
  }

  private _core(): Promise<IProviderCore> {
    if (!this._loaded) {
      this._loaded = this._load(() => this.notify()).then(
        core => (this._ready = core),
        reason => {
          this._loaded = null;
          throw reason;
        }
      );
    }
    return this._loaded;
  }

  private _onRunning(): void {
    const ids = [...this._sessions.running()]
      .filter(model => parseSession(model)?.kind === this._kind)
      .map(model => model.id)
      .sort()
      .join();
    if (ids !== this._ids) {
      this._ids = ids;
      this.notify();
    }
  }

  private _sessions: Session.IManager;
  private _kind: SessionKind;
  private _load: LazyProvider.IOptions['load'];
  private _loaded: Promise<IProviderCore> | null = null;
  private _ready: IProviderCore | null = null;
  private _ids = '';
  private _isFresh = false;
  private _changed = new Signal<IProvider, void>(this);
}

export namespace LazyProvider {
  export interface IOptions extends Pick<
    IProvider,
    'id' | 'label' | 'caption' | 'rank' | 'creates' | 'survives'
  > {
    sessions: Session.IManager;
    /** Which sessions are its own. */
    kind: SessionKind;
    /** Its clusters can leave something behind that is not in the list. */
    leaves?: boolean;
    /** @param changed - Call it when there may be other clusters. */
    load: (changed: () => void) => Promise<IProviderCore>;
  }
}
