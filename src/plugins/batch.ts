import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ITranslator } from '@jupyterlab/translation';
import { BATCH_SYSTEMS, batchBackEnd } from '../providers/kernel/backEnd';
import type { IProviderRegistry } from '../tokens';
import { followOffers } from './backEnds';

/** Add the providers of the batch systems that are turned on in the settings. */
export function activate(
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  settings: ISettingRegistry,
  notebooks: INotebookTracker | null,
  translator: ITranslator | null
): void {
  followOffers(
    'jupyterlab-seasonal-monitor:batch',
    trans =>
      BATCH_SYSTEMS.map(system => ({
        ...system,
        caption: trans.__('Workers as jobs of %1', system.name),
        backEnd: batchBackEnd(system)
      })),
    app,
    registry,
    settings,
    notebooks,
    translator
  );
}
