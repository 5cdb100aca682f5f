import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { toClusterError } from '../cluster/errors';
import {
  ClusterError,
  IClusterManager,
  ILeftover,
  IProvider,
  IProviderRegistry
} from '../tokens';

/** How long a provider may take to answer, in ms: a kernel may have to start first. */
const PATIENCE = 90_000;

/** What a provider said of what is left with it. */
export interface IAnswer {
  /**
   * `complete`: nothing can be left that is not among the clusters. `unlisted`:
   * something can be left, and nobody here can list it.
   */
  state: 'asking' | 'told' | 'refused' | 'complete' | 'unlisted';
  items: readonly ILeftover[];
  /** What was not asked, and what was removed on the way, in sentences. */
  remarks?: readonly string[];
  /** Why it could not be asked. */
  error?: ClusterError;
}

/** What came of removing some of what was left with a provider. */
export interface IRemoval {
  provider: IProvider;
  asked: number;
  removed: number;
  error?: ClusterError;
}

/**
 * What clusters have left with each provider.
 *
 * #### Notes
 * Providers are asked when somebody wants to see it, and at no other time.
 */
export class LeftModel implements IDisposable {
  constructor(private _options: LeftModel.IOptions) {
    _options.registry.changed.connect(this._onProviders, this);
  }

  /** By the provider's id; a new map with each change. */
  get answers(): ReadonlyMap<string, IAnswer> {
    return this._answers;
  }

  /** Whether somebody still has to answer. */
  get asking(): boolean {
    return this._listing || this._some('asking');
  }

  /** When it was asked last, ms since the epoch. */
  get askedAt(): number | null {
    return this._askedAt;
  }

  get changed(): ISignal<LeftModel, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Ask all providers for their clusters and for what is left; each once at a time. */
  async ask(): Promise<void> {
    const { manager, registry } = this._options;
    this._askedAt = Date.now();
    this._listing = true;
    await Promise.all([
      manager.refresh().finally(() => {
        this._listing = false;
        this._emit();
      }),
      ...registry.providers.map(provider => this._ask(provider))
    ]);
  }

  /**
   * Remove some of what is left, by the provider's id; then ask those again.
   *
   * @returns What came of it, for each provider.
   */
  async remove(
    picked: ReadonlyMap<string, readonly string[]>
  ): Promise<IRemoval[]> {
    const { registry } = this._options;
    return Promise.all(
      registry.providers
        .filter(({ id }) => picked.get(id)?.length)
        .map(async provider => {
          const ids = picked.get(provider.id) ?? [];
          const outcome = { provider, asked: ids.length, removed: 0 };
          try {
            const removed = await provider.removeLeftovers?.(ids);
            return { ...outcome, removed: removed?.length ?? 0 };
          } catch (reason) {
            return { ...outcome, error: toClusterError(reason) };
          } finally {
            await this._ask(provider);
          }
        })
    );
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private _some(state: IAnswer['state']): boolean {
    return [...this._answers.values()].some(answer => answer.state === state);
  }

  /** A provider came or went while one looks. */
  private _onProviders(): void {
    const { providers } = this._options.registry;
    for (const id of [...this._answers.keys()]) {
      if (!providers.some(provider => provider.id === id)) {
        this._answers = new Map(this._answers);
        this._answers.delete(id);
      }
    }
    this._emit();
    if (this._askedAt !== null) {
      providers
        .filter(({ id }) => !this._answers.has(id))
        .forEach(provider => void this._ask(provider));
    }
  }

  private async _ask(provider: IProvider): Promise<void> {
    const { id } = provider;
    if (!provider.leftovers) {
      // What outlives its controller and has no list may be anywhere.
      const state = provider.survives === 'kill' ? 'unlisted' : 'complete';
      this._set(id, { state, items: [] });
      return;
    }
    const known = this._answers.get(id)?.items ?? [];
    const turn = (this._turns.get(id) ?? 0) + 1;
    this._turns.set(id, turn);
    this._set(id, { state: 'asking', items: known });
    let answer: IAnswer;
    try {
      const told = await this._inTime(provider, provider.leftovers());
      answer = { state: 'told', ...told };
    } catch (reason) {
      answer = { state: 'refused', items: [], error: toClusterError(reason) };
    }
    // A later question has a later answer.
    if (this._turns.get(id) === turn) {
      this._set(id, answer);
    }
  }

  private async _inTime<T>(
    { label }: IProvider,
    answer: Promise<T>
  ): Promise<T> {
    const { trans } = this._options;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new ClusterError(trans.__('%1 has not answered.', label), {
              code: 'not-responding',
              hint: trans.__('Refresh to ask again.')
            })
          ),
        PATIENCE
      );
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private _set(id: string, answer: IAnswer): void {
    this._answers = new Map(this._answers).set(id, answer);
    this._emit();
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _answers: ReadonlyMap<string, IAnswer> & Map<string, IAnswer> =
    new Map();
  private _turns = new Map<string, number>();
  private _listing = false;
  private _askedAt: number | null = null;
  private _isDisposed = false;
  private _changed = new Signal<LeftModel, void>(this);
}

export namespace LeftModel {
  export interface IOptions {
    manager: IClusterManager;
    registry: IProviderRegistry;
    trans: TranslationBundle;
  }
}
