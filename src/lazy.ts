import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import type { Token } from '@lumino/coreutils';

/**
 * A plugin whose code is loaded when it is activated: when another plugin asks
 * for what it provides, or at the person's first use (see `plugins/start.ts`).
 *
 * #### Notes
 * It is not started with the application, so loading its code delays nothing.
 */
export function lazy<T, S extends unknown[]>(
  plugin: ILazyPlugin<T>,
  load: () => Promise<{
    activate: (app: JupyterFrontEnd, ...services: S) => T | Promise<T>;
  }>
): JupyterFrontEndPlugin<T> {
  return {
    ...plugin,
    autoStart: false,
    activate: async (app, ...services) =>
      (await load()).activate(app, ...(services as S))
  };
}

/** What JupyterLab must know of a plugin before its code is loaded. */
export interface ILazyPlugin<T> {
  id: string;
  description: string;
  requires?: Token<unknown>[];
  optional?: Token<unknown>[];
  provides?: Token<T>;
}
