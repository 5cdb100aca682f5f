import { Notification } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { formatDuration } from '../cluster/units';
import { CommandIDs } from '../commands';
import type { ILanguage } from '../components/language';
import { plainText } from '../components/plainText';
import type { ICluster } from '../tokens';
import type { IChangeServices } from './change';

/** Commands of the application that end the server, or the person's stay. */
const LEAVES = ['filemenu:shutdown', 'filemenu:logout', 'hub:logout'];

/** More clusters than these are counted, not named. */
const NAMED = 3;

/** What becomes of a cluster when its person leaves, in words. */
export function describeFate(
  { capabilities, snapshot }: Pick<ICluster, 'capabilities' | 'snapshot'>,
  { trans, locale }: ILanguage,
  now = Date.now()
): string {
  const name = plainText(snapshot.name);
  if (!capabilities.stop) {
    return trans.__('%1 stays: it belongs to somebody else.', name);
  }
  const { stopsAt, stopsFor, options } = snapshot;
  if (stopsAt !== undefined) {
    const left = formatDuration(Math.max(0, stopsAt - now), locale);
    return stopsFor === 'budget'
      ? trans.__('%1 stops in %2, when its budget is used up.', name, left)
      : stopsFor === 'lifetime'
        ? trans.__('%1 stops in %2, even if tasks run.', name, left)
        : trans.__('%1 stops in %2 if nothing runs.', name, left);
  }
  if (typeof options?.idleTimeout === 'number') {
    return trans.__(
      '%1 stops when nothing has run for %2.',
      name,
      formatDuration(options.idleTimeout * 60_000, locale)
    );
  }
  return snapshot.connection?.kind === 'gateway'
    ? trans.__('%1 goes on without the Jupyter server.', name)
    : trans.__('%1 stops with the Jupyter server.', name);
}

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
  constructor(services: IChangeServices) {
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
    const { commands, language } = this._services;
    const { trans } = language;
    const running = this._running;
    if (running.length === 0) {
      return;
    }
    const words = running
      .slice(0, NAMED)
      .map(cluster => describeFate(cluster, language));
    const more = running.length - NAMED;
    if (more > 0) {
      words.push(trans._n('And %1 more.', 'And %1 more.', more));
    }
    Notification.warning(words.join(' '), {
      autoClose: false,
      actions: [
        {
          label: trans.__('Stop all…'),
          callback: () => void commands.execute(CommandIDs.stopAllClusters)
        }
      ]
    });
  }

  private _services: IChangeServices;
  private _isDisposed = false;
}
