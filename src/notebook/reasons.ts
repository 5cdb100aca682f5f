/**
 * Why a notebook cannot be connected, in words.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ClusterError, IConnection } from '../tokens';
import type { IMismatch } from './versions';

/** A kernel of another language has no Dask. */
export function notPython(trans: TranslationBundle): ClusterError {
  return new ClusterError(
    trans.__('Dask needs a Python kernel; this one is not.'),
    {
      code: 'unavailable',
      hint: trans.__('Change the kernel of the notebook.')
    }
  );
}

/** The first of the versions that differ, where nobody can be asked. */
export function mismatch(
  [{ package: name, notebook, cluster }]: readonly IMismatch[],
  trans: TranslationBundle
): ClusterError {
  return new ClusterError(
    trans.__(
      'Versions differ: %1 is %2 in the notebook and %3 on the cluster.',
      name,
      notebook ?? trans.__('missing'),
      cluster
    ),
    { code: 'invalid', hint: trans.__('Click Connect to decide about it.') }
  );
}

/** Without its client package no cluster of a gateway can be reached. */
export function missingGateway(
  trans: TranslationBundle,
  cause: ClusterError['cause'] = []
): ClusterError {
  return new ClusterError(
    trans.__('The environment of this notebook lacks dask-gateway.'),
    {
      code: 'missing-package',
      cause,
      hint: trans.__(
        'Run %1 in a cell, then connect again.',
        '%pip install dask-gateway'
      )
    }
  );
}

/** What a kernel could not do for a connection, from what it reported. */
export function explain(
  error: ClusterError,
  kind: IConnection['kind'] | undefined,
  trans: TranslationBundle
): ClusterError {
  const { cause, code } = error;
  if (code === 'not-responding') {
    return new ClusterError(
      trans.__('The kernel is busy or does not answer.'),
      {
        code,
        cause,
        hint: trans.__('Wait until it is idle, then try again.')
      }
    );
  }
  return (
    (kind === 'gateway' && Private.ofGateway(cause, trans)) ||
    new ClusterError(trans.__('The kernel could not connect.'), {
      code,
      cause,
      hint: trans.__('See what it reported, then try again.')
    })
  );
}

namespace Private {
  /** What the client of a gateway reports, as far as it has a known meaning. */
  export function ofGateway(
    cause: ClusterError['cause'],
    trans: TranslationBundle
  ): ClusterError | null {
    const [{ kind = '', message } = { message: '' }] = cause;
    const report = `${kind}: ${message}`;
    if (/^(ModuleNotFound|Import)Error: .*dask_gateway/.test(report)) {
      return missingGateway(trans, cause);
    }
    const known = meanings(trans).find(([pattern]) => pattern.test(report));
    if (!known) {
      return null;
    }
    const [, words, hint] = known;
    return new ClusterError(words, { code: 'unavailable', cause, hint });
  }

  /** What is reported, what it means, and what to do. */
  function meanings(trans: TranslationBundle): [RegExp, string, string][] {
    return [
      [
        /No dask-gateway address/,
        trans.__('This kernel does not know where Dask Gateway is.'),
        trans.__('An administrator sets DASK_GATEWAY__ADDRESS on the server.')
      ],
      [
        /No JupyterHub API token/,
        trans.__('This kernel has no token of the hub to sign in with.'),
        trans.__('Use a kernel of a server that the hub has started.')
      ],
      [
        /^ClientResponseError: 401/,
        trans.__('Dask Gateway does not let this kernel in.'),
        trans.__('Ask for access:services!service=dask-gateway for servers.')
      ],
      [
        /^ClientResponseError: 403/,
        trans.__('The cluster belongs to somebody else than this kernel.'),
        trans.__('Start a cluster of your own, or one from this server.')
      ],
      [
        /API token/,
        trans.__("The hub does not know this kernel's token any more."),
        trans.__('Restart your server; your clusters go on meanwhile.')
      ],
      [
        /not found|already stopped|failed to start/,
        trans.__('Dask Gateway has no such cluster any more.'),
        trans.__('It was stopped, or was idle for too long: start another.')
      ],
      [
        /gateway:\/\//,
        trans.__('The kernel reaches Dask Gateway, but not the scheduler.'),
        trans.__('An administrator checks DASK_GATEWAY__PROXY_ADDRESS.')
      ],
      [
        /^Client\w*Error: |^(Timeout|Connection\w*)Error: /,
        trans.__('The kernel does not reach Dask Gateway.'),
        trans.__('Try again in a minute, or ask your administrator.')
      ]
    ];
  }
}
