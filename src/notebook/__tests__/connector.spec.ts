import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Context } from '@jupyterlab/docregistry';
import {
  INotebookModel,
  NotebookActions,
  NotebookPanel,
  NotebookTracker
} from '@jupyterlab/notebook';
import { Kernel, ServiceManager } from '@jupyterlab/services';
import {
  dismissDialog,
  type JupyterServer,
  waitForDialog
} from '@jupyterlab/testing';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';
import { startJupyter } from '../../__tests__/jupyterServer';
import type { ClusterManager } from '../../cluster/manager';
import { AutoConnect } from '../autoConnect';
import { ask } from '../kernel';
import { Snippets } from '../snippets';
import {
  execute,
  IRunningCluster,
  managerOf,
  only,
  openNotebook,
  startCluster,
  trans,
  until
} from './utils';

/** A kernel that is up only after some seconds, as on a busy server. */
const slowKernel = (language: string): Record<string, unknown> => ({
  argv: [
    'sh',
    '-c',
    'sleep 8; exec python -m ipykernel_launcher -f "$0"',
    '{connection_file}'
  ],
  display_name: `Slow ${language}`,
  language
});

const SUM = 'print(client.submit(sum, [1, 2, 39]).result())';

describe('A notebook with a real kernel and a real cluster', () => {
  let server: JupyterServer;
  const tracker = new NotebookTracker({ namespace: 'test' });
  const commands = new CommandRegistry();
  let services: ServiceManager;
  let running: IRunningCluster;
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

  const sources = (): string[] =>
    panel.content.model!.sharedModel.cells.map(cell => cell.getSource());

  beforeAll(async () => {
    [running, server] = await Promise.all([
      startCluster(),
      startJupyter(
        { MultiKernelManager: { default_kernel_name: 'ipython' } },
        { slow: slowKernel('python'), foreign: slowKernel('julia') }
      )
    ]);
    services = new ServiceManager({ standby: 'never' });
    await services.ready;
    const versions = await kernelVersions();
    ({ manager } = await managerOf({
      name: 'spring',
      connection: running.connection,
      versions
    }));
    snippets = new Snippets({
      shell,
      commands,
      manager,
      trackers: { notebooks: tracker, consoles: null, editors: null },
      runs: async () => false,
      trans
    });
  }, 90_000);

  const kernelVersions = async (): Promise<Record<string, string>> => {
    const session = await services.kernels.startNew();
    const found = await ask(session, 'versions', {}, 30_000);
    await session.shutdown();
    return Object.fromEntries(
      Object.entries(found).filter(
        (entry): entry is [string, string] => entry[1] !== null
      )
    );
  };

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
    await running.stop();
    await server.shutdown();
  }, 60_000);

  it('should run the inserted cell unchanged, twice', async () => {
    const cluster = only(manager);
    expect(await snippets.connect(cluster)).toBe('inserted');
    const [first, code, second] = sources();
    expect([first, second]).toEqual(['first = 1', 'second = 2']);
    expect(code).toBe(await snippets.code(cluster));
    await execute(kernel, code);
    expect(await execute(kernel, SUM)).toBe('42');
    await execute(kernel, 'old = client');
    await execute(kernel, code);
    expect(await execute(kernel, SUM)).toBe('42');
    expect(await execute(kernel, 'print(old.status, client.status)')).toBe(
      'closed running'
    );
  }, 60_000);

  it('should not wait for a kernel that is slow to start', async () => {
    await panel.sessionContext.changeKernel({ name: 'slow' });
    const starting = panel.sessionContext.session!.kernel!;
    let up = false;
    void starting.info.then(() => (up = true));
    expect(await snippets.connect(only(manager))).toBe('inserted');
    expect([up, sources().length]).toEqual([false, 3]);
  }, 60_000);

  it('should refuse another language before its kernel has started', async () => {
    await panel.sessionContext.changeKernel({ name: 'foreign' });
    await expect(snippets.connect(only(manager))).rejects.toThrow('Python');
    expect(sources()).toHaveLength(2);
  }, 60_000);

  it('should keep one cell however often it is inserted, and undo at once', async () => {
    const cluster = only(manager);
    await snippets.connect(cluster);
    const ids = (): string[] =>
      panel.content.model!.sharedModel.cells.map(cell => cell.getId());
    expect(new Set(ids()).size).toBe(3);
    expect(await snippets.connect(cluster)).toBe('updated');
    expect(sources()).toHaveLength(3);
    context.model.sharedModel.undo();
    expect(sources()).toEqual(['first = 1', 'second = 2']);
    expect(context.model.sharedModel.canUndo()).toBe(false);
    context.model.sharedModel.redo();
    expect(sources()).toHaveLength(3);
    expect(panel.content.model!.dirty).toBe(true);
  });

  it('should connect, tell so, and lose the connection with the kernel', async () => {
    const cluster = only(manager);
    const states: string[] = [];
    snippets.connectedChanged.connect(() => {
      states.push(snippets.state(panel.id).status);
    });
    const listener = (
      _: unknown,
      args: { notebook: unknown; success: boolean }
    ): void => {
      if (args.success && args.notebook === panel.content) {
        void snippets.refresh(panel.id);
      }
    };
    NotebookActions.executed.connect(listener);
    await snippets.connect(cluster, { run: true });
    await until(() => snippets.state(panel.id).status === 'connected');
    NotebookActions.executed.disconnect(listener);
    expect(snippets.state(panel.id).cluster).toBe(cluster.key);
    expect(snippets.connected).toBe(cluster.key);
    await panel.sessionContext.session!.kernel!.restart();
    expect(snippets.state(panel.id)).toEqual({
      cluster: cluster.key,
      status: 'lost'
    });
    expect(snippets.connected).toBeNull();
    expect(states).toEqual(expect.arrayContaining(['connected', 'lost']));
    await snippets.connect(cluster, { cell: false });
    expect(snippets.state(panel.id).status).toBe('connected');
    expect(sources()).toHaveLength(3);
  }, 60_000);

  it('should connect without a cell, leaving one name and no history', async () => {
    const before = await execute(kernel, 'print(sorted(globals()))');
    const count = await execute(kernel, 'print(get_ipython().execution_count)');
    await snippets.connect(only(manager), { cell: false });
    expect(
      Number(await execute(kernel, 'print(get_ipython().execution_count)'))
    ).toBe(Number(count) + 1);
    const after = await execute(kernel, 'print(sorted(globals()))');
    const names = (text: string): string[] =>
      text.match(/'[^']+'/g)!.filter(name => !/^'_/.test(name));
    expect(names(after).filter(name => !names(before).includes(name))).toEqual([
      "'client'"
    ]);
    expect(await execute(kernel, SUM)).toBe('42');
    await snippets.disconnect();
    expect(snippets.state(panel.id).status).toBe('none');
    expect(await execute(kernel, 'print("client" in globals())')).toBe('False');
  }, 60_000);

  it('should close no client that it did not make', async () => {
    const { address } = running.connection;
    await execute(
      kernel,
      [
        'from distributed import Client, LocalCluster',
        'client = own = Client(LocalCluster(n_workers=0, dashboard_address=None, host="127.0.0.1"))'
      ].join('\n')
    );
    await execute(kernel, await snippets.code(only(manager)));
    expect(
      await execute(kernel, 'print(own.status, client.scheduler.address)')
    ).toBe(`running ${address}`);
    await execute(kernel, 'client.close(); client = own');
    await snippets.disconnect();
    expect(await execute(kernel, 'print(client is own, own.status)')).toBe(
      'True running'
    );
    await execute(kernel, 'own.cluster.close(); own.close()');
  }, 60_000);

  describe('auto-connect', () => {
    it('should bind a free name, and leave a taken one', async () => {
      let auto = new AutoConnect({ notebooks: tracker, manager, snippets });
      await until(() => snippets.state(panel.id).status === 'connected');
      expect(await execute(kernel, SUM)).toBe('42');
      auto.dispose();
      await execute(kernel, 'client.close(); client = "mine"');
      auto = new AutoConnect({ notebooks: tracker, manager, snippets });
      await until(() => snippets.state(panel.id).status === 'none');
      expect(await execute(kernel, 'print(client)')).toBe('mine');
      auto.dispose();
    }, 60_000);

    it("should not break a person's own Client, and come back after a restart", async () => {
      const auto = new AutoConnect({ notebooks: tracker, manager, snippets });
      await until(() => snippets.state(panel.id).status === 'connected');
      const own = [
        'from distributed import Client',
        'own = Client(n_workers=1, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0")',
        'print(own.scheduler.address == client.scheduler.address)',
        'own.close()'
      ].join('\n');
      expect(await execute(kernel, own)).toBe('False');
      await panel.sessionContext.session!.kernel!.restart();
      await until(() => snippets.state(panel.id).status === 'connected');
      expect(await execute(kernel, SUM)).toBe('42');
      auto.dispose();
    }, 60_000);
  });

  it('should show what differs before it connects', async () => {
    const { manager: other } = await managerOf({
      connection: running.connection,
      versions: { python: '3.9.0', dask: '1.0' }
    });
    const cluster = only(other);
    const refused = snippets.connect(cluster);
    await waitForDialog(document.body, 20_000);
    const table = (): Element | null =>
      document.querySelector('.jp-DaskMismatch-table');
    await until(() => table() !== null);
    expect(table()!.textContent).toContain('3.9.0');
    await dismissDialog(document.body, 20_000);
    expect(await refused).toBe('cancelled');
    expect(sources()).toHaveLength(2);
    const accepted = snippets.connect(cluster);
    await waitForDialog(document.body, 20_000);
    document
      .querySelector<HTMLButtonElement>('.jp-Dialog button.jp-mod-warn')!
      .click();
    expect(await accepted).toBe('inserted');
    await expect(
      snippets.connect(cluster, { cell: false, keep: true })
    ).rejects.toThrow(/python is .* in the notebook and 3.9.0/);
  }, 60_000);

  it('should say what is wrong when the cluster is gone', async () => {
    const { manager: other } = await managerOf({
      connection: { ...running.connection, credentials: '/nowhere/x.pem' }
    });
    await expect(
      snippets.connect(only(other), { cell: false })
    ).rejects.toMatchObject({
      message: 'The kernel could not connect.',
      cause: [{ kind: expect.stringMatching('Error') }]
    });
    const { manager: starting } = await managerOf({ name: 'x' });
    await expect(snippets.code(only(starting))).rejects.toThrow(
      'cannot be connected to yet'
    );
  }, 60_000);

  it('should say that a notebook is read-only', async () => {
    context.model.readOnly = true;
    await expect(snippets.connect(only(manager))).rejects.toThrow('read-only');
    expect(sources()).toHaveLength(2);
  });

  it('should not wait for a busy kernel, but insert', async () => {
    const busy = kernel.requestExecute({
      code: 'import time\nfor _ in range(600): time.sleep(0.1)'
    });
    await until(() => kernel.status === 'busy');
    expect(await snippets.connect(only(manager))).toBe('inserted');
    await kernel.interrupt();
    await busy.done;
  }, 60_000);
});
