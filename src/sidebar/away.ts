import { Notification } from '@jupyterlab/apputils';
import type { IDisposable } from '@lumino/disposable';
import { soon } from '../cluster/soon';
import { formatDuration, formatTime } from '../cluster/units';
import { CommandIDs } from '../commands';
import type { ILanguage } from '../components/language';
import { plainText } from '../plainText';
import { addMoney, formatMoney, isSet, timesMoney } from '../cost/money';
import type { ICluster, ICosts, Money } from '../tokens';
import { IChangeServices, TOAST_LENGTH } from './change';
import { wholeMinutes } from './fate';
import { aliveOf } from './leaving';

/** Who is back after less, in ms, has loaded the page again. */
const AWAY = 120_000;

/** So long, in ms, one waits for what clusters tell of themselves. */
const PATIENCE = 10_000;

/** What ran when a page was left. */
export interface ILeft {
  /** When, in ms since the epoch. */
  at: number;
  clusters: Record<string, { name: string; cost: Money | null }>;
}

/** What became of what ran. */
export interface IMeanwhile {
  /** Those that are still there, and what each cost meanwhile; null: no price set. */
  ran: { name: string; cost: Money | null }[];
  /** The names of those that are gone. */
  gone: string[];
}

/**
 * Keeps what runs when the page is left, in this browser, and tells the next page's
 * person what ran meanwhile and what that cost.
 */
export class Away implements IDisposable {
  constructor(services: Away.IServices) {
    this._services = services;
    window.addEventListener('pagehide', this);
    void this._tell();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      window.removeEventListener('pagehide', this);
    }
  }

  handleEvent(): void {
    const { manager, costs, storage, key } = this._services;
    const now = Date.now();
    const running = aliveOf(manager.clusters).filter(
      ({ capabilities }) => capabilities.stop
    );
    const left: ILeft = {
      at: now,
      clusters: Object.fromEntries(
        running.map(cluster => [
          cluster.key,
          {
            name: cluster.snapshot.name,
            cost: costs?.of(cluster, now)?.soFar ?? null
          }
        ])
      )
    };
    try {
      if (running.length > 0) {
        storage?.setItem(key, JSON.stringify(left));
      } else {
        storage?.removeItem(key);
      }
    } catch {
      // A full storage: the history still has it.
    }
  }

  private async _tell(): Promise<void> {
    const { manager, costs, storage, key, language, commands } = this._services;
    const left = readLeft(storage?.getItem(key) ?? null);
    storage?.removeItem(key);
    if (!left || Date.now() - left.at < AWAY) {
      return;
    }
    await manager.refresh();
    const there = manager.clusters.filter(item => item.key in left.clusters);
    if (costs) {
      await Promise.all(
        there.map(cluster =>
          soon(
            () => costs.of(cluster, Date.now()),
            [costs.changed, cluster.changed],
            PATIENCE
          )
        )
      );
    }
    if (this._isDisposed) {
      return;
    }
    const now = Date.now();
    const found = meanwhile(left, manager.clusters, costs, now);
    if (found.ran.length + found.gone.length === 0) {
      return;
    }
    const { trans } = language;
    Notification.info(describeMeanwhile(found, left.at, language, now), {
      autoClose: false,
      actions: [
        ...(found.ran.length > 0
          ? [
              {
                label: trans.__('Show each'),
                callback: () =>
                  void commands.execute(CommandIDs.showLeftRunning)
              }
            ]
          : []),
        {
          label: trans.__('Costs'),
          callback: () => void commands.execute(CommandIDs.showCosts)
        }
      ]
    });
  }

  private _services: Away.IServices;
  private _isDisposed = false;
}

export namespace Away {
  export interface IServices extends IChangeServices {
    costs: ICosts | null;
    /** Null where the browser has none. */
    storage: Storage | null;
    /** Where it is kept; of one server only. */
    key: string;
  }
}

/** What is stored, as far as it can be used. */
export function readLeft(stored: string | null): ILeft | null {
  try {
    const { at, clusters } = JSON.parse(stored ?? 'null') ?? {};
    if (!Number.isFinite(at) || typeof clusters !== 'object' || !clusters) {
      return null;
    }
    const known = Object.entries<Record<string, unknown>>(clusters)
      .filter(([, value]) => typeof value?.name === 'string')
      .map(([key, { name, cost }]) => [
        key,
        { name: String(name), cost: Private.readMoney(cost) }
      ]);
    return { at, clusters: Object.fromEntries(known) };
  } catch {
    return null;
  }
}

/** What became of what ran when the page was left. */
export function meanwhile(
  { clusters: left }: ILeft,
  clusters: readonly ICluster[],
  costs: Pick<ICosts, 'of'> | null,
  now: number
): IMeanwhile {
  const found: IMeanwhile = { ran: [], gone: [] };
  for (const [key, { name, cost: before }] of Object.entries(left)) {
    const cluster = aliveOf(clusters).find(item => item.key === key);
    if (!cluster) {
      found.gone.push(name);
      continue;
    }
    const after = costs?.of(cluster, now)?.soFar;
    found.ran.push({
      name: cluster.snapshot.name,
      cost: after && before ? addMoney(after, timesMoney(before, -1)) : null
    });
  }
  return found;
}

/** `While you were away, from 14:05 (2 hr): dask-1 ran on and cost 0.42 EUR.` */
export function describeMeanwhile(
  { ran, gone }: IMeanwhile,
  since: number,
  { trans, locale }: ILanguage,
  now: number
): string {
  const intro = trans.__(
    'Since a page was left at %1 (%2):',
    formatTime(since, locale),
    formatDuration(wholeMinutes(now - since), locale)
  );
  const each = [
    ...ran.map(({ name, cost }) =>
      cost && isSet(cost)
        ? trans.__(
            '%1 ran on and cost %2.',
            plainText(name),
            formatMoney(cost, locale)
          )
        : trans.__('%1 ran on (no price set).', plainText(name))
    ),
    ...gone.map(name => trans.__('%1 has ended.', plainText(name)))
  ].join(' ');
  if (intro.length + each.length < TOAST_LENGTH) {
    return `${intro} ${each}`;
  }
  const sum = addMoney(...ran.map(({ cost }) => cost ?? {}));
  const counts = [
    ran.length === 0
      ? ''
      : isSet(sum)
        ? trans._n(
            '%1 cluster ran on and cost %2.',
            '%1 clusters ran on and cost %2.',
            ran.length,
            formatMoney(sum, locale)
          )
        : trans._n(
            '%1 cluster ran on (no price set).',
            '%1 clusters ran on (no price set).',
            ran.length
          ),
    gone.length === 0
      ? ''
      : trans._n('%1 has ended.', '%1 have ended.', gone.length)
  ].filter(Boolean);
  return `${intro} ${counts.join(' ')}`;
}

namespace Private {
  export function readMoney(value: unknown): Money | null {
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value).filter(([, amount]) => Number.isFinite(amount))
        )
      : null;
  }
}
