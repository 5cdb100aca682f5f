/** Parts without a server, for tests of one class at a time. */
import type { Kernel } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type { ClusterError, IClusterSnapshot } from '../../../tokens';
import type { Activity } from '../activity';
import { ControllerDriver } from '../driver';
import { RpcClient } from '../rpc';
import type { ControllerSession } from '../session';
import { FakeComm } from './fakeComm';

export const trans = nullTranslator.load('jupyterlab_seasonal_monitor');

/** A person who is there or not, as the test says. */
export class FakeActivity {
  isActive = true;
  changed = new Signal<FakeActivity, void>(this);

  /** The person did something, or the page was shown or hidden. */
  act(isActive = true): void {
    this.isActive = isActive;
    this.changed.emit();
  }
}

/** A session over a comm without a kernel. */
export class FakeSession {
  readonly comm = new FakeComm();
  readonly rpc = new RpcClient({
    comm: this.comm as unknown as Kernel.IComm,
    trans
  });
  readonly environment = 'python3';
  readonly lost = new Signal<FakeSession, ClusterError>(this);
  readonly interrupted = new Signal<FakeSession, void>(this);
  readonly reconnected = new Signal<FakeSession, void>(this);
  isConnected = true;
  loss: ClusterError | null = null;
  shutdowns = 0;
  disposals = 0;
  nudges = 0;

  call: ControllerSession['call'] = (method, params, options) =>
    this.rpc.call(method, params, options);

  nudge(): void {
    this.nudges += 1;
  }

  async rename(): Promise<void> {
    return undefined;
  }

  async shutdown(): Promise<void> {
    this.shutdowns += 1;
  }

  dispose(): void {
    this.disposals += 1;
    this.rpc.dispose();
  }
}

/** A snapshot of a running cluster. */
export function snapshotOf(
  change: Partial<IClusterSnapshot> = {}
): IClusterSnapshot {
  return {
    id: 'a',
    name: 'Rain',
    state: 'running',
    revision: 1,
    since: 1,
    created: 1,
    workers: { ready: 2, wanted: 2 },
    ...change
  };
}

export function newDriver(options: Partial<ControllerDriver.IOptions> = {}): {
  driver: ControllerDriver;
  session: FakeSession;
  activity: FakeActivity;
} {
  const session = new FakeSession();
  const activity = new FakeActivity();
  const driver = new ControllerDriver({
    session: session as unknown as ControllerSession,
    activity: activity as unknown as Activity,
    snapshot: snapshotOf(),
    capabilities: {
      scale: true,
      adapt: true,
      restart: true,
      rename: true,
      workers: true,
      logs: true,
      stop: true
    },
    ...options
  });
  return { driver, session, activity };
}
