import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import type { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';

/**
 * A plugin whose code is loaded when it is activated: when another plugin asks
 * for what it provides, or at the person's first use (see `plugins/start.ts`).
 *
 * #### Notes
 * It is not started with the application, so loading its code delays nothing.
 *
 * @param early - Commands that stand in for the plugin's own until then.
 */
export function lazy<T, S extends unknown[]>(
  plugin: ILazyPlugin<T>,
  load: () => Promise<{
    activate: (app: JupyterFrontEnd, ...services: S) => T | Promise<T>;
  }>,
  early?: EarlyCommands
): JupyterFrontEndPlugin<T> {
  return {
    ...plugin,
    autoStart: false,
    activate: async (app, ...services) => {
      const { activate } = await load();
      early?.release(plugin.id);
      return activate(app, ...(services as S));
    }
  };
}

/**
 * Commands that can be found before the plugins that have them are loaded. Each
 * goes just before its plugin adds its own, so that none is missing meanwhile.
 */
export class EarlyCommands {
  /** Keep a command until a plugin adds its own. */
  add(plugin: string, command: IDisposable): void {
    const known = this._commands.get(plugin) ?? [];
    this._commands.set(plugin, [...known, command]);
  }

  /** Remove the commands of a plugin; of all of them without an id. */
  release(plugin?: string): void {
    const plugins =
      plugin === undefined ? [...this._commands.keys()] : [plugin];
    for (const id of plugins) {
      this._commands.get(id)?.forEach(command => command.dispose());
      this._commands.delete(id);
    }
  }

  private _commands = new Map<string, IDisposable[]>();
}

/** What JupyterLab must know of a plugin before its code is loaded. */
export interface ILazyPlugin<T> {
  id: string;
  description: string;
  requires?: Token<unknown>[];
  optional?: Token<unknown>[];
  provides?: Token<T>;
}
