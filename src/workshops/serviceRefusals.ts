/** What the service of a class refused, or why it does not answer, in words. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { NoAnswer } from '../providers/gateway/request';
import { ClusterError } from '../tokens';

/** The hub has no such service. */
export function noService(
  trans: TranslationBundle,
  cause: string
): ClusterError {
  return new ClusterError(trans.__('This hub has no service for classes.'), {
    code: 'not-found',
    cause: [{ message: cause }],
    hint: trans.__(
      'An administrator can add it; the documentation of workshops says how.'
    )
  });
}

/** It answers something that is not understood. */
export function strange(trans: TranslationBundle): ClusterError {
  return new ClusterError(
    trans.__('The service for classes answers something else than expected.'),
    {
      code: 'protocol',
      hint: trans.__(
        'It may be of another version: show this to your administrator.'
      )
    }
  );
}

/** There is no answer. */
export function noAnswer(
  { reason }: NoAnswer,
  trans: TranslationBundle
): ClusterError {
  switch (reason) {
    case 'elsewhere':
      return noService(trans, trans.__('The answer leads to another address.'));
    case 'too-large':
      return strange(trans);
    case 'given-up':
      return new ClusterError(trans.__('Cancelled.'), { code: 'cancelled' });
    default:
      return silent(
        trans,
        reason === 'late'
          ? trans.__('No answer came in time.')
          : trans.__('The request did not get through.')
      );
  }
}

/**
 * What an answer that is no success means.
 *
 * @param said - The service's own words, if it is the service that answers.
 */
export function refused(
  status: number,
  said: unknown,
  trans: TranslationBundle
): ClusterError {
  const words = typeof said === 'string' ? said.slice(0, 300) : '';
  const kind = `HTTP ${status}`;
  const cause = [{ kind, message: words || kind }];
  switch (status) {
    case 401:
    case 403:
      return new ClusterError(
        words || trans.__('The service for classes does not let you do this.'),
        {
          code: 'unavailable',
          cause,
          hint: trans.__(
            'If you should be able to, restart your server, or ask your administrator.'
          )
        }
      );
    case 404:
      return new ClusterError(
        trans.__('The service for classes of this hub cannot do this.'),
        {
          code: 'unavailable',
          cause,
          hint: trans.__('An administrator can update it.')
        }
      );
    case 410:
      return new ClusterError(
        words || trans.__('The service for classes no longer has it.'),
        { code: 'not-found', cause, hint: trans.__('Check what you typed.') }
      );
    case 429:
      return new ClusterError(
        trans.__('The service for classes was asked too often.'),
        { code: 'limit', cause, hint: trans.__('Wait a few seconds.') }
      );
    case 400:
    case 413:
      return new ClusterError(
        words || trans.__('The service for classes does not take this.'),
        {
          code: 'invalid',
          cause,
          hint: trans.__('Correct it and try again.')
        }
      );
    default:
      return silent(trans, words || kind);
  }
}

function silent(trans: TranslationBundle, cause: string): ClusterError {
  return new ClusterError(
    trans.__('The service for classes does not answer.'),
    {
      code: 'not-responding',
      cause: [{ message: cause }],
      hint: trans.__('Try again in a minute, or ask your administrator.')
    }
  );
}
