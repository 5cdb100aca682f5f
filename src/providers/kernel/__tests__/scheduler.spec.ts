import type { Session } from '@jupyterlab/services';
import type { JupyterServer } from '@jupyterlab/testing';
import type { IClusterDriver } from '../../../tokens';
import { Environments } from '../environments';
import { findClusters, IFindings } from '../finder';
import { SchedulerProvider } from '../scheduler';
import {
  controllerSessions,
  ENVIRONMENT,
  ITab,
  newStart,
  openTab,
  startServer,
  trans,
  until
} from './server';

/** Makes a cluster as people do in a notebook; with or without TLS. */
const make = (security: boolean): string => `
from distributed import LocalCluster
mine = LocalCluster(
    n_workers=1, threads_per_worker=1, memory_limit="256 MiB",
    dashboard_address="127.0.0.1:0", security=${security ? 'True' : 'None'},
)
`;

describe('schedulers of others', () => {
  let server: JupyterServer;
  let tab: ITab;
  let notebook: Session.ISessionConnection;
  let provider: SchedulerProvider;

  const run = async (code: string): Promise<void> => {
    const { content } = await notebook.kernel!.requestExecute({ code }).done;
    expect(content.status).toBe('ok');
  };

  const find = (): Promise<IFindings> =>
    findClusters({
      sessions: tab.manager.sessions,
      kernels: tab.manager.kernels,
      environments: [ENVIRONMENT],
      trans
    });

  const show = async (
    options: Record<string, string | boolean>
  ): Promise<IClusterDriver> =>
    provider.create(
      { provider: 'scheduler', name: 'Found', options },
      newStart()
    );

  beforeAll(async () => {
    server = await startServer();
    tab = await openTab();
    provider = new SchedulerProvider({
      sessions: tab.manager.sessions,
      kernels: tab.manager.kernels,
      environments: new Environments({
        kernelspecs: tab.manager.kernelspecs,
        activeKernel: () => undefined,
        trans
      }),
      changed: () => undefined,
      trans
    });
    notebook = await tab.manager.sessions.startNew({
      path: 'maps/rain.ipynb',
      name: 'rain.ipynb',
      type: 'notebook',
      kernel: { name: ENVIRONMENT }
    });
  }, 60000);

  afterEach(async () => {
    for (const model of await controllerSessions(tab.manager)) {
      await tab.manager.sessions.shutdown(model.id);
    }
  });

  afterAll(async () => {
    await notebook.shutdown();
    tab.manager.dispose();
    await server.shutdown();
  });

  it('should find nothing, and import nothing, where there is no Dask', async () => {
    expect(await find()).toEqual({ found: [], silent: [] });
    await run(
      'import sys\nassert "distributed" not in sys.modules\nassert not [n for n in globals() if "find" in n or n == "names"]'
    );
  }, 30000);

  it('should find a cluster in a notebook, show it, scale it there, and forget it', async () => {
    await run(make(false));
    const { found, silent } = await find();
    expect(silent).toEqual([]);
    expect(found).toHaveLength(1);
    const [item] = found;
    expect(item).toMatchObject({
      name: 'mine',
      kind: 'LocalCluster',
      document: 'rain.ipynb',
      environment: ENVIRONMENT,
      scalable: true,
      secure: false
    });
    const driver = await show({
      address: item.address,
      ownerKernel: item.kernel,
      scalable: true,
      secure: false
    });
    expect(driver.snapshot.state).toBe('running');
    expect(driver.snapshot.connection).toEqual({
      kind: 'scheduler',
      address: item.address
    });
    expect(driver.capabilities).toMatchObject({
      scale: true,
      adapt: true,
      stop: false
    });
    driver.watch('counts');
    await driver.scale(2);
    await until(() => driver.snapshot.workers?.ready === 2, 'two workers');
    await driver.adapt(0, 1);
    await run('assert mine._adaptive.maximum == 1');
    await driver.stop();
    expect(await controllerSessions(tab.manager)).toEqual([]);
    await run('assert mine.status.name == "running"\nmine.close()\ndel mine');
  }, 60000);

  it('should use the credentials of the notebook for a secured scheduler', async () => {
    await run(make(true));
    const { found } = await find();
    const item = found.find(one => one.address.startsWith('tls://'))!;
    expect(item.secure).toBe(true);
    await expect(show({ address: item.address })).rejects.toMatchObject({
      code: 'launch-failed'
    });
    const driver = await show({
      address: item.address,
      ownerKernel: item.kernel,
      secure: true
    });
    expect(driver.snapshot.state).toBe('running');
    expect(driver.capabilities.scale).toBe(false);
    const { credentials } = driver.snapshot.connection!;
    await run(
      `import os, stat\npath = ${JSON.stringify(credentials)}\nassert stat.S_IMODE(os.stat(path).st_mode) == 0o600\nassert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700`
    );
    await driver.stop();
    await run('mine.close()\ndel mine');
  }, 60000);

  it('should name the notebook whose kernel is busy', async () => {
    const sleep = notebook.kernel!.requestExecute({
      code: 'import time\ntime.sleep(6)'
    });
    expect((await find()).silent).toEqual(['rain.ipynb']);
    await sleep.done;
  }, 30000);

  it('should refuse an address at which there is no scheduler', async () => {
    await expect(show({ address: 'tcp://127.0.0.1:9' })).rejects.toMatchObject({
      code: 'launch-failed'
    });
    await expect(show({ address: 'https://example' })).rejects.toMatchObject({
      code: 'invalid',
      fields: { address: expect.stringContaining('tcp://') }
    });
    await expect(show({ file: '/nowhere.json' })).rejects.toMatchObject({
      code: 'invalid',
      fields: { file: expect.stringContaining('no such file') }
    });
    expect(await controllerSessions(tab.manager)).toEqual([]);
  }, 60000);
});
