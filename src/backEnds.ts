import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator } from '@jupyterlab/translation';
import { lazy } from './lazy';
import { IClusterManager, IProviderRegistry } from './tokens';

const local = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:local',
    description: 'Adds Dask clusters on this machine.',
    requires: [IProviderRegistry],
    optional: [INotebookTracker, ISettingRegistry, ITranslator]
  },
  () => import('./plugins/local')
);

const gateway = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:gateway',
    description: 'Adds Dask clusters of a gateway.',
    requires: [IProviderRegistry],
    optional: [INotebookTracker, ISettingRegistry, ITranslator]
  },
  () => import('./plugins/gateway')
);

const batch = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:batch',
    description: 'Adds Dask clusters on batch systems.',
    requires: [IProviderRegistry, ISettingRegistry],
    optional: [INotebookTracker, ITranslator]
  },
  () => import('./plugins/batch')
);

const kubernetes = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:kubernetes',
    description: 'Adds Dask clusters on Kubernetes.',
    requires: [IProviderRegistry, ISettingRegistry],
    optional: [INotebookTracker, ITranslator]
  },
  () => import('./plugins/kubernetes')
);

const coiled = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:coiled',
    description: 'Adds Dask clusters of Coiled.',
    requires: [IProviderRegistry, ISettingRegistry],
    optional: [INotebookTracker, ITranslator]
  },
  () => import('./plugins/coiled')
);

const aws = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:aws',
    description: 'Adds Dask clusters on AWS.',
    requires: [IProviderRegistry, ISettingRegistry],
    optional: [INotebookTracker, ITranslator]
  },
  () => import('./plugins/aws')
);

const custom = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:custom',
    description: 'Adds Dask clusters of other classes.',
    requires: [IProviderRegistry, ISettingRegistry],
    optional: [INotebookTracker, ITranslator]
  },
  () => import('./plugins/custom')
);

const scheduler = lazy(
  {
    id: 'jupyterlab-seasonal-monitor:scheduler',
    description: 'Adds schedulers of others.',
    requires: [IProviderRegistry, IClusterManager],
    optional: [INotebookTracker, ICommandPalette, ITranslator]
  },
  () => import('./plugins/scheduler')
);

/** The plugins that add ways to make clusters, by where these run. */
export const backEnds = [
  local,
  gateway,
  batch,
  kubernetes,
  coiled,
  aws,
  custom,
  scheduler
];
