import type { KernelSpec, Session } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { SESSION_TYPE } from '../../../tokens';
import { Activity } from '../activity';
import { Environments } from '../environments';
import { localForm } from '../form';
import { IProviderCore, LazyProvider } from '../lazy';
import { parseSession, SessionKind, sessionPath } from '../paths';
import { PendingStarts } from '../pending';
import type { IControllerInfo } from '../protocol';
import { siteProfiles } from '../site';
import { trans } from './fakes';

describe('sessionPath()', () => {
  it.each([
    ['cluster', 'a-1', undefined],
    ['standby', 'a-1', undefined],
    ['scheduler', 'a-1', undefined],
    ['scheduler', 'a-1', 'kernel-2']
  ])('should be read back: %s %s %s', (kind, id, owner) => {
    const path = sessionPath(kind as SessionKind, id, owner);
    expect(parseSession({ type: SESSION_TYPE, path })).toEqual({
      kind,
      id,
      owner
    });
  });

  it.each([
    ['notebook', 'dask-cluster/a'],
    [SESSION_TYPE, 'other/a'],
    [SESSION_TYPE, 'dask-cluster/../../x'],
    [SESSION_TYPE, 'dask-cluster/<script>'],
    [SESSION_TYPE, 'dask-cluster/']
  ])('should not read %s %s', (type, path) => {
    expect(parseSession({ type, path })).toBeNull();
  });
});

describe('PendingStarts', () => {
  const params = {
    key: 'k',
    name: 'Rain',
    launcher: 'local',
    options: {},
    profile: null,
    environment: null
  };

  afterEach(() => sessionStorage.clear());

  it('should give back once what was kept', () => {
    new PendingStarts().add('p', params);
    expect(new PendingStarts().take('p')).toEqual(params);
    expect(new PendingStarts().take('p')).toBeNull();
    expect(sessionStorage).toHaveLength(0);
  });

  it('should live with rubbish, and without a storage', () => {
    sessionStorage.setItem('jupyterlab-seasonal-monitor:start:p', '{');
    expect(new PendingStarts().take('p')).toBeNull();
    sessionStorage.setItem('jupyterlab-seasonal-monitor:start:p', '3');
    expect(new PendingStarts().take('p')).toBeNull();
    const none = new PendingStarts(null);
    none.add('p', params);
    expect(none.take('p')).toBeNull();
  });
});

describe('siteProfiles()', () => {
  it('should read the peer extension of a site', () => {
    const profiles = siteProfiles(trans, {
      factory: { module: 'dask_jobqueue', class: 'SLURMCluster' },
      default: { workers: 4, adapt: { minimum: null, maximum: null } },
      initial: [{ name: 'Big', workers: 1, adapt: { minimum: 2, maximum: 9 } }]
    });
    expect(profiles.map(item => [item.name, item.options])).toEqual([
      ["Site's SLURMCluster", { launcher: 'labextension', workers: 4 }],
      ['Big', { launcher: 'labextension', minimum: 2, maximum: 9 }]
    ]);
    expect(profiles.map(item => item.origin)).toEqual(['site', 'site']);
    expect(profiles.map(item => item.initial)).toEqual([false, true]);
    expect(profiles[0].description).toContain('dask_jobqueue.SLURMCluster');
  });

  it.each([
    [null, 0],
    [{}, 1],
    [{ factory: 3, default: [], initial: 'x' }, 1],
    [{ default: { workers: 'many' } }, 1]
  ])('should live with %j', (section, count) => {
    const profiles = siteProfiles(trans, section as never);
    expect(profiles).toHaveLength(count);
    for (const profile of profiles) {
      expect(profile.options).toEqual({ launcher: 'labextension' });
    }
  });
});

describe('Environments', () => {
  const specs = {
    default: 'r',
    kernelspecs: {
      r: { name: 'r', language: 'R', display_name: 'R' },
      z: { name: 'z', language: 'Python', display_name: 'Z' },
      b: { name: 'b', language: 'python', display_name: 'B' }
    }
  };

  const environments = (
    active?: string,
    found: unknown = specs
  ): Environments =>
    new Environments({
      kernelspecs: {
        ready: Promise.resolve(),
        specs: found
      } as unknown as KernelSpec.IManager,
      activeKernel: () => active,
      trans
    });

  it('should list Python kernels only', async () => {
    const list = await environments().list();
    expect(list.map(item => item.label)).toEqual(['B', 'Z']);
  });

  it("should prefer the active notebook's kernel when it is Python", async () => {
    expect(await environments('z').preferred()).toBe('z');
    expect(await environments('r').preferred()).toBe('b');
    expect(await environments().resolve()).toBe('b');
  });

  it('should say so when there is none', async () => {
    await expect(environments('z', null).resolve()).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('ipykernel')
    });
    await expect(environments().resolve('r')).rejects.toMatchObject({
      code: 'not-found'
    });
  });
});

