import type { TranslationBundle } from '@jupyterlab/translation';
import { DisposableDelegate, IDisposable } from '@lumino/disposable';
import { hasServer } from '../server';
import { ClusterError, ICluster, IClusterRequest } from '../tokens';

/** Asked before there are more workers, or a cluster (without arguments); it throws to refuse. */
type Check = (workers?: number, cluster?: ICluster) => void;
type Bound = (request: IClusterRequest) => IClusterRequest;

/** What may be done to clusters, by settings, administrators and budgets. */
export class Rules {
  constructor(trans: TranslationBundle) {
    this._trans = trans;
  }

  /** Whether one can only watch. */
  readOnly = false;

  /** Have requests bounded by a rule, until the result is disposed. */
  bound(rule: Bound): IDisposable {
    this._bounds.add(rule);
    return new DisposableDelegate(() => this._bounds.delete(rule));
  }

  /** Have a check asked before growth, until the result is disposed. */
  guard(check: Check): IDisposable {
    this._checks.add(check);
    return new DisposableDelegate(() => this._checks.delete(check));
  }

  /** A request as all rules leave it. */
  apply(request: IClusterRequest): IClusterRequest {
    return [...this._bounds].reduce((last, rule) => rule(last), request);
  }

  /** Refuse what is forbidden for every new cluster. */
  assertCreation(): void {
    this.assertChanges();
    this._checks.forEach(check => check());
  }

  /** Refuse in words where one can only watch. */
  assertChanges(): void {
    if (!hasServer()) {
      throw new ClusterError(
        this._trans.__('A cluster needs a Jupyter server, and here is none.'),
        {
          code: 'unavailable',
          hint: this._trans.__(
            'Open your notebook in JupyterLab or on a JupyterHub.'
          )
        }
      );
    }
    if (this.readOnly) {
      throw new ClusterError(
        this._trans.__('Clusters can only be watched here.'),
        {
          code: 'unavailable',
          hint: this._trans.__(
            'The setting “Only watch” is on, by you or your administrator.'
          )
        }
      );
    }
  }

  /** Ask the checks where a cluster would have more workers than now. */
  assertGrowth(cluster: ICluster, workers: number): void {
    const { wanted, maximum, ready } = cluster.snapshot.workers ?? {};
    if (workers > (wanted ?? maximum ?? ready ?? 0)) {
      this._checks.forEach(check => check(workers, cluster));
    }
  }

  private _trans: TranslationBundle;
  private _bounds = new Set<Bound>();
  private _checks = new Set<Check>();
}
