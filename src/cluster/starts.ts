/** Starts at one time; more wait and can be cancelled. */
const MAX_STARTS = 2;

/**
 * Runs starts in turn, a few at one time.
 *
 * @typeparam T - What is started.
 */
export class Starts<T> {
  /** @param run - Starts one; must not reject. Aborting leaves nothing behind. */
  constructor(run: (item: T, signal: AbortSignal) => Promise<void>) {
    this._run = run;
  }

  add(item: T): void {
    this._waiting.push(item);
    this._next();
  }

  /**
   * Take back a start.
   *
   * @returns Whether it waited (and is forgotten), was under way (and is told
   * to end), or is not known.
   */
  cancel(item: T): 'waited' | 'aborted' | 'unknown' {
    const index = this._waiting.indexOf(item);
    if (index >= 0) {
      this._waiting.splice(index, 1);
      return 'waited';
    }
    const abort = this._running.get(item);
    abort?.abort();
    return abort ? 'aborted' : 'unknown';
  }

  private _next(): void {
    while (this._running.size < MAX_STARTS) {
      const item = this._waiting.shift();
      if (item === undefined) {
        return;
      }
      const abort = new AbortController();
      this._running.set(item, abort);
      void this._run(item, abort.signal).finally(() => {
        this._running.delete(item);
        this._next();
      });
    }
  }

  private _run: (item: T, signal: AbortSignal) => Promise<void>;
  private _waiting: T[] = [];
  private _running = new Map<T, AbortController>();
}
