import { Notification } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { CommandIDs } from '../commands';
import type { ICluster, IProviderRegistry } from '../tokens';
import { IChangeServices, TOAST_LENGTH } from './change';
import { countFates, describeFate, fateOf, survivalOf } from './fate';

/** Commands of the application that end the server, or the person's stay. */
const LEAVES = ['filemenu:shutdown', 'filemenu:logout', 'hub:logout'];

/**
 * Tells what becomes of each cluster when a person shuts the server down, logs
 * out, or closes the page.
 *
 * #### Notes
 * A browser shows only its own words when a page is closed, and asks before each
 * reload too: so it asks only for people who want that. What becomes of the
 * clusters is then said on the page, for those who stay.
 */
export class Leaving implements IDisposable {
  constructor(services: Leaving.IServices) {
    this._services = services;
    services.commands.commandExecuted.connect(this._onCommand, this);
    window.addEventListener('beforeunload', this);
  }

  /** Whether the browser asks before the page is closed. */
  asks = false;

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      window.removeEventListener('beforeunload', this);
      Signal.clearData(this);
    }
  }

  handleEvent(event: Event): void {
    if (this.asks && this._running.length > 0) {
      event.preventDefault();
      this._tell();
    }
  }

  private get _running(): ICluster[] {
    return this._services.manager.clusters.filter(({ snapshot }) =>
      ['queued', 'starting', 'running', 'degraded'].includes(snapshot.state)
    );
  }

  private _onCommand(
    _: CommandRegistry,
    { id }: CommandRegistry.ICommandExecutedArgs
  ): void {
    if (LEAVES.includes(id)) {
      this._tell();
    }
  }

  private _tell(): void {
    const { commands, language, registry } = this._services;
    const { trans } = language;
    const running = this._running;
    if (running.length === 0) {
      return;
    }
    const survival = (cluster: ICluster) => survivalOf(cluster, registry);
    const each = running
      .map(cluster => describeFate(cluster, survival(cluster), language))
      .join(' ');
    // A toast holds few names: then all are counted, and the list is a click away.
    const message =
      each.length <= TOAST_LENGTH
        ? each
        : countFates(
            running.map(cluster => fateOf(cluster, survival(cluster))),
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
  private _isDisposed = false;
}

export namespace Leaving {
  export interface IServices extends IChangeServices {
    /** Tells what a provider's clusters survive; null where that is not known. */
    registry: IProviderRegistry | null;
  }
}
