import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import '../../style/dashboards.css';
import type { Activity } from '../providers/kernel/activity';
import { ClusterError } from '../tokens';
import type { ISource } from './source';
import { frameRules, IReach } from './url';

/** A pane that is hidden for this long is emptied, ms. */
const HIDDEN = 10_000;

/**
 * One plot of a scheduler's dashboard, in a frame.
 *
 * #### Notes
 * The frame exists only while the pane is visible, somebody is at the page and
 * the scheduler is known to answer: an open plot talks to the server without a
 * pause, and a server that is talked to is never culled.
 */
export class PlotPane extends Widget {
  constructor(options: PlotPane.IOptions) {
    super();
    this._options = options;
    this._paused = options.paused ?? false;
    this.addClass('jp-DaskDashboard');
    this.addClass('jp-IFrame');
    this._message = document.createElement('div');
    this._message.className = 'jp-DaskDashboard-message';
    this._message.setAttribute('role', 'status');
    this._note = document.createElement('div');
    this._note.className = 'jp-DaskDashboard-note';
    this._note.hidden = true;
    this.node.append(this._message, this._note);
    options.source.changed.connect(this._reconcile, this);
    options.activity.changed.connect(this._onActivity, this);
    this._reconcile();
  }

  get source(): ISource {
    return this._options.source;
  }

  get plot(): string {
    return this._options.plot;
  }

  /** What the pane does now. */
  get state(): PlotPane.State {
    return this._state;
  }

  /** Show the plot again after a pause or a problem. */
  resume(): void {
    this._paused = false;
    this._failed = null;
    this._touched = Date.now();
    this._reconcile();
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    clearTimeout(this._timer);
    this._blank();
    this._options.activity.changed.disconnect(this._onActivity, this);
    this._options.source.dispose();
    super.dispose();
  }

  protected override onAfterAttach(): void {
    this._onShown();
  }

  protected override onAfterShow(): void {
    if (this._state === 'paused' && !this._options.paused) {
      this._paused = false;
    }
    this._onShown();
  }

  protected override onAfterHide(): void {
    this._arm(HIDDEN);
  }

  protected override onBeforeDetach(): void {
    this._arm(HIDDEN);
  }

  protected override onUpdateRequest(): void {
    this._reconcile();
  }

  protected override onActivateRequest(): void {
    const button = this._message.querySelector('button');
    (button ?? this.node).focus();
  }

  private get _visible(): boolean {
    return this.isVisible && this._options.activity.isVisible;
  }

  private _onShown(): void {
    this._touched = Date.now();
    this._reconcile();
  }

  private _onActivity(): void {
    if (this._visible) {
      this._touched = Date.now();
      this._reconcile();
    } else {
      this._arm(HIDDEN);
    }
  }

  /** Bring what is shown in line with how things are. */
  private _reconcile(): void {
    const { source, trans } = this._options;
    const { reach, state } = source;
    if (this.isDisposed) {
      return;
    }
    if (state === 'gone') {
      this._attempt += 1;
      this._blank();
      this._gone();
    } else if (state === 'waiting') {
      this._blank();
      this._say('waiting', trans.__('Waiting for %1…', source.name));
    } else if (this._paused) {
      this._blank();
      this._say('paused', trans.__('Paused, so that the server can rest.'), [
        [trans.__('Resume'), () => this.resume()]
      ]);
    } else if (reach === null) {
      this._blank();
      this._say('failed', trans.__('%1 has no dashboard.', source.subject));
    } else if (
      this._visible &&
      reach.base !== this._shown &&
      reach.base !== this._failed &&
      reach.base !== this._checking
    ) {
      void this._check(reach);
    }
    if (this._frame) {
      this._arm(this._visible ? this._options.pauseAfter() : HIDDEN);
    }
  }

  /** Ask before framing: an error page in a frame explains nothing. */
  private async _check(reach: IReach): Promise<void> {
    const { source, trans, probe } = this._options;
    const attempt = ++this._attempt;
    this._checking = reach.base;
    this._blank();
    this._say(
      'checking',
      trans.__('Opening the dashboard of %1…', source.name)
    );
    try {
      await probe(reach);
      if (attempt === this._attempt && !this.isDisposed) {
        this._checking = null;
        this._show(reach);
      }
    } catch (error) {
      if (!(error instanceof ClusterError)) {
        throw error;
      }
      if (attempt === this._attempt && !this.isDisposed) {
        this._checking = null;
        this._failed = reach.base;
        this._say('failed', [error.message, error.hint].join(' '), [
          [trans.__('Try again'), () => this.resume()],
          ...this._tab(reach),
          ...this._alternative()
        ]);
      }
    }
  }

  private _show(reach: IReach): void {
    const rules = frameRules(reach);
    const frame = document.createElement('iframe');
    frame.className = 'jp-DaskDashboard-frame';
    frame.title = this._options.title();
    frame.referrerPolicy = 'no-referrer';
    frame.setAttribute('sandbox', rules.sandbox);
    frame.toggleAttribute('credentialless', rules.anonymous);
    frame.tabIndex = -1;
    frame.src = `${reach.base}${this._options.plot}`;
    // Of a closed frame the page sees no more than that somebody is there.
    Private.listen(
      frame,
      ['pointerenter', 'pointerleave', 'focus'],
      this._onTouched
    );
    frame.addEventListener('load', () => {
      const events = ['pointermove', 'pointerdown', 'wheel', 'keydown'];
      Private.listen(frame.contentDocument, events, this._onTouched);
    });
    this._say('shown', '');
    this._frame = frame;
    this._shown = reach.base;
    if (rules.blind) {
      this._explain(reach);
    }
    this.node.append(frame);
    this._arm(this._visible ? this._options.pauseAfter() : HIDDEN);
  }

