import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { controllerProvider, whileWanted } from '../providers/kernel/offer';
import { followSettings } from '../settings';
import { DOMAIN, IProviderRegistry } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:aws';

/** Add the providers of the services of AWS that are turned on in the settings. */
export function activate(
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  settings: ISettingRegistry,
  notebooks: INotebookTracker | null,
  translator: ITranslator | null
): void {
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const services = [
    {
      id: 'fargate' as const,
      label: trans.__('AWS Fargate'),
      caption: trans.__('Scheduler and workers as containers of AWS'),
      rank: 400
    },
    {
      id: 'ec2' as const,
      label: trans.__('AWS EC2'),
      caption: trans.__('Scheduler and workers on machines of AWS'),
      rank: 410
    }
  ];
  const offers = services.map(({ id, ...texts }) => {
    const offer = whileWanted(registry, () =>
      controllerProvider(app, notebooks, trans, {
        id,
        ...texts,
        kind: id,
        leaves: true,
        survives: 'kill',
        load: async () => {
          const { awsBackEnd } = await import('../providers/kernel/aws');
          return { backEnd: awsBackEnd(id) };
        }
      })
    );
    return { id, offer };
  });
  void followSettings(settings, ID, trans, setting => {
    for (const { id, offer } of offers) {
      offer(setting?.composite[id] === true);
    }
  });
}
