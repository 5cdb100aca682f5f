import { Notification } from '@jupyterlab/apputils';
import { PromiseDelegate } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { isOver } from '../cluster/states';
import { formatDuration } from '../cluster/units';
import { CommandIDs } from '../commands';
import { describeState, describeWorkers } from '../components/facts';
import { plainText } from '../plainText';
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
import { Countdown } from './countdown';
import '../../style/base.css';

/** A cluster went from one state to another. */
export interface IStateChange {
  cluster: ICluster;
  from: ClusterState;
  to: ClusterState;
}

/**
 * Tells of starts, stops and losses, and of stops that are near: one toast each,
 * and one sentence for people who do not see the page.
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
    this._countdown = new Countdown({
      manager: services.manager,
      tell: (cluster, left) => this._warn(cluster, left),
      takeBack: cluster => this._unwarn(cluster)
    });
  }

  /** Whether toasts are shown; what is read aloud is always said. */
  toasts = true;

  /** Whether there are toasts of what goes well, too. */
  routine = true;

  /** Called when a person wants no more toasts of what goes well. */
  hush: (() => void) | null = null;

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._countdown.dispose();
      this._region.remove();
      this._acts.clear();
      this._warnings.clear();
      Signal.clearData(this);
    }
  }

  private _onStateChanged(_: IClusterManager, change: IStateChange): void {
    const { cluster, to } = change;
    this._announce(change);
    if (to === 'stopped') {
      this._forget(cluster);
    }
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
    if (this._forget(cluster)) {
      // It ends by itself, maybe while nobody looks: why is said until it is read.
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
    if (!this.routine) {
      return;
    }
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
    showProgress(
      this._services,
      cluster.key,
      done,
      texts,
      this._hushActions()
    ).catch(() => undefined);
  }

  /** Who has seen one of these may want no more of them. */
  private _hushActions(): Notification.IAction[] {
    this._followed += 1;
    return this._followed > 1 && this.hush
      ? [
          {
            label: this._services.language.trans.__('Do not show again'),
            callback: () => this.hush?.()
          }
        ]
      : [];
  }

  private _fail(cluster: ICluster): void {
    Notification.error(toastText(Private.asError(cluster)), {
      autoClose: false,
      actions: detailsActions(this._services, cluster.key)
    });
  }

  /** A cluster stops soon. */
  private _warn(cluster: ICluster, left: number): void {
    const { trans, locale } = this._services.language;
    const { name, stopsFor, stopsWhy } = cluster.snapshot;
    const minutes = Math.max(1, Math.round(left / 60_000)) * 60_000;
    const time = formatDuration(minutes, locale);
    const message =
      stopsFor === 'budget'
        ? trans.__('%1 stops in %2: %3', plainText(name), time, stopsWhy ?? '')
        : stopsFor === 'lifetime'
          ? trans.__('%1 stops in %2: its time is over.', plainText(name), time)
          : trans.__('%1 stops in %2 if nothing runs.', plainText(name), time);
    this._region.textContent = message;
    const known = this._warnings.get(cluster) ?? '';
    if (!this.toasts) {
      this._warnings.set(cluster, known);
    } else if (!Notification.update({ id: known, message })) {
      const id = Notification.warning(message, {
        autoClose: false,
        actions: this._warningActions(cluster)
      });
      this._warnings.set(cluster, id);
    }
  }

  private _warningActions({ capabilities, key }: ICluster) {
    const { commands, language } = this._services;
    return capabilities.keep
      ? [
          {
            label: language.trans.__('Keep 30 min'),
            callback: () =>
              void commands.execute(CommandIDs.keepCluster, { cluster: key })
          }
        ]
      : detailsActions(this._services, key);
  }

  /** It does not stop soon any more; where it does stop now, that is told. */
  private _unwarn(cluster: ICluster): void {
    if (!['stopping', 'stopped'].includes(cluster.snapshot.state)) {
      this._forget(cluster);
    }
  }

  /** Take a warning back. @returns whether there was one. */
  private _forget(cluster: ICluster): boolean {
    Notification.dismiss(this._warnings.get(cluster) ?? '');
    return this._warnings.delete(cluster);
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
  private _followed = 0;
  private readonly _countdown: Countdown;
  /** The toasts of clusters that stop soon. */
  private readonly _warnings = new Map<ICluster, string>();
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
      isOver(state) ||
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
