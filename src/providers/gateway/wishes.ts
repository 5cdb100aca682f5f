/** How many workers were asked for, and why they are not there. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ClusterError, IClusterLimits, IClusterSnapshot } from '../../tokens';
import type { IWish } from './form';
import { shortage, unheard } from './refusals';

/** Workers that do not come for this long, in ms, are explained. */
const PATIENCE = 90_000;

/**
 * The wish for the workers of one cluster: within its bounds, and as against
 * those that are there.
 */
export class Wishes {
  constructor(options: Wishes.IOptions) {
    this._options = options;
    this._wish = options.wish ?? {};
  }

  get current(): IWish {
    return this._wish;
  }

  /** The gateway has heard a wish. */
  set current(wish: IWish) {
    this._wish = wish;
    this._isUnheard = false;
    this._short = Date.now();
    this._options.wished(wish);
  }

  /** Nobody answered a wish: perhaps it was not heard. */
  setUnheard(): void {
    this._isUnheard = true;
  }

  /** Keep the administrator's bound in the settings, beside the hub's. */
  check(workers: number): void {
    const { limits, trans } = this._options;
    const most = limits?.workers;
    if (most !== undefined && workers > most) {
      throw new ClusterError(
        trans._n(
          'Your administrator allows %1 worker.',
          'Your administrator allows %1 workers.',
          most
        ),
        { code: 'limit', hint: trans.__('Ask for fewer.') }
      );
    }
  }

  /** Whether workers that are wanted keep being away, and why. */
  state(
    ready: number,
    now = Date.now()
  ): Pick<IClusterSnapshot, 'state' | 'cause'> {
    const { trans } = this._options;
    if (ready > 0) {
      this._isUnheard = false;
    }
    if (this._isUnheard) {
      return { state: 'degraded', cause: [unheard(trans)] };
    }
    const { workers, minimum } = this._wish;
    const missing = (workers ?? minimum ?? 0) - ready;
    if (missing <= 0) {
      this._short = now;
    }
    return missing > 0 && now - this._short > PATIENCE
      ? { state: 'degraded', cause: [shortage(missing, trans)] }
      : { state: 'running', cause: undefined };
  }

  private readonly _options: Wishes.IOptions;
  private _wish: IWish;
  private _isUnheard = false;
  /** Since when workers have been missing that were asked for. */
  private _short = Date.now();
}

/** How many workers were asked for, in words. */
export function describeWish(
  workers: { wanted: number } | { minimum: number; maximum: number },
  trans: TranslationBundle
): string {
  return 'wanted' in workers
    ? trans._n('Asked for %1 worker.', 'Asked for %1 workers.', workers.wanted)
    : trans.__('Asked for %1 to %2 workers.', workers.minimum, workers.maximum);
}

export namespace Wishes {
  export interface IOptions {
    /** How many workers were asked for, if that is known. */
    wish?: IWish;
    /** Others were asked for. */
    wished: (wish: IWish) => void;
    /** The administrator's bounds on what is asked for here. */
    limits?: IClusterLimits;
    trans: TranslationBundle;
  }
}
