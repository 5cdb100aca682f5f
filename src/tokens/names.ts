/** Names that code of more than one room shares. */

/** The npm name, which prefixes every plugin id and setting. */
export const PACKAGE = 'jupyterlab-seasonal-monitor';

/** The translation domain. */
export const DOMAIN = 'jupyterlab_seasonal_monitor';

/** The `type` of a Jupyter session whose kernel owns a cluster. */
export const SESSION_TYPE = 'dask-cluster';

/** The channel on which the tabs of one server, in one browser, talk. */
export function tabChannel(baseUrl: string): string {
  return `${PACKAGE} ${baseUrl}`;
}

/** Where this browser keeps what ran when a page of this server was left. */
export function leftKey(baseUrl: string): string {
  return `${PACKAGE} left ${baseUrl}`;
}

/** The MIME type under which a dragged cluster card carries its cluster's id. */
export const CLUSTER_MIME = 'application/vnd.seasonal-monitor.cluster';
