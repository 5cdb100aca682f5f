/** The hub whose server shows the page, and what it says of the page's token. */
import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';

/** The hub whose server shows the page. */
export interface IHub {
  /** Such as `/hub/`. */
  prefix: string;
  /** Not empty where each user has a domain. */
  host: string;
  /** Who looks at the page. */
  visitor: string;
  /** Whose server it is. */
  owner: string;
}

/** The hub of this page; null on a server without one. */
export function readHub(): IHub | null {
  const prefix = PageConfig.getOption('hubPrefix');
  return prefix
    ? {
        prefix,
        host: PageConfig.getOption('hubHost'),
        visitor: PageConfig.getOption('hubUser'),
        owner: PageConfig.getOption('hubServerUser')
      }
    : null;
}

/** The address of a service of the hub, on the page's own origin. */
export function serviceAddress(
  hub: Pick<IHub, 'prefix'> | null,
  name: string,
  base: string | URL
): string {
  const path = URLExt.join(hub?.prefix ?? '/', '..', 'services', name);
  return new URL(path, base).href;
}

/** What the page's token may do, by the hub's word; null without one. */
export async function tokenScopes(
  hub: Pick<IHub, 'prefix'>,
  server: Pick<ServerConnection.ISettings, 'baseUrl' | 'token'>
): Promise<string[] | null> {
  try {
    const url = new URL(URLExt.join(hub.prefix, 'api', 'user'), server.baseUrl);
    const response = await fetch(url, {
      headers: { Authorization: `token ${server.token}` },
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer'
    });
    const { scopes } = (await response.json()) as { scopes?: unknown };
    return response.ok && Array.isArray(scopes) ? scopes.map(String) : null;
  } catch {
    return null;
  }
}
