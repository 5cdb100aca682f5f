/** Puts the provider of a gateway together for a page. */
import type { ServerConnection, Session } from '@jupyterlab/services';
import { PACKAGE } from '../../tokens';
import { Activity } from '../kernel/activity';
import { Environments } from '../kernel/environments';
import { IHub, serviceAddress, tokenScopes } from './hub';
import { KernelTransport } from './kernel';
import { GatewayProvider } from './provider';
import { Records } from './records';
import { RestTransport } from './rest';

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
  const address = explicit ?? serviceAddress(hub, 'dask-gateway', base);
  // The token goes to the hub's own origin and to no other.
  const isNear =
    hub !== null && hub.host === '' && new URL(address).origin === base.origin;
  return new GatewayProvider({
    page: isNear
      ? () =>
          new RestTransport({
            address,
            authorization: () => `jupyterhub ${server.token}`,
            scopes: () => tokenScopes(hub, server),
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
