import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ClusterError, IPlot } from '../tokens';
import { isGpuPlot, readPlots } from './plots';
import { isRemote, placeOf } from './url';

/** Longer than this the page does not wait, ms. */
const TIMEOUT = 15_000;

/**
 * Ask a dashboard what plots it has, which also tells whether it can be shown.
 *
 * @param base - Its proxied address, ending in a slash.
 *
 * @throws ClusterError in words: the proxy is missing or refuses the host, the
 * scheduler is gone, or it has no Bokeh.
 */
export async function probe(
  base: string,
  settings: ServerConnection.ISettings,
  trans: TranslationBundle
): Promise<IPlot[]> {
  const response = await Private.get(
    `${base}individual-plots.json`,
    settings,
    trans
  );
  if (!response.ok) {
    throw Private.explain(response.status, base, trans);
  }
  let data: unknown;
  try {
    data = await response.json();
  } catch {
    throw new ClusterError(
      trans.__('What answers at %1 is not a Dask dashboard.', placeOf(base)),
      {
        code: 'unavailable',
        hint: trans.__('Check the address, or sign in again.')
      }
    );
  }
  const plots = readPlots(data, trans);
  if (plots.length === 0) {
    throw new ClusterError(
      trans.__('This scheduler has no plots: Bokeh is missing there.'),
      {
        code: 'missing-package',
        hint: trans.__('Install bokeh in its environment; see Small charts.')
      }
    );
  }
  return plots;
}

/**
 * Whether the scheduler's machine has graphics processors: only then does the
 * dashboard link to its own page about them.
 */
export async function hasGpu(
  base: string,
  plots: readonly IPlot[],
  settings: ServerConnection.ISettings,
  trans: TranslationBundle
): Promise<boolean> {
  if (!plots.some(plot => isGpuPlot(plot.id))) {
    return false;
  }
  try {
    const url = `${base}info/main/workers.html`;
    const response = await Private.get(url, settings, trans);
    return response.ok && /href="[^"]*\bgpu"/.test(await response.text());
  } catch (error) {
    if (error instanceof ClusterError) {
      return false;
    }
    throw error;
  }
}

namespace Private {
  export async function get(
    url: string,
    settings: ServerConnection.ISettings,
    trans: TranslationBundle
  ): Promise<Response> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT);
    try {
      return await ServerConnection.makeRequest(
        url,
        { signal: abort.signal, cache: 'no-store' },
        settings
      );
    } catch (error) {
      if (!(error instanceof Error)) {
        throw error;
      }
      throw new ClusterError(trans.__('The Jupyter server does not answer.'), {
        code: 'not-responding',
        cause: [{ message: error.message, kind: error.name }],
        hint: trans.__('Check the connection, then try again.')
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** What a status of the proxy means. */
  export function explain(
    status: number,
    base: string,
    trans: TranslationBundle
  ): ClusterError {
    const place = placeOf(base);
    const cause = [{ message: `HTTP ${status}`, kind: 'HTTP' }];
    if (status === 404) {
      return new ClusterError(
        trans.__('The server has no proxy for dashboards.'),
        {
          code: 'unavailable',
          cause,
          hint: trans.__('Ask for jupyter-server-proxy; see Small charts.')
        }
      );
    }
    if (status === 403 && isRemote(base)) {
      return new ClusterError(
        trans.__('The proxy does not let dashboards of %1 through.', place),
        {
          code: 'unavailable',
          cause,
          hint: trans.__(
            'An administrator adds it to ServerProxy.host_allowlist.'
          )
        }
      );
    }
    if (status === 401 || status === 403) {
      return new ClusterError(trans.__('You are not signed in any more.'), {
        code: 'unavailable',
        cause,
        hint: trans.__('Reload the page and sign in.')
      });
    }
    return new ClusterError(
      trans.__('No scheduler answers at %1 (HTTP %2).', place, status),
      {
        code: 'not-found',
        cause,
        hint: trans.__('It may be gone. Check the cluster, or start it again.')
      }
    );
  }
}
