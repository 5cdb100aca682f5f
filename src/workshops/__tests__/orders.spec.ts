import { StateDB } from '@jupyterlab/statedb';
import { nullTranslator } from '@jupyterlab/translation';
import { eventually } from '../../__tests__/eventually';
import { FakeDriver, FakeProvider } from '../../cluster/__tests__/fakes';
import { ClusterManager } from '../../cluster/manager';
import { Profiles } from '../../cluster/profiles';
import { ProviderRegistry } from '../../cluster/registry';
import type { IWorkshop } from '../model';
import { Obedience } from '../obey';
import { Orders } from '../orders';
import { HOLDS, mergeRules, ruled, ruleOf } from '../rules';
import { Run } from '../run';
import type { ClassService } from '../service';
import { nextMoment } from '../times';
import { Voice } from '../voice';
import { Hub, serviceOf as serviceIn, startHub } from './hubProgram';

const MINUTES = 240_000;
const trans = nullTranslator.load('');

const workshop: IWorkshop = {
  version: 1,
  id: 'rain',
  title: 'Rain',
  profile: 'Small',
  limits: { workers: 3 },
  materials: [{ template: 'rainfall-anomaly' }],
  end: '2099-01-01T09:00Z'
};
/** Half an hour after the file's end, in ms. */
const LATER = Date.parse('2099-01-01T09:30Z');

let hub: Hub;

const serviceOf = (name: string): ClassService => serviceIn(hub, name);

beforeAll(async () => {
  hub = await startHub();
  // The tests' browser has no visible page otherwise.
  Object.defineProperty(document, 'hidden', { value: false });
  document.dispatchEvent(new Event('visibilitychange'));
}, MINUTES);

afterAll(async () => {
  await hub.stop();
}, MINUTES);

/** The page of a participant, whose clusters the test ends. */
async function open(name = 'alice', contents: object = {}, what = workshop) {
  const provider = new FakeProvider();
  const registry = new ProviderRegistry();
  registry.add(provider);
  const profiles = new Profiles({
    trans,
    registry,
    save: async () => undefined,
    remember: () => undefined
  });
  const profile = { name: 'Small', provider: 'fake', options: { workers: 3 } };
  profiles.update({
    admin: [profile],
    shipped: [],
    user: [],
    adminLimits: {},
    userLimits: {}
  });
  const manager = new ClusterManager({ registry, trans });
  manager.bound(request => profiles.clamp(request).request);
  let voice: Voice | null = null;
  const run = new Run({
    file: () => 'rain.workshop.json',
    contents: contents as never,
    manager,
    profiles,
    costs: null,
    notebooks: null,
    name: async () => name,
    open: async () => undefined,
    openTemplate: async () => undefined,
    heed: async () => voice?.heed(),
    trans
  });
  voice = new Voice({ run, manager, service: () => serviceOf(name) });
  const obedience = new Obedience({ run, voice, manager, profiles, trans });
  await run.show({ workshop: what, problems: [] });
  return {
    provider,
    profiles,
    manager,
    run,
    voice,
    obedience,
    /** The cluster that was asked for last comes, with so many workers. */
    arrive: (snapshot: object = {}): FakeDriver => {
      const driver = new FakeDriver(`c${provider.starts.length}`, {
        name: 'rain',
        workers: { ready: 3, wanted: 3 },
        ...snapshot
      });
      driver.stopResult.resolve();
      provider.starts.at(-1)!.result.resolve(driver);
      return driver;
    },
    close: () => {
      obedience.dispose();
      voice.dispose();
      run.dispose();
    }
  };
}

const set = (order: object, users: string[] = []): Promise<void> =>
  serviceOf('trainer').order({ workshop: 'rain', ...order }, users);

