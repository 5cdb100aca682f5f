/**
 * A participant in a workshop: the file, what joining would do, and how far the
 * person is. Nothing is asked or started before {@link Run.join}.
 */
import { NotebookActions } from '@jupyterlab/notebook';
import type {
  INotebookTracker,
  Notebook,
  NotebookPanel
} from '@jupyterlab/notebook';
import type { Contents, Kernel } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { isOver } from '../cluster/states';
import type { ICluster, ICosts, IClusterManager, IProfiles } from '../tokens';
import {
  checkedSteps,
  copyNotebooks,
  copyPath,
  readChecks,
  readCopy,
  resetCopy
} from './copies';
import type { IWorkshop, WorkshopReading } from './model';
import { dueAt, IPlan, IPlanOptions, planWorkshop } from './plan';
import { isSameRule, ruled } from './rules';
import type { IRule } from './rules';

/** How far joining is. */
export type Joining = 'no' | 'waiting' | 'copying' | 'joined';

export class Run implements IDisposable {
  constructor(private _options: Run.IOptions) {
    NotebookActions.executed.connect(this._onExecuted, this);
    _options.profiles?.changed.connect(this._emit, this);
    _options.costs?.changed.connect(this._emit, this);
  }

  get changed(): ISignal<Run, void> {
    return this._changed;
  }

  get reading(): WorkshopReading | null {
    return this._reading;
  }

  get workshop(): IWorkshop | null {
    return this._reading?.workshop ?? null;
  }

  /** The workshop as its trainer wants it now. */
  get ruled(): IWorkshop | null {
    return this.workshop && ruled(this.workshop, this._rule);
  }

  /** What the trainer has set since the file was written. */
  get rule(): IRule {
    return this._rule;
  }

  set rule(rule: IRule) {
    if (!isSameRule(rule, this._rule)) {
      this._rule = rule;
      this._emit();
    }
  }

  /** What joining would do now. */
  get plan(): IPlan | null {
    const { profiles, costs, machine, trans, locale, manager } = this._options;
    const workshop = this.ruled;
    if (!workshop) {
      return null;
    }
    const plan = planWorkshop(workshop, {
      profiles,
      prices: costs?.table.prices ?? [],
      machine,
      trans,
      locale
    });
    return manager.readOnly && plan.request
      ? {
          ...plan,
          problem: trans.__(
            'Clusters can only be watched here. Ask your administrator to allow them.'
          )
        }
      : plan;
  }

  get joining(): Joining {
    return this._joining;
  }

  /** When the start is due, while it waits; ms since the epoch. */
  get due(): number {
    return this._due;
  }

