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

/** Where the class is. */
export interface IReachOptions {
  server: ServerConnection.ISettings;
  /** The name of the hub's service for classes. */
  service: string;
  /** The name of the hub's group of participants. */
  group: string;
  hub?: IHub | null;
  trans: TranslationBundle;
}

/** Ways that have asked nothing yet; null where the page can reach no hub. */
export function reachHub(options: IReachOptions): {
  service: () => ClassService | null;
  people: HubPeople | null;
  scopes: IWaysOptions['scopes'];
} {
  const { server, service, group, trans, hub = readHub() } = options;
  // With a domain for each user browsers let no page ask the hub.
  if (!hub || hub.host !== '') {
    return { service: () => null, people: null, scopes: async () => null };
  }
  return {
    service: () =>
      new ClassService({
        address: serviceAddress(hub, service, server.baseUrl),
        authorization: () => `token ${server.token}`,
        trans
      }),
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
