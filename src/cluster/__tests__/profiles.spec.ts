import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { readFileSync } from 'fs';
import { join } from 'path';
import type { IProfile } from '../../tokens';
import { Profiles } from '../profiles';
import { ProviderRegistry } from '../registry';
import { FakeProvider } from './fakes';

const make = (
  saved: IProfile[][] = [],
  registry = new ProviderRegistry()
): Profiles =>
  new Profiles({
    trans: nullTranslator.load('test'),
    registry,
    save: async profiles => {
      saved.push(profiles);
    },
    remember: () => undefined
  });

const settings = (
  part: Partial<Profiles.ISettings> = {}
): Profiles.ISettings => ({
  admin: Profiles.SHIPPED,
  shipped: Profiles.SHIPPED,
  user: [],
  adminLimits: {},
  userLimits: {},
  ...part
});

describe('Profiles', () => {
  it('should ship the default that the schema states', () => {
    const schema = JSON.parse(
      readFileSync(join(__dirname, '../../../schema/profiles.json'), 'utf8')
    );
    expect(schema.properties.profiles.default).toEqual(Profiles.SHIPPED);
  });

  it('should let an administrator’s profile win over one’s own of its name', () => {
    const profiles = make();
    const small = { name: 'Small', provider: 'local', options: { workers: 1 } };
    const own = { name: 'Small', provider: 'local', options: { workers: 99 } };
    const mine = { name: 'Mine', provider: 'local', options: {} };
    profiles.update(settings({ admin: [small], user: [own, mine] }));
    expect(profiles.profiles).toEqual([
      { ...small, origin: 'admin' },
      { ...mine, origin: 'user' }
    ]);
  });

  it('should not ascribe the shipped profile to an administrator', () => {
    const profiles = make();
    const [{ options, provider, name, description }] = Profiles.SHIPPED;
    const reordered = { options, provider, name, description };
    profiles.update(settings({ admin: [reordered] }));
    expect(profiles.profiles[0].origin).toBeUndefined();
  });

  it('should let a person change the shipped profile', () => {
    const profiles = make();
    const own = { ...Profiles.SHIPPED[0], options: { workers: 1 } };
    profiles.update(settings({ user: [own] }));
    expect(profiles.profiles).toEqual([{ ...own, origin: 'user' }]);
  });

  it('should list a site’s configuration as a profile', async () => {
    const registry = new ProviderRegistry();
    const broken = Object.assign(new FakeProvider('broken'), {
      profiles: () => Promise.reject(new Error('no'))
    });
    const site = Object.assign(new FakeProvider('local'), {
      profiles: async () => [{ name: 'Site', provider: 'local', options: {} }]
    });
    [broken, site].forEach(provider => registry.add(provider));
    const profiles = make([], registry);
    profiles.update(settings());
    await profiles.refresh();
    expect(profiles.profiles.map(item => item.origin)).toEqual([
      undefined,
      'site'
    ]);
  });

  it('should let an administrator’s profiles replace a provider’s plain one', async () => {
    const registry = new ProviderRegistry();
    const plain = { name: 'Dask Gateway', provider: 'gateway', options: {} };
    const special = {
      name: 'Initial',
      provider: 'gateway',
      options: { cores: 1 }
    };
    registry.add(
      Object.assign(new FakeProvider('gateway'), {
        profiles: async () => [plain, special]
      })
    );
    const profiles = make([], registry);
    const names = (): string[] => profiles.profiles.map(({ name }) => name);
    profiles.update(settings());
    await profiles.refresh();
    expect(names()).toEqual(['This machine', 'Dask Gateway', 'Initial']);
    const mine = { name: 'Mine', provider: 'gateway', options: {} };
    const small = { name: 'Small', provider: 'gateway', options: { cores: 1 } };
    profiles.update(settings({ admin: [...Profiles.SHIPPED, small] }));
    expect(names()).toEqual(['This machine', 'Small', 'Initial']);
    // Those of another provider, and one's own, replace nothing.
    const other = { name: 'Other', provider: 'local', options: { workers: 1 } };
    profiles.update(settings({ admin: [other], user: [mine] }));
    expect(names()).toEqual(['Other', 'Dask Gateway', 'Initial', 'Mine']);
  });

  it('should repeat the profile that was used last', () => {
    const profiles = make();
    const mine = { name: 'Mine', provider: 'local', options: {} };
    profiles.update(settings({ user: [mine] }));
    expect(profiles.last?.name).toBe('This machine');
    profiles.remember('Mine');
    expect(profiles.last?.name).toBe('Mine');
    profiles.remember('Gone');
    expect(profiles.last?.name).toBe('This machine');
  });

  it('should save one’s own without its origin, in place of its older self', async () => {
    const saved: IProfile[][] = [];
    const profiles = make(saved);
    const mine = { name: 'Mine', provider: 'local', options: {} };
    profiles.update(settings({ user: [mine] }));
    await profiles.save({ ...mine, options: { workers: 3 }, origin: 'user' });
    expect(saved).toEqual([[{ ...mine, options: { workers: 3 } }]]);
  });

  describe('#clamp', () => {
    it('should bring a request within the limits and say why', () => {
      const profiles = make();
      profiles.update(
        settings({
          adminLimits: { workers: 4, memoryPerWorker: '2 GiB' },
          userLimits: { threadsPerWorker: 1 }
        })
      );
      const { request, notes } = profiles.clamp({
        provider: 'local',
        options: { workers: 100, maximum: 50, threads: 8, memory: '1 TiB' }
      });
      expect(request.options).toEqual({
        workers: 4,
        maximum: 4,
        threads: 1,
        memory: '2 GiB'
      });
      expect(notes).toHaveLength(3);
      expect(notes[0]).toContain('4');
    });

    it('should bring the times after which clusters end within the limits', () => {
      const profiles = make();
      profiles.update(
        settings({
          adminLimits: { idleTimeout: 30, lifetime: 480 },
          userLimits: { idleTimeout: 10, lifetime: 9999 }
        })
      );
      const { request, notes } = profiles.clamp({
        provider: 'local',
        options: { idleTimeout: 60, lifetime: 600 }
      });
      expect(request.options).toEqual({ idleTimeout: 10, lifetime: 480 });
      expect(request.limits).toMatchObject({ idleTimeout: 10, lifetime: 480 });
      expect(notes).toHaveLength(2);
      expect(notes[1]).toContain('480 minutes');
    });

    it('should leave a request within the limits as it is', () => {
      const profiles = make();
      profiles.update(settings({ adminLimits: { workers: 4 } }));
      const asked = { provider: 'local', options: { workers: 4 } };
      expect(profiles.clamp(asked)).toEqual({
        request: { ...asked, limits: { workers: 4 } },
        notes: []
      });
    });

    it('should pass the limits on, so that they hold for what was left out', () => {
      const profiles = make();
      profiles.update(settings({ adminLimits: { workers: 1 } }));
      const { request } = profiles.clamp({ provider: 'local', options: {} });
      expect(request.limits?.workers).toBe(1);
    });

    it('should set what an administrator has locked, and say so if it was another', () => {
      const profiles = make();
      profiles.update(settings({ locked: { local: { threads: 1 } } }));
      const clamp = (options: JSONObject) =>
        profiles.clamp({ provider: 'local', options });
      expect(clamp({}).request.options).toEqual({ threads: 1 });
      expect(clamp({ threads: 1 }).notes).toEqual([]);
      expect(clamp({ threads: 4 })).toMatchObject({
        request: { options: { threads: 1 } },
        notes: ['Your administrator has set threads to 1.']
      });
      expect(
        profiles.clamp({ provider: 'other', options: {} }).request.options
      ).toEqual({});
    });

    it('should not let a person widen an administrator’s limit', () => {
      const profiles = make();
      profiles.update(
        settings({
          adminLimits: { workers: 4, memoryPerWorker: '1 GiB' },
          userLimits: { workers: 400, memoryPerWorker: '64 GiB' }
        })
      );
      expect(profiles.limits).toMatchObject({
        workers: 4,
        memoryPerWorker: '1 GiB'
      });
    });
  });

  it('should cap what is asked for while a cap holds, and raise no limit by it', () => {
    const profiles = make();
    profiles.update(settings({ adminLimits: { workers: 4 } }));
    const text = 'Your trainer allows 2.';
    const ask = (options: JSONObject) => {
      const { request, notes } = profiles.clamp({ provider: 'local', options });
      return [request.options, request.limits?.workers, notes];
    };
    const wide = profiles.addCap({ workers: 9, text: 'Wide.' });
    const cap = profiles.addCap({ workers: 2, text });
    expect(ask({ workers: 3 })).toEqual([{ workers: 2 }, 4, [text]]);
    expect(ask({ minimum: 1, maximum: 3 })).toEqual([
      { minimum: 1, maximum: 2 },
      4,
      [text]
    ]);
    // A size that is not said can be more than that.
    expect(ask({})).toEqual([{ workers: 2 }, 4, [text]]);
    expect(ask({ workers: 2 })).toEqual([{ workers: 2 }, 4, []]);
    cap.dispose();
    expect(ask({ workers: 6 })).toEqual([
      { workers: 4 },
      4,
      ['Your administrator allows 4 workers in a cluster.']
    ]);
    wide.dispose();
    expect(profiles.cap).toBeUndefined();
    expect(ask({})).toEqual([{}, 4, []]);
  });
});
