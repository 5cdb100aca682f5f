import { DisposableDelegate, IDisposable } from '@lumino/disposable';
import type { WatchDetail } from '../tokens';

const DETAILS: readonly WatchDetail[] = ['none', 'counts', 'workers'];

/**
 * How closely the views look, together.
 *
 * @typeparam T - What is looked at.
 */
export class Watches<T extends object> {
  /** @param apply - Told the closest look that anybody wants. */
  constructor(apply: (item: T, detail: WatchDetail) => void) {
    this._apply = apply;
  }

  /** Look; disposing the result ends it. */
  add(item: T, detail: WatchDetail): IDisposable {
    const watch = { detail };
    this._watches.set(item, [...this._of(item), watch]);
    this.update(item);
    return new DisposableDelegate(() => {
      this._watches.set(
        item,
        this._of(item).filter(other => other !== watch)
      );
      this.update(item);
    });
  }

  /** Say it again, to somebody who came later. */
  update(item: T): void {
    const levels = this._of(item).map(watch => DETAILS.indexOf(watch.detail));
    this._apply(item, DETAILS[Math.max(0, ...levels)]);
  }

  private _of(item: T): ReadonlyArray<{ detail: WatchDetail }> {
    return this._watches.get(item) ?? [];
  }

  private _apply: (item: T, detail: WatchDetail) => void;
  private _watches = new WeakMap<T, ReadonlyArray<{ detail: WatchDetail }>>();
}
