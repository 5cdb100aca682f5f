import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Context } from '@jupyterlab/docregistry';
import {
  INotebookModel,
  NotebookPanel,
  NotebookTracker
} from '@jupyterlab/notebook';
import { Kernel, ServiceManager } from '@jupyterlab/services';
import type { JupyterServer } from '@jupyterlab/testing';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';
import { startJupyter } from '../../__tests__/jupyterServer';
import type { ClusterManager } from '../../cluster/manager';
import { AutoConnect } from '../autoConnect';
import { connectionCode } from '../snippet';
import { Snippets } from '../snippets';
import { IRunningGateway, startGateway } from './programs';
import { execute, managerOf, only, openNotebook, trans, until } from './utils';

const SUM = 'print(client.submit(sum, [1, 2, 39]).result(timeout=60))';

/** What hangs if an object of the gateway's client is collected there. */
const COLLECT = `
import gc, threading
collected = threading.Event()
client.loop.add_callback(lambda: (gc.collect(), collected.set()))
print(collected.wait(15))`;

describe('A notebook with a real kernel and a real Dask Gateway', () => {
  let server: JupyterServer;
  const tracker = new NotebookTracker({ namespace: 'test' });
  let services: ServiceManager;
  let gateway: IRunningGateway;
  let name: string;
  let manager: ClusterManager;
  let context: Context<INotebookModel>;
  let panel: NotebookPanel;
  let snippets: Snippets;
  let kernel: Kernel.IKernelConnection;

  /** The shell as far as this room looks at it. */
  const shell = {
    get currentWidget(): Widget | null {
      return tracker.currentWidget;
    }
  } as JupyterFrontEnd.IShell;

  const createSnippets = (clusters: ClusterManager): Snippets =>
    new Snippets({
      shell,
      commands: new CommandRegistry(),
      manager: clusters,
      trackers: { notebooks: tracker, consoles: null, editors: null },
      runs: async () => false,
      trans
    });

  const sources = (): string[] =>
    panel.content.model!.sharedModel.cells.map(cell => cell.getSource());

  const changeKernel = async (kind: string): Promise<void> => {
    const changed = await panel.sessionContext.changeKernel({ name: kind });
    kernel = changed!;
    await until(() => kernel.status === 'idle');
  };

  beforeAll(async () => {
    gateway = await startGateway('alice');
    const python = (env: Record<string, string>) => ({
      argv: [
        gateway.python,
        '-m',
        'ipykernel_launcher',
        '-f',
        '{connection_file}'
      ],
      display_name: 'Python with dask-gateway',
      language: 'python',
      env
    });
    const user = { DASK_GATEWAY__AUTH__KWARGS__USERNAME: 'alice' };
    const starting = startJupyter(
      { MultiKernelManager: { default_kernel_name: 'hub' } },
      {
        hub: python({ ...user, DASK_GATEWAY__ADDRESS: gateway.address }),
        unset: python(user)
      }
    );
    [name, server] = await Promise.all([gateway.create(), starting]);
    services = new ServiceManager({ standby: 'never' });
    await services.ready;
    ({ manager } = await managerOf({
      name,
      connection: { kind: 'gateway', address: name }
    }));
    snippets = createSnippets(manager);
  }, 120_000);

  beforeEach(async () => {
    ({ context, panel } = await openNotebook(services, tracker));
    kernel = panel.sessionContext.session!.kernel!;
  }, 60_000);

  afterEach(async () => {
    await panel.sessionContext.shutdown();
    panel.dispose();
    context.dispose();
  });

  afterAll(async () => {
    Signal.clearData(snippets);
    services.dispose();
    await Promise.all([gateway.stop(), server.shutdown()]);
  }, 60_000);

  it('should run the inserted cell unchanged, again, and after a restart', async () => {
    const cluster = only(manager);
    expect(await snippets.connect(cluster)).toBe('inserted');
    expect(await snippets.connect(cluster)).toBe('updated');
    const [, code] = sources();
    expect(code).toBe(await snippets.code(cluster));
    await execute(kernel, code);
    expect(await execute(kernel, SUM)).toBe('42');

    await execute(kernel, `old = client\n${code}`);
    expect(await execute(kernel, 'print(old.status)')).toBe('closed');
    expect(await execute(kernel, `del old\n${COLLECT}`)).toBe('True');
    expect(await execute(kernel, SUM)).toBe('42');

    await execute(kernel, 'client.close()');
    expect(await gateway.status(name)).toBe('RUNNING');
    await execute(kernel, code);
    expect(await execute(kernel, SUM)).toBe('42');

    await kernel.restart();
    await execute(kernel, code);
    expect(await execute(kernel, SUM)).toBe('42');
    expect(await execute(kernel, 'print(client.dashboard_link)')).toBe(
      `${gateway.address}/clusters/${name}/status`
    );
  }, 90_000);

  it('should connect and disconnect without a cell, and leave the cluster', async () => {
    const cluster = only(manager);
    await snippets.connect(cluster, { cell: false });
    expect(snippets.state(panel.id)).toEqual({
      cluster: cluster.key,
      status: 'connected'
    });
    expect(await snippets.client()).toMatchObject({
      cluster: cluster.key,
      dashboard: `${gateway.address}/clusters/${name}/status`
    });
    expect(await execute(kernel, SUM)).toBe('42');
    const names = await execute(
      kernel,
      'print([one for one in globals() if "cluster" in one.lower() or "gateway" in one.lower()])'
    );
    expect(names).toBe('[]');
    await snippets.connect(cluster, { cell: false });
    expect(await execute(kernel, COLLECT)).toBe('True');
    expect(await execute(kernel, SUM)).toBe('42');
    await snippets.disconnect();
    expect(snippets.state(panel.id).status).toBe('none');
    expect(await execute(kernel, 'print("client" in globals())')).toBe('False');
    expect(await gateway.status(name)).toBe('RUNNING');
    expect(sources()).toEqual(['first = 1', 'second = 2']);
  }, 90_000);

  it('should leave a cluster that ends with the variable of its user', async () => {
    await execute(
      kernel,
      `from dask_gateway import GatewayCluster
client = GatewayCluster.from_name("${name}", shutdown_on_close=True).get_client()`
    );
    await snippets.refresh(panel.id);
    expect(snippets.state(panel.id).status).toBe('connected');
    await snippets.disconnect();
    expect(await execute(kernel, 'print(client.status)')).toBe('closed');
    expect(snippets.state(panel.id).status).toBe('none');
    await execute(kernel, 'client.cluster.shutdown_on_close = False');
    expect(await gateway.status(name)).toBe('RUNNING');
  }, 90_000);

  it('should connect by itself where that is wanted, also after a restart', async () => {
    const auto = new AutoConnect({ notebooks: tracker, manager, snippets });
    await until(() => snippets.state(panel.id).status === 'connected');
    await kernel.restart();
    await until(() => snippets.state(panel.id).status === 'connected');
    expect(await execute(kernel, SUM)).toBe('42');
    auto.dispose();
  }, 90_000);

  it('should need the address where the environment does not set it', async () => {
    await changeKernel('unset');
    await expect(
      snippets.connect(only(manager), { cell: false })
    ).rejects.toMatchObject({
      message: 'This kernel does not know where Dask Gateway is.',
      hint: expect.stringContaining('DASK_GATEWAY__ADDRESS'),
      cause: [{ kind: 'ValueError' }]
    });
    const connection = {
      kind: 'gateway',
      address: name,
      gateway: gateway.address
    } as const;
    await execute(kernel, connectionCode(connection));
    expect(await execute(kernel, SUM)).toBe('42');
    const told = createSnippets((await managerOf({ connection })).manager);
    await told.disconnect();
    const { manager: other } = await managerOf({ connection });
    await createSnippets(other).connect(only(other), { cell: false });
    expect(await execute(kernel, SUM)).toBe('42');
  }, 90_000);

  it('should name the missing package before anything is written', async () => {
    await changeKernel('ipython');
    for (const options of [{}, { cell: false }]) {
      await expect(
        snippets.connect(only(manager), options)
      ).rejects.toMatchObject({
        code: 'missing-package',
        hint: expect.stringContaining('%pip install dask-gateway')
      });
    }
    expect(sources()).toEqual(['first = 1', 'second = 2']);
  }, 60_000);

  it('should say whose a cluster is, and when it is gone', async () => {
    const attach = () => snippets.connect(only(manager), { cell: false });
    const signIn = (user: string): Promise<string> =>
      execute(
        kernel,
        `import dask\ndask.config.set({"gateway.auth.kwargs": {"username": "${user}"}})`
      );
    await signIn('bob');
    await expect(attach()).rejects.toThrow('belongs to somebody else');
    const { manager: hub } = await managerOf({
      connection: {
        kind: 'gateway',
        address: name,
        gatewayAuth: 'jupyterhub'
      }
    });
    const ofHub = () => createSnippets(hub).connect(only(hub), { cell: false });
    await execute(
      kernel,
      'import os; os.environ.pop("JUPYTERHUB_API_TOKEN", None)\n' +
        'dask.config.set({"gateway.auth.kwargs": {}})'
    );
    await expect(ofHub()).rejects.toThrow('no token of the hub');
    await execute(kernel, 'os.environ["JUPYTERHUB_API_TOKEN"] = "other"');
    await expect(ofHub()).rejects.toThrow('does not let this kernel in');
    await signIn('alice');
    const code = await snippets.code(only(manager));
    await execute(kernel, code.replace(/client$/, ''));
    await gateway.end(name);
    await expect(attach()).rejects.toThrow('no such cluster any more');
    await expect(execute(kernel, code)).rejects.toThrow(/stopped|not found/);
  }, 120_000);
});
