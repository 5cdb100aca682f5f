/** How this page reaches its hub, and what on it knows of classes. */
import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  IHub,
  readHub,
  serviceAddress,
  tokenScopes
} from '../providers/gateway/hub';
import { HubPeople } from './hubPeople';
import type { IWaysOptions } from './levels';
import { ClassService } from './service';

/** Where the service is. */
export interface IServiceOptions {
  server: ServerConnection.ISettings;
  /** The name of the hub's service for classes. */
  service: string;
  hub?: IHub | null;
  trans: TranslationBundle;
}

/** Where the class is. */
export interface IReachOptions extends IServiceOptions {
  /** The name of the hub's group of participants. */
  group: string;
}

/** The service, which asks nothing yet; null where the page can reach no hub. */
export function classService(options: IServiceOptions): ClassService | null {
  const { server, service, trans, hub = readHub() } = options;
  return isReached(hub)
    ? new ClassService({
        address: serviceAddress(hub, service, server.baseUrl),
        authorization: () => `token ${server.token}`,
        trans
      })
    : null;
}

/** Ways that have asked nothing yet; null where the page can reach no hub. */
export function reachHub(options: IReachOptions): {
  service: () => ClassService | null;
  people: HubPeople | null;
  scopes: IWaysOptions['scopes'];
} {
  const { server, group, trans, hub = readHub() } = options;
  if (!isReached(hub)) {
    return { service: () => null, people: null, scopes: async () => null };
  }
  return {
    service: () => classService({ ...options, hub }),
    people: new HubPeople({
      hub,
      base: server.baseUrl,
      token: () => server.token,
      group,
      trans
    }),
    scopes: () => tokenScopes(hub, server)
  };
}

/** With a domain for each user browsers let no page ask the hub. */
function isReached(hub: IHub | null): hub is IHub {
  return hub !== null && hub.host === '';
}
