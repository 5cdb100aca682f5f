/** Errors of the wire as errors that a person can read. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ResponseError } from 'vscode-jsonrpc/browser';
import { messageOf } from '../../cluster/errors';
import { ClusterError } from '../../tokens';
import { ERROR_CODES, IErrorData } from './protocol';

const CODES: Readonly<Record<number, ClusterError.Code>> = {
  [ERROR_CODES.cancelled]: 'cancelled',
  [ERROR_CODES.invalid]: 'invalid',
  [ERROR_CODES.launchFailed]: 'launch-failed',
  [ERROR_CODES.limit]: 'limit',
  [ERROR_CODES.missingPackage]: 'missing-package',
  [ERROR_CODES.notFound]: 'not-found',
  [ERROR_CODES.protocol]: 'protocol',
  [ERROR_CODES.unavailable]: 'unavailable',
  [ERROR_CODES.notResponding]: 'not-responding',
  [-32600]: 'protocol',
  [-32601]: 'protocol'
};

/** The person, or the page, gave up. */
export function cancelled(trans: TranslationBundle): ClusterError {
  return new ClusterError(trans.__('Cancelled.'), { code: 'cancelled' });
}

/** No answer came, or none can come. */
export function notResponding(
  trans: TranslationBundle,
  cause?: string
): ClusterError {
  return new ClusterError(trans.__('The controller kernel does not answer.'), {
    code: 'not-responding',
    cause: cause ? [{ message: cause }] : [],
    hint: trans.__('Wait a little, or stop the cluster.')
  });
}

/** What a request to the Jupyter server failed with. */
export function unavailable(
  message: string,
  reason: unknown,
  hint?: string
): ClusterError {
  return reason instanceof ClusterError
    ? reason
    : new ClusterError(message, {
        code: 'unavailable',
        cause: [{ message: messageOf(reason) }],
        hint
      });
}

/** Any reason for which a call failed. */
export function asClusterError(
  reason: unknown,
  trans: TranslationBundle
): ClusterError {
  if (reason instanceof ClusterError) {
    return reason;
  }
  if (reason instanceof ResponseError) {
    const data = (reason.data ?? {}) as Partial<IErrorData>;
    return new ClusterError(reason.message, {
      code: CODES[reason.code] ?? 'error',
      cause: data.cause ?? [],
      log: data.log ?? [],
      fields: data.fields ?? {},
      hint: data.hint ?? undefined
    });
  }
  return notResponding(trans, messageOf(reason));
}
