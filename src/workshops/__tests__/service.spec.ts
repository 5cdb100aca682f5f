import { nullTranslator } from '@jupyterlab/translation';
import { ServiceManager } from '@jupyterlab/services';
import type { JupyterServer } from '@jupyterlab/testing';
import { createServer } from 'http';
import type { AddressInfo } from 'net';
import { eventually } from '../../__tests__/eventually';
import { startJupyter } from '../../__tests__/jupyterServer';
import { tokenScopes } from '../../providers/gateway/hub';
import { ClassRoom } from '../classRoom';
import { HubPeople } from '../hubPeople';
import { findWays, IWays } from '../levels';
import { News } from '../news';
import { Orders } from '../orders';
import { ClassService } from '../service';
import { StatusFolder } from '../statusFolder';
import { stuckFor } from '../participants';
import type { IStatus } from '../serviceWire';
import { Hub, serviceOf as serviceIn, startHub } from './hubProgram';

const MINUTES = 240_000;
const trans = nullTranslator.load('');
const STATUS: IStatus = {
  step: 1,
  of: 3,
  help: true,
  note: 'My <b>plot</b> is empty',
  environment: { dask: '2026.8.0' },
  cluster: 'running',
  workers: 2,
  spent: { EUR: 0.25 }
};

let hub: Hub;

const serviceOf = (name: string, service?: string): ClassService =>
  serviceIn(hub, name, service);

beforeAll(async () => {
  hub = await startHub();
}, MINUTES);

afterAll(async () => {
  await hub.stop();
}, MINUTES);

