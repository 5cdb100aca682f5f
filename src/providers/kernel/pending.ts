/** Starts that a reload of the page interrupts before the controller knows. */
import type { ICreateParams } from './protocol';

/**
 * Keeps what was asked for until the controller has answered, in this browser
 * tab only. A page that is loaded again in the same tab goes on with it.
 */
export class PendingStarts {
  /** @param storage - Null where the browser has none. */
  constructor(private _storage: Storage | null = Private.storage()) {}

  /** A session was started for this request. */
  add(path: string, params: ICreateParams): void {
    try {
      this._storage?.setItem(Private.key(path), JSON.stringify(params));
    } catch {
      // A full storage costs no more than the start that a reload interrupts.
    }
  }

  /** The request came to its end. */
  remove(path: string): void {
    this._storage?.removeItem(Private.key(path));
  }

  /** What a session was started for, if this tab did it; once. */
  take(path: string): ICreateParams | null {
    const text = this._storage?.getItem(Private.key(path));
    this.remove(path);
    try {
      const params = text ? JSON.parse(text) : null;
      return typeof params?.key === 'string' ? params : null;
    } catch {
      return null;
    }
  }
}

namespace Private {
  export function key(path: string): string {
    return `jupyterlab-seasonal-monitor:start:${path}`;
  }

  export function storage(): Storage | null {
    try {
      return window.sessionStorage;
    } catch {
      return null;
    }
  }
}
