import { nullTranslator } from '@jupyterlab/translation';
import { DOMAIN } from '../../tokens';
import type { IClusterRequest, IPrice } from '../../tokens';
import type { IWorkshop } from '../model';
import {
  dueAt,
  narrow,
  peopleBefore,
  placeInWindow,
  planWorkshop
} from '../plan';

const trans = nullTranslator.load(DOMAIN);

const workshop: IWorkshop = {
  version: 1,
  id: 'class',
  title: 'Class',
  profile: 'Big',
  limits: { workers: 2, memoryPerWorker: '2 GiB' },
  materials: [{ notebook: 'a.ipynb' }, { notebook: 'b.ipynb' }]
};

const profiles = {
  profiles: [
    {
      name: 'Big',
      provider: 'local',
      options: { workers: 8, threads: 2, memory: '4 GiB' }
    }
  ],
  clamp: (request: IClusterRequest) => ({ request, notes: [] })
};

const price: IPrice = {
  provider: 'local',
  region: '',
  item: 'core',
  unit: 'core-hour',
  price: 0.5,
  currency: 'EUR',
  source: 'the computing centre',
  date: '2026-11'
};

describe('The plan of a workshop', () => {
  it('should say what is copied, how large the cluster is and what it costs', () => {
    const plan = planWorkshop(workshop, {
      profiles,
      prices: [price],
      trans,
      locale: 'en'
    });
    expect(plan.problem).toBe('');
    expect(plan.request?.options).toMatchObject({
      workers: 2,
      threads: 2,
      memory: '2 GiB'
    });
    const text = plan.sentences.join(' ');
    expect(text).toContain('2 notebooks are copied into your folder “class”');
    expect(text).toContain('with 2 workers');
    expect(text).toContain('Each worker has 2 threads, 2 GiB of memory.');
    expect(text).toMatch(/up to 2\.00.EUR an hour/);
  });

  it('should say that no price is set rather than nothing', () => {
    const { sentences } = planWorkshop(workshop, {
      profiles,
      prices: [],
      trans
    });
    expect(sentences).toContain('No price is set for it.');
  });

  it.each<[string, object, object | undefined, IPrice[], RegExp]>([
    [
      'of a gateway’s form',
      { worker_cores: 4, worker_memory: 8 },
      undefined,
      [price],
      /Each worker has 4 threads, 8 GiB of memory\. It costs up to 4\.00.EUR an hour/
    ],
    [
      'that a site’s limits bound only',
      {},
      { threadsPerWorker: 2, memoryPerWorker: '2 GiB' },
      [price, { ...price, item: 'memory', unit: 'GB-hour', price: 1 }],
      /Each worker has up to 2 threads, 2 GiB of memory\. It costs up to 6\.00.EUR an hour/
    ],
    [
      'that nobody knows before',
      {},
      undefined,
      [price],
      /with 2 workers\. It costs 0\.50.EUR an hour for each thread/
    ],
    [
      'that nobody knows, and memory costs too',
      {},
      undefined,
      [price, { ...price, item: 'memory', unit: 'GB-hour', price: 1 }],
      /It has a price; how much is known when/
    ]
  ])(
    'should say cost and size of workers %s',
    (_, options, limits, prices, words) => {
      const here = {
        profiles: [{ name: 'Big', provider: 'local', options: { ...options } }],
        clamp: (request: IClusterRequest) => ({
          request: { ...request, limits },
          notes: []
        })
      };
      const { sentences } = planWorkshop(
        { ...workshop, limits: { workers: 2 } },
        { profiles: here, prices, trans, locale: 'en' }
      );
      expect(sentences.join(' ')).toMatch(words);
    }
  );

  it('should share the machine that is known as its cluster will', () => {
    const { sentences } = planWorkshop(
      { ...workshop, limits: { workers: 2 } },
      {
        profiles: {
          profiles: [{ name: 'Big', provider: 'local', options: {} }],
          clamp: request => ({ request, notes: [] })
        },
        prices: [price],
        machine: provider =>
          provider === 'local' ? { cores: 8, memory: 10 * 2 ** 30 } : undefined,
        trans,
        locale: 'en'
      }
    );
    expect(sentences.join(' ')).toMatch(
      /with 2 workers\. Each worker has 4 threads, 4 GiB of memory\. It costs up to 4\.00.EUR an hour/
    );
  });

  it('should say that a start waits for its place, where starts are spread', () => {
    const options = { profiles, prices: [], trans };
    const plan = (stagger?: number): string =>
      planWorkshop({ ...workshop, stagger }, options).sentences.join(' ');
    expect(plan(3)).toMatch(/Your start waits for its place in 3 minutes/);
    expect(plan()).not.toMatch(/waits/);
    expect(plan(0)).not.toMatch(/waits/);
  });

  it('should refuse a profile that the site does not have', () => {
    const plan = planWorkshop(
      { ...workshop, profile: 'Huge' },
      { profiles, prices: [], trans }
    );
    expect(plan.request).toBeUndefined();
    expect(plan.problem).toMatch(/no profile “Huge”.*Ask/);
  });

  it('should start no cluster where the workshop names no profile', () => {
    const plan = planWorkshop(
      { ...workshop, profile: undefined },
      { profiles, prices: [], trans }
    );
    expect(plan.request).toBeUndefined();
    expect(plan.sentences).toContain('No cluster is started.');
  });
});

describe('The limits of a workshop', () => {
  const request = { provider: 'local', options: { workers: 3, lifetime: 30 } };

  it('should never widen what was asked for', () => {
    const { options } = narrow(request, { workers: 100, lifetime: 600 });
    expect(options).toEqual({ workers: 3, lifetime: 30 });
  });

  it('should bound what the profile leaves open', () => {
    const { options, limits } = narrow(
      { provider: 'local', options: {} },
      { workers: 2, lifetime: 60 }
    );
    expect(options).toEqual({ workers: 2, lifetime: 60 });
    expect(limits).toMatchObject({ workers: 2, lifetime: 60 });
  });
});

describe('The place in the window of starts', () => {
  it('should spread thirty names evenly', () => {
    const names = Array.from({ length: 30 }, (_, index) => `student-${index}`);
    const thirds = [0, 0, 0];
    for (const name of names) {
      thirds[Math.floor(placeInWindow(name) * 3)] += 1;
    }
    expect(Math.min(...thirds)).toBeGreaterThanOrEqual(5);
  });

  it('should be the same for the same name, and within the window', () => {
    const timed = { ...workshop, start: '2026-11-26T09:00Z', stagger: 2 };
    const start = Date.parse(timed.start);
    const due = dueAt(timed, 'amina', start);
    expect(due).toBe(dueAt(timed, 'amina', start + 1));
    expect(due - start).toBeLessThan(120_000);
    expect(dueAt(timed, 'amina', start + 200_000)).toBe(start + 200_000);
  });
});

describe('Those before somebody who waits', () => {
  const [now, minute] = [Date.parse('2026-01-01T09:00Z'), 60_000];
  const class30 = { ...workshop, stagger: 10, participants: 30 };

  it('should be as many as have their places in the time that is left', () => {
    expect(peopleBefore(class30, now + 2.5 * minute, now)).toEqual({
      before: 7,
      of: 30
    });
    expect(peopleBefore(class30, now + 2.5 * minute, now + 2 * minute)).toEqual(
      { before: 1, of: 30 }
    );
  });

  it('should be unknown where the file does not say how many there are', () => {
    expect(peopleBefore(workshop, now + minute, now)).toBeUndefined();
    expect(peopleBefore(class30, now, now)).toBeUndefined();
  });
});