describe('What a trainer sets', () => {
  it('should stand in place of what the file says, and be taken back', () => {
    const rule = { end: LATER, workers: 1 };
    expect(ruled(workshop, rule)).toMatchObject({
      end: '2099-01-01T09:30:00.000Z',
      limits: { workers: 1 }
    });
    expect(ruled(workshop, { end: null, workers: null })).toEqual(workshop);
    expect(mergeRules(rule, { workers: null })).toEqual({
      end: LATER,
      workers: null
    });
    const rules = { all: rule, people: { bob: { workers: 2 } } };
    expect(ruleOf(rules, 'bob')).toEqual({ end: LATER, workers: 2 });
    expect(ruleOf(rules, 'alice')).toEqual(rule);
    expect(ruleOf(undefined, 'alice')).toEqual({});
  });

  it('should take a time of day as the next one', () => {
    const noon = new Date(2026, 5, 1, 12, 0).getTime();
    expect(nextMoment('12:30', noon)).toBe(noon + 30 * 60_000);
    expect(nextMoment('12:00', noon)).toBe(noon + 24 * 3_600_000);
  });

  it(
    'should hold for a participant’s clusters, in words, and for nobody who has not joined',
    async () => {
      const page = await open();
      await set({ workers: 2, text: 'You may have 2.' });
      expect(page.obedience.sentences).toEqual([]);
      await page.run.join();
      // It was heard before anything was started.
      expect(page.provider.starts[0].request.options).toEqual({ workers: 2 });
      expect(page.run.plan!.sentences.join(' ')).toContain('with 2 workers');
      expect(page.obedience.sentences).toEqual([
        'Your trainer has capped clusters of the class at 2 workers.'
      ]);
      const driver = page.arrive({ workers: { ready: 2, wanted: 2 } });
      await eventually(() =>
        expect(page.run.clusters[0].snapshot.state).toBe('running')
      );

      // A running one is made smaller once it is said.
      await set({ workers: 1, text: 'You may have 1.' });
      await eventually(
        () => expect(driver.calls).toContain('scale 1'),
        MINUTES
      );
      expect(page.obedience.sentences).toEqual([
        'Your trainer has capped clusters of the class at 1 worker.',
        'Your cluster goes from 2 to 1 for this reason.'
      ]);
      const { key } = page.run.clusters[0];
      await expect(page.manager.scale(key, 2)).rejects.toMatchObject({
        code: 'limit',
        message: expect.stringContaining('capped'),
        hint: expect.stringContaining('trainer')
      });
      const other = { provider: 'fake', options: { workers: 8 } };
      expect(page.profiles.clamp(other)).toMatchObject({
        request: { options: { workers: 1 } },
        notes: [expect.stringContaining('Your trainer')]
      });

      // Raised again, and for who has left the class it holds no more.
      await set({ workers: null, text: 'As before.' });
      await eventually(
        () => expect(page.profiles.cap).toBeUndefined(),
        MINUTES
      );
      await page.manager.scale(key, 2);
      await set({ workers: 1 });
      page.close();
      expect(page.profiles.cap).toBeUndefined();
      await set({ workers: null });
    },
    MINUTES
  );

  it(
    'should hold on a page that is opened later, as soon as it is open',
    async () => {
      await set({ workers: 1, text: 'You may have 1.' });
      // Somebody who joined earlier has copies, and clicks nothing now.
      const copies = {
        get: async () => ({
          content: { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] }
        })
      };
      const page = await open('alice', copies, {
        ...workshop,
        materials: [{ notebook: 'rain.ipynb' }]
      });
      expect(page.run.joining).toBe('joined');
      await eventually(
        () =>
          expect(page.obedience.sentences).toEqual([
            'Your trainer has capped clusters of the class at 1 worker.'
          ]),
        MINUTES
      );
      expect(page.profiles.cap).toMatchObject({ workers: 1 });
      page.close();
      await set({ workers: null });
    },
    MINUTES
  );

  it(
    'should move the end of the class, with a cluster that would end before it',
    async () => {
      const page = await open();
      await page.run.join();
      const driver = page.arrive({
        stopsAt: Date.parse('2099-01-01T09:00Z'),
        stopsFor: 'lifetime'
      });
      await set({ end: LATER, text: 'Longer.' }, ['alice']);
      await eventually(
        () => expect(page.run.ruled!.end).toBe('2099-01-01T09:30:00.000Z'),
        MINUTES
      );
      expect(page.run.workshop!.end).toBe('2099-01-01T09:00Z');
      await eventually(() =>
        expect(driver.calls.filter(one => one.startsWith('keep'))).toHaveLength(
          1
        )
      );
      // An administrator allows less than that.
      driver.say({ stopsAt: Date.parse('2099-01-01T09:10Z') });
      await eventually(() =>
        expect(page.obedience.sentences.join(' ')).toContain(
          'Your cluster ends before the class.'
        )
      );
      page.close();
      await set({ end: null });
    },
    MINUTES
  );

  it(
    'should be a fresh cluster once, and not again after a reload',
    async () => {
      const page = await open();
      await page.run.join();
      const driver = page.arrive();
      await eventually(() =>
        expect(page.run.clusters[0].snapshot.state).toBe('running')
      );
      await set({ fresh: true, text: 'Anew.' }, ['bob']);
      await set({ fresh: true, text: 'Anew.' }, ['alice']);
      await eventually(
        () => expect(page.provider.starts).toHaveLength(2),
        MINUTES
      );
      expect(driver.calls).toContain('stop');
      expect(page.obedience.sentences.join(' ')).toContain(
        'You have a fresh cluster'
      );
      page.close();

      const again = await open();
      await again.run.join();
      await eventually(() =>
        expect(again.voice.announcements.at(-1)?.fresh).toBe('rain')
      );
      expect(again.provider.starts).toHaveLength(1);
      again.close();
    },
    MINUTES
  );

  it('should say why there is no fresh cluster, and what to do', async () => {
    const page = await open();
    await page.run.join();
    const driver = page.arrive();
    await eventually(() =>
      expect(page.run.clusters[0].snapshot.state).toBe('running')
    );
    driver.stop = () => Promise.reject(new Error('It does not answer.'));
    await set({ fresh: true, text: 'Anew.' });
    await eventually(
      () =>
        expect(page.obedience.problem).toMatch(
          /no fresh cluster yet: It does not answer\. Click/
        ),
      MINUTES
    );
    expect(page.provider.starts).toHaveLength(1);
    page.close();
  }, 240_000);

  it(
    'should be said again by the trainer’s page when the service forgot it',
    async () => {
      const state = new StateDB();
      const service = serviceOf('trainer');
      const orders = new Orders({ workshop: () => 'rain', state });
      await service.order({ workshop: 'rain', workers: 2, end: LATER });
      await service.order({ workshop: 'rain', workers: 1 }, ['bob']);
      await orders.heed(service);
      const rules = {
        all: { end: LATER, workers: 2 },
        people: { bob: { workers: 1 } }
      };
      expect(orders.rules).toEqual(rules);
      // Of the other, whom the service has not heard so often until now.
      const page = await open('bob');
      await page.run.join();
      const own = { end: LATER, workers: 1 };
      expect(page.run.rule).toEqual(own);

      let isForgotten = false;
      service.restarted.connect(() => (isForgotten = true));
      hub.say('kill');
      await eventually(async () => {
        await service.participants();
        expect(isForgotten).toBe(true);
      }, MINUTES);
      expect(service.classRules).toEqual({});
      // The page of the trainer was closed meanwhile.
      const later = new Orders({ workshop: () => 'rain', state });
      await later.heed(service);
      expect(later.rules).toEqual(rules);
      await service.participants();
      expect(service.classRules).toEqual({ rain: rules });
      // Who was there all the time has lost nothing.
      expect(page.run.rule).toEqual(own);
      page.close();
    },
    MINUTES
  );

  it('should not hold in the class of another day, nor in another class', async () => {
    const state = new StateDB();
    const asked: unknown[] = [];
    const service = {
      classRules: {},
      order: async (order: unknown) => void asked.push(order)
    };
    const kept = { rain: { all: { workers: 1 }, people: {} } };
    const key = 'jupyterlab-seasonal-monitor:orders:rain';
    await state.save(key, { at: Date.now() - HOLDS - 1, orders: kept });
    let id = 'rain';
    const orders = new Orders({ workshop: () => id, state });
    await orders.heed(service);
    expect([asked, await state.fetch(key)]).toEqual([[], undefined]);
    await state.save(key, { at: Date.now(), orders: kept });
    await new Orders({ workshop: () => 'rain', state }).heed(service);
    expect(asked).toEqual([{ workshop: 'rain', workers: 1 }]);
    id = 'snow';
    await orders.heed(service);
    expect(asked).toHaveLength(1);
    expect(orders.rules).toEqual({ all: {}, people: {} });
  });
});
