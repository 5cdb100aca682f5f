/** Puts the provider of a gateway together for a page. */
import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection, Session } from '@jupyterlab/services';
import { PACKAGE } from '../../tokens';
import { Activity } from '../kernel/activity';
import { Environments } from '../kernel/environments';
import { KernelTransport } from './kernel';
import { GatewayProvider } from './provider';
import { Records } from './records';
import { RestTransport } from './rest';

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

/** What is known of the page and its gateway. */
export interface ICreateOptions extends Environments.IOptions {
  sessions: Session.IManager;
  server: ServerConnection.ISettings;
  /** From the settings; empty for the hub's service. */
  address: string;
  /** Null on a server without a hub. */
  hub: IHub | null;
  idleTimeout: () => number | undefined;
}

/** A provider that has not asked anything yet. */
export function createGatewayProvider(
  options: ICreateOptions
): GatewayProvider {
  const { hub, server, sessions, trans, idleTimeout } = options;
  const base = new URL(server.baseUrl);
  const explicit = options.address
    ? new URL(options.address, base).href
    : undefined;
  const address =
    explicit ??
    new URL(
      URLExt.join(hub?.prefix ?? '/', '..', 'services', 'dask-gateway'),
      base
    ).href;
  // The token goes to the hub's own origin and to no other.
  const isNear =
    hub !== null && hub.host === '' && new URL(address).origin === base.origin;
  return new GatewayProvider({
    page: isNear
      ? () =>
          new RestTransport({
            address,
            authorization: () => `jupyterhub ${server.token}`,
            scopes: () => Private.scopes(hub, server),
            trans
          })
      : null,
    kernel: () =>
      new KernelTransport({
        sessions,
        environments: new Environments(options),
        address: explicit,
        base: base.href,
        trans
      }),
    activity: new Activity(),
    isExplicit: explicit !== undefined,
    kernelAddress: explicit,
    isHub: hub !== null,
    // One browser may be used by several people of one hub.
    records: new Records(
      `${PACKAGE}:gateway:${hub?.visitor ?? ''}:${base.pathname}`
    ),
    visitor: hub?.visitor || undefined,
    host: hub?.owner || undefined,
    idleTimeout,
    trans
  });
}

namespace Private {
  /** What the page's token may do, by the hub's word; null without one. */
  export async function scopes(
    hub: IHub,
    server: ServerConnection.ISettings
  ): Promise<string[] | null> {
    try {
      const url = new URL(
        URLExt.join(hub.prefix, 'api', 'user'),
        server.baseUrl
      );
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
}
