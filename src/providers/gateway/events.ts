/** What has happened to a gateway's cluster, as this page saw it. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IClusterEvent } from '../../tokens';

/** As many events as a person reads. */
const MOST = 200;

/** The last events, oldest first. */
export class Events {
  /** A new list with each event. */
  get all(): IClusterEvent[] {
    return this._all;
  }

  /** Note an event of now. */
  add(
    kind: IClusterEvent['kind'],
    level: IClusterEvent['level'],
    text: string
  ): IClusterEvent {
    const event: IClusterEvent = { time: Date.now(), kind, level, text };
    this._all = [...this._all.slice(1 - MOST), event];
    return event;
  }

  private _all: IClusterEvent[] = [];
}

/** The event of a number of workers that is another one. */
export function workersNow(
  before: number,
  ready: number,
  trans: TranslationBundle
): [IClusterEvent['kind'], IClusterEvent['level'], string] {
  return [
    ready > before ? 'worker-added' : 'worker-lost',
    'info',
    trans._n('%1 worker now.', '%1 workers now.', ready)
  ];
}