  /** Say beside a frame what it means if nothing is seen in it. */
  private _explain(reach: IReach): void {
    const { source, trans, explained } = this._options;
    const words = trans.__(
      'Empty? Then %1 is not ready, or cannot be shown here.',
      source.name
    );
    const hide = (): void => {
      explained?.add(reach.base);
      this._note.hidden = true;
    };
    Private.fill(this._note, words, [
      [trans.__('Try again'), () => this._retry()],
      ...this._tab(reach),
      [trans.__('Hide'), hide]
    ]);
    this._note.hidden = explained?.has(reach.base) ?? false;
  }

  private _retry(): void {
    this._blank();
    this.resume();
  }

  private _blank(): void {
    this._frame?.remove();
    this._frame = null;
    this._shown = null;
    this._note.hidden = true;
  }

  /** Look once, later, whether the frame is still wanted. */
  private _arm(delay: number): void {
    clearTimeout(this._timer);
    if (!this.isDisposed) {
      this._timer = setTimeout(() => this._rest(), delay);
    }
  }

  private _rest(): void {
    if (this.isDisposed || !this._frame) {
      return;
    }
    const quiet = Date.now() - this._touched;
    const wanted = this._options.pauseAfter();
    if (!this._visible) {
      this._blank();
      this._say('waiting', '');
    } else if (quiet >= wanted) {
      this._paused = true;
      this._reconcile();
    } else {
      this._arm(wanted - quiet);
    }
  }

  private _gone(): void {
    const { source, trans, startAgain, closeAll } = this._options;
    const again: Private.Act[] =
      startAgain && source.cluster
        ? [[trans.__('Start again'), startAgain]]
        : [];
    const all: Private.Act[] = closeAll?.several()
      ? [[trans.__('Close all'), () => closeAll.execute()]]
      : [];
    this._say(
      'gone',
      trans.__('%1 is gone, and its plots with it.', source.subject),
      [...again, [trans.__('Close'), () => this.parent?.close()], ...all]
    );
  }

  private _tab(reach: IReach): Private.Act[] {
    const { openTab, plot, trans } = this._options;
    const open = (): void => openTab?.(`${reach.base}${plot}`);
    return openTab && frameRules(reach).ownTab
      ? [[trans.__('Open in a new tab'), open]]
      : [];
  }

  private _alternative(): Private.Act[] {
    const { openNative, trans } = this._options;
    return openNative ? [[trans.__('Small charts'), openNative]] : [];
  }

  private _say(
    state: PlotPane.State,
    words: string,
    buttons: Private.Act[] = []
  ): void {
    const said = [words, ...buttons.map(([label]) => label)].join('\n');
    if (state === this._state && this._said === said) {
      return;
    }
    this._state = state;
    this._said = said;
    this._message.hidden = words === '';
    Private.fill(this._message, words, buttons);
  }

  private _onTouched = (): void => {
    this._touched = Date.now();
  };

  private readonly _options: PlotPane.IOptions;
  private readonly _message: HTMLElement;
  private readonly _note: HTMLElement;
  private _frame: HTMLIFrameElement | null = null;
  private _state: PlotPane.State = 'waiting';
  private _said: string | null = null;
  private _shown: string | null = null;
  private _checking: string | null = null;
  private _failed: string | null = null;
  private _paused: boolean;
  private _attempt = 0;
  private _touched = Date.now();
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

export namespace PlotPane {
  export type State =
    'waiting' | 'checking' | 'shown' | 'paused' | 'failed' | 'gone';

  export interface IOptions {
    /** The pane disposes of it. */
    source: ISource;
    /** The plot's path below the source's address. */
    plot: string;
    /** The frame's accessible name. */
    title: () => string;
    activity: Activity;
    /** After how many ms without an act of the person the pane pauses. */
    pauseAfter: () => number;
    /** Rejects with a ClusterError when the dashboard cannot be shown. */
    probe: (reach: IReach) => Promise<unknown>;
    /** Start a successor of the cluster; absent where that makes no sense. */
    startAgain?: () => void;
    /** Close this and all other panes of the cluster, where there are several. */
    closeAll?: { several: () => boolean; execute: () => void };
    /** Open the charts that need no proxy. */
    openNative?: () => void;
    /** Open an address outside of this page. */
    openTab?: (url: string) => void;
    /** The dashboards of which the person knows what an empty frame means. */
    explained?: Set<string>;
    /** Show nothing before the person says so. */
    paused?: boolean;
    trans: TranslationBundle;
  }
}

namespace Private {
  /** What a button is called and does. */
  export type Act = [label: string, act: () => void];

  /** Replace an element's content by words and buttons. */
  export function fill(node: HTMLElement, words: string, acts: Act[]): void {
    const text = document.createElement('p');
    text.textContent = words;
    node.replaceChildren(
      text,
      ...acts.map(([label, act]) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'jp-DaskDashboard-button';
        button.textContent = label;
        button.addEventListener('click', act);
        return button;
      })
    );
  }

  export function listen(
    target: EventTarget | null,
    events: string[],
    listener: () => void
  ): void {
    for (const event of events) {
      target?.addEventListener(event, listener, { passive: true });
    }
  }
}