describe('localForm()', () => {
  const info = {
    cpus: 2,
    memory: 23 * 2 ** 30,
    missing: ['distributed'],
    start: 'spawn'
  } as unknown as IControllerInfo;

  it('should speak of the machine when it is known, and only then', () => {
    expect(localForm(trans, [], undefined, undefined).notes).toEqual([]);
    expect(localForm(trans, [], 'b', info).notes).toEqual([
      'This machine has 2 cores and 23 GiB of memory.',
      'This environment lacks distributed.',
      'Workers start one by one here, which takes some seconds.'
    ]);
  });

  it('should describe every field, and accept only sizes', () => {
    const { schema } = localForm(trans, [], 'b', info);
    const properties = schema.properties as Record<
      string,
      { title: string; description: string; pattern?: string }
    >;
    for (const { title, description } of Object.values(properties)) {
      expect(title && description).toBeTruthy();
    }
    const pattern = new RegExp(properties.memory.pattern!);
    for (const size of ['auto', '2 GiB', '500MB', '1024', '1.5 GiB']) {
      expect(size).toMatch(pattern);
    }
    for (const size of ['much', '-1 GiB', '2 XB', '1e9']) {
      expect(size).not.toMatch(pattern);
    }
  });
});

describe('Activity', () => {
  it('should know a person by events and by the page being seen', () => {
    let now = 1e6;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
    const visible = jest.spyOn(document, 'visibilityState', 'get');
    const activity = new Activity();
    let changes = 0;
    activity.changed.connect(() => {
      changes += 1;
    });
    expect(activity.isActive).toBe(true);
    now += 121_000;
    expect(activity.isActive).toBe(false);
    document.dispatchEvent(new Event('keydown'));
    document.dispatchEvent(new Event('keydown'));
    expect(activity.isActive).toBe(true);
    expect(changes).toBe(1);
    visible.mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(activity.isActive).toBe(false);
    expect(changes).toBe(2);
    visible.mockReturnValue('visible');
    activity.dispose();
    now += 5000;
    document.dispatchEvent(new Event('keydown'));
    expect(changes).toBe(2);
    clock.mockRestore();
    visible.mockRestore();
  });
});

describe('LazyProvider', () => {
  let models: { id: string; type: string; path: string }[];
  let sessions: Session.IManager;
  let changed: Signal<object, void>;
  let loads: number;
  let asked: boolean[];
  let provider: LazyProvider;

  beforeEach(async () => {
    models = [];
    loads = 0;
    asked = [];
    changed = new Signal<object, void>({});
    sessions = {
      ready: Promise.resolve(),
      running: () => models.values(),
      runningChanged: changed
    } as unknown as Session.IManager;
    const core: IProviderCore = {
      form: () => Promise.reject(new Error('not asked')),
      create: () => Promise.reject(new Error('not asked')),
      discover: async refresh => {
        asked.push(refresh);
        return [];
      }
    };
    provider = new LazyProvider({
      id: 'local',
      label: '',
      caption: '',
      rank: 1,
      creates: true,
      sessions,
      kind: 'cluster',
      load: async () => {
        loads += 1;
        return core;
      }
    });
    await sessions.ready;
  });

  it('should load nothing for sessions of others and for stand-bys', () => {
    let changes = 0;
    provider.changed.connect(() => {
      changes += 1;
    });
    models = [
      { id: '1', type: 'notebook', path: 'a.ipynb' },
      { id: '2', type: SESSION_TYPE, path: sessionPath('standby', 'x') }
    ];
    changed.emit();
    expect([changes, loads]).toEqual([0, 0]);
  });

  it('should tell of clusters that came, without asking the server again', async () => {
    const seen: string[] = [];
    provider.changed.connect(sender => seen.push(sender.id));
    models = [
      { id: '1', type: SESSION_TYPE, path: sessionPath('cluster', 'x') }
    ];
    changed.emit();
    changed.emit();
    expect(seen).toEqual(['local']);
    await provider.discover();
    await provider.discover();
    expect(asked).toEqual([false, true]);
    expect(loads).toBe(1);
  });

  it('should tell what is left only where something can be', async () => {
    expect(provider.leftovers).toBeUndefined();
    const left = { id: '7', kind: '', title: '', detail: '', certain: true };
    const batch = new LazyProvider({
      id: 'slurm',
      label: '',
      caption: '',
      rank: 1,
      creates: true,
      sessions,
      kind: 'slurm',
      leaves: true,
      load: async () =>
        ({
          leftovers: async () => ({ items: [left] }),
          removeLeftovers: async (ids: string[]) => ids
        }) as unknown as IProviderCore
    });
    expect(await batch.leftovers?.()).toEqual({ items: [left] });
    expect(await batch.removeLeftovers?.(['7'])).toEqual(['7']);
  });

  it('should try to load again after a failure', async () => {
    let fails = true;
    const other = new LazyProvider({
      id: 'x',
      label: '',
      caption: '',
      rank: 1,
      creates: true,
      sessions,
      kind: 'cluster',
      load: async () => {
        if (fails) {
          fails = false;
          throw new Error('no network');
        }
        return { discover: async () => [] } as unknown as IProviderCore;
      }
    });
    await expect(other.discover()).rejects.toThrow('no network');
    expect(await other.discover()).toEqual([]);
  });
});
