/** A real Dask Gateway, and both ways to it, for tests of this room. */
import { ServiceManager } from '@jupyterlab/services';
import { JupyterServer } from '@jupyterlab/testing';
import {
  IRunningGateway,
  startGateway
} from '../../../notebook/__tests__/programs';
import { Environments } from '../../kernel/environments';
import { startServer, trans } from '../../kernel/__tests__/server';
import { KernelTransport } from '../kernel';
import { GatewayProvider } from '../provider';
import { Records } from '../records';
import { RestTransport } from '../rest';
import type { IGatewayTransport } from '../transport';

/** What never leaves the module that read it. */
export const SECRET = /BEGIN|PRIVATE KEY|tls_|certificate|Basic /i;

/** A Jupyter server whose kernel can speak for the gateway, and the gateway. */
export interface IPlace {
  gateway: IRunningGateway;
  manager: ServiceManager;
  server: JupyterServer;
  close(): Promise<void>;
}

export async function openPlace(): Promise<IPlace> {
  const gateway = await startGateway('alice');
  const server = await startServer({
    hub: {
      argv: [
        gateway.python,
        '-m',
        'ipykernel_launcher',
        '-f',
        '{connection_file}'
      ],
      display_name: 'Python with dask-gateway',
      language: 'python',
      env: {
        DASK_GATEWAY__ADDRESS: gateway.address,
        DASK_GATEWAY__AUTH__KWARGS__USERNAME: 'alice'
      }
    }
  });
  const manager = new ServiceManager({ standby: 'never' });
  await manager.ready;
  return {
    gateway,
    manager,
    server,
    close: async () => {
      await manager.sessions.shutdownAll();
      manager.dispose();
      await server.shutdown();
      await gateway.stop();
    }
  };
}

/** The way through the page, signed in as a user. */
export function throughPage(place: IPlace, user = 'alice'): IGatewayTransport {
  return new RestTransport({
    address: place.gateway.address,
    authorization: () => `Basic ${btoa(`${user}:`)}`,
    scopes: async () => null,
    trans
  });
}

/** The way through a kernel. */
export function throughKernel(place: IPlace): IGatewayTransport {
  return new KernelTransport({
    sessions: place.manager.sessions,
    environments: new Environments({
      kernelspecs: place.manager.kernelspecs,
      activeKernel: () => 'hub',
      trans
    }),
    base: place.manager.serverSettings.baseUrl,
    trans
  });
}

/** A person who is there, or not. */
export function person(isActive = true): GatewayProvider.IOptions['activity'] {
  return {
    isActive,
    changed: { connect: () => true, disconnect: () => true }
  } as unknown as GatewayProvider.IOptions['activity'];
}

/** A provider over one of the ways. */
export function providerOver(
  transport: IGatewayTransport,
  more: Partial<GatewayProvider.IOptions> = {}
): GatewayProvider {
  return new GatewayProvider({
    page: null,
    kernel: () => transport,
    activity: person(),
    isExplicit: true,
    isHub: true,
    records: new Records('test', null),
    idleTimeout: () => 600,
    trans,
    ...more
  });
}
