import type { JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';
import type { JSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { CommandIDs, earlyTexts } from '../commands';
import { guarded } from '../guard';
import { templateIcon } from '../icons';
import { bundledSource, bundledTemplates } from '../templates/bundled';
import { Catalogue } from '../templates/catalogue';
import { dragCells } from '../templates/drag';
import { activeInserted, InsertedEdit } from '../templates/edit';
import type { TemplateTab } from '../templates/open';
import { RunKeeper } from '../templates/sizing/keeper';
import { watchRuns } from '../templates/sizing/watch';
import { ConfiguredSources } from '../templates/sources';
import { followSettings } from '../settings';
import {
  DOMAIN,
  IClusterManager,
  ICosts,
  IPlaces,
  IProfiles,
  IProviderRegistry,
  ITemplates
} from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:templates';

/** Provide the catalogue of templates, and the command that opens one. */
export function activate(
  app: JupyterFrontEnd,
  places: IPlaces,
  language: ITranslator | null,
  state: IStateDB | null,
  notebooks: INotebookTracker | null,
  browser: IDefaultFileBrowser | null,
  rendermime: IRenderMimeRegistry | null,
  palette: ICommandPalette | null,
  settings: ISettingRegistry | null,
  manager: IClusterManager | null,
  registry: IProviderRegistry | null,
  profiles: IProfiles | null,
  costs: ICosts | null
): ITemplates {
  const { commands, shell, serviceManager: services } = app;
  const translator = language ?? nullTranslator;
  const trans = translator.load(DOMAIN);
  const addCommand = guarded(commands, trans);
  const command = CommandIDs.openTemplate;
  const bundled = bundledTemplates(trans);
  const catalogue = new Catalogue({ trans });
  catalogue.add(bundledSource(trans));
  const sources = new ConfiguredSources({
    catalogue,
    contents: services.contents,
    base: services.serverSettings.baseUrl,
    trans
  });
  let folders: string[] = [];
  const configure = (setting: ISettingRegistry.ISettings | null): void => {
    folders = Private.texts(setting?.composite.folders) ?? ['templates'];
    sources.configure({
      folders,
      addresses: Private.texts(setting?.composite.catalogues) ?? []
    });
  };
  // A list that is asked for early waits until it is known where to look.
  const configured = settings
    ? followSettings(settings, ID, trans, configure)
    : Promise.resolve(configure(null));
  const tracker = new WidgetTracker<TemplateTab>({
    namespace: 'seasonal-monitor-template-tabs'
  });
  places.restore(tracker, 'templates', ({ content }) => ({
    template: content.model.template.id
  }));

  const keeper = new RunKeeper(services.serverSettings);
  watchRuns({ keeper, get: id => catalogue.get(id), state, trans });

  const options = {
    catalogue,
    sizing: { manager, registry, profiles, costs, keeper },
    tracker,
    editing: new Map<string, TemplateTab>(),
    services,
    translator,
    notebooks,
    rendermime,
    state,
    documents: browser?.model.manager ?? null,
    folder: () => browser?.model.path ?? '',
    open: (path: string) => commands.execute('docmanager:open', { path }),
    shell,
    reveal: (widget: string) => shell.activateById(widget)
  };
  const open = async (id?: string, values?: JSONObject) => {
    await configured;
    const room = await import('../templates/open');
    const chosen = id ?? (await room.chooseTemplate(catalogue, trans));
    return chosen === null ? null : room.openTemplate(chosen, values, options);
  };

  const openLink = async (search: string) => {
    await configured;
    const { openLinked } = await import('../templates/open');
    return openLinked(search, options);
  };

  const text = earlyTexts(trans).openTemplate;
  addCommand(command, {
    label: args =>
      bundled.find(({ id }) => id === args.template)?.title ?? text.label,
    caption: text.caption,
    icon: templateIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          template: {
            type: 'string',
            description: trans.__('Its id; without it the person chooses')
          },
          parameters: {
            type: 'object',
            description: trans.__('Values to start with, by parameter name')
          },
          link: {
            type: 'string',
            description: trans.__('The query of a link, instead of the others')
          }
        }
      }
    },
    execute: ({ template, parameters, link }) =>
      typeof link === 'string'
        ? openLink(link)
        : open(
            template as string | undefined,
            parameters as JSONObject | undefined
          )
  });
  for (const { id } of bundled) {
    palette?.addItem({
      command,
      args: { template: id },
      category: trans.__('Dask')
    });
  }

  addCommand(CommandIDs.editParameters, {
    label: trans.__('Edit Parameters…'),
    caption: trans.__('Change the parameters of the template in this notebook'),
    icon: templateIcon,
    isEnabled: () => activeInserted(notebooks?.currentWidget ?? null) !== null,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      const panel = notebooks?.currentWidget ?? null;
      const inserted = activeInserted(panel);
      if (panel && inserted) {
        await configured;
        const { editTemplate } = await import('../templates/open');
        await editTemplate(
          new InsertedEdit(panel, inserted, trans, options.reveal),
          options
        );
      }
    }
  });
  palette?.addItem({
    command: CommandIDs.editParameters,
    category: trans.__('Dask')
  });
  addCommand(CommandIDs.saveAsTemplate, {
    label: trans.__('Save Notebook as Template…'),
    caption: trans.__('Make a template with a form out of this notebook'),
    icon: templateIcon,
    isEnabled: () => !!notebooks?.currentWidget?.content.model,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      const panel = notebooks?.currentWidget;
      if (panel) {
        await configured;
        const { saveAsTemplate } = await import('../templates/saveAs');
        const id = await saveAsTemplate(panel, {
          catalogue,
          contents: services.contents,
          folders,
          trans
        });
        await (id && open(id));
      }
    }
  });
  palette?.addItem({
    command: CommandIDs.saveAsTemplate,
    category: trans.__('Dask')
  });
  addCommand(CommandIDs.refreshTemplates, {
    label: trans.__('Refresh Templates'),
    caption: trans.__('Read the folders and addresses of templates again'),
    icon: refreshIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => catalogue.refresh()
  });
  palette?.addItem({
    command: CommandIDs.refreshTemplates,
    category: trans.__('Dask')
  });

  const templates: ITemplates = {
    list: async () => {
      await configured;
      return catalogue.list();
    },
    get: async id => {
      await configured;
      return catalogue.get(id);
    },
    add: source => catalogue.add(source),
    get changed() {
      return changed;
    },
    refresh: () => catalogue.refresh(),
    open: async id => {
      await open(id);
    },
    drag: async (id, event) => {
      await dragCells(event, async () => {
        const [template, { fillCells }, { defaultValues }] = await Promise.all([
          catalogue.get(id),
          import('../templates/fill'),
          import('../templates/metadata')
        ]);
        return template && template.problem === undefined
          ? fillCells(template, defaultValues(template))
          : [];
      });
    }
  };
  const changed = new Signal<ITemplates, void>(templates);
  catalogue.changed.connect(() => changed.emit());
  return templates;
}

namespace Private {
  /** What a setting lists, or undefined when it is no list. */
  export function texts(value: unknown): string[] | undefined {
    return Array.isArray(value) ? value.map(String) : undefined;
  }
}
