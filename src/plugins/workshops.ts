import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import { PageConfig } from '@jupyterlab/coreutils';
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { usersIcon } from '@jupyterlab/ui-components';
import { PromiseDelegate } from '@lumino/coreutils';
import type { Panel, Widget } from '@lumino/widgets';
import { CommandIDs, earlyTexts } from '../commands';
import { guarded } from '../guard';
import { loadClassNames } from '../workshops/names';
import { DOMAIN } from '../tokens';
import type {
  IClusterManager,
  ICosts,
  IDashboards,
  IPlaces,
  IProfiles,
  IProviderRegistry,
  ITemplates
} from '../tokens';
import { fileArgs } from '../workshops/commandArgs';
import type { ClassService } from '../workshops/service';
import type { WorkshopDocument } from '../workshops/document';

/** Fill the pages of workshop files, and add the commands that make them. */
export function activate(
  app: JupyterFrontEnd,
  places: IPlaces,
  manager: IClusterManager,
  registry: IProviderRegistry | null,
  profiles: IProfiles | null,
  costs: ICosts | null,
  templates: ITemplates | null,
  dashboards: IDashboards | null,
  notebooks: INotebookTracker | null,
  browser: IDefaultFileBrowser | null,
  state: IStateDB | null,
  settings: ISettingRegistry | null,
  palette: ICommandPalette | null,
  language: ITranslator | null
): void {
  const { commands, shell, serviceManager } = app;
  const { contents } = serviceManager;
  const translator = language ?? nullTranslator;
  const trans = translator.load(DOMAIN);
  const addCommand = guarded(commands, trans);
  const pages = new Private.Pages();
  const server = serviceManager.serverSettings;
  const hub = PageConfig.getOption('hubPrefix');
  /** The service of the hub for classes, which asks nothing yet. */
  const findService = async (): Promise<() => ClassService | null> => {
    const [{ classService }, { service }] = await Promise.all([
      import('../workshops/reach'),
      loadClassNames(settings, trans)
    ]);
    return () => classService({ server, service, trans });
  };
  const open = (path: string) => commands.execute('docmanager:open', { path });

  places.fillWorkshops(async page => {
    const [{ fillPage }, { screenActs }, { createLanguage }] =
      await Promise.all([
        import('../workshops/document'),
        import('../workshops/screenActs'),
        import('../components/language')
      ]);
    pages.add(
      page,
      await fillPage(
        page,
        {
          ...createLanguage(translator),
          contents,
          manager,
          profiles,
          costs,
          machine: provider => registry?.get(provider)?.capacity?.(),
          templates,
          notebooks,
          state,
          translator,
          name: async () => {
            await serviceManager.user.ready;
            return serviceManager.user.identity?.username ?? '';
          },
          open,
          openTemplate: (template: string) =>
            commands.execute(CommandIDs.openTemplate, { template }),
          choose: async folder => {
            const room = await import('../workshops/choose');
            return room.chooseNotebooks(
              folder,
              browser?.model.manager ?? null,
              translator,
              trans
            );
          },
          link: async path => {
            const room = await import('../workshops/follow');
            return room.copyLink(path, serviceManager, trans);
          },
          publish: hub
            ? async (file, bundle) => {
                const room = await import('../workshops/follow');
                return room.publishClass(
                  file,
                  bundle,
                  (await findService())()!,
                  state,
                  serviceManager,
                  trans
                );
              }
            : undefined,
          service: await findService(),
          kernelspecs: serviceManager.kernelspecs,
          dashboards: async (name, provider) => {
            const room = await import('../workshops/dashboardsHere');
            return room.whyNoDashboards(name, provider, {
              manager,
              dashboards,
              server,
              trans
            });
          },
          teach: path => commands.execute(CommandIDs.teachClass, { path }),
          explain: async () => {
            if (!commands.isEnabled(CommandIDs.whatHappened)) {
              throw new Error(trans.__('You have no cluster now.'));
            }
            await commands.execute(CommandIDs.whatHappened);
          },
          screen: () => screenActs(commands)
        },
        createLanguage(translator)
      )
    );
  });

  const edit = async (path: string): Promise<void> => {
    const widget = (await commands.execute('docmanager:open', {
      path,
      factory: 'Workshop'
    })) as IDocumentWidget<Panel>;
    (await pages.get(widget)).edit();
  };
  const current = (): WorkshopDocument | undefined =>
    pages.find(shell.currentWidget);
  addCommand(CommandIDs.newWorkshop, {
    ...earlyTexts(trans).newWorkshop,
    icon: usersIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      const { newWorkshop } = await import('../workshops/follow');
      await edit(await newWorkshop(contents, browser?.model.path ?? ''));
    }
  });
  addCommand(CommandIDs.editWorkshop, {
    label: trans.__('Edit Workshop…'),
    caption: trans.__('Change a workshop file by its form'),
    icon: usersIcon,
    isEnabled: args => typeof args.path === 'string' || current() !== undefined,
    describedBy: { args: fileArgs(trans) },
    execute: ({ path }) =>
      typeof path === 'string' ? edit(path) : current()?.edit()
  });
  addCommand(CommandIDs.joinWorkshop, {
    label: trans.__('Join Workshop by Code…'),
    caption: trans.__(
      'Look at the class of a code that your trainer reads out'
    ),
    icon: usersIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          link: {
            type: 'string',
            description: trans.__('The query of a link, instead of a code')
          }
        }
      }
    },
    execute: async ({ link }) => {
      const { findWorkshop } = await import('../workshops/follow');
      const path = await findWorkshop(typeof link === 'string' ? link : null, {
        contents,
        service: await findService(),
        trans
      });
      await (path !== null && open(path));
    }
  });
  palette?.addItem({
    command: CommandIDs.joinWorkshop,
    category: trans.__('Dask')
  });
  palette?.addItem({
    command: CommandIDs.editWorkshop,
    category: trans.__('Dask')
  });
}

namespace Private {
  /** The pages that are filled, by their tabs. */
  export class Pages {
    add(widget: Widget, page: WorkshopDocument): void {
      this._filled.set(widget, page);
      this._slot(widget).resolve(page);
    }

    /** The page of a tab, once it is filled. */
    get(widget: Widget): Promise<WorkshopDocument> {
      return this._slot(widget).promise;
    }

    /** The page of a tab, if it is filled. */
    find(widget: Widget | null): WorkshopDocument | undefined {
      return widget ? this._filled.get(widget) : undefined;
    }

    private _slot(widget: Widget): PromiseDelegate<WorkshopDocument> {
      let slot = this._slots.get(widget);
      if (!slot) {
        slot = new PromiseDelegate();
        this._slots.set(widget, slot);
      }
      return slot;
    }

    private _filled = new WeakMap<Widget, WorkshopDocument>();
    private _slots = new WeakMap<Widget, PromiseDelegate<WorkshopDocument>>();
  }
}
