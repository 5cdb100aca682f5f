import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { customBackEnd, ICustomClass } from '../providers/kernel/custom';
import { controllerProvider, whileWanted } from '../providers/kernel/offer';
import { followSettings } from '../settings';
import { DOMAIN, IProviderRegistry } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:custom';

/** Add the provider of other classes while the settings name some. */
export function activate(
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  settings: ISettingRegistry,
  notebooks: INotebookTracker | null,
  translator: ITranslator | null
): void {
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  let classes: ICustomClass[] = [];
  const offer = whileWanted(registry, () =>
    controllerProvider(app, notebooks, trans, {
      id: 'custom',
      label: trans.__('Other classes'),
      caption: trans.__('Classes that the settings name'),
      rank: 900,
      kind: 'custom',
      leaves: true,
      survives: 'kill',
      load: async () => ({ backEnd: customBackEnd(() => classes) })
    })
  );
  void followSettings(settings, ID, trans, setting => {
    classes = (setting?.composite.classes ?? []) as unknown as ICustomClass[];
    offer(classes.length > 0);
  });
}
