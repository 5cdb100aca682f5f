/**
 * Does on a participant's page what the trainer has set for the class: its end, how
 * many workers a cluster may have, another cluster. All of it is said in words first.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { inWords } from '../cluster/errors';
import { ClusterError } from '../tokens';
import type { ICluster, IClusterManager, IProfiles } from '../tokens';
import type { IRule } from './rules';
import type { Run } from './run';
import type { IAnnouncement } from './serviceWire';
import type { Voice } from './voice';

export class Obedience implements IDisposable {
  constructor(private _options: Obedience.IOptions) {
    const { run, voice, manager } = _options;
    run.changed.connect(this._update, this);
    voice.changed.connect(this._update, this);
    voice.heard.connect(this._onHeard, this);
    manager.changed.connect(this._update, this);
    manager.stateChanged.connect(this._update, this);
    this._guard = manager.guard(workers => this._refuse(workers));
    this._update();
  }

  /** What is said, or what became of it, changed. */
  get changed(): ISignal<Obedience, void> {
    return this._changed;
  }

  /** What the trainer has set, and what the page does for it, in sentences. */
  get sentences(): string[] {
    const { trans } = this._options;
    const cap = this._cap;
    return [
      cap === null ? '' : capped(cap, trans),
      ...this._done.values(),
      this._endsEarly
        ? trans.__(
            'Your cluster ends before the class. Save your results before, and click “Go on” for a new one.'
          )
        : ''
    ].filter(Boolean);
  }

  /** Why something could not be done, and what to do then; else empty. */
  get problem(): string {
    return this._problem;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._guard.dispose();
      this._profilesCap?.dispose();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  /** How many workers a cluster may have; null where the trainer set nothing. */
  private get _cap(): number | null {
    const { run } = this._options;
    const takesPart = run.joining === 'joined' || run.joining === 'copying';
    return takesPart ? (run.rule.workers ?? null) : null;
  }

  /** Whether a cluster ends before a class that goes on for longer. */
  private get _endsEarly(): boolean {
    const { run } = this._options;
    return !this._isKeeping && run.clusters.some(one => isShort(one, run.rule));
  }

  private _update(): void {
    const { run, voice } = this._options;
    run.rule = voice.rule;
    this._bound();
    for (const cluster of run.clusters) {
      if (!this._followed.has(cluster)) {
        this._followed.add(cluster);
        cluster.changed.connect(this._follow, this);
      }
      this._follow(cluster);
    }
  }

  /** New clusters are asked for within the cap. */
  private _bound(): void {
    const { profiles, trans } = this._options;
    const cap = this._cap;
    if (cap !== this._bounded) {
      this._bounded = cap;
      this._profilesCap?.dispose();
      this._profilesCap =
        cap === null
          ? null
          : (profiles?.addCap({ workers: cap, text: capped(cap, trans) }) ??
            null);
      this._changed.emit();
    }
  }

  private _refuse(workers?: number): void {
    const { trans } = this._options;
    const cap = this._cap;
    if (cap !== null && workers !== undefined && workers > cap) {
      throw new ClusterError(capped(cap, trans), {
        code: 'limit',
        hint: trans.__('Ask your trainer if you need more.')
      });
    }
  }

  /** A cluster of the class came, or it changed. */
  private _follow(cluster: ICluster): void {
    const { state } = cluster.snapshot;
    if (!this._isDisposed && (state === 'running' || state === 'degraded')) {
      void this._shrink(cluster);
      void this._prolong(cluster);
    }
  }

  private async _shrink(cluster: ICluster): Promise<void> {
    const { manager, trans } = this._options;
    const cap = this._cap;
    const { wanted, minimum, maximum, ready } = cluster.snapshot.workers ?? {};
    const has = maximum ?? wanted ?? ready ?? 0;
    const once = `${cluster.key} ${cap}`;
    if (cap === null || has <= cap || this._asked.has(once)) {
      return;
    }
    this._asked.add(once);
    this._say(
      'cap',
      trans.__('Your cluster goes from %1 to %2 for this reason.', has, cap)
    );
    await this._try(
      maximum === undefined
        ? manager.scale(cluster.key, cap)
        : manager.adapt(cluster.key, Math.min(minimum ?? 0, cap), cap),
      why =>
        trans.__(
          'Your cluster could not be made smaller: %1 Scale it to %2 in the sidebar, or tell your trainer.',
          why,
          cap
        )
    );
  }

  /** A cluster that would end before a class that goes on for longer. */
  private async _prolong(cluster: ICluster): Promise<void> {
    const { manager, run, trans } = this._options;
    const { key, capabilities } = cluster;
    const left = Math.ceil(((run.rule.end ?? 0) - Date.now()) / 60_000);
    const once = `${key} until ${run.rule.end}`;
    if (
      !isShort(cluster, run.rule) ||
      !capabilities.keep ||
      left <= 0 ||
      this._asked.has(once)
    ) {
      return;
    }
    this._asked.add(once);
    this._isKeeping = true;
    await this._try(manager.keep(key, left), why =>
      trans.__('Your cluster’s end could not be put off: %1', why)
    );
    this._isKeeping = false;
  }

  private _onHeard(_: unknown, told: readonly IAnnouncement[]): void {
    const { run } = this._options;
    const isMeant = ({ fresh }: IAnnouncement): boolean =>
      fresh !== undefined && fresh === run.workshop?.id;
    if (run.joining === 'joined' && told.some(isMeant)) {
      void this._renew();
    }
  }

  private async _renew(): Promise<void> {
    const { run, trans } = this._options;
    if (this._isRenewing) {
      return;
    }
    this._isRenewing = true;
    this._say(
      'fresh',
      trans.__('Your cluster stops, and a new one starts after it.')
    );
    const renewed = await this._try(run.renew(), why =>
      trans.__(
        'You have no fresh cluster yet: %1 Click “Fresh cluster” to try again, or ask for help.',
        why
      )
    );
    this._isRenewing = false;
    this._say(
      'fresh',
      renewed
        ? trans.__(
            'You have a fresh cluster, which starts now. Connect your notebook to it, and run its cells again.'
          )
        : ''
    );
  }

  /** What became of it; what went wrong is said in words. */
  private async _try(
    act: Promise<void>,
    words: (why: string) => string
  ): Promise<boolean> {
    try {
      await act;
      this._problem = '';
      return true;
    } catch (reason) {
      this._problem = words(inWords(reason));
      return false;
    } finally {
      if (!this._isDisposed) {
        this._changed.emit();
      }
    }
  }

  private _say(about: string, text: string): void {
    this._done.set(about, text);
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _guard: IDisposable;
  private _profilesCap: IDisposable | null = null;
  private _bounded: number | null = null;
  /** What was done once is not done again when the person undoes it. */
  private readonly _asked = new Set<string>();
  private readonly _followed = new WeakSet<ICluster>();
  private readonly _done = new Map<string, string>();
  private _problem = '';
  private _isRenewing = false;
  private _isKeeping = false;
  private _isDisposed = false;
  private readonly _changed = new Signal<Obedience, void>(this);
}

export namespace Obedience {
  export interface IOptions {
    run: Run;
    voice: Voice;
    manager: IClusterManager;
    profiles: IProfiles | null;
    trans: TranslationBundle;
  }
}

/** Whether a cluster will have lived long enough before the class ends. */
function isShort({ snapshot }: ICluster, { end }: IRule): boolean {
  const { stopsAt, stopsFor } = snapshot;
  return (
    typeof end === 'number' &&
    stopsAt !== undefined &&
    stopsFor === 'lifetime' &&
    stopsAt < end
  );
}

/** That the trainer capped the class, for cards, forms and the page. */
function capped(workers: number, trans: TranslationBundle): string {
  return trans._n(
    'Your trainer has capped clusters of the class at %1 worker.',
    'Your trainer has capped clusters of the class at %1 workers.',
    workers
  );
}
