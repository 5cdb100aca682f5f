import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ITranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import type { IClusterManager, ICosts, IPlaces, IProfiles } from '../tokens';

/** Fill the pages of workshop files. */
export function activate(
  app: JupyterFrontEnd,
  places: IPlaces,
  manager: IClusterManager,
  profiles: IProfiles | null,
  costs: ICosts | null,
  notebooks: INotebookTracker | null,
  translator: ITranslator | null
): void {
  const { commands, serviceManager } = app;
  places.fillWorkshops(async page => {
    const [{ fillPage }, { createLanguage }] = await Promise.all([
      import('../workshops/page'),
      import('../components/language')
    ]);
    const language = createLanguage(translator);
    await fillPage(
      page,
      {
        ...language,
        contents: serviceManager.contents,
        manager,
        profiles,
        costs,
        notebooks,
        name: async () => {
          await serviceManager.user.ready;
          return serviceManager.user.identity?.username ?? '';
        },
        open: (path: string) => commands.execute('docmanager:open', { path }),
        openTemplate: (template: string) =>
          commands.execute(CommandIDs.openTemplate, { template }),
        teach: (path: string) =>
          commands.execute(CommandIDs.teachClass, { path })
      },
      language
    );
  });
}
