import { nullTranslator } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';
import { ClusterManager } from '../../../cluster/manager';
import { ProviderRegistry } from '../../../cluster/registry';
import { ClusterError } from '../../../tokens';
import { until } from '../../kernel/__tests__/server';
import type { GatewayDriver } from '../driver';
import { untilRunning } from '../start';
import { away, report, start, way } from './fakes';
import { providerOver } from './support';

const trans = nullTranslator.load('');

describe('untilRunning', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('should go on while the hub is away for a moment', async () => {
    const answers = [away(), away(), report('PENDING'), report('RUNNING')];
    const get = jest.fn(async () => {
      const answer = answers.shift();
      if (answer instanceof ClusterError) {
        throw answer;
      }
      return answer!;
    });
    const begun = start();
    const running = untilRunning(way({ get }), 'a', begun, trans);
    await jest.advanceTimersByTimeAsync(500);
    expect(get).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(60_000);
    expect((await running).status).toBe('RUNNING');
    expect(begun.steps.flat().map(({ detail }) => detail)).toContain(
      'the hub does not answer; trying again'
    );
  });

  it('should ask an absent hub ever more rarely, and not when other pages do', async () => {
    /** The pauses between requests, in ms, with this luck. */
    const pauses = async (luck: number): Promise<number[]> => {
      const random = jest.spyOn(Math, 'random').mockReturnValue(luck);
      const times: number[] = [];
      const get = async (): Promise<never> => {
        times.push(Date.now());
        throw away();
      };
      const begun = start();
      const running = untilRunning(way({ get }), 'a', begun, trans);
      running.catch(() => undefined);
      await jest.advanceTimersByTimeAsync(120_000);
      begun.abort.abort();
      await jest.advanceTimersByTimeAsync(30_000);
      random.mockRestore();
      return times.slice(1).map((time, index) => time - times[index]);
    };
    const early = await pauses(0);
    const late = await pauses(0.999);
    for (const found of [early, late]) {
      expect(found.length).toBeGreaterThan(5);
      expect(Math.min(...found)).toBeGreaterThanOrEqual(1000);
      expect(Math.max(...found)).toBeLessThanOrEqual(20_000);
      expect(found[4]).toBeGreaterThan(2 * found[0]);
    }
    // Two pages that lose the hub together drift apart at once.
    early.slice(0, 5).forEach((pause, index) => {
      expect(late[index]).toBeGreaterThan(1.2 * pause);
    });
  });

  it('should say for how many minutes it waits', async () => {
    const get = async () => {
      await new Promise(resolve => setTimeout(resolve, 20_000));
      return report('PENDING');
    };
    const begun = start();
    const running = untilRunning(way({ get }), 'a', begun, trans);
    running.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(130_000);
    expect(begun.steps.flat().pop()?.state).toBe('waiting');
    expect(begun.steps.flat().map(({ detail }) => detail)).toContain(
      'the hub still looks for a place: 2 min'
    );
    begun.abort.abort();
    await jest.advanceTimersByTimeAsync(30_000);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('should give up a hub that keeps silent', async () => {
    const get = jest.fn(async () => Promise.reject(away()));
    const running = untilRunning(way({ get }), 'a', start(), trans);
    running.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(400_000);
    await expect(running).rejects.toMatchObject({ code: 'not-responding' });
    expect(get.mock.calls.length).toBeLessThan(60);
  });
});

describe('The provider', () => {
  const request = { provider: 'gateway', name: 'rain', options: {} };

  /** A request for a cluster that is answered when the test wants it. */
  const onItsWay = () => {
    const made = new PromiseDelegate<string>();
    const asked = new PromiseDelegate<void>();
    const create = (): Promise<string> => {
      asked.resolve();
      return made.promise;
    };
    return { made, asked, create };
  };

  it('should say that a cluster may be left when it cannot be taken back', async () => {
    const provider = providerOver(
      way({
        create: async () => 'abc',
        get: async () => report('FAILED'),
        stop: async () => Promise.reject(away())
      })
    );
    await expect(provider.create(request, start())).rejects.toMatchObject({
      code: 'left-over',
      message: 'The gateway could not keep the cluster.',
      cause: expect.arrayContaining([
        {
          message:
            'The gateway could not be told to stop abc: The hub or its gateway is down.'
        }
      ]),
      hint: 'A cluster may be left over: look for rain in the list, and stop it there.'
    });
    provider.dispose();
  });

  it('should tell what a start leaves that is given up while the gateway is asked', async () => {
    const { made, asked, create } = onItsWay();
    const get = jest.fn();
    const provider = providerOver(
      way({
        create,
        stop: async () => Promise.reject(away()),
        get
      })
    );
    let lists = 0;
    provider.changed.connect(() => (lists += 1));
    const begun = start();
    const creating = provider.create(request, begun);
    await asked.promise;
    begun.abort.abort();
    made.resolve('abc');
    await expect(creating).rejects.toMatchObject({
      code: 'left-over',
      message: 'The start was given up.',
      cause: [{ message: expect.stringContaining('stop abc') }],
      hint: 'A cluster may be left over: look for rain in the list, and stop it there.'
    });
    expect(get).not.toHaveBeenCalled();
    // The list shows it as soon as the gateway answers again, with its name.
    expect(lists).toBeGreaterThan(0);
    provider.dispose();
  });

  it('should leave nothing of it where the gateway can be told', async () => {
    const { made, asked, create } = onItsWay();
    const stop = jest.fn(async () => undefined);
    const provider = providerOver(way({ create, stop }));
    const begun = start();
    const creating = provider.create(request, begun);
    await asked.promise;
    begun.abort.abort();
    made.resolve('abc');
    await expect(creating).rejects.toMatchObject({ code: 'cancelled' });
    expect(stop.mock.calls).toEqual([['abc']]);
    provider.dispose();
  });

  it('should not know whether there is a cluster when the request is not answered', async () => {
    let begun = start();
    let reason = away();
    const create = jest.fn(async () => Promise.reject(reason));
    const provider = providerOver(way({ create }));
    await expect(provider.create(request, begun)).rejects.toMatchObject({
      code: 'not-responding',
      hint: expect.stringMatching(/may have made one: look in the list/)
    });
    create.mockImplementation(async () => {
      begun.abort.abort();
      throw reason;
    });
    await expect(provider.create(request, begun)).rejects.toMatchObject({
      code: 'left-over',
      hint: expect.stringMatching(/may have made one: look in the list/)
    });
    // What refuses has made none.
    begun = start();
    reason = new ClusterError('no', { code: 'invalid' });
    await expect(provider.create(request, begun)).rejects.toMatchObject({
      code: 'cancelled'
    });
    expect(create).toHaveBeenCalledTimes(3);
    // Nor is one asked for that is not wanted any more.
    await expect(provider.create(request, begun)).rejects.toMatchObject({
      code: 'cancelled'
    });
    expect(create).toHaveBeenCalledTimes(3);
    provider.dispose();
  });

  it('should keep the card of a start that leaves something', async () => {
    const { made, asked, create } = onItsWay();
    const registry = new ProviderRegistry();
    const provider = providerOver(
      way({
        create,
        stop: async () => Promise.reject(away()),
        list: async () => Promise.reject(away())
      })
    );
    registry.add(provider);
    const manager = new ClusterManager({ registry, trans });
    const cluster = manager.create(request);
    await asked.promise;
    await manager.stop(cluster.key);
    made.resolve('abc');
    await until(() => cluster.snapshot.state === 'failed', 'it is told');
    expect(manager.clusters).toContain(cluster);
    expect(cluster.snapshot.cause?.[0]).toMatchObject({
      message: 'The start was given up.',
      hint: expect.stringMatching(/left over: look for rain/)
    });
    provider.dispose();
  });

  it('should keep a new cluster when the hub does not answer the wish for workers', async () => {
    const stop = jest.fn(async () => undefined);
    const scale = jest.fn(async () => Promise.reject(away()));
    let ready = 0;
    const provider = providerOver(
      way({
        create: async () => 'a',
        get: async () => report('RUNNING'),
        scale,
        scheduler: async (_, page) =>
          page === 'counts' ? { workers: ready, cores: 0 } : null,
        stop
      })
    );
    const driver = await provider.create(
      { provider: 'gateway', options: {} },
      start()
    );
    expect(stop).not.toHaveBeenCalled();
    const unheard = {
      state: 'degraded',
      cause: [
        {
          message: 'The hub did not answer when workers were asked for.',
          hint: 'Scale the cluster to ask again.'
        }
      ]
    };
    expect(driver.snapshot).toMatchObject(unheard);
    // Looks, and the list, find no reason to say otherwise.
    await (driver as GatewayDriver).measure();
    (driver as GatewayDriver).tell(report('RUNNING'));
    expect(driver.snapshot).toMatchObject(unheard);
    expect(await driver.events()).toMatchObject([
      { level: 'warning', text: expect.stringMatching(/did not answer when/) }
    ]);
    scale.mockImplementation(async () => ({ ok: true, msg: null }) as never);
    await driver.scale(2);
    expect(driver.snapshot).toMatchObject({ state: 'running' });
    expect(driver.snapshot.cause).toBeUndefined();
    ready = 2;
    await (driver as GatewayDriver).measure();
    expect(driver.snapshot.workers).toMatchObject({ ready: 2, wanted: 2 });
    provider.dispose();
  });

  it('should believe workers that come although nobody answered', async () => {
    const provider = providerOver(
      way({
        create: async () => 'a',
        get: async () => report('RUNNING'),
        scale: async () => Promise.reject(away()),
        scheduler: async (_, page) =>
          page === 'counts' ? { workers: 1, cores: 1 } : null
      })
    );
    const driver = await provider.create(request, start());
    expect(driver.snapshot.state).toBe('degraded');
    await (driver as GatewayDriver).measure();
    expect(driver.snapshot.state).toBe('running');
    provider.dispose();
  });

  it('should look again after a look that failed, and not more often for it', async () => {
    jest.useFakeTimers();
    let looks = 0;
    const provider = providerOver(
      way({
        list: async () => {
          looks += 1;
          return Promise.reject(away());
        }
      })
    );
    const look = (): void => void provider.discover().catch(() => undefined);
    provider.changed.connect(look);
    await provider.discover().catch(() => undefined);
    const before = looks;
    await jest.advanceTimersByTimeAsync(11_000);
    for (let opened = 0; opened < 5; opened += 1) {
      provider.prepare();
      await jest.advanceTimersByTimeAsync(10);
    }
    expect(looks).toBe(before + 1);
    provider.dispose();
    jest.useRealTimers();
  });

  it('should look again when the sidebar is opened again, but not at once', async () => {
    jest.useFakeTimers();
    let lists = 0;
    const provider = providerOver(
      way({
        list: async () => {
          lists += 1;
          return lists > 1 ? [report('RUNNING')] : [];
        }
      })
    );
    let changes = 0;
    expect(await provider.discover()).toEqual([]);
    provider.changed.connect(() => (changes += 1));
    provider.prepare();
    expect(changes).toBe(0);
    jest.advanceTimersByTime(11_000);
    expect(lists).toBe(1);
    provider.prepare();
    expect(changes).toBe(1);
    expect(await provider.discover()).toHaveLength(1);
    provider.dispose();
    jest.useRealTimers();
  });

  it('should list what a gateway that was started again still has', async () => {
    let reports = [report('RUNNING', 'a'), report('RUNNING', 'b')];
    const provider = providerOver(
      way({
        list: async () => reports,
        get: async () =>
          Promise.reject(new ClusterError('gone', { code: 'not-found' }))
      })
    );
    const [, b] = await provider.discover();
    reports = [report('RUNNING', 'a')];
    const drivers = await provider.discover();
    expect(drivers.map(({ snapshot }) => snapshot.id)).toEqual(['a']);
    expect(b.snapshot.state).toBe('stopped');
    provider.dispose();
  });
});
