import {
  ILayoutRestorer,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  IWidgetTracker,
  Notification,
  WidgetTracker
} from '@jupyterlab/apputils';
import { ABCWidgetFactory, DocumentWidget } from '@jupyterlab/docregistry';
import type {
  DocumentRegistry,
  IDocumentWidget
} from '@jupyterlab/docregistry';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { spreadsheetIcon, usersIcon } from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { BoxPanel, Panel, Widget } from '@lumino/widgets';
import {
  EarlyIDs,
  earlyTexts,
  isFromDocument,
  LINK,
  WORKSHOP_LINK
} from '../early';
import type { ICommandText } from '../early';
import { clusterIcon, templateIcon } from '../icons';
import type { EarlyCommands } from '../lazy';
import { browserStorage } from '../storage';
import { DOMAIN, IPlaces, leftKey, SESSION_TYPE, tabChannel } from '../tokens';

/** Kinds of panes that come back after a reload, and what opens each. */
const PANES: Record<string, string> = {
  dashboards: EarlyIDs.openPlot,
  details: EarlyIDs.showDetails,
  left: EarlyIDs.showLeftRunning,
  templates: EarlyIDs.openTemplate,
  costs: EarlyIDs.showCosts,
  comparison: EarlyIDs.ownOrRent,
  workshops: 'docmanager:open'
};

/** The icons of commands that are not about a cluster; the same when they are loaded. */
const ICONS: Record<string, LabIcon> = {
  [EarlyIDs.openTemplate]: templateIcon,
  [EarlyIDs.newWorkshop]: usersIcon,
  [EarlyIDs.showCosts]: spreadsheetIcon,
  [EarlyIDs.ownOrRent]: spreadsheetIcon
};

/**
 * All that is loaded before the first use: a tab in the sidebar, a few commands
 * that a person can find, and the restoring of panes. The rest is loaded when
 * the tab is shown, a command of ours runs, the palette or a notebook opens, or
 * a cluster is there already.
 *
 * @param rest - The ids of the plugins to activate at the first use.
 * @param early - Holds the commands until their plugins are loaded.
 */