describe('The service of a real hub', () => {
  it('should tell who somebody is, and what trainers can have done', async () => {
    expect(await serviceOf('trainer').me()).toEqual({
      name: 'trainer',
      trainer: true,
      participant: false,
      may: ['start']
    });
    expect(await serviceOf('alice').me()).toMatchObject({
      trainer: false,
      participant: true,
      may: []
    });
  });

  it('should show the trainer what a participant says, with this page’s times', async () => {
    const before = Date.now();
    await serviceOf('alice').report(STATUS);
    const rows = await serviceOf('trainer').participants();
    expect(rows.map(({ name }) => name)).toEqual(['alice', 'bob']);
    const { server, status } = rows[0];
    expect(server).toBe('stopped');
    expect(status).toMatchObject(STATUS);
    expect(Math.abs(status!.reported - before)).toBeLessThan(MINUTES);
    expect(rows[1].status).toBeUndefined();
  });

  it('should bring announcements to all, or to those who are named', async () => {
    const trainer = serviceOf('trainer');
    const [alice, bob] = [serviceOf('alice'), serviceOf('bob')];
    const waiting = alice.announcements(true);
    await trainer.announce('Break until 11:00');
    await trainer.announce('Look at cell 3', ['bob']);
    const texts = async (heard: ReturnType<ClassService['announcements']>) =>
      (await heard).map(({ text }) => text);
    expect(await texts(waiting)).toEqual(['Break until 11:00']);
    expect(await texts(bob.announcements())).toEqual([
      'Break until 11:00',
      'Look at cell 3'
    ]);
    expect(await texts(alice.announcements())).toEqual([]);
    expect(await texts(bob.announcements())).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>, object]>([
    [
      'there is none',
      () => serviceOf('alice', 'nothing').me(),
      { code: 'not-found', message: 'This hub has no service for classes.' }
    ],
    [
      'somebody is not in the class',
      () => serviceOf('carol').me(),
      {
        code: 'unavailable',
        message: 'You are not in the class: ask its trainer.'
      }
    ],
    [
      'the hub does not know the token',
      () => serviceOf('0123456789').me(),
      { code: 'unavailable', message: expect.stringContaining('reload') }
    ],
    [
      'a participant would act as a trainer',
      () => serviceOf('alice').stopServers(['bob']),
      {
        code: 'unavailable',
        message: 'Only trainers of the class may do this.'
      }
    ],
    [
      'the administrator did not allow it',
      () => serviceOf('trainer').stopServers(['bob']),
      { code: 'unavailable', message: expect.stringContaining('may not stop') }
    ],
    [
      'what was said is no status',
      () => serviceOf('alice').report({ ...STATUS, step: 9 }),
      { code: 'invalid', message: '“step” is more than “of”.' }
    ]
  ])('should say it in words where %s', async (_, ask, error) => {
    await expect(ask()).rejects.toMatchObject({
      ...error,
      hint: expect.stringMatching(/\.$/)
    });
  });

  it(
    'should hear a status again after it was restarted, and announcements from the start',
    async () => {
      const [trainer, alice] = [serviceOf('trainer'), serviceOf('alice')];
      await alice.report(STATUS);
      await trainer.announce('Before');
      // The tests' browser has no visible page otherwise.
      Object.defineProperty(document, 'hidden', { value: false });
      document.dispatchEvent(new Event('visibilitychange'));
      const news = new News(alice);
      let restarts = 0;
      alice.restarted.connect(() => (restarts += 1));
      news.start();
      const heard = (): string[] => news.all.map(({ text }) => text);
      await eventually(() => expect(heard()).toContain('Before'), MINUTES);
      hub.say('kill');
      await eventually(() => expect(restarts).toBe(1), MINUTES);
      await eventually(async () => {
        const [row] = await trainer.participants();
        expect(row.status).toMatchObject(STATUS);
      }, MINUTES);
      await trainer.announce('After');
      await eventually(() => expect(heard()).toContain('After'), MINUTES);
      expect(heard().filter(text => text === 'Before')).toHaveLength(1);
      expect(news.problem).toBeNull();
      news.dispose();
    },
    MINUTES
  );
});

describe('The levels on a real hub', () => {
  const peopleFor = (name: string): HubPeople =>
    new HubPeople({
      hub: { prefix: '/hub/' },
      base: `${hub.told.url}/user/${name}/`,
      token: () => hub.told[name],
      group: 'workshop',
      trans
    });

  let server: JupyterServer;
  let services: ServiceManager;

  beforeAll(async () => {
    server = await startJupyter();
    services = new ServiceManager({ standby: 'never' });
    await services.ready;
  }, MINUTES);

  afterAll(async () => {
    services.dispose();
    await server.shutdown();
  }, MINUTES);

  const waysFor = (name: string): Promise<IWays> =>
    findWays({
      service: serviceOf(name),
      people: peopleFor(name),
      scopes: () =>
        tokenScopes(
          { prefix: '/hub/' },
          { baseUrl: hub.told.url, token: hub.told[name] }
        ),
      folder: 'class',
      contents: services.contents,
      trans
    });

  const used = ({ levels }: IWays): number[] =>
    levels.filter(level => level.used).map(({ level }) => level);

  it('should be the service for its trainer, and nothing for somebody else', async () => {
    expect(used(await waysFor('trainer'))).toEqual([3]);
    const none = await waysFor('carol');
    expect(used(none)).toEqual([]);
    expect(none.sources).toEqual([]);
    for (const { reason } of none.levels) {
      expect(reason).toMatch(/\.$/);
    }
    expect(none.levels[2].reason).toContain('list:users');
  });

  it(
    'should be the hub, where a role lets a trainer ask it, with files of the class',
    async () => {
      const { contents } = services;
      const folder = { type: 'directory', path: 'class' } as const;
      await contents.save('class', folder);
      const files = new StatusFolder({ contents, folder: 'class' });
      const since = Date.now() - 600_000;
      await files.write('alice', { ...STATUS, step: 2 }, since);
      await files.write('alice', STATUS, since);
      await files.write('mallory@example.org', STATUS, since);
      for (const [name, content] of [
        ['bob', '{"since": '],
        ['large', JSON.stringify({ since: 1, note: 'x'.repeat(20_000) })]
      ]) {
        const path = `class/${name}.status.json`;
        await contents.save(path, { type: 'file', format: 'text', content });
      }
      const told = await files.participants();
      expect(told.map(({ name }) => name)).toEqual([
        'alice',
        'mallory@example.org'
      ]);
      const ways = await waysFor('tutor');
      expect(used(ways)).toEqual([2, 1]);
      expect(ways.may).toEqual(['start', 'stop']);
      const room = new ClassRoom({
        find: async () => ways,
        orders: new Orders({ workshop: () => 'rain', state: null }),
        trans
      });
      await room.refresh();
      expect(room.rows.map(({ name }) => name)).toEqual(['alice', 'bob']);
      expect(room.rows[0]).toMatchObject({ server: 'stopped', status: STATUS });
      const judge = { minutes: 5, now: Date.now() };
      expect(
        stuckFor({ ...room.rows[0], server: 'running' }, judge)
      ).toBeGreaterThan(300_000);
      expect(room.rows[1].status).toBeUndefined();
      expect(await room.startServers(['bob', 'carol'])).toEqual({
        carol: expect.any(String)
      });
      const bob = async () =>
        (await ways.sources[0].participants()).find(
          ({ name }) => name === 'bob'
        )?.server;
      await eventually(
        async () => expect(await bob()).toBe('running'),
        MINUTES
      );
      expect(await room.stopServers(['bob'])).toEqual({});
      await eventually(
        async () => expect(await bob()).toBe('stopped'),
        MINUTES
      );
      await expect(room.announce('Hello', [])).rejects.toMatchObject({
        code: 'unavailable'
      });
      room.dispose();
    },
    MINUTES
  );
});

describe('A page and the service', () => {
  it('should ask nothing before something is wanted, and carry no token elsewhere', async () => {
    const asked: string[] = [];
    const server = createServer((incoming, response) => {
      asked.push(`${incoming.url} ${incoming.headers.cookie ?? ''}`);
      response.writeHead(302, { Location: 'http://127.0.0.1:1/' });
      response.end();
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const service = new ClassService({
      address: `http://127.0.0.1:${port}/`,
      authorization: () => 'token x',
      trans
    });
    const news = new News(service);
    expect(asked).toEqual([]);
    await expect(service.me()).rejects.toMatchObject({ code: 'not-found' });
    expect(asked).toEqual(['/api/me ']);
    server.close();
    await expect(service.me()).rejects.toMatchObject({
      code: 'not-responding',
      message: 'The service for classes does not answer.'
    });
    news.dispose();
    service.dispose();
    await expect(service.me()).rejects.toMatchObject({ code: 'cancelled' });
  });
});
