import { ClusterError, IClusterSnapshot } from '../../../tokens';
import type { ControllerDriver } from '../driver';
import { FakeActivity, FakeSession, newDriver, snapshotOf } from './fakes';

/** Numbers from 0 to 1 that are the same for the same seed. */
function random(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** What a controller says whose kernel ends while nobody stopped the cluster. */
const SHUT_DOWN = {
  state: 'lost' as const,
  cause: [{ message: 'Shut down.', kind: 'KernelShutDown', hint: 'Retry.' }]
};

describe('ControllerDriver', () => {
  let driver: ControllerDriver;
  let session: FakeSession;
  let activity: FakeActivity;

  const watches = (): unknown[] =>
    session.comm.messages
      .filter(message => message.method === 'watch')
      .map(message => message.params.detail);

  beforeEach(() => {
    ({ driver, session, activity } = newDriver());
  });

  afterEach(() => {
    jest.restoreAllMocks();
    driver.dispose();
  });

  describe('#snapshot', () => {
    it('should equal the last one, in whatever order they come', async () => {
      const last = snapshotOf({ revision: 21, name: 'last' });
      for (let seed = 0; seed < 1000; seed += 1) {
        const next = random(seed);
        const fresh = newDriver();
        const messages: IClusterSnapshot[] = [last];
        for (let revision = 2; revision <= 20; revision += 1) {
          const times = Math.floor(next() * 3);
          for (let time = 0; time < times; time += 1) {
            const place = Math.floor(next() * (messages.length + 1));
            messages.splice(place, 0, snapshotOf({ revision }));
          }
        }
        let shown = 1;
        fresh.driver.changed.connect((_, { revision }) => {
          expect(revision).toBeGreaterThanOrEqual(shown);
          shown = revision;
        });
        messages.forEach(message =>
          fresh.session.comm.event('clusterChanged', message)
        );
        await fresh.session.comm.settled();
        expect(fresh.driver.snapshot).toEqual(last);
        fresh.driver.dispose();
      }
    }, 60000);

    it('should not come back to life', async () => {
      session.comm.event(
        'clusterChanged',
        snapshotOf({ state: 'stopped', revision: 2 })
      );
      session.comm.event('clusterChanged', snapshotOf({ revision: 3 }));
      await session.comm.settled();
      expect(driver.snapshot.state).toBe('stopped');
      expect(session.shutdowns).toBe(1);
    });

    it('should be lost, with the cause, when its kernel was shut down from elsewhere', async () => {
      session.comm.event(
        'clusterChanged',
        snapshotOf({ ...SHUT_DOWN, revision: 2 })
      );
      await session.comm.settled();
      expect(driver.snapshot).toMatchObject(SHUT_DOWN);
    });

    it('should say so where that may leave something that costs money', async () => {
      const rented = newDriver({ lossHint: 'Look for what is left.' });
      rented.session.comm.event(
        'clusterChanged',
        snapshotOf({ ...SHUT_DOWN, revision: 2 })
      );
      await rented.session.comm.settled();
      expect(rented.driver.snapshot.cause![0].hint).toBe(
        'Look for what is left.'
      );
      rented.driver.dispose();
    });

    it('should say why it is lost, and forget the numbers', () => {
      session.lost.emit(
        new ClusterError('The kernel died.', { hint: 'Retry.' })
      );
      expect(driver.snapshot).toMatchObject({
        id: 'a',
        name: 'Rain',
        state: 'lost',
        cause: [{ message: 'The kernel died.', hint: 'Retry.' }]
      });
      expect(driver.snapshot.workers).toBeUndefined();
      expect(session.shutdowns).toBe(1);
    });

    it('should say what to look at when what it lost is not in the kernel', () => {
      const lossHint = 'Look at what is left.';
      const { session, driver } = newDriver({ lossHint });
      session.lost.emit(
        new ClusterError('The kernel died.', { hint: 'Retry.' })
      );
      expect(driver.snapshot.cause).toMatchObject([
        { message: 'The kernel died.', hint: lossHint }
      ]);
      driver.dispose();
    });

    it('should be stopped, not lost, when the kernel goes while it stops', async () => {
      session.comm.event(
        'clusterChanged',
        snapshotOf({ state: 'stopping', revision: 2 })
      );
      await session.comm.settled();
      session.lost.emit(new ClusterError('The kernel is gone.'));
      expect(driver.snapshot.state).toBe('stopped');
    });

    it('should be asked for again after the network was away', async () => {
      const responding: boolean[] = [];
      driver.respondingChanged.connect((_, value) => responding.push(value));
      session.interrupted.emit();
      expect(responding).toEqual([false]);
      session.reconnected.emit();
      session.comm.answer(await session.comm.sent('describe'), {
        cluster: snapshotOf({ revision: 9 }),
        launcher: 'local',
        profile: null,
        environment: null,
        capabilities: driver.capabilities
      });
      await session.comm.settled();
      expect(driver.snapshot.revision).toBe(9);
      expect(responding).toEqual([false, true]);
    });
  });

  describe('#watch()', () => {
    let now = 0;

    beforeEach(() => {
      now = Date.now();
      jest.spyOn(Date, 'now').mockImplementation(() => now);
    });

    it('should send only what changed', () => {
      driver.watch('none');
      driver.watch('counts');
      driver.watch('counts');
      driver.watch('workers');
      driver.watch('none');
      driver.watch('none');
      expect(watches()).toEqual(['counts', 'workers', 'none']);
    });

    it('should renew its lease only when the person does something', () => {
      driver.watch('counts');
      activity.act();
      now += 59_000;
      activity.act();
      expect(watches()).toEqual(['counts']);
      now += 2000;
      activity.act();
      activity.act();
      expect(watches()).toEqual(['counts', 'counts']);
      now += 3_600_000;
      expect(watches()).toHaveLength(2);
    });

    it('should end its lease once when the page is hidden', () => {
      driver.watch('counts');
      activity.act(false);
      activity.act(false);
      expect(watches()).toEqual(['counts', 'none']);
      activity.act();
      expect(watches()).toEqual(['counts', 'none', 'counts']);
    });

    it('should not speak of a lease that has lapsed', () => {
      driver.watch('counts');
      now += 200_000;
      activity.act(false);
      driver.watch('none');
      expect(watches()).toEqual(['counts']);
    });

    it('should wait for the network', () => {
      session.isConnected = false;
      driver.watch('counts');
      expect(watches()).toEqual([]);
      session.isConnected = true;
      session.reconnected.emit();
      expect(watches()).toEqual(['counts']);
    });
  });

  describe('#ping()', () => {
    it('should be false at once without the network, and try to get it back', async () => {
      session.isConnected = false;
      expect(await driver.ping()).toBe(false);
      expect(session.nudges).toBe(1);
      expect(session.comm.messages).toEqual([]);
    });

    it('should be false after a while, and tell of an answer that comes late', async () => {
      const responding: boolean[] = [];
      driver.respondingChanged.connect((_, value) => responding.push(value));
      jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'setImmediate'] });
      const ping = driver.ping();
      const sent = await session.comm.sent('ping');
      await jest.advanceTimersByTimeAsync(3000);
      jest.useRealTimers();
      expect(await ping).toBe(false);
      session.comm.answer(sent, {});
      await session.comm.sent('describe');
      expect(responding).toEqual([true]);
    });

    it('should ask for the whole state when there is an answer again', async () => {
      session.isConnected = false;
      await driver.ping();
      session.isConnected = true;
      const ping = driver.ping();
      session.comm.answer(await session.comm.sent('ping'), {});
      expect(await ping).toBe(true);
      await session.comm.sent('describe');
    });
  });

  describe('#stop()', () => {
    it('should stop once, whoever asks', async () => {
      const stops = [driver.stop(), driver.stop()];
      session.comm.answer(
        await session.comm.sent('stop'),
        snapshotOf({ state: 'stopping', revision: 2 })
      );
      await Promise.all([...stops, driver.stop()]);
      const sent = session.comm.messages.filter(
        ({ method }) => method === 'stop'
      );
      expect(sent).toHaveLength(1);
      expect(driver.snapshot.state).toBe('stopped');
    });

    it('should not be lost when the kernel goes on the way', async () => {
      const states: string[] = [];
      driver.changed.connect((_, { state }) => states.push(state));
      const stop = driver.stop();
      await session.comm.sent('stop');
      session.comm.event(
        'clusterChanged',
        snapshotOf({ ...SHUT_DOWN, revision: 2 })
      );
      await session.comm.settled();
      session.comm.refuse(await session.comm.sent('stop'), {
        code: -32603,
        message: 'broken'
      });
      await stop;
      expect(states).toEqual(['stopped']);
      expect(driver.snapshot.cause).toBeUndefined();
    });

    it('should end the kernel when the controller refuses', async () => {
      const stop = driver.stop();
      session.comm.refuse(await session.comm.sent('stop'), {
        code: -32603,
        message: 'broken'
      });
      await stop;
      expect(session.shutdowns).toBeGreaterThan(0);
      expect(driver.snapshot.state).toBe('stopped');
    });

    it('should say so when the kernel cannot be ended, and can be tried again', async () => {
      session.isConnected = false;
      const shutdown = jest
        .spyOn(session, 'shutdown')
        .mockRejectedValueOnce(new ClusterError('No.'));
      await expect(driver.stop()).rejects.toThrow('No.');
      expect(driver.snapshot.state).toBe('running');
      await driver.stop();
      expect(shutdown).toHaveBeenCalled();
      expect(driver.snapshot.state).toBe('stopped');
    });
  });

  it('should leave the session when it is disposed, and stay silent', () => {
    driver.dispose();
    driver.dispose();
    expect(session.disposals).toBe(1);
    expect(session.shutdowns).toBe(0);
    activity.act();
    expect(session.comm.messages).toEqual([]);
  });
});
