import { ILabShell } from '@jupyterlab/application';
import {
  ICommandPalette,
  IThemeManager,
  IToolbarWidgetRegistry
} from '@jupyterlab/apputils';
import { IConsoleTracker } from '@jupyterlab/console';
import { IEditorTracker } from '@jupyterlab/fileeditor';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IRunningSessionManagers } from '@jupyterlab/running';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator } from '@jupyterlab/translation';
import { backEnds } from './backEnds';
import { EarlyCommands, lazy } from './lazy';
import { start } from './plugins/start';
import {
  IClusterManager,
  ICosts,
  IDashboards,
  IPlaces,
  IProfiles,
  IProviderRegistry,
  ISnippets,
  ITemplates
} from './tokens';

const early = new EarlyCommands();

const registry = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:registry',
    description: 'Provides the ways to make Dask clusters.',
    provides: IProviderRegistry
  },
  () => import('./plugins/registry')
);

const clusters = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:clusters',
    description: 'Provides all Dask clusters.',
    requires: [IProviderRegistry],
    optional: [IStateDB, ITranslator],
    provides: IClusterManager
  },
  () => import('./plugins/clusters')
);

const profiles = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:profiles',
    description: 'Provides profiles of Dask clusters.',
    requires: [IProviderRegistry, IClusterManager, ISettingRegistry],
    optional: [IStateDB, ITranslator],
    provides: IProfiles
  },
  () => import('./plugins/profiles')
);

const notebook = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:notebook',
    description: 'Connects notebooks to Dask clusters.',
    requires: [IClusterManager],
    optional: [
      INotebookTracker,
      IConsoleTracker,
      IEditorTracker,
      ISettingRegistry,
      ITranslator,
      ICommandPalette
    ],
    provides: ISnippets
  },
  () => import('./plugins/notebook')
);

const notebookToolbar = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:notebook-toolbar',
    description: 'Shows Dask clusters in the toolbar of notebooks.',
    requires: [ISnippets, IClusterManager],
    optional: [IToolbarWidgetRegistry, ITranslator]
  },
  () => import('./plugins/notebookToolbar')
);

const autoConnect = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:auto-connect',
    description: 'Connects notebooks to Dask clusters by themselves.',
    requires: [ISnippets, IClusterManager, INotebookTracker, ISettingRegistry],
    optional: [ITranslator]
  },
  () => import('./plugins/autoConnect')
);

const templates = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:templates',
    description: 'Provides the Seasonal Monitor templates.',
    requires: [IPlaces],
    optional: [
      ITranslator,
      IStateDB,
      INotebookTracker,
      IDefaultFileBrowser,
      IRenderMimeRegistry,
      ICommandPalette,
      ISettingRegistry,
      IClusterManager,
      IProviderRegistry,
      IProfiles,
      ICosts
    ],
    provides: ITemplates
  },
  () => import('./plugins/templates'),
  early
);

const commands = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:commands',
    description: 'Adds the commands on Dask clusters.',
    requires: [IClusterManager, IProviderRegistry],
    optional: [IProfiles, ICosts, ICommandPalette, ITranslator]
  },
  () => import('./plugins/commands'),
  early
);

const prices = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:prices',
    description: 'Provides what Dask clusters cost.',
    requires: [IClusterManager, ISettingRegistry],
    optional: [ITranslator],
    provides: ICosts
  },
  () => import('./plugins/prices')
);

const costs = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:costs',
    description: 'Shows what Dask clusters cost.',
    requires: [IPlaces, ICosts],
    optional: [IDefaultFileBrowser, ICommandPalette, IStateDB, ITranslator]
  },
  () => import('./plugins/costs'),
  early
);

const sidebar = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:sidebar',
    description: 'Fills the sidebar.',
    requires: [IPlaces, IClusterManager, IProviderRegistry],
    optional: [
      IProfiles,
      ISnippets,
      IDashboards,
      ITemplates,
      ICosts,
      ISettingRegistry,
      ITranslator
    ]
  },
  () => import('./plugins/sidebar')
);

const details = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:details',
    description: 'Shows the details of Dask clusters.',
    requires: [IPlaces, IClusterManager, IProviderRegistry],
    optional: [IProfiles, ICosts, ICommandPalette, ITranslator]
  },
  () => import('./plugins/details'),
  early
);

const leftRunning = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:left-running',
    description: 'Shows all that clusters run or have left anywhere.',
    requires: [IPlaces, IClusterManager, IProviderRegistry],
    optional: [IProfiles, ICosts, ICommandPalette, ITranslator]
  },
  () => import('./plugins/leftRunning'),
  early
);

const notifications = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:notifications',
    description: 'Tells of Dask clusters that start or end.',
    requires: [IClusterManager],
    optional: [IProviderRegistry, ICosts, ISettingRegistry, ITranslator]
  },
  () => import('./plugins/notifications')
);

const running = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:running',
    description: 'Lists clusters among the running sessions.',
    requires: [IClusterManager],
    optional: [IRunningSessionManagers, ICosts, ITranslator]
  },
  () => import('./plugins/running')
);

const status = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:status',
    description: 'Shows Dask clusters in the status bar.',
    requires: [IClusterManager],
    optional: [IStatusBar, ICosts, ITranslator]
  },
  () => import('./plugins/status')
);

const dashboards = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:dashboards',
    description: 'Opens Dask dashboards as panes.',
    requires: [IPlaces, IClusterManager],
    optional: [ISnippets, ISettingRegistry, ICommandPalette, ITranslator],
    provides: IDashboards
  },
  () => import('./plugins/dashboards'),
  early
);

const workshops = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:workshops',
    description: 'Shows workshop files as pages.',
    requires: [IPlaces, IClusterManager],
    optional: [
      IProviderRegistry,
      IProfiles,
      ICosts,
      ITemplates,
      IDashboards,
      INotebookTracker,
      IDefaultFileBrowser,
      IStateDB,
      ISettingRegistry,
      ICommandPalette,
      ITranslator
    ]
  },
  () => import('./plugins/workshops'),
  early
);

const classes = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:classes',
    description: 'Shows classes to trainers.',
    requires: [IPlaces, IClusterManager],
    optional: [
      IProfiles,
      ICosts,
      IStateDB,
      ISettingRegistry,
      ICommandPalette,
      ITranslator
    ]
  },
  () => import('./plugins/classes')
);

const teaching = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:teaching',
    description: 'Makes the page good to teach with.',
    requires: [IClusterManager],
    optional: [
      IDashboards,
      ILabShell,
      INotebookTracker,
      IThemeManager,
      ISettingRegistry,
      ICommandPalette,
      ITranslator
    ]
  },
  () => import('./plugins/teaching')
);

const peerCommands = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:peer-commands',
    description: 'Answers to the commands of dask-labextension.',
    requires: [IDashboards],
    optional: [ITranslator]
  },
  () => import('./plugins/peerCommands')
);

/** Loaded at the first use; each can be disabled by its id. */
const rest = [
  registry,
  clusters,
  profiles,
  ...backEnds,
  commands,
  prices,
  costs,
  sidebar,
  details,
  leftRunning,
  notebook,
  notebookToolbar,
  autoConnect,
  dashboards,
  peerCommands,
  templates,
  workshops,
  classes,
  teaching,
  notifications,
  running,
  status
];

/** The list of plugins. */
export default [
  start(
    rest.map(plugin => plugin.id),
    early
  ),
  ...rest
];
