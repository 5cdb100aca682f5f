import { PromiseDelegate } from '@lumino/coreutils';
import { SessionAPI } from '@jupyterlab/services';
import type { JupyterServer } from '@jupyterlab/testing';
import {
  ClusterError,
  IClusterDriver,
  IClusterEvent,
  SESSION_TYPE
} from '../../../tokens';
import { sessionPath } from '../paths';
import { PendingStarts } from '../pending';
import { ControllerSession } from '../session';
import {
  controllerInfo,
  controllerSessions,
  ENVIRONMENT,
  ITab,
  kernelProcesses,
  newStart,
  openTab,
  startServer,
  trans,
  until
} from './server';

const BROKEN = 'without-dask';

/** Its stand-bys end after four seconds. */
const BRIEF = 'brief';

const BRIEF_KERNEL = {
  argv: ['python', '-m', 'ipykernel_launcher', '-f', '{connection_file}'],
  display_name: 'Python for a short time',
  language: 'python',
  env: { SEASONAL_MONITOR_STAND_BY_MINUTES: '0.07' }
};

const REQUEST = {
  provider: 'local',
  name: 'Rain',
  profile: 'Small',
  options: { workers: 2, threads: 1, memory: '512 MiB' }
};

/** Hides distributed, as an environment without it does. */
const BROKEN_KERNEL = {
  argv: [
    'python',
    '-c',
    [
      'import sys',
      'class Hide:',
      '    def find_spec(self, name, path=None, target=None):',
      '        if name == "distributed": sys.modules[name] = None',
      'sys.meta_path.insert(0, Hide())',
      'sys.modules["distributed"] = None',
      'from ipykernel.kernelapp import launch_new_instance',
      'launch_new_instance()'
    ].join('\n'),
    '-f',
    '{connection_file}'
  ],
  display_name: 'Python without Dask',
  language: 'python'
};

