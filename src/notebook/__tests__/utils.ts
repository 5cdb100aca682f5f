import type { KernelMessage, Kernel } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { spawn } from 'child_process';
import { createInterface } from 'readline';
import { FakeDriver, FakeProvider } from '../../cluster/__tests__/fakes';
import { ClusterManager } from '../../cluster/manager';
import { ProviderRegistry } from '../../cluster/registry';
import type { ICluster, IClusterSnapshot, IConnection } from '../../tokens';

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
  const child = spawn('python', [`${__dirname}/cluster.py`], {
    stdio: ['pipe', 'pipe', 'inherit']
  });
  const ended = new Promise<void>(resolve => child.on('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void ended.then(() => reject(new Error('The cluster did not start')));
  });
  const { address, credentials, dashboard } = JSON.parse(line);
  return {
    connection: { kind: 'scheduler', address, credentials },
    dashboard,
    stop: () => {
      child.stdin.end();
      return ended;
    }
  };
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
  const end = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > end) {
      throw new Error(`Never: ${condition}`);
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
