import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ITranslator } from '@jupyterlab/translation';
import { AWS_SERVICES, awsBackEnd } from '../providers/kernel/aws';
import type { IProviderRegistry } from '../tokens';
import { followOffers } from './backEnds';

/** Add the providers of the services of Amazon that are turned on in the settings. */
export function activate(
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  settings: ISettingRegistry,
  notebooks: INotebookTracker | null,
  translator: ITranslator | null
): void {
  followOffers(
    'jupyterlab-seasonal-monitor:aws',
    trans =>
      AWS_SERVICES.map(service => ({
        ...service,
        caption: trans.__('Clusters of %1', service.name),
        backEnd: awsBackEnd(service)
      })),
    app,
    registry,
    settings,
    notebooks,
    translator
  );
}
