import { LabIcon } from '@jupyterlab/ui-components';
import dashboardSvg from '../style/icons/dashboard.svg';
import clusterSvg from '../style/icons/dask-cluster.svg';
import templateSvg from '../style/icons/template.svg';

/** A scheduler above three workers. */
export const clusterIcon = new LabIcon({
  name: 'jupyterlab-seasonal-monitor:cluster',
  svgstr: clusterSvg
});

/** A chart. */
export const dashboardIcon = new LabIcon({
  name: 'jupyterlab-seasonal-monitor:dashboard',
  svgstr: dashboardSvg
});

/** A drop of rain over ground. */
export const templateIcon = new LabIcon({
  name: 'jupyterlab-seasonal-monitor:template',
  svgstr: templateSvg
});
