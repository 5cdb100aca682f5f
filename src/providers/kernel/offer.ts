/** Providers whose clusters live in controller kernels, as their plugins add them. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { IBackEnd } from './backEnd';
import { LazyProvider } from './lazy';
import type { IProviderRegistry } from '../../tokens';

/** What such a provider is called, and what is loaded at its first use. */
export interface IOffer extends Pick<
  LazyProvider.IOptions,
  'id' | 'label' | 'caption' | 'rank' | 'kind' | 'leaves'
> {
  load(): Promise<{ backEnd?: IBackEnd; warmStart?: () => boolean }>;
}

/** A provider whose clusters live in controller kernels. */
export function controllerProvider(
  { serviceManager: { sessions, kernelspecs } }: JupyterFrontEnd,
  notebooks: INotebookTracker | null,
  trans: TranslationBundle,
  { load, ...texts }: IOffer
): LazyProvider {
  return new LazyProvider({
    ...texts,
    creates: true,
    sessions,
    load: async changed => {
      const [{ createLocalProvider }, loaded] = await Promise.all([
        import('./provider'),
        load()
      ]);
      return createLocalProvider({
        sessions,
        kernelspecs,
        trans,
        changed,
        activeKernel: () =>
          notebooks?.currentWidget?.sessionContext.session?.kernel?.name,
        warmStart: () => false,
        ...loaded
      });
    }
  });
}

/**
 * Have a provider in the registry while it is wanted.
 *
 * @returns Says whether it is wanted now.
 */
export function whileWanted(
  registry: IProviderRegistry,
  make: () => LazyProvider
): (wanted: boolean) => void {
  let added: IDisposable | null = null;
  return wanted => {
    if (wanted) {
      added ??= registry.add(make());
    } else {
      added?.dispose();
      added = null;
    }
  };
}
