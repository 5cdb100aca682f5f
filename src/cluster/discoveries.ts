import type { TranslationBundle } from '@jupyterlab/translation';
import { ClusterError, IClusterDriver, IProvider } from '../tokens';
import { Cluster } from './cluster';
import { toClusterError } from './errors';
import { isOver } from './states';

/** Asks providers which clusters there are, and folds their lists into one. */
export class Discoveries {
  constructor(options: Discoveries.IOptions) {
    this._options = options;
  }

  /** Providers whose last list failed, with the reason. */
  get problems(): ReadonlyMap<string, ClusterError> {
    return this._problems;
  }

  /** Fold in one provider's list; concurrent calls join. */
  discover(provider: IProvider): Promise<void> {
    const running = this._running.get(provider);
    if (running) {
      return running;
    }
    const discovery = provider
      .discover()
      .then(
        drivers => {
          this._fold(provider, drivers);
          this._setProblem(provider, null);
        },
        error => this._setProblem(provider, toClusterError(error))
      )
      .finally(() => this._running.delete(provider));
    this._running.set(provider, discovery);
    return discovery;
  }

  private _fold(provider: IProvider, drivers: IClusterDriver[]): void {
    for (const driver of drivers) {
      const known = this._options
        .clusters()
        .find(
          item =>
            item.provider === provider.id &&
            (item.driver === driver || item.snapshot.id === driver.snapshot.id)
        );
      if (!known) {
        const { id, name } = driver.snapshot;
        this._options.add(
          new Cluster({ provider: provider.id, id, name, driver })
        );
      } else if (known.driver && known.driver !== driver) {
        driver.dispose();
      }
    }
    const ids = new Set(drivers.map(driver => driver.snapshot.id));
    for (const cluster of this._options.clusters()) {
      const { state, id } = cluster.snapshot;
      if (
        cluster.provider === provider.id &&
        cluster.driver &&
        !ids.has(id) &&
        state !== 'stopping' &&
        !isOver(state)
      ) {
        cluster.fail(
          'lost',
          new ClusterError(
            this._options.trans.__('The cluster is no longer there.'),
            {
              code: 'not-found',
              hint: this._options.trans.__(
                'It was stopped from somewhere else.'
              )
            }
          )
        );
      }
    }
  }

  private _setProblem(provider: IProvider, error: ClusterError | null): void {
    if (error) {
      this._problems.set(provider.id, error);
    } else if (!this._problems.delete(provider.id)) {
      return;
    }
    this._options.changed();
  }

  private _options: Discoveries.IOptions;
  private _running = new Map<IProvider, Promise<void>>();
  private _problems = new Map<string, ClusterError>();
}

export namespace Discoveries {
  export interface IOptions {
    trans: TranslationBundle;
    /** The clusters that are known now. */
    clusters: () => readonly Cluster[];
    /** One was found that was not known. */
    add: (cluster: Cluster) => void;
    /** A problem came or went. */
    changed: () => void;
  }
}
