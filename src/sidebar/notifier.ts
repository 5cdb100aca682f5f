import { Notification } from '@jupyterlab/apputils';
import { PromiseDelegate } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { formatDuration } from '../cluster/units';
import { CommandIDs } from '../commands';
import { describeState, describeWorkers } from '../components/facts';
import { plainText } from '../components/plainText';
import {
  ClusterError,
  ClusterState,
  ICluster,
  IClusterManager
} from '../tokens';
import {
  detailsActions,
  IChangeServices,
  showProgress,
  TOAST_LENGTH,
  toastText
} from './change';
import '../../style/base.css';

/** A cluster went from one state to another. */
export interface IStateChange {
  cluster: ICluster;
  from: ClusterState;
  to: ClusterState;
}

/**
 * Tells of starts, stops and losses: one toast each, and one sentence for
 * people who do not see the page.
 */
export class Notifier implements IDisposable {
  constructor(services: IChangeServices) {
    this._services = services;
    this._region = document.createElement('div');
    this._region.className = 'jp-DaskAnnouncer';
    this._region.setAttribute('role', 'status');
    this._region.setAttribute('aria-live', 'polite');
    document.body.appendChild(this._region);
    services.manager.stateChanged.connect(this._onStateChanged, this);
    services.manager.changed.connect(this._onClusters, this);
    this._onClusters();
  }

