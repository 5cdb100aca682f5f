import type { TranslationBundle } from '@jupyterlab/translation';
import { ClusterError } from '../tokens';
import type { Cluster } from './cluster';
import { toClusterError } from './errors';
import type { Starts } from './starts';
import { isOver } from './states';

/** Stops clusters, each once however often it is asked for. */
export class Stops {
  constructor(options: Stops.IOptions) {
    this._trans = options.trans;
    this._starts = options.starts;
    this._forget = options.forget;
  }

  /** Stop a cluster; the same promise while it is under way. */
  stop(cluster: Cluster): Promise<void> {
    const known = this._running.get(cluster);
    if (known) {
      return known;
    }
    const stop = this._stop(cluster).finally(() => {
      this._running.delete(cluster);
    });
    this._running.set(cluster, stop);
    return stop;
  }

  private async _stop(cluster: Cluster): Promise<void> {
    const start = this._starts.cancel(cluster);
    if (start === 'waited') {
      cluster.stopped();
    } else if (start === 'aborted') {
      cluster.stopping();
    } else if (!cluster.driver || isOver(cluster.snapshot.state)) {
      this._forget(cluster);
    } else {
      const before = cluster.snapshot.state;
      cluster.stopping();
      try {
        await cluster.driver.stop();
        cluster.stopped();
      } catch (reason) {
        const error = toClusterError(reason);
        cluster.fail(
          'lost',
          before === 'stopping' ? error : this._describe(error)
        );
        throw error;
      }
    }
  }

  /** The first failure says what it means for the cluster. */
  private _describe(error: ClusterError): ClusterError {
    return new ClusterError(
      this._trans.__('The cluster could not be stopped.'),
      {
        code: error.code,
        cause: [{ message: error.message }],
        hint:
          error.hint ??
          this._trans.__('Look among the running sessions, and stop it there.')
      }
    );
  }

  private _trans: TranslationBundle;
  private _starts: Starts<Cluster>;
  private _forget: (cluster: Cluster) => void;
  private _running = new Map<Cluster, Promise<void>>();
}

export namespace Stops {
  export interface IOptions {
    trans: TranslationBundle;
    /** Where a start that is under way is given up. */
    starts: Starts<Cluster>;
    /** Take away the card of a cluster that is over. */
    forget: (cluster: Cluster) => void;
  }
}
