import { PageConfig } from '@jupyterlab/coreutils';

/** Whether a Jupyter server is behind the page: JupyterLite runs in the browser alone. */
export function hasServer(): boolean {
  return PageConfig.getOption('appName') !== 'JupyterLite';
}