  /** The steps that a self-check has ticked. */
  get done(): ReadonlySet<string> {
    return this._done;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      window.clearTimeout(this._timer);
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  /** The file was read; a start that waits for an older one is cancelled. */
  async show(reading: WorkshopReading): Promise<void> {
    this.cancel();
    this._reading = reading;
    this._done = new Set();
    this._emit();
    const { workshop } = reading;
    const { contents } = this._options;
    for (const { notebook } of workshop?.materials ?? []) {
      if (workshop && notebook !== undefined) {
        const path = copyPath(workshop, notebook);
        const copy = await readCopy(contents, path).catch(() => null);
        if (copy && this._reading === reading && !this._isDisposed) {
          this._joining = this._joining === 'no' ? 'joined' : this._joining;
          this._tick(checkedSteps(copy));
        }
      }
    }
  }

  /** What joining would do, of a file that is being written; looks at nothing. */
  preview(reading: WorkshopReading): void {
    this._reading = reading;
    this._emit();
  }

  /** Wait for one's place in the window; then copy and start. */
  async join(): Promise<void> {
    const { workshop } = this;
    if (!workshop || this._joining === 'waiting' || this.plan?.problem) {
      return;
    }
    const name = await this._options.name();
    const now = Date.now();
    this._due = dueAt(workshop, name, now);
    this._set('waiting');
    const isDue = await new Promise<boolean>(resolve => {
      this._cancel = () => resolve(false);
      this._timer = window.setTimeout(() => resolve(true), this._due - now);
    });
    window.clearTimeout(this._timer);
    if (!isDue || this._isDisposed) {
      return;
    }
    this._set('copying');
    try {
      const { contents, file, manager, open, heed } = this._options;
      await heed?.();
      const paths = await copyNotebooks(contents, file(), workshop);
      const request = this.plan?.request;
      if (request && !this._hasCluster(workshop)) {
        manager.create(request);
      }
      this._set('joined');
      await (paths.length > 0 && open(paths[0]));
    } catch (error) {
      this._set('no');
      throw error;
    }
  }

  /** The clusters of the class. */
  get clusters(): ICluster[] {
    return this._options.manager.clusters.filter(
      ({ snapshot: { name, state } }) =>
        name === this.workshop?.id && !isOver(state)
    );
  }

  /**
   * Stop the cluster of the class, and start another.
   *
   * @throws Error in words when there is none to be had.
   */
  async renew(): Promise<void> {
    const { manager, trans } = this._options;
    const { problem, request } = this.plan ?? {};
    if (problem || !request) {
      throw new Error(problem || trans.__('The class has no cluster.'));
    }
    // A new one starts only where the old one is gone.
    await Promise.all(this.clusters.map(({ key }) => manager.stop(key)));
    manager.create(request);
  }

  /** Do not start after all. */
  cancel(): void {
    this._cancel();
    this._cancel = () => undefined;
    window.clearTimeout(this._timer);
    this._set('no');
  }

  /** A kernel of one of the copies that is open, or null. */
  get kernel(): Kernel.IKernelConnection | null {
    const panel = this._options.notebooks?.find(
      one =>
        this._isCopy(one) && one.sessionContext.session?.kernel !== undefined
    );
    return panel?.sessionContext.session?.kernel ?? null;
  }

  /** Open the person's copy. */
  async open(notebook: string): Promise<void> {
    if (this.workshop) {
      await this._options.open(copyPath(this.workshop, notebook));
    }
  }

  /**
   * Begin a notebook anew; the person's is kept under the name that is
   * returned, with what was not saved yet.
   */
  async reset(notebook: string): Promise<string> {
    const { contents, file, notebooks, open } = this._options;
    const workshop = this.workshop!;
    const path = copyPath(workshop, notebook);
    const panel = notebooks?.find(({ context }) => context.path === path);
    await panel?.context.save();
    const kept = await resetCopy(contents, file(), workshop, notebook);
    const material = workshop.materials.find(one => one.notebook === notebook);
    this._tick(new Map(material?.steps?.map(({ id }) => [id, false])));
    await open(path);
    return kept;
  }

  /** Whether the cluster of an earlier click is there. */
  private _hasCluster({ id, profile }: IWorkshop): boolean {
    return this._options.manager.clusters.some(
      ({ snapshot, profile: own }) =>
        snapshot.name === id &&
        own === profile &&
        snapshot.state !== 'stopping' &&
        !isOver(snapshot.state)
    );
  }

  private _onExecuted(
    _: unknown,
    { notebook, cell }: { notebook: Notebook; cell: { model: unknown } }
  ): void {
    const panel = this._options.notebooks?.find(
      ({ content }) => content === notebook
    );
    const model = cell.model as { outputs?: { toJSON(): JSONObject[] } };
    if (panel && this._isCopy(panel) && model.outputs) {
      this._tick(readChecks(model.outputs.toJSON()));
    }
  }

  private _isCopy({ context }: NotebookPanel): boolean {
    const { workshop } = this;
    return (
      workshop?.materials.some(
        ({ notebook }) =>
          notebook !== undefined &&
          copyPath(workshop, notebook) === context.path
      ) ?? false
    );
  }

  private _tick(steps: ReadonlyMap<string, boolean>): void {
    for (const [step, passed] of steps) {
      if (passed) {
        this._done.add(step);
      } else {
        this._done.delete(step);
      }
    }
    this._emit();
  }

  private _set(joining: Joining): void {
    this._joining = joining;
    this._emit();
  }

  private _emit(): void {
    this._changed.emit();
  }

  private _reading: WorkshopReading | null = null;
  private _rule: IRule = {};
  private _joining: Joining = 'no';
  private _due = 0;
  private _done = new Set<string>();
  private _timer = 0;
  private _cancel: () => void = () => undefined;
  private _isDisposed = false;
  private _changed = new Signal<Run, void>(this);
}

export namespace Run {
  export interface IOptions {
    /** The path of the workshop file, which can be renamed. */
    file: () => string;
    contents: Contents.IManager;
    manager: IClusterManager;
    profiles: IProfiles | null;
    costs: ICosts | null;
    machine?: IPlanOptions['machine'];
    notebooks: INotebookTracker | null;
    /** Whose place in the window it is. */
    name: () => Promise<string>;
    open: (path: string) => Promise<unknown>;
    openTemplate: (id: string) => Promise<unknown>;
    /** Hear what the trainer has set, before anything is started. */
    heed?: () => Promise<void>;
    trans: TranslationBundle;
    locale?: string;
  }
}