export function start(
  rest: string[],
  early: EarlyCommands
): JupyterFrontEndPlugin<IPlaces> {
  return {
    id: 'jupyterlab-seasonal-monitor:start',
    description: 'Adds the Dask clusters tab, and loads the rest at first use.',
    optional: [
      ILayoutRestorer,
      ICommandPalette,
      ILauncher,
      INotebookTracker,
      ITranslator
    ],
    provides: IPlaces,
    autoStart: true,
    activate: (
      app: JupyterFrontEnd,
      restorer: ILayoutRestorer | null,
      palette: ICommandPalette | null,
      launcher: ILauncher | null,
      notebooks: INotebookTracker | null,
      translator: ITranslator | null
    ) => {
      const { commands, serviceManager, shell } = app;
      const trans = (translator ?? nullTranslator).load(DOMAIN);

      let waking: Promise<unknown> | undefined;
      const wake = (): Promise<unknown> => {
        waking ??= Promise.all(
          rest
            .filter(id => app.hasPlugin(id))
            .map(id =>
              app.activatePlugin(id).catch(reason => {
                Notification.error(
                  trans.__('A part of Dask clusters did not load: %1', id),
                  { autoClose: false, data: { reason: String(reason) } }
                );
              })
            )
        ).then(() => {
          // What is left belongs to plugins that are disabled or did not load.
          early.release();
        });
        return waking;
      };
      const stub = (plugin: string, id: string, text: ICommandText): void =>
        early.add(
          `jupyterlab-seasonal-monitor:${plugin}`,
          commands.addCommand(id, {
            ...text,
            icon: ICONS[id] ?? clusterIcon,
            describedBy: { args: { type: 'object', properties: {} } },
            execute: async args => {
              // Who clicked is only known before the first wait.
              const asks = isFromDocument(args, window.event);
              await wake();
              return commands.execute(id, asks ? { asks } : args);
            }
          })
        );

      // The tab.
      const sidebar = new Private.Sidebar(() => void wake());
      sidebar.id = 'jp-dask-clusters';
      sidebar.title.icon = clusterIcon;
      sidebar.title.caption = trans.__('Dask clusters');
      sidebar.node.setAttribute('role', 'region');
      sidebar.node.setAttribute('aria-label', trans.__('Dask clusters'));
      restorer?.add(sidebar, 'jp-dask-clusters');
      shell.add(sidebar, 'left', { rank: 600, type: 'Dask clusters' });

      // Commands that can be found before anything else is loaded.
      const category = trans.__('Dask');
      commands.addCommand(EarlyIDs.showSidebar, {
        label: trans.__('Show Dask Clusters'),
        caption: trans.__('Show Dask clusters'),
        icon: clusterIcon,
        describedBy: { args: { type: 'object', properties: {} } },
        execute: () => shell.activateById(sidebar.id)
      });
      palette?.addItem({ command: EarlyIDs.showSidebar, category });
      const texts = earlyTexts(trans);
      stub('commands', EarlyIDs.newCluster, texts.newCluster);
      stub('templates', EarlyIDs.openTemplate, texts.openTemplate);
      stub('workshops', EarlyIDs.newWorkshop, texts.newWorkshop);
      stub('dashboards', EarlyIDs.openPlot, texts.openPlot);
      stub('details', EarlyIDs.showDetails, texts.showDetails);
      stub('left-running', EarlyIDs.showLeftRunning, texts.showLeftRunning);
      stub('costs', EarlyIDs.showCosts, texts.showCosts);
      stub('costs', EarlyIDs.ownOrRent, texts.ownOrRent);
      [
        EarlyIDs.newCluster,
        EarlyIDs.openTemplate,
        EarlyIDs.newWorkshop,
        EarlyIDs.ownOrRent
      ].forEach((command, rank) => {
        palette?.addItem({ command, category });
        launcher?.add({
          command,
          category: trans.__('Seasonal Monitor'),
          rank
        });
      });

      // The page of a workshop file, which is filled by its plugin.
      const fill: Record<
        string,
        (page: IDocumentWidget<Panel>) => Promise<void>
      > = {};
      app.docRegistry.addFileType({
        name: 'seasonal-monitor-workshop',
        displayName: trans.__('Workshop'),
        extensions: ['.workshop.json'],
        mimeTypes: ['application/json'],
        icon: usersIcon
      });
      const fileTypes = ['seasonal-monitor-workshop'];
      for (const [name, label] of [
        ['Workshop', trans.__('Workshop')],
        ['Class', trans.__('Class')]
      ]) {
        app.docRegistry.addWidgetFactory(
          new Private.WorkshopFactory(
            {
              name,
              label,
              fileTypes,
              defaultFor: name === 'Workshop' ? fileTypes : []
            },
            async page => {
              // Known before it has its place, which is then kept with it.
              panes.get('workshops')!.add(page, {
                path: page.context.path,
                factory: name
              });
              await wake();
              if (fill[name]) {
                await fill[name](page);
              } else {
                page.content.node.textContent = trans.__(
                  'Workshops are switched off.'
                );
              }
            }
          )
        );
      }
      // A link to a template or a workshop, as the page was opened with it.
      const link = location.search;
      if (link.includes(LINK)) {
        void app.restored.then(() =>
          commands.execute(EarlyIDs.openTemplate, { link })
        );
      } else if (link.includes(WORKSHOP_LINK)) {
        void app.restored
          .then(wake)
          .then(() => commands.execute(EarlyIDs.joinWorkshop, { link }));
      }

      // What brings the rest.
      commands.commandExecuted.connect((_, { id }) => {
        if (id === 'apputils:activate-command-palette') {
          void wake();
        }
      });
      notebooks?.widgetAdded.connect(() => void wake());
      const look = (): void => {
        for (const { type } of serviceManager.sessions.running()) {
          if (type === SESSION_TYPE) {
            serviceManager.sessions.runningChanged.disconnect(look);
            void wake();
            return;
          }
        }
      };
      serviceManager.sessions.runningChanged.connect(look);
      // What ran when a page was left may run on, also where no session tells it.
      const left = leftKey(serviceManager.serverSettings.baseUrl);
      if (browserStorage()?.getItem(left)) {
        void app.restored.then(wake);
      }
      const channel = new BroadcastChannel(
        tabChannel(serviceManager.serverSettings.baseUrl)
      );
      channel.onmessage = () => {
        channel.close();
        void wake();
      };

      // Panes that come back.
      const panes = new Map(
        Object.entries(PANES).map(([namespace, command]) => [
          namespace,
          new Private.Pane(namespace, command, restorer)
        ])
      );
      return {
        sidebar,
        restore: (tracker, namespace, args) =>
          panes.get(namespace)?.follow(tracker, args),
        fillWorkshops: filler => {
          fill.Workshop = filler;
        },
        fillClasses: filler => {
          fill.Class = filler;
        }
      };
    }
  };
}

namespace Private {
  /** Makes the pages of workshop files, empty at first. */
  export class WorkshopFactory extends ABCWidgetFactory<
    IDocumentWidget<Panel>
  > {
    constructor(
      options: DocumentRegistry.IWidgetFactoryOptions<IDocumentWidget<Panel>>,
      private _fill: (page: IDocumentWidget<Panel>) => Promise<void>
    ) {
      super(options);
    }

    protected createNewWidget(
      context: DocumentRegistry.Context
    ): IDocumentWidget<Panel> {
      const page = new DocumentWidget({ context, content: new Panel() });
      page.id = `${this.name}-${context.path}`;
      page.title.icon = usersIcon;
      page.toolbar.hide();
      void this._fill(page);
      return page;
    }
  }

  /** A panel that tells when it is shown for the first time. */
  export class Sidebar extends BoxPanel {
    constructor(private _shown: () => void) {
      super({ spacing: 0 });
    }

    protected override onBeforeShow(): void {
      this._shown();
    }
  }

  /** Widgets of one kind, known to the restorer before their code is. */
  export class Pane {
    constructor(
      namespace: string,
      command: string,
      restorer: ILayoutRestorer | null
    ) {
      this._tracker = new WidgetTracker({
        namespace: `seasonal-monitor-${namespace}`
      });
      void restorer?.restore(this._tracker, {
        command,
        args: widget => this._args.get(widget) ?? {},
        name: widget => widget.id
      });
    }

    /** Keep the widgets of a tracker that was loaded later. */
    follow<T extends Widget>(
      tracker: IWidgetTracker<T>,
      args: (widget: T) => ReadonlyPartialJSONObject
    ): void {
      tracker.widgetAdded.connect((_, widget) => {
        this.add(widget, args(widget));
      });
    }

    add(widget: Widget, args: ReadonlyPartialJSONObject): void {
      this._args.set(widget, args);
      void this._tracker.add(widget);
    }

    private _args = new WeakMap<Widget, ReadonlyPartialJSONObject>();
    private _tracker: WidgetTracker;
  }
}
