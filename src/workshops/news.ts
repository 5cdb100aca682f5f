/** Follows the announcements of a class while somebody can see the page. */
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { ClusterError } from '../tokens';
import { toClusterError } from '../cluster/errors';
import { isSameRule, mergeRules } from './rules';
import type { IRule } from './rules';
import type { ClassService } from './service';
import type { IAnnouncement } from './serviceWire';

/**
 * One request at a time waits for the next announcement; a hidden page asks
 * nothing. While the service does not answer it is asked ever more rarely.
 */
export class News implements IDisposable {
  constructor(private _service: Pick<ClassService, 'announcements' | 'rules'>) {
    this._poll = new Poll({
      auto: false,
      name: 'jupyterlab-seasonal-monitor:news',
      standby: 'when-hidden',
      frequency: { interval: PAUSE, max: MOST, backoff: true },
      factory: () => this._look()
    });
  }

  /** All that was heard, oldest first, also of before a restart. */
  get all(): readonly IAnnouncement[] {
    return this._all;
  }

  /** Why nothing is heard now; null while all is well. */
  get problem(): ClusterError | null {
    return this._problem;
  }

  /** Of what was heard now, that was said since this page listens. */
  get heard(): ISignal<News, readonly IAnnouncement[]> {
    return this._heard;
  }

  /** What a trainer has set for this person in a class, also before a restart. */
  rule(workshop: string): IRule {
    return this._rules[workshop] ?? {};
  }

  /** Something was heard, or is heard no more. */
  get changed(): ISignal<News, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  /** Hear what was said so far, and go on listening. Never rejects. */
  async start(): Promise<void> {
    await this._look(false).catch(() => undefined);
    if (!this.isDisposed) {
      void this._poll.start();
    }
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._poll.dispose();
      this._end.abort();
      Signal.clearData(this);
    }
  }

  private async _look(waits = true): Promise<void> {
    try {
      const told = await this._service.announcements(waits, this._end.signal);
      const isBetter = this._problem !== null;
      this._problem = null;
      // The service counts anew after a restart, and may tell some again.
      const fresh = told.filter(
        ({ id, time }) =>
          !this._all.some(known => known.id === id && known.time === time)
      );
      this._all = [...this._all, ...fresh].slice(-KEPT);
      const isSet = this._keep(this._service.rules);
      if (fresh.length > 0 || isBetter || isSet) {
        this._changed.emit();
      }
      if (waits && fresh.length > 0) {
        this._heard.emit(fresh);
      }
    } catch (reason) {
      if (!this.isDisposed) {
        this._problem = toClusterError(reason);
        this._changed.emit();
      }
      throw reason;
    }
  }

  /** What a restarted service does not know goes on. @returns whether it is new. */
  private _keep(rules: Readonly<Record<string, IRule>>): boolean {
    let isNew = false;
    for (const [workshop, rule] of Object.entries(rules)) {
      const before = this.rule(workshop);
      const merged = mergeRules(before, rule);
      isNew ||= !isSameRule(before, merged);
      this._rules[workshop] = merged;
    }
    return isNew;
  }

  private readonly _poll: Poll;
  private readonly _end = new AbortController();
  private readonly _changed = new Signal<News, void>(this);
  private readonly _heard = new Signal<News, readonly IAnnouncement[]>(this);
  private readonly _rules: Record<string, IRule> = {};
  private _all: IAnnouncement[] = [];
  private _problem: ClusterError | null = null;
}

/** Between two requests, and at most after failures, in ms. */
const [PAUSE, MOST] = [1000, 15_000];

/** Announcements that are kept. */
const KEPT = 50;
