/**
 * What a gateway, or the hub before it, refused, in words. The controller has
 * the same words for what a kernel hears (`controller/gateway.py`).
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { formatBytes } from '../../cluster/units';
import { ClusterError, ICause } from '../../tokens';
import { LARGEST } from './body';

/** The scope without which a hub lets nobody use its gateway. */
export const GRANT = 'access:services!service=dask-gateway';

/** Nothing that can be used came back in time. */
export function silent(trans: TranslationBundle, cause: string): ClusterError {
  return new ClusterError(trans.__('Dask Gateway does not answer.'), {
    code: 'not-responding',
    cause: [{ message: cause }],
    hint: trans.__('Try again in a minute, or ask your administrator.')
  });
}

/** More came back than a page can read. */
export function tooLarge(trans: TranslationBundle): ClusterError {
  return new ClusterError(
    trans.__('The answer of Dask Gateway is too large to be read.'),
    {
      code: 'protocol',
      cause: [
        { message: trans.__('It is larger than %1.', formatBytes(LARGEST)) }
      ],
      hint: trans.__(
        'Stop clusters that you do not need, or show this to your administrator.'
      )
    }
  );
}

/** The kind of cause of {@link elsewhere}. */
export const REDIRECT = 'redirect';

/** The hub sends the page away: services have a domain of their own there. */
export function elsewhere(trans: TranslationBundle): ClusterError {
  return new ClusterError(
    trans.__('The hub does not let this page reach its gateway.'),
    {
      code: 'unavailable',
      cause: [
        {
          kind: REDIRECT,
          message: trans.__('The answer leads to another address.')
        }
      ],
      hint: trans.__('Reload the page and sign in.')
    }
  );
}

/** Something else than a gateway answers. */
export function noGateway(
  address: string,
  trans: TranslationBundle,
  cause: string
): ClusterError {
  return new ClusterError(
    trans.__('What answers at %1 is no Dask Gateway.', address),
    {
      code: 'not-found',
      cause: [{ message: cause }],
      hint: trans.__('Check the address in the settings of Dask Gateway.')
    }
  );
}

/**
 * Why this page may not use the gateway.
 *
 * @param scopes - What the hub says that the page's token may do; null when it
 * could not be asked.
 */
export function unauthorized(
  scopes: readonly string[] | null,
  trans: TranslationBundle
): ClusterError {
  if (scopes === null) {
    return expired(trans, 'HTTP 401');
  }
  const missing = !scopes.includes(GRANT);
  return new ClusterError(
    trans.__('Your hub does not let this page use Dask Gateway.'),
    {
      code: 'unavailable',
      cause: [
        {
          kind: 'HTTP 401',
          message: missing
            ? trans.__('The page’s token lacks the scope %1.', GRANT)
            : trans.__('The page’s token has the scope %1.', GRANT)
        }
      ],
      hint: missing
        ? trans.__(
            'An administrator adds %1 to the role “user” and to Spawner.oauth_client_allowed_scopes; then restart your server.',
            GRANT
          )
        : trans.__('Reload the page, or show this to your administrator.')
    }
  );
}

/** The hub knows the page's token no more. */
export function expired(trans: TranslationBundle, cause: string): ClusterError {
  return new ClusterError(
    trans.__('The hub does not know this page’s token any more.'),
    {
      code: 'unavailable',
      cause: [{ message: cause }],
      hint: trans.__('Reload the page. Your clusters go on meanwhile.')
    }
  );
}

/**
 * What an answer that is no success means; 401 is for {@link unauthorized}.
 *
 * @param body - The text of the answer, which may be anything.
 */
export function refusal(
  status: number,
  body: string,
  address: string,
  trans: TranslationBundle
): ClusterError {
  const said = Private.said(body);
  const kind = `HTTP ${status}`;
  const cause = [{ kind, message: said || kind }];
  if (status === 404 && !said) {
    return noGateway(address, trans, kind);
  }
  if (status === 500 && said.includes('API token')) {
    return expired(trans, said);
  }
  if (status >= 502 && status <= 504) {
    return new ClusterError(trans.__('The hub or its gateway is down.'), {
      code: 'not-responding',
      cause,
      hint: trans.__('Try again in a minute, or ask your administrator.')
    });
  }
  switch (status) {
    case 403:
      return new ClusterError(
        trans.__('This cluster belongs to somebody else.'),
        { code: 'unavailable', cause, hint: trans.__('Make one of your own.') }
      );
    case 404:
      return new ClusterError(trans.__('There is no such cluster any more.'), {
        code: 'not-found',
        cause,
        hint: trans.__('It was stopped, or was idle for too long.')
      });
    case 409:
      return new ClusterError(trans.__('The cluster is not running now.'), {
        code: 'invalid',
        cause,
        hint: trans.__('Wait until it runs, then try again.')
      });
    case 422:
      return new ClusterError(trans.__('The gateway refuses these options.'), {
        code: 'invalid',
        cause,
        fields: fieldsOf(said),
        hint: said
      });
    default:
      return new ClusterError(trans.__('Dask Gateway could not do that.'), {
        code: 'launch-failed',
        cause,
        hint: trans.__('Try again, or show this to your administrator.')
      });
  }
}

