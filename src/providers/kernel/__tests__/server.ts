/** A real Jupyter server with real kernels, for tests of this room. */
import { spawnSync } from 'child_process';
import {
  ServerConnection,
  ServiceManager,
  Session
} from '@jupyterlab/services';
import type { JupyterServer } from '@jupyterlab/testing';
import { nullTranslator } from '@jupyterlab/translation';
import { startJupyter } from '../../../__tests__/jupyterServer';
import { IStart, IStep, SESSION_TYPE } from '../../../tokens';
import { Environments } from '../environments';
import type { IControllerInfo } from '../protocol';
import { LocalProvider } from '../provider';
import { ControllerSession } from '../session';
import { StandBys } from '../standby';

export const trans = nullTranslator.load('jupyterlab_seasonal_monitor');

/** The kernelspec that runs this project's own Python. */
export const ENVIRONMENT = 'ipython';

/** Start a server; the kernels named here are there besides the usual ones. */
export async function startServer(
  kernels: Record<string, unknown> = {}
): Promise<JupyterServer> {
  return startJupyter(
    { MultiKernelManager: { default_kernel_name: ENVIRONMENT } },
    kernels
  );
}

/** What one browser tab has. */
export interface ITab {
  manager: ServiceManager;
  standBys: StandBys;
  provider: LocalProvider;
  /** How often it was told that there may be other clusters. */
  readonly changes: number;
  /** What it was told unasked. */
  readonly told: string[];
  /** Its websockets, which a test may close as a bad network would. */
  readonly sockets: WebSocket[];
}

/** Open a tab: services and a provider of its own. */
export async function openTab(warmStart = false): Promise<ITab> {
  const sockets: WebSocket[] = [];
  const settings = ServerConnection.makeSettings();
  class Socket extends settings.WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      sockets.push(this);
    }
  }
  const manager = new ServiceManager({
    standby: 'never',
    serverSettings: { ...settings, WebSocket: Socket }
  });
  await manager.ready;
  const told: string[] = [];
  const standBys = new StandBys({
    sessions: manager.sessions,
    trans,
    tell: text => told.push(text)
  });
  let changes = 0;
  const provider = new LocalProvider({
    sessions: manager.sessions,
    environments: new Environments({
      kernelspecs: manager.kernelspecs,
      activeKernel: () => undefined,
      trans
    }),
    standBys,
    warmStart: () => warmStart,
    changed: () => {
      changes += 1;
    },
    trans
  });
  return {
    manager,
    standBys,
    provider,
    sockets,
    told,
    get changes() {
      return changes;
    }
  };
}

/** What a controller says of itself, through a connection of its own. */
export async function controllerInfo(
  manager: ServiceManager,
  model: Session.IModel
): Promise<IControllerInfo> {
  const session = ControllerSession.join(model, {
    sessions: manager.sessions,
    trans
  });
  const info = await session.initialize();
  session.dispose();
  return info;
}

/**
 * The ids of the processes of a kernel. Unlike {@link controllerInfo} it opens no
 * connection, which a kernel's restart would cut: JupyterLab then rejects a promise
 * that nobody waits for.
 */
export function kernelProcesses({ kernel }: Session.IModel): number[] {
  const { stdout } = spawnSync('pgrep', ['-f', `kernel-${kernel!.id}.json`], {
    encoding: 'utf8'
  });
  return stdout.split('\n').filter(Boolean).map(Number);
}

let count = 0;

/** A start that can be aborted and remembers what it was told. */
export function newStart(): IStart & {
  abort: AbortController;
  steps: IStep[][];
} {
  const abort = new AbortController();
  const steps: IStep[][] = [];
  count += 1;
  return {
    abort,
    steps,
    signal: abort.signal,
    key: `test-${Date.now()}-${count}`,
    progress: value => steps.push(value)
  };
}

/** Wait until a condition holds; the time is in ms. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeout = 20000
): Promise<void> {
  const end = Date.now() + timeout;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error(`Waited ${timeout} ms for: ${what}`);
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** The sessions of controllers on the server now. */
export async function controllerSessions(
  manager: ServiceManager
): Promise<Session.IModel[]> {
  await manager.sessions.refreshRunning();
  return [...manager.sessions.running()].filter(
    model => model.type === SESSION_TYPE
  );
}
