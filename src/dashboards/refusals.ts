/**
 * Why a dashboard cannot be shown, in words.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ClusterError } from '../tokens';
import { hostOf, IReach, isRemote, placeOf } from './url';

/** Whether an answer may come from a scheduler that has just been started. */
export function isEarly({ way }: IReach, status: number): boolean {
  return way === 'direct' && [404, 502, 503, 504].includes(status);
}

/** What an answer means that is no success. */
export function explainRefusal(
  reach: IReach,
  status: number,
  trans: TranslationBundle
): ClusterError {
  return reach.way === 'proxied'
    ? Private.ofProxy(reach.base, status, trans)
    : Private.ofGateway(reach.base, status, trans);
}

/** What it means that there is no answer at all. */
export function explainSilence(
  { base, way }: IReach,
  error: Error,
  trans: TranslationBundle
): ClusterError {
  const message =
    way === 'proxied'
      ? trans.__('The Jupyter server does not answer.')
      : trans.__('%1, where the dashboard is, does not answer.', hostOf(base));
  return new ClusterError(message, {
    code: 'not-responding',
    cause: [{ message: error.message, kind: error.name }],
    hint: trans.__('Check the connection, then try again.')
  });
}

/** Something answered, with something else. */
export function notADashboard(
  { base, way }: IReach,
  trans: TranslationBundle
): ClusterError {
  const place = way === 'proxied' ? placeOf(base) : hostOf(base);
  return new ClusterError(
    trans.__('What answers at %1 is not a Dask dashboard.', place),
    {
      code: 'unavailable',
      hint: trans.__('Check the address, or sign in again.')
    }
  );
}

/** What was asked sends the browser to a place that the page may not read. */
export function leadsElsewhere(
  base: string,
  trans: TranslationBundle
): ClusterError {
  return new ClusterError(
    trans.__('The address %1 leads on to another one.', placeOf(base)),
    {
      code: 'unavailable',
      hint: trans.__('Open it in a browser, and paste where you come to.')
    }
  );
}

/** A dashboard that loads its scripts from where the proxy is not. */
export function belowPrefix(
  base: string,
  trans: TranslationBundle
): ClusterError {
  return new ClusterError(
    trans.__(
      'The dashboard at %1 has a prefix, and cannot be shown.',
      placeOf(base)
    ),
    {
      code: 'unavailable',
      hint: trans.__('Start its scheduler without a dashboard prefix.')
    }
  );
}

/** The scheduler answered that it can draw nothing. */
export function missingBokeh(trans: TranslationBundle): ClusterError {
  return new ClusterError(
    trans.__('This scheduler has no plots: Bokeh is missing there.'),
    {
      code: 'missing-package',
      hint: trans.__('Install bokeh in its environment; see Small charts.')
    }
  );
}

/** The browser itself refuses. */
export function mixedContent(trans: TranslationBundle): ClusterError {
  return new ClusterError(
    trans.__('A browser shows no http page inside of an https page.'),
    {
      code: 'unavailable',
      hint: trans.__("Ask for an https address of the gateway's dashboards.")
    }
  );
}

namespace Private {
  /** What a status of jupyter-server-proxy means. */
  export function ofProxy(
    base: string,
    status: number,
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

  /** What a status of a gateway, or of the hub before it, means. */
  export function ofGateway(
    base: string,
    status: number,
    trans: TranslationBundle
  ): ClusterError {
    const cause = [{ message: `HTTP ${status}`, kind: 'HTTP' }];
    if (status === 404) {
      return new ClusterError(
        trans.__('The gateway knows no dashboard of this cluster (HTTP 404).'),
        {
          code: 'unavailable',
          cause,
          hint: trans.__('It is just starting, or gone. Try again soon.')
        }
      );
    }
    if (status >= 502 && status <= 504) {
      return new ClusterError(
        trans.__('The gateway or the scheduler is down (HTTP %1).', status),
        {
          code: 'not-responding',
          cause,
          hint: trans.__('Try again in a minute, or see Small charts.')
        }
      );
    }
    // A redirect that is not followed has the status 0 in browsers.
    if (status === 401 || status === 403 || status < 400) {
      return new ClusterError(
        trans.__('%1 shows this dashboard only to who signs in.', hostOf(base)),
        {
          code: 'unavailable',
          cause,
          hint: trans.__('Open it in a new tab, or see Small charts.')
        }
      );
    }
    return new ClusterError(
      trans.__('The gateway cannot show this dashboard (HTTP %1).', status),
      {
        code: 'unavailable',
        cause,
        hint: trans.__('Try again, or tell your administrator.')
      }
    );
  }
}
