import type { Context } from '@jupyterlab/docregistry';
import type {
  INotebookModel,
  NotebookPanel,
  NotebookTracker
} from '@jupyterlab/notebook';
import {
  initNotebookContext,
  NBTestUtils
} from '@jupyterlab/notebook/lib/testutils';
import type {
  Kernel,
  KernelMessage,
  ServiceManager
} from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { FakeDriver, FakeProvider } from '../../cluster/__tests__/fakes';
import { ClusterManager } from '../../cluster/manager';
import { ProviderRegistry } from '../../cluster/registry';
import type { ICluster, IClusterSnapshot, IConnection } from '../../tokens';
import { startProgram } from './programs';

export const trans = nullTranslator.load('');

/** A cluster in a process of its own. */
export interface IRunningCluster {
  connection: IConnection;
  dashboard: string;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

/** Start a real TLS cluster. */
export async function startCluster(): Promise<IRunningCluster> {
  const { told, stop } = await startProgram(`${__dirname}/cluster.py`);
  const { address, credentials, dashboard } = told;
  return {
    connection: { kind: 'scheduler', address, credentials },
    dashboard,
    stop
  };
}

/** An open notebook with a kernel of the server's default kind, and two cells. */
export async function openNotebook(
  manager: ServiceManager,
  tracker: NotebookTracker
): Promise<{ context: Context<INotebookModel>; panel: NotebookPanel }> {
  const context = await initNotebookContext({ manager, startKernel: true });
  const panel = NBTestUtils.createNotebookPanel(context);
  panel.content.model = context.model;
  Widget.attach(panel, document.body);
  await tracker.add(panel);
  panel.node.tabIndex = -1;
  panel.node.focus();
  context.model.sharedModel.insertCells(0, [
    { cell_type: 'code', source: 'first = 1' },
    { cell_type: 'code', source: 'second = 2' }
  ]);
  while (context.model.cells.length > 2) {
    context.model.sharedModel.deleteCell(2);
  }
  context.model.sharedModel.clearUndoHistory();
  panel.content.activeCellIndex = 1;
  const { session } = panel.sessionContext;
  await until(() => session?.kernel?.status === 'idle');
  return { context, panel };
}

/** A manager that has found one running cluster with each connection. */
export async function managerOf(
  ...snapshots: Partial<IClusterSnapshot>[]
): Promise<{ manager: ClusterManager; drivers: FakeDriver[] }> {
  const registry = new ProviderRegistry();
  const provider = new FakeProvider();
  const drivers = snapshots.map(
    (snapshot, index) => new FakeDriver(`c${index}`, snapshot)
  );
  provider.found = drivers;
  registry.add(provider);
  const manager = new ClusterManager({ registry, trans });
  await manager.refresh();
  return { manager, drivers };
}

/** The only cluster. */
export function only(manager: ClusterManager): ICluster {
  expect(manager.clusters).toHaveLength(1);
  return manager.clusters[0];
}

/** Execute code as a cell would; gives what it printed, throws its error. */
export async function execute(
  kernel: Kernel.IKernelConnection,
  code: string
): Promise<string> {
  const future = kernel.requestExecute({ code });
  let text = '';
  future.onIOPub = message => {
    if (message.header.msg_type === 'stream') {
      text += (message as KernelMessage.IStreamMsg).content.text;
    }
  };
  const { content } = await future.done;
  if (content.status === 'error') {
    throw new Error([content.evalue, ...content.traceback].join('\n'));
  }
  return text.trim();
}

/** Resolve when the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > end) {
      throw new Error(`Never: ${condition}`);
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
