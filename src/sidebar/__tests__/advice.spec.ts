import { nullTranslator } from '@jupyterlab/translation';
import * as fc from 'fast-check';
import { advise, ISeen } from '../../components/advice';
import { createLanguage } from '../../components/language';
import type { IClusterSnapshot, IWorker } from '../../tokens';

const NOW = Date.UTC(2026, 10, 23, 12);
const GIB = 2 ** 30;
const language = createLanguage(nullTranslator);

const snapshot = (
  change: Partial<IClusterSnapshot> = {}
): IClusterSnapshot => ({
  id: 'a',
  name: 'dask-1',
  state: 'running',
  revision: 1,
  since: NOW,
  created: NOW,
  workers: { ready: 8, wanted: 8, limit: 16 },
  threads: 16,
  memory: { used: GIB, limit: 16 * GIB },
  tasks: { processing: 4, waiting: 0, memory: 0, erred: 0 },
  ...change
});

const worker = (name: string, processing: number): IWorker => ({
  name,
  address: `tls://${name}`,
  status: 'running',
  threads: 2,
  cpu: 0,
  memory: 0,
  processing,
  stored: 0,
  lastSeen: NOW
});

const seen = (change: Partial<ISeen> = {}): ISeen => ({
  snapshot: snapshot(),
  history: [{ time: NOW - 180_000, workers: 8, processing: 4 }],
  workers: [],
  now: NOW,
  ...change
});

describe('Advice', () => {
  it('should be to have fewer workers when many had nothing to do for a while', () => {
    const advice = advise(seen(), language);
    expect(advice).toMatchObject({ id: 'fewer', workers: 2 });
    expect(advice?.text).toContain('6 of 8 workers had nothing to do');
  });

  it('should first be what the owner has remarked', () => {
    const remarks = ['The worker has other versions: python 3.10 (here 3.12).'];
    const advice = advise(seen({ snapshot: snapshot({ remarks }) }), language);
    expect(advice).toEqual({ id: 'remark', text: remarks[0] });
  });

  it('should not be to have fewer workers while that is new, or work waits', () => {
    const history = [{ time: NOW - 60_000, processing: 4 }];
    expect(advise(seen({ history }), language)).toBeNull();
    const peak = [
      { time: NOW - 180_000, processing: 4 },
      { time: NOW - 90_000, processing: 30 }
    ];
    expect(advise(seen({ history: peak }), language)).toBeNull();
    const tasks = { processing: 4, waiting: 9, memory: 0, erred: 0 };
    expect(
      advise(seen({ snapshot: snapshot({ tasks }) }), language)
    ).toBeNull();
    const workers = { ready: 8, minimum: 0, maximum: 16 };
    expect(
      advise(seen({ snapshot: snapshot({ workers }) }), language)
    ).toBeNull();
  });

  it('should be to have more workers when memory is on disk, within the limit', () => {
    const memory = { used: 12 * GIB, limit: 16 * GIB, spilled: 4 * GIB };
    const of = (change: Partial<IClusterSnapshot>) =>
      advise(seen({ snapshot: snapshot({ memory, ...change }) }), language);
    expect(of({})).toMatchObject({ id: 'memory', workers: 16 });
    expect(of({})?.text).toContain('4 GiB are on disk');
    const full = of({ workers: { ready: 8, wanted: 8, limit: 8 } });
    expect(full?.workers).toBeUndefined();
    expect(full?.text).toContain('smaller chunks');
    expect(of({ conditions: { paused: 1 } })?.text).toContain(
      '1 worker takes no tasks'
    );
  });

  it('should name the worker for which the others wait', () => {
    const tasks = { processing: 9, waiting: 40, memory: 0, erred: 0 };
    const of = (...counts: number[]) =>
      advise(
        seen({
          snapshot: snapshot({ tasks }),
          workers: counts.map((count, index) => worker(`w${index}`, count))
        }),
        language
      );
    expect(of(0, 9, 0)).toMatchObject({ id: 'straggler' });
    expect(of(0, 9, 0)?.text).toContain('Worker w1 has nearly all the work');
    expect(of(3, 3, 3)).toBeNull();
    expect(of(9, 0)).toBeNull();
  });

  it('should be about chunks that suit neither workers nor scheduler', () => {
    const of = (chunks: IClusterSnapshot['chunks']) =>
      advise(seen({ snapshot: snapshot({ chunks }) }), language);
    expect(of({ kind: 'big', bytes: GIB })?.text).toContain(
      'results are 1 GiB each'
    );
    expect(of({ kind: 'small', seconds: 0.002 })).toMatchObject({
      id: 'chunks',
      text: expect.stringContaining('a task takes 2 ms')
    });
    expect(of(undefined)?.id).toBe('fewer');
  });

  it('should never ask for no worker, or for more than the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 0, max: 16 }),
        (ready, limit, processing, spilled) => {
          const advice = advise(
            seen({
              snapshot: snapshot({
                workers: { ready, wanted: ready, limit },
                memory: { limit: 16 * GIB, spilled: spilled * GIB },
                tasks: { processing, waiting: 0, memory: 0, erred: 0 }
              }),
              history: [{ time: NOW - 200_000, processing }]
            }),
            language
          );
          if (advice?.workers !== undefined) {
            expect(advice.workers).toBeGreaterThanOrEqual(1);
            expect(advice.workers).not.toBe(ready);
            expect(advice.workers).toBeLessThanOrEqual(Math.max(limit, ready));
          }
        }
      )
    );
  });
});
