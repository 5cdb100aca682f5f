import { Notification } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate, IDisposable } from '@lumino/disposable';
import { CommandIDs } from '../commands';
import type { ICluster, ICosts, IProviderRegistry } from '../tokens';
import { IChangeServices, TOAST_LENGTH } from './change';
import {
  countFates,
  describeFate,
  describeShutDown,
  fateOf,
  isEndless,
  survivalOf
} from './fate';

/** When the browser asks before the page is closed. */
export type Asks = 'endless' | 'always' | 'never';

/** So long, in ms, a person who was asked is leaving. */
const LEAVES = 15_000;

/** A cluster in these states is there, or will be. */
const ALIVE: readonly string[] = ['queued', 'starting', 'running', 'degraded'];

/** The clusters that a person would leave behind. */
export function aliveOf(clusters: readonly ICluster[]): ICluster[] {
  return clusters.filter(({ snapshot }) => ALIVE.includes(snapshot.state));
}

/**
 * Tells what becomes of each cluster before a person shuts the server down, logs
 * out, or closes the page.
 *
 * #### Notes
 * A browser asks in its own words when a page is closed, and before each reload
 * too: so by default it asks only where a cluster would go on for ever. What
 * becomes of the clusters is then said on the page, for those who stay. The
 * application's commands know no question before them: their registry's `execute`
 * is wrapped, for these commands only.
 */
export class Leaving implements IDisposable {
  constructor(services: Leaving.IServices) {
    this._services = services;
    this._wrap = Private.wrap(services.commands, id => this._goesOn(id));
    window.addEventListener('beforeunload', this);
  }

  /** When the browser asks before the page is closed. */
  asks: Asks = 'endless';

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._wrap.dispose();
      window.removeEventListener('beforeunload', this);
    }
  }

  handleEvent(event: Event): void {
    const running = aliveOf(this._services.manager.clusters);
    const asks =
      this.asks === 'always'
        ? running.length > 0
        : this.asks === 'endless' &&
          running.some(cluster => isEndless(cluster, this._survival(cluster)));
    if (asks && Date.now() > this._asked + LEAVES) {
      event.preventDefault();
      this._tell(running);
    }
  }

  /** Whether a command that ends the stay goes on: who leaves clusters is asked. */
  private async _goesOn(id: string): Promise<boolean> {
    const { manager, commands, language, costs } = this._services;
    const running = aliveOf(manager.clusters);
    if (running.length === 0) {
      return true;
    }
    const { askToLeave } = await import('./leavingDialog');
    const logsOut = id !== 'filemenu:shutdown';
    const describe = logsOut ? describeFate : describeShutDown;
    const answer = await askToLeave({
      logsOut,
      clusters: running,
      fates: running.map(cluster =>
        describe(cluster, this._survival(cluster), language)
      ),
      costs,
      language
    });
    if (answer === 'stop') {
      await commands.execute(CommandIDs.stopAllClusters);
    } else if (answer === 'leave') {
      this._asked = Date.now();
    }
    return answer === 'leave';
  }

  private _survival(cluster: ICluster): ReturnType<typeof survivalOf> {
    return survivalOf(cluster, this._services.registry);
  }

  private _tell(running: readonly ICluster[]): void {
    const { commands, language } = this._services;
    const { trans } = language;
    const each = running
      .map(cluster => describeFate(cluster, this._survival(cluster), language))
      .join(' ');
    // A toast holds few names: then all are counted, and the list is a click away.
    const message =
      each.length <= TOAST_LENGTH
        ? each
        : countFates(
            running.map(cluster => fateOf(cluster, this._survival(cluster))),
            language
          );
    Notification.warning(message, {
      autoClose: false,
      actions: [
        {
          label: trans.__('Show each'),
          callback: () => void commands.execute(CommandIDs.showLeftRunning)
        },
        {
          label: trans.__('Stop all…'),
          callback: () => void commands.execute(CommandIDs.stopAllClusters)
        }
      ]
    });
  }

  private _services: Leaving.IServices;
  private _wrap: IDisposable;
  /** When a person was asked and left, in ms since the epoch. */
  private _asked = 0;
  private _isDisposed = false;
}

export namespace Leaving {
  export interface IServices extends IChangeServices {
    /** Tells what a provider's clusters survive; null where that is not known. */
    registry: IProviderRegistry | null;
    costs: ICosts | null;
  }
}

namespace Private {
  /** Commands of the application that end the server, or the person's stay. */
  const LEAVES: readonly string[] = [
    'filemenu:shutdown',
    'filemenu:logout',
    'hub:logout'
  ];

  /** Ask before these commands; all others are executed as they were. */
  export function wrap(
    commands: CommandRegistry,
    goesOn: (id: string) => Promise<boolean>
  ): IDisposable {
    const { execute } = commands;
    const asking: CommandRegistry['execute'] = (id, args) =>
      LEAVES.includes(id)
        ? goesOn(id).then(
            goes =>
              goes &&
              execute.call<
                CommandRegistry,
                [string, typeof args],
                Promise<unknown>
              >(commands, id, args)
          )
        : execute.call<
            CommandRegistry,
            [string, typeof args],
            Promise<unknown>
          >(commands, id, args);
    commands.execute = asking;
    return new DisposableDelegate(() => {
      if (commands.execute === asking) {
        commands.execute = execute;
      }
    });
  }
}
