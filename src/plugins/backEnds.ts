import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { IBackEnd } from '../providers/kernel/backEnd';
import { LazyProvider } from '../providers/kernel/lazy';
import { followSettings } from '../settings';
import { DOMAIN, IProviderRegistry } from '../tokens';

/** A back end that a setting of its name turns on. */
export interface IOffer {
  id: IBackEnd['id'];
  name: string;
  caption: string;
  rank: number;
  backEnd: IBackEnd;
}

/**
 * Add the providers of the back ends that are turned on in the settings.
 *
 * @param plugin - The plugin whose settings turn them on.
 */
export function followOffers(
  plugin: string,
  offers: (trans: TranslationBundle) => IOffer[],
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  settings: ISettingRegistry,
  notebooks: INotebookTracker | null,
  translator: ITranslator | null
): void {
  const { sessions, kernelspecs } = app.serviceManager;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const added = new Map<string, IDisposable>();
  void followSettings(settings, plugin, trans, setting => {
    for (const { id, name, caption, rank, backEnd } of offers(trans)) {
      const isOn = setting?.composite[id] === true;
      if (!isOn) {
        added.get(id)?.dispose();
        added.delete(id);
      } else if (!added.has(id)) {
        const provider = new LazyProvider({
          id,
          label: name,
          caption,
          rank,
          creates: true,
          sessions,
          kind: id,
          load: async changed => {
            const { createLocalProvider } =
              await import('../providers/kernel/provider');
            return createLocalProvider({
              sessions,
              kernelspecs,
              trans,
              changed,
              activeKernel: () =>
                notebooks?.currentWidget?.sessionContext.session?.kernel?.name,
              warmStart: () => false,
              backEnd
            });
          }
        });
        added.set(id, registry.add(provider));
      }
    }
  });
}