  /** Whether toasts are shown; what is read aloud is always said. */
  toasts = true;

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._region.remove();
      this._acts.clear();
      this._ends.clear();
      Signal.clearData(this);
    }
  }

  /** Listen to all clusters; connecting twice is once. */
  private _onClusters(): void {
    for (const cluster of this._services.manager.clusters) {
      cluster.changed.connect(this._onCluster, this);
      this._onCluster(cluster);
    }
  }

  /** Say once at each mark that a cluster ends soon; take it back when it does not. */
  private _onCluster(cluster: ICluster): void {
    const { stopsAt, stopsWithin, state } = cluster.snapshot;
    const known = this._ends.get(cluster);
    if (stopsAt === undefined || stopsWithin === undefined) {
      // What was said stands until it has ended.
      if (known && ['running', 'degraded', 'failed', 'lost'].includes(state)) {
        this._ends.delete(cluster);
        Notification.dismiss(known.toast);
      }
    } else if (known?.stopsWithin !== stopsWithin) {
      this._ends.set(cluster, {
        stopsWithin,
        toast: this._warn(cluster, known?.toast)
      });
    }
  }

  private _warn(cluster: ICluster, shown?: string): string {
    const { commands, language } = this._services;
    const { trans, locale } = language;
    const { stopsAt = 0, stopsFor, stopsWhy, name } = cluster.snapshot;
    const left = formatDuration(Math.max(1000, stopsAt - Date.now()), locale);
    const text =
      stopsFor === 'budget'
        ? trans.__('%1 stops in %2: %3', plainText(name), left, stopsWhy ?? '')
        : stopsFor === 'lifetime'
          ? trans.__('%1 stops in %2: its time is over.', plainText(name), left)
          : trans.__('%1 stops in %2: nothing runs.', plainText(name), left);
    this._region.textContent = text;
    Notification.dismiss(shown ?? '');
    if (!this.toasts) {
      return '';
    }
    const command = CommandIDs.keepCluster;
    return Notification.warning(text, {
      autoClose: false,
      actions: cluster.capabilities.keep
        ? [
            {
              label: trans.__('Keep 30 min'),
              callback: () =>
                void commands.execute(command, { cluster: cluster.key })
            }
          ]
        : []
    });
  }

  private _onStateChanged(_: IClusterManager, change: IStateChange): void {
    const { cluster, to } = change;
    this._announce(change);
    const act = this._acts.get(cluster);
    if (act && Private.ends(act.goal, to)) {
      this._acts.delete(cluster);
      if (to === 'failed' || to === 'lost') {
        act.end.reject(Private.asError(cluster));
      } else {
        act.end.resolve(to);
      }
      return;
    }
    if (!this.toasts) {
      return;
    }
    if (to === 'starting' && cluster.request) {
      this._start(cluster);
    } else if (to === 'stopping') {
      this._stop(cluster);
    } else if (to === 'failed' || to === 'lost') {
      this._fail(cluster);
    }
  }

  private _start(cluster: ICluster): void {
    const { trans } = this._services.language;
    const name = plainText(cluster.snapshot.name);
    this._follow(cluster, 'running', {
      pending: trans.__('%1 is starting…', name),
      success: trans.__('%1 is ready.', name)
    });
  }

  private _stop(cluster: ICluster): void {
    const { trans } = this._services.language;
    const name = plainText(cluster.snapshot.name);
    const end = this._ends.get(cluster);
    if (end) {
      // It ends by itself, maybe while nobody looks: why is said until it is read.
      this._ends.delete(cluster);
      Notification.dismiss(end.toast);
      const [cause] = cluster.snapshot.cause ?? [];
      if (cause) {
        Notification.warning(
          plainText(
            trans.__('%1 was stopped. %2', name, cause.message),
            TOAST_LENGTH
          ),
          { autoClose: false }
        );
        return;
      }
    }
    const started = this._acts.get(cluster);
    if (started?.goal === 'running') {
      // A start is being cancelled: its toast tells the end.
      started.goal = 'stopped';
      return;
    }
    this._follow(cluster, 'stopped', {
      pending: trans.__('%1 is stopping…', name),
      success: trans.__('%1 was stopped.', name)
    });
  }

  private _follow(
    cluster: ICluster,
    goal: Private.Goal,
    words: { pending: string; success: string }
  ): void {
    const { trans } = this._services.language;
    const end = new PromiseDelegate<ClusterState>();
    this._acts.set(cluster, { goal, end });
    const stopped = trans.__(
      '%1 was stopped.',
      plainText(cluster.snapshot.name)
    );
    const texts = { ...words };
    const done = end.promise.then(state => {
      texts.success = state === 'stopped' ? stopped : words.success;
    });
    showProgress(this._services, cluster.key, done, texts).catch(
      () => undefined
    );
  }

  private _fail(cluster: ICluster): void {
    Notification.error(toastText(Private.asError(cluster)), {
      autoClose: false,
      actions: detailsActions(this._services, cluster.key)
    });
  }

  private _announce({ cluster, from, to }: IStateChange): void {
    if (from === 'queued' && to === 'starting' && !cluster.request) {
      return;
    }
    const { language } = this._services;
    const { trans } = language;
    const { snapshot } = cluster;
    const { word } = describeState(snapshot, true, trans);
    const workers = describeWorkers(snapshot.workers, language);
    const name = plainText(snapshot.name);
    this._region.textContent =
      workers && to === 'running'
        ? trans.__('%1: %2, %3', name, word, workers)
        : trans.__('%1: %2', name, word);
  }

  private _services: IChangeServices;
  private _region: HTMLElement;
  private _acts = new Map<ICluster, Private.IAct>();
  /** Ends that were said, with the toasts that say them. */
  private _ends = new Map<ICluster, { stopsWithin: number; toast: string }>();
  private _isDisposed = false;
}

namespace Private {
  export type Goal = 'running' | 'stopped';

  /** A start or stop that goes on. */
  export interface IAct {
    goal: Goal;
    end: PromiseDelegate<ClusterState>;
  }

  /** Whether a state ends an act with this goal, well or badly. */
  export function ends(goal: Goal, state: ClusterState): boolean {
    return (
      ['stopped', 'failed', 'lost'].includes(state) ||
      (goal === 'running' && ['running', 'degraded'].includes(state))
    );
  }

  /** Why a cluster failed or was lost. */
  export function asError({ snapshot }: ICluster): ClusterError {
    const [first] = snapshot.cause ?? [];
    return new ClusterError(`${snapshot.name}: ${first?.message ?? ''}`, {
      cause: snapshot.cause,
      hint: first?.hint
    });
  }
}