/** The message by each option that a refusal names. */
export function fieldsOf(message: string): Record<string, string> {
  const bound = /^(\w+) must be /.exec(message);
  if (bound) {
    return { [bound[1]]: message };
  }
  const unknown = /^Unknown fields \[(.+)\]$/.exec(message);
  const names = unknown?.[1].match(/(?<=')\w+(?=')/g) ?? [];
  return Object.fromEntries(names.map(name => [name, message]));
}

/**
 * The most workers that the gateway allows, from its own words.
 *
 * @returns Undefined when they do not say.
 */
export function limitOf(message: string | null): number | undefined {
  const found = /limit of (\d+) workers?/i.exec(message ?? '');
  return found ? Number(found[1]) : undefined;
}

/** What a gateway did instead of what it was asked for. */
export function limited(
  message: string | null,
  trans: TranslationBundle
): ClusterError {
  const limit = limitOf(message);
  return new ClusterError(
    limit === undefined
      ? trans.__('The gateway did not do all of it.')
      : trans._n(
          'Your hub allows %1 worker: it scales to that.',
          'Your hub allows %1 workers: it scales to that.',
          limit
        ),
    {
      code: 'limit',
      cause: message ? [{ message: message }] : [],
      hint: trans.__('Ask your administrator if you need more.')
    }
  );
}

/** What can be done with other clusters, and not with a gateway's. */
export function notOffered(trans: TranslationBundle): ClusterError {
  return new ClusterError(trans.__('A gateway does not offer this.'), {
    code: 'unavailable',
    hint: trans.__('Connect a notebook and do it there, through the client.')
  });
}

/**
 * The gateway gave a cluster up.
 *
 * @param atOnce - Whether it did so as soon as it was asked.
 */
export function gaveUp(
  name: string,
  atOnce: boolean,
  trans: TranslationBundle
): ClusterError {
  return new ClusterError(trans.__('The gateway could not keep the cluster.'), {
    code: 'launch-failed',
    cause: [
      {
        message: trans.__('The gateway does not tell the reason of a failure.')
      }
    ],
    hint: atOnce
      ? trans.__(
          'It failed at once. With distributed 2026.6 or later an administrator sets ClusterConfig.scheduler_cmd to “dask scheduler” and worker_cmd to “dask worker”.'
        )
      : trans.__(
          'Ask your administrator for what the gateway’s log says of %1.',
          name
        )
  });
}

/**
 * A start that went wrong, or was given up, and could not be taken back.
 *
 * @param reason - Why it ended.
 * @param cluster - Its name at the gateway, and what its card is called.
 * @param refused - Why it could not be stopped.
 */
export function leftOver(
  reason: ClusterError,
  cluster: { id: string; label: string },
  refused: ClusterError,
  trans: TranslationBundle
): ClusterError {
  const { message, cause, log, fields, code } = reason;
  return new ClusterError(
    code === 'cancelled' ? trans.__('The start was given up.') : message,
    {
      code: 'left-over',
      cause: [
        ...cause,
        {
          message: trans.__(
            'The gateway could not be told to stop %1: %2',
            cluster.id,
            refused.message
          )
        }
      ],
      log,
      fields,
      hint: trans.__(
        'A cluster may be left over: look for %1 in the list, and stop it there.',
        cluster.label
      )
    }
  );
}

/**
 * Nobody answered when a cluster was asked for, so that its name is not known.
 *
 * @param givenUp - Whether it is not wanted any more.
 */
export function unanswered(
  { message, cause }: ClusterError,
  givenUp: boolean,
  trans: TranslationBundle
): ClusterError {
  return new ClusterError(message, {
    code: givenUp ? 'left-over' : 'not-responding',
    cause,
    hint: givenUp
      ? trans.__(
          'The gateway may have made one: look in the list, and stop it there.'
        )
      : trans.__(
          'The gateway may have made one: look in the list before you try again.'
        )
  });
}

/** Nobody answered when the workers of a new cluster were asked for. */
export function unheard(trans: TranslationBundle): ICause {
  return {
    message: trans.__('The hub did not answer when workers were asked for.'),
    hint: trans.__('Scale the cluster to ask again.')
  };
}

/** Why workers that were asked for are not there. */
export function shortage(missing: number, trans: TranslationBundle): ICause {
  return {
    message: trans._n(
      'The hub has found no place for %1 worker yet.',
      'The hub has found no place for %1 workers yet.',
      missing
    ),
    hint: trans.__(
      'It can take minutes until a machine is ready. You can work with what is there, or ask for fewer.'
    )
  };
}

namespace Private {
  /** The gateway's own words; empty for what is not its JSON. */
  export function said(body: string): string {
    try {
      const { error } = JSON.parse(body) as { error?: unknown };
      return typeof error === 'string' ? error.slice(0, 500) : '';
    } catch {
      return '';
    }
  }
}