describe('LocalProvider', () => {
  let server: JupyterServer;
  let tab: ITab;
  let other: ITab;

  const create = (): Promise<IClusterDriver> =>
    tab.provider.create(REQUEST, newStart());

  const isReady = async ({ standBys }: ITab): Promise<boolean> =>
    (await standBys.ready(ENVIRONMENT)) !== undefined;

  beforeAll(async () => {
    server = await startServer({
      [BROKEN]: BROKEN_KERNEL,
      [BRIEF]: BRIEF_KERNEL
    });
    tab = await openTab();
    other = await openTab();
  }, 60000);

  afterEach(async () => {
    for (const model of await controllerSessions(tab.manager)) {
      await tab.manager.sessions.shutdown(model.id);
    }
    await other.manager.sessions.refreshRunning();
  });

  afterAll(async () => {
    tab.manager.dispose();
    other.manager.dispose();
    await server.shutdown();
  });

  describe('#create()', () => {
    it('should start a cluster, scale it, make it adaptive, and stop it', async () => {
      const start = newStart();
      const driver = await tab.provider.create(REQUEST, start);
      expect(driver.snapshot.state).toBe('running');
      expect(driver.snapshot.name).toBe('Rain');
      expect(driver.environment).toBe(ENVIRONMENT);
      expect(driver.profile).toBe('Small');
      expect(driver.capabilities.scale).toBe(true);
      expect(driver.snapshot.connection?.address).toMatch(/^tls:\/\/127/);
      expect(start.steps[0].map(step => step.state)).toEqual([
        'active',
        'waiting',
        'waiting',
        'waiting'
      ]);
      expect(
        start.steps.at(-1)!.map(step => `${step.id} ${step.state}`)
      ).toEqual([
        'kernel done',
        'packages done',
        'scheduler done',
        'workers done'
      ]);
      await until(() => driver.snapshot.workers?.ready === 2, 'two workers');
      await driver.scale(3);
      await until(() => driver.snapshot.workers?.ready === 3, 'three workers');
      await driver.adapt(0, 2);
      expect(driver.snapshot.workers).toMatchObject({ minimum: 0, maximum: 2 });
      await driver.rename('Wind');
      expect(driver.snapshot.name).toBe('Wind');
      const [session] = await controllerSessions(tab.manager);
      expect(session.name).toBe('Wind');
      await driver.stop();
      expect(driver.snapshot.state).toBe('stopped');
      expect(await controllerSessions(tab.manager)).toEqual([]);
    }, 60000);

    it.each(['kernel', 'packages', 'scheduler', 'workers', 'none'])(
      'should leave nothing when it is cancelled in the step: %s',
      async step => {
        const start = newStart();
        const isReached = (): boolean =>
          start.steps.some(steps =>
            steps.some(({ id, state }) => id === step && state === 'active')
          );
        const created = tab.provider.create(REQUEST, start);
        created.catch(() => undefined);
        await until(() => step === 'none' || isReached(), step);
        start.abort.abort();
        await expect(created).rejects.toMatchObject({ code: 'cancelled' });
        expect(await controllerSessions(tab.manager)).toEqual([]);
      },
      60000
    );

    it('should say which package is missing, and how to get it', async () => {
      const created = tab.provider.create(
        { ...REQUEST, environment: BROKEN },
        newStart()
      );
      const error: ClusterError = await created.then(
        () => Promise.reject(new Error('It must not start')),
        reason => reason
      );
      expect(error.code).toBe('missing-package');
      expect(error.message).toContain('distributed');
      expect(error.hint).toMatch(/pip install.*distributed/);
      expect(await controllerSessions(tab.manager)).toEqual([]);
    }, 30000);

    it('should refuse what is no Python kernel', async () => {
      for (const environment of ['echo', '../x', 'nothing']) {
        await expect(
          tab.provider.create({ ...REQUEST, environment }, newStart())
        ).rejects.toMatchObject({ code: 'not-found' });
      }
      expect(await controllerSessions(tab.manager)).toEqual([]);
    });

    it.each([
      ['workers', -5],
      ['workers', 0.5],
      ['workers', '3'],
      ['workers', null],
      ['workers', NaN],
      ['workers', []],
      ['workers', 1e9],
      ['workers', 1e30],
      ['workers', true],
      ['memory', 'much'],
      ['threads', 0]
    ])(
      'should refuse %s = %p with a message for the field',
      async (name, value) => {
        const created = tab.provider.create(
          { ...REQUEST, options: { [name as string]: value as never } },
          newStart()
        );
        const error: ClusterError = await created.then(
          () => Promise.reject(new Error('It must not start')),
          reason => reason
        );
        expect(['invalid', 'limit']).toContain(error.code);
        expect(error.fields[name as string]).toMatch(/\w+ .*\./);
        expect(await controllerSessions(tab.manager)).toEqual([]);
      },
      30000
    );
  });

  describe('#discover()', () => {
    it('should show the same cluster to a second tab', async () => {
      const driver = await create();
      await until(() => driver.snapshot.workers?.ready === 2, 'two workers');
      const [twin, ...rest] = await other.provider.discover(true);
      expect(rest).toEqual([]);
      expect(twin.snapshot.id).toBe(driver.snapshot.id);
      expect(twin.snapshot.workers).toEqual(driver.snapshot.workers);
      expect(twin.snapshot.connection).toEqual(driver.snapshot.connection);
      expect(twin.profile).toBe('Small');
      expect(await other.provider.discover(false)).toEqual([twin]);
      await driver.scale(1);
      await until(() => twin.snapshot.workers?.wanted === 1, 'one wanted');

      await Promise.all([driver.stop(), twin.stop(), driver.stop()]);
      expect(driver.snapshot.state).toBe('stopped');
      expect(twin.snapshot.state).toBe('stopped');
      expect(await controllerSessions(tab.manager)).toEqual([]);
    }, 60000);

    it('should find a cluster that starts while another page looks', async () => {
      const created = create();
      await until(
        async () => (await controllerSessions(other.manager)).length === 1,
        'a session'
      );
      let found: IClusterDriver[] = [];
      await until(async () => {
        found = await other.provider.discover(true);
        return found.length === 1;
      }, 'the starting cluster');
      const driver = await created;
      await until(() => found[0].snapshot.state === 'running', 'running');
      expect(found[0].snapshot.id).toBe(driver.snapshot.id);
      await found[0].stop();
      await until(
        () => driver.snapshot.state === 'stopped',
        'stopped here too'
      );
    }, 60000);
  });

  describe('a page that is loaded again', () => {
    /**
     * What a reload leaves of a page that was about to start a cluster: cold, a
     * session and what the browser tab remembers; warm, a stand-by that was
     * asked for a cluster but is not named for it yet.
     */
    const interrupt = async (isWarm: boolean): Promise<void> => {
      const { sessions } = tab.manager;
      const key = 'interrupted';
      const params = {
        key,
        name: 'Rain',
        launcher: 'local',
        options: REQUEST.options,
        profile: null,
        environment: ENVIRONMENT
      };
      const path = sessionPath(isWarm ? 'standby' : 'cluster', key);
      const name = isWarm ? 'Dask stand-by' : 'Rain';
      const session = await ControllerSession.start({
        sessions,
        trans,
        path,
        name,
        environment: ENVIRONMENT
      });
      if (isWarm) {
        let isAsked = false;
        session.rpc.onProgress(key, () => {
          isAsked = true;
        });
        session.call('create', params).catch(() => undefined);
        await until(() => isAsked, 'the start');
      } else {
        new PendingStarts().add(path, params);
      }
      session.dispose();
    };

    it.each([
      ['cold', false],
      ['warm', true]
    ])(
      'should go on with a %s start that it interrupted',
      async (_, isWarm) => {
        await interrupt(isWarm);
        const page = await openTab(isWarm);
        page.provider.prepare();
        let found: IClusterDriver[] = [];
        await until(async () => {
          found = await page.provider.discover(true);
          return found[0]?.snapshot.state === 'running';
        }, 'the cluster');
        expect(found).toHaveLength(1);
        expect(found[0].snapshot.name).toBe('Rain');
        await found[0].stop();
        expect(await controllerSessions(tab.manager)).toEqual([]);
        page.manager.dispose();
      },
      60000
    );
  });

  describe('faults', () => {
    it('should say that the cluster is lost when its kernel is killed', async () => {
      const driver = await create();
      const [model] = await controllerSessions(tab.manager);
      const { pid } = await controllerInfo(other.manager, model);
      const killed = Date.now();
      process.kill(pid, 'SIGKILL');
      await until(() => driver.snapshot.state === 'lost', 'lost');
      // The server looks after its kernels every three seconds.
      expect(Date.now() - killed).toBeLessThan(4500);
      expect(driver.snapshot.cause![0].message).toMatch(/kernel died/);
      expect(driver.snapshot.cause![0].hint).toBeTruthy();
      expect(driver.snapshot.workers).toBeUndefined();
      await until(
        async () => (await controllerSessions(tab.manager)).length === 0,
        'no kernel started again'
      );
      await driver.stop();
    }, 60000);

    it('should tell of a cluster whose kernel died while no page was open, and leave no bare one', async () => {
      const left = await openTab();
      const driver = await left.provider.create(REQUEST, newStart());
      const [model] = await controllerSessions(other.manager);
      const { pid } = await controllerInfo(other.manager, model);
      driver.dispose();
      left.manager.dispose();
      const before = kernelProcesses(model);
      expect(before).toContain(pid);
      process.kill(pid, 'SIGKILL');
      await until(
        () => kernelProcesses(model).some(one => !before.includes(one)),
        'a bare kernel in its place'
      );

      const page = await openTab();
      expect(await page.provider.discover(true)).toEqual([]);
      await until(() => page.changes > 0, 'word of it', 60_000);
      const [lost, ...rest] = await page.provider.discover(true);
      expect(rest).toEqual([]);
      expect(lost.snapshot).toMatchObject({ name: 'Rain', state: 'lost' });
      expect(lost.snapshot.cause![0].message).toMatch(/no page was open/);
      expect(lost.snapshot.cause![0].hint).toBeTruthy();
      expect(await controllerSessions(tab.manager)).toEqual([]);
      lost.dispose();
      expect(await page.provider.discover(true)).toEqual([]);
      page.manager.dispose();
    }, 120_000);

    it('should leave no session in which another page was about to start a cluster and died', async () => {
      const path = sessionPath('cluster', 'abandoned');
      const session = await ControllerSession.start({
        sessions: other.manager.sessions,
        trans,
        path,
        name: 'Rain',
        environment: ENVIRONMENT
      });
      const { pid } = await session.initialize();
      session.dispose();
      expect(await tab.provider.discover(true)).toEqual([]);
      process.kill(pid, 'SIGKILL');
      // Asked past the list of the page, which would take the session's connection away while
      // it reaches the kernel again: JupyterLab then rejects a promise that nobody waits for.
      await until(async () => {
        const left = await SessionAPI.listRunning(tab.manager.serverSettings);
        return !left.some(({ type }) => type === SESSION_TYPE);
      }, 'the end of the session');
    }, 60_000);

    it('should say so when the kernel is shut down from elsewhere', async () => {
      const driver = await create();
      const [model] = await controllerSessions(other.manager);
      await other.manager.sessions.shutdown(model.id);
      await tab.manager.sessions.refreshRunning();
      await until(() => driver.snapshot.state !== 'running', 'the end');
      // It stays on the page with its cause, as nobody here stopped it.
      expect(driver.snapshot.state).toBe('lost');
      expect(driver.snapshot.cause![0].message).toMatch(
        /kernel was shut down from elsewhere/
      );
      expect(driver.snapshot.cause![0].hint).toBeTruthy();
      expect(await controllerSessions(tab.manager)).toEqual([]);
    }, 60000);

    it('should catch up after the network was away', async () => {
      const driver = await create();
      await until(() => driver.snapshot.workers?.ready === 2, 'two workers');
      const [twin] = await other.provider.discover(true);
      tab.sockets.forEach(socket => socket.close());
      await twin.scale(1);
      await until(() => driver.snapshot.workers?.wanted === 1, 'caught up');
      expect(await driver.ping()).toBe(true);
      await driver.stop();
      expect(await controllerSessions(tab.manager)).toEqual([]);
    }, 60000);

    it('should notice a controller that hangs, and stop it all the same', async () => {
      const driver = await create();
      const [model] = await controllerSessions(tab.manager);
      const { pid } = await controllerInfo(other.manager, model);
      process.kill(pid, 'SIGSTOP');
      const asked = Date.now();
      expect(await driver.ping()).toBe(false);
      expect(Date.now() - asked).toBeLessThan(3500);
      process.kill(pid, 'SIGCONT');
      await until(() => driver.ping(), 'an answer');
      process.kill(pid, 'SIGSTOP');
      expect(await driver.ping()).toBe(false);
      const [silent] = await other.provider.discover(true);
      expect(silent.snapshot.state).toBe('degraded');
      expect(silent.snapshot.cause![0].kind).toBe('not-responding');
      await driver.stop();
      expect(await controllerSessions(tab.manager)).toEqual([]);
    }, 60000);

    it('should send nothing while nothing changes', async () => {
      const driver = await create();
      const events: IClusterEvent[] = [];
      driver.happened.connect((_, event) => events.push(event));
      driver.watch('counts');
      driver.watch('counts');
      await until(() => driver.snapshot.workers?.ready === 2, 'two workers');
      const revision = driver.snapshot.revision;
      let sent = 0;
      for (const socket of tab.sockets) {
        const send = socket.send.bind(socket);
        socket.send = data => {
          sent += 1;
          send(data);
        };
      }
      const end = Date.now() + 5000;
      await until(() => Date.now() > end, 'five seconds');
      expect(sent).toBe(0);
      expect(driver.snapshot.revision - revision).toBeLessThanOrEqual(1);
      await driver.stop();
    }, 60000);
  });

  describe('#prepare()', () => {
    it('should make a click quick, and share one stand-by between tabs', async () => {
      const first = await openTab(true);
      const second = await openTab(true);
      first.provider.prepare();
      await until(() => isReady(first), 'a stand-by');
      expect(first.standBys.info(ENVIRONMENT)?.cpus).toBeGreaterThan(0);
      second.provider.prepare();
      await until(() => isReady(second), 'the same stand-by');
      const sessions = await controllerSessions(tab.manager);
      expect(sessions.map(model => model.name)).toEqual(['Dask stand-by']);
      expect(await tab.provider.discover(true)).toEqual([]);

      const form = await first.provider.form();
      expect(form.environments.map(item => item.name)).not.toContain('echo');
      expect(form.notes.join()).toMatch(/This machine has \d/);

      const [a, b] = await Promise.all([
        first.provider.create(REQUEST, newStart()),
        second.provider.create(REQUEST, newStart())
      ]);
      expect(a.snapshot.id).not.toBe(b.snapshot.id);
      expect(await controllerSessions(tab.manager)).toHaveLength(2);
      await until(async () => {
        const found = await tab.provider.discover(true);
        return found.length === 2;
      }, 'both in a third tab');
      await Promise.all([a.stop(), b.stop()]);
      expect(await controllerSessions(tab.manager)).toEqual([]);
      first.manager.dispose();
      second.manager.dispose();
    }, 90000);

    it('should be quicker than a cold start', async () => {
      /** The time in ms, and what was told of the workers. */
      const time = async (page: ITab): Promise<[number, Set<unknown>]> => {
        const clicked = Date.now();
        const start = newStart();
        const driver = await page.provider.create(REQUEST, start);
        const taken = Date.now() - clicked;
        expect(driver.snapshot.workers?.ready).toBe(2);
        await driver.stop();
        const steps = start.steps.flat().filter(({ id }) => id === 'workers');
        return [taken, new Set(steps.map(({ detail }) => detail))];
      };
      const [cold, started] = await time(tab);
      expect(started).toContain('0 of 2');
      const page = await openTab(true);
      page.provider.prepare(undefined, REQUEST);
      await until(() => isReady(page), 'a stand-by');
      const [model] = await controllerSessions(tab.manager);
      const session = ControllerSession.join(model, {
        sessions: tab.manager.sessions,
        trans
      });
      await session.call('warm', {});
      session.dispose();
      const [warm, waited] = await time(page);
      // Its workers were there before.
      expect(waited).toEqual(new Set([undefined, '2 of 2']));
      page.manager.dispose();
      process.stdout.write(`cold ${cold} ms, warm ${warm} ms\n`);
      expect(warm).toBeLessThan(cold);
    }, 90000);

    it('should spare a stand-by that became a cluster when its warm-up fails late', async () => {
      const late = new PromiseDelegate<never>();
      late.promise.catch(() => undefined);
      const { call } = ControllerSession.prototype;
      const spy = jest
        .spyOn(ControllerSession.prototype, 'call')
        .mockImplementation(function (
          this: ControllerSession,
          method,
          ...rest
        ) {
          return method === 'warm'
            ? late.promise
            : call.call(this, method, ...(rest as [never]));
        } as typeof call);
      try {
        const page = await openTab(true);
        page.provider.prepare();
        await until(() => isReady(page), 'a stand-by');
        const driver = await page.provider.create(REQUEST, newStart());
        page.provider.prepare();
        await until(
          async () => (await controllerSessions(tab.manager)).length === 2,
          'another stand-by'
        );
        late.reject(new Error('too late'));
        // The one that waits ends; the cluster does not.
        await until(
          async () => (await controllerSessions(tab.manager)).length === 1,
          'the end of the stand-by'
        );
        expect(await driver.ping()).toBe(true);
        expect(driver.snapshot.state).toBe('running');
        await driver.stop();
        page.manager.dispose();
      } finally {
        spy.mockRestore();
      }
    }, 90000);

    it('should leave a stand-by alone that another page took while this one joined it', async () => {
      // What tells other pages that it is one no more has not come yet.
      const spy = jest
        .spyOn(ControllerSession.prototype, 'relabel')
        .mockResolvedValue();
      try {
        const first = await openTab(true);
        const second = await openTab(true);
        first.provider.prepare();
        await until(() => isReady(first), 'a stand-by');
        const theirs = await first.provider.create(REQUEST, newStart());
        second.provider.prepare();
        const driver = await second.provider.create(REQUEST, newStart());
        expect(driver.snapshot.id).not.toBe(theirs.snapshot.id);
        expect(await theirs.ping()).toBe(true);
        expect(theirs.snapshot.state).toBe('running');
        await Promise.all([theirs.stop(), driver.stop()]);
        first.manager.dispose();
        second.manager.dispose();
      } finally {
        spy.mockRestore();
      }
    }, 90000);

    it('should leave no kernel when the stand-by ends itself', async () => {
      const page = await openTab(true);
      const connections = jest.spyOn(page.manager.sessions, 'connectTo');
      page.provider.prepare(BRIEF);
      await until(
        async () => (await controllerSessions(tab.manager)).length === 1,
        'a stand-by'
      );
      await until(
        async () => (await controllerSessions(tab.manager)).length === 0,
        'its end',
        30000
      );
      expect(await page.standBys.take(BRIEF)).toBeNull();
      await until(
        () => connections.mock.results.every(({ value }) => value.isDisposed),
        'the end of its connection'
      );
      page.manager.dispose();
    }, 60000);

    it('should not start stand-bys again and again that end, and say so', async () => {
      const page = await openTab(true);
      const starts = jest.spyOn(page.manager.sessions, 'startNew');
      for (const count of [1, 2, 3]) {
        expect(page.told).toEqual([]);
        await until(() => {
          page.provider.prepare(BRIEF);
          return starts.mock.calls.length === count;
        }, 'a stand-by');
        const started = await starts.mock.results[count - 1].value;
        await until(() => started.isDisposed, 'its end', 40_000);
      }
      const end = Date.now() + 1000;
      await until(() => {
        page.provider.prepare(BRIEF);
        return Date.now() > end;
      }, 'a second');
      expect(starts).toHaveBeenCalledTimes(3);
      expect(page.told).toEqual([expect.stringMatching(/brief.*3 times/)]);
      expect(await controllerSessions(tab.manager)).toEqual([]);
      page.manager.dispose();
    }, 150_000);

    it('should keep the stand-by when it refuses a request', async () => {
      const first = await openTab(true);
      first.provider.prepare();
      await until(() => isReady(first), 'a stand-by');
      await expect(
        first.provider.create(
          { ...REQUEST, options: { workers: 1e6 } },
          newStart()
        )
      ).rejects.toMatchObject({ code: 'limit' });
      const [model] = await controllerSessions(tab.manager);
      expect(model.name).toBe('Dask stand-by');
      const driver = await first.provider.create(REQUEST, newStart());
      expect(driver.snapshot.workers?.ready).toBe(2);
      const [used] = await controllerSessions(tab.manager);
      expect(used.id).toBe(model.id);
      await driver.stop();
      first.manager.dispose();
    }, 60000);
  });
});
