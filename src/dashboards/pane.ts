import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import '../../style/dashboards.css';
import type { Activity } from '../providers/kernel/activity';
import { ClusterError } from '../tokens';
import type { ISource } from './source';

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
    this.node.append(this._message);
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
    const { base, state } = source;
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
    } else if (base === null) {
      this._blank();
      this._say('failed', trans.__('%1 has no dashboard.', source.name));
    } else if (
      this._visible &&
      base !== this._shown &&
      base !== this._failed &&
      base !== this._checking
    ) {
      void this._check(base);
    }
    if (this._frame) {
      this._arm(this._visible ? this._options.pauseAfter() : HIDDEN);
    }
  }

  /** Ask before framing: an error page in a frame explains nothing. */
  private async _check(base: string): Promise<void> {
    const { source, trans, probe } = this._options;
    const attempt = ++this._attempt;
    this._checking = base;
    this._blank();
    this._say(
      'checking',
      trans.__('Opening the dashboard of %1…', source.name)
    );
    try {
      await probe(base);
      if (attempt === this._attempt && !this.isDisposed) {
        this._checking = null;
        this._show(base);
      }
    } catch (error) {
      if (!(error instanceof ClusterError)) {
        throw error;
      }
      if (attempt === this._attempt && !this.isDisposed) {
        this._checking = null;
        this._failed = base;
        this._say('failed', [error.message, error.hint].join(' '), [
          [trans.__('Try again'), () => this.resume()],
          ...this._alternative()
        ]);
      }
    }
  }

  private _show(base: string): void {
    const frame = document.createElement('iframe');
    frame.className = 'jp-DaskDashboard-frame';
    frame.title = this._options.title();
    frame.referrerPolicy = 'no-referrer';
    // The proxy is of this origin, and Bokeh's websocket needs the cookie.
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
    frame.tabIndex = -1;
    frame.src = `${base}${this._options.plot}`;
    frame.addEventListener('load', () => {
      for (const event of ['pointermove', 'pointerdown', 'wheel', 'keydown']) {
        frame.contentDocument?.addEventListener(event, this._onFrameEvent, {
          passive: true
        });
      }
    });
    this._say('shown', '');
    this._frame = frame;
    this._shown = base;
    this.node.append(frame);
    this._arm(this._visible ? this._options.pauseAfter() : HIDDEN);
  }

  private _blank(): void {
    this._frame?.remove();
    this._frame = null;
    this._shown = null;
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
    const { source, trans, startAgain } = this._options;
    const again: [string, () => void][] =
      startAgain && source.cluster
        ? [[trans.__('Start again'), startAgain]]
        : [];
    this._say(
      'gone',
      trans.__('%1 is gone, and its plots with it.', source.name),
      [...again, [trans.__('Close'), () => this.parent?.close()]]
    );
  }

  private _alternative(): [string, () => void][] {
    const { openNative, trans } = this._options;
    return openNative ? [[trans.__('Small charts'), openNative]] : [];
  }

  private _say(
    state: PlotPane.State,
    words: string,
    buttons: [string, () => void][] = []
  ): void {
    if (state === this._state && this._message.dataset.words === words) {
      return;
    }
    this._state = state;
    this._message.dataset.words = words;
    const text = document.createElement('p');
    text.textContent = words;
    this._message.hidden = words === '';
    this._message.replaceChildren(
      text,
      ...buttons.map(([label, act]) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'jp-DaskDashboard-button';
        button.textContent = label;
        button.addEventListener('click', act);
        return button;
      })
    );
  }

  private _onFrameEvent = (): void => {
    this._touched = Date.now();
  };

  private readonly _options: PlotPane.IOptions;
  private readonly _message: HTMLElement;
  private _frame: HTMLIFrameElement | null = null;
  private _state: PlotPane.State = 'waiting';
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
    probe: (base: string) => Promise<unknown>;
    /** Start a successor of the cluster; absent where that makes no sense. */
    startAgain?: () => void;
    /** Open the charts that need no proxy. */
    openNative?: () => void;
    /** Show nothing before the person says so. */
    paused?: boolean;
    trans: TranslationBundle;
  }
}
