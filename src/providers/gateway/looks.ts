/** When clusters are looked at, and in what order. */
import { Poll } from '@lumino/polling';
import type { IDisposable } from '@lumino/disposable';
import type { Activity } from '../kernel/activity';
import type { GatewayDriver } from './driver';

/** How often the list is read while somebody looks at a card, in ms. */
const INTERVAL = 5000;

/** The longest pause after errors, in ms. */
const MAX_INTERVAL = 120_000;

/** In the mean no more requests than one in so many ms. */
const PER_REQUEST = 1000;

/** So many requests are on their way together when there are many. */
const AT_ONCE = 4;

/** Do something with each, a few at a time. */
export async function fewAtOnce<T>(
  items: readonly T[],
  act: (item: T) => Promise<void>
): Promise<void> {
  const waiting = [...items];
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item; item = waiting.shift()) {
      await act(item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** A card that can be looked at. */
export type ILooked = Pick<GatewayDriver, 'detail' | 'price' | 'measure'>;

/**
 * Looks while somebody looks at a card, in a visible page, who is there. A page
 * that idles asks nothing.
 */
export class Looks implements IDisposable {
  constructor(options: Looks.IOptions) {
    this._options = options;
    this._poll = new Poll({
      auto: false,
      name: 'jupyterlab-seasonal-monitor:gateway',
      standby: 'when-hidden',
      // Pages that were opened together shall not ask together.
      frequency: {
        interval: INTERVAL * (1 + Math.random() / 2),
        max: MAX_INTERVAL,
        backoff: true
      },
      factory: () => this._look()
    });
    options.activity.changed.connect(this.sync, this);
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  /** Run exactly while there is somebody to look for. */
  sync(): void {
    if (this.isDisposed) {
      return;
    }
    const looked = this._options.activity.isActive && this._next().length > 0;
    const runs = !['constructed', 'stopped'].includes(this._poll.state.phase);
    if (looked && !runs) {
      void this._poll.start();
    } else if (!looked && runs) {
      void this._poll.stop();
    }
  }

  dispose(): void {
    this._options.activity.changed.disconnect(this.sync, this);
    this._poll.dispose();
  }

  private async _look(): Promise<void> {
    const { activity, list } = this._options;
    if (!activity.isActive) {
      // Being away has no event: it is found out here, once.
      void this._poll.stop();
      return;
    }
    await list();
    // Of many cards some are looked at now and the others the next time.
    let requests = INTERVAL / PER_REQUEST - 1;
    for (const driver of this._next()) {
      requests -= driver.price;
      if (requests < 0) {
        break;
      }
      this._turn += 1;
      this._turns.set(driver, this._turn);
      await driver.measure();
    }
  }

  /** Who is looked at, those first whose turn was longest ago. */
  private _next(): ILooked[] {
    const last = (driver: ILooked): number => this._turns.get(driver) ?? 0;
    return this._options
      .drivers()
      .filter(({ detail }) => detail !== 'none')
      .sort((a, b) => last(a) - last(b));
  }

  private readonly _options: Looks.IOptions;
  private readonly _poll: Poll;
  private readonly _turns = new WeakMap<ILooked, number>();
  private _turn = 0;
}

export namespace Looks {
  export interface IOptions {
    activity: Activity;
    drivers: () => ILooked[];
    /** Read the list of clusters. */
    list: () => Promise<void>;
  }
}
