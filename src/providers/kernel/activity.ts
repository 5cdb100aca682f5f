/** Whether a person is at this page. */
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

const EVENTS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/** A person who did nothing for this long, in ms, is taken to be away. */
const AWAY = 120_000;

/** Acts closer than this, in ms, are told once. */
const DISTANCE = 1000;

/**
 * Watches the document for what a person does. It has no timer: being away is
 * the absence of events, and who needs to know asks.
 *
 * #### Notes
 * A page that opens counts as an act.
 */
export class Activity implements IDisposable {
  constructor(target: Document = document) {
    this._document = target;
    for (const name of EVENTS) {
      target.addEventListener(name, this._onEvent, {
        capture: true,
        passive: true
      });
    }
    target.addEventListener('visibilitychange', this._onVisibility);
  }

  /** The document is visible and the person did something lately. */
  get isActive(): boolean {
    return this.isVisible && Date.now() - this._last < AWAY;
  }

  get isVisible(): boolean {
    return this._document.visibilityState !== 'hidden';
  }

  /** The person did something, or the document was shown or hidden. */
  get changed(): ISignal<Activity, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    for (const name of EVENTS) {
      this._document.removeEventListener(name, this._onEvent, {
        capture: true
      });
    }
    this._document.removeEventListener('visibilitychange', this._onVisibility);
    Signal.clearData(this);
  }

  private _onEvent = (): void => {
    const now = Date.now();
    if (now - this._last >= DISTANCE) {
      this._last = now;
      this._changed.emit();
    }
  };

  private _onVisibility = (): void => {
    if (this.isVisible) {
      this._last = Date.now();
    }
    this._changed.emit();
  };

  private _document: Document;
  private _last = Date.now();
  private _isDisposed = false;
  private _changed = new Signal<Activity, void>(this);
}
