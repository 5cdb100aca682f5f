import { spawnSync } from 'child_process';
import { readFileSync } from 'fs';
import * as path from 'path';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import * as fc from 'fast-check';
import { evaluate, namesIn } from '../../cluster/expression';
import type { IForecast } from '../../tokens';
import {
  bytesOf,
  chunkSide,
  countChunks,
  countTasks,
  duration,
  IWorkload,
  workerMemory,
  workersFor
} from '../../cluster/advisor';
import { asNumber, readCostModel, workload } from '../../cluster/costModel';
import { estimate, IQuestion } from '../sizing/estimate';
import { clusterPlace, IPlace, profilePlace } from '../sizing/places';
import {
  calibration,
  KEPT,
  oldRuns,
  readMeasured,
  readRuns,
  RUN_MIME
} from '../sizing/runs';
import type { IRun } from '../sizing/runs';
import { runOf } from '../sizing/watch';
import { template, trans } from './fixture';

const ROOT = path.resolve(__dirname, '../../..');

const CASES = JSON.parse(
  readFileSync(path.join(ROOT, 'tests/pipelines/sizing_cases.json'), 'utf8')
) as { numbers: [JSONValue, number][]; noFormulas: string[] };

const COST: JSONObject = {
  reads: 'max(end, 36 * 2020 + 35) - min(start, 36 * 1991) + n_dekads',
  steps: 'min(36, end - start + 1) * 30 + where(dry_run, 0, 1)',
  seconds_per_pixel_step: '2e-8 * (1 + limit % 7)',
  resolution: 0.05,
  working_factor: 6,
  chunk: null
};

/** Reads cases on standard input and tells what the Python half makes of them. */
const PYTHON = `
import json, sys
from seasonal_monitor import advisor as a
from seasonal_monitor.cost_model import read_cost_model, workload
def attempt(f):
    try: return f()
    except ValueError: return None
results = []
for case in json.load(sys.stdin):
    model = read_cost_model(case["cost"], case["values"])
    w = workload(model, case["values"], resolution=case["resolution"])
    c, m, t, n, d = (case[k] for k in ("chunk", "memory", "threads", "workers", "deadline"))
    results.append({
        "shape": [w.steps, w.dates, w.height, w.width],
        "bytes": w.bytes,
        "memory": a.worker_memory(w, c, t),
        "side": attempt(lambda: a.chunk_side(w, m, t)),
        "chunks": a.count_chunks(w, c),
        "tasks": a.count_tasks(w, c),
        "seconds": a.duration(w, c, n, t),
        "workers": attempt(lambda: a.workers_for(w, c, d, t)),
    })
print(json.dumps(results))
`;

const dekads = fc
  .tuple(
    fc.integer({ min: 1981, max: 2030 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 3 })
  )
  .map(
    ([year, month, part]) => `${year}${String(month).padStart(2, '0')}d${part}`
  );

const cases = fc.record({
  cost: fc.constant(COST),
  values: fc.record({
    area: fc
      .tuple(
        fc.integer({ min: -170, max: 100 }),
        fc.integer({ min: -80, max: 50 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 30 })
      )
      .map(([west, south, width, height]) => [
        west,
        south,
        west + width,
        south + height
      ]),
    start: fc.constant('198101d1'),
    end: dekads,
    n_dekads: fc.integer({ min: 1, max: 36 }),
    limit: fc.integer({ min: -20, max: 20 }),
    dry_run: fc.boolean()
  }),
  resolution: fc.constantFrom(0.05, 0.01, 0.25),
  chunk: fc.integer({ min: 16, max: 2000 }),
  memory: fc.integer({ min: 800_000_000, max: 32_000_000_000 }),
  threads: fc.integer({ min: 1, max: 4 }),
  workers: fc.integer({ min: 1, max: 100 }),
  deadline: fc.integer({ min: 1, max: 100_000 })
});

const works: fc.Arbitrary<IWorkload> = fc.record({
  steps: fc.integer({ min: 1, max: 2000 }),
  reads: fc.integer({ min: 1, max: 2000 }),
  height: fc.integer({ min: 1, max: 5000 }),
  width: fc.integer({ min: 1, max: 5000 }),
  itemsize: fc.constantFrom(2, 4, 8),
  factor: fc.integer({ min: 1, max: 10 }),
  secondsPerPixelStep: fc.double({ min: 0, max: 1e-5, noNaN: true }),
  layers: fc.integer({ min: 0, max: 30 })
});

const GB = 1e9;

/** A profile's place. */
function place(name: string, change: Partial<IPlace> = {}): IPlace {
  const profile = { name, provider: name, options: {} };
  return { ...profile, profile, threads: 1, workers: 2, ...change };
}

const WORK: IWorkload = {
  steps: 360,
  reads: 360,
  height: 1000,
  width: 1000,
  itemsize: 4,
  factor: 3,
  secondsPerPixelStep: 1e-7,
  layers: 4
};

/** Two dollars for an hour of a worker, except where nobody says. */
function price({
  provider,
  workers,
  seconds
}: Parameters<IQuestion['price']>[0]): IForecast | null {
  const amount = ((provider === 'dear' ? 4 : 2) * workers * seconds) / 3600;
  return provider === 'unpriced'
    ? null
    : { cost: { USD: amount }, text: `${amount} USD` };
}

function ask(places: IPlace[], change: Partial<IQuestion> = {}) {
  return estimate({
    work: WORK,
    chunkPx: 100,
    factor: 1,
    places,
    price,
    ...change
  });
}

describe('The page and the library', () => {
  it('should size the same work alike', () => {
    const all = fc.sample(cases, 200);
    const { stdout, stderr } = spawnSync('python', ['-c', PYTHON], {
      cwd: ROOT,
      input: JSON.stringify(all),
      encoding: 'utf8'
    });
    expect(stderr).toBe('');
    const found = JSON.parse(stdout) as Record<string, JSONValue>[];
    all.forEach((one, index) => {
      const { values, chunk, memory, threads, workers, deadline } = one;
      const model = readCostModel(one.cost, Object.keys(values), trans);
      const work = workload(
        model,
        values,
        { resolution: one.resolution },
        trans
      );
      const { seconds, ...rest } = found[index];
      expect({
        shape: [work.steps, work.reads, work.height, work.width],
        bytes: bytesOf(work),
        memory: workerMemory(work, chunk, threads),
        side: chunkSide(work, memory, threads) ?? null,
        chunks: countChunks(work, chunk),
        tasks: countTasks(work, chunk),
        workers: workersFor(work, chunk, deadline, threads) ?? null
      }).toEqual(rest);
      expect(duration(work, chunk, workers, threads)).toBeCloseTo(
        Number(seconds),
        6
      );
    });
  });

  it.each(CASES.numbers)('should count %j as %d', (value, number) => {
    expect(asNumber(value)).toBe(number);
  });

  it.each(CASES.noFormulas)('should refuse “%s” as a formula', text => {
    expect(() => namesIn(text)).toThrow(/formula/i);
  });

  it('should choose and take rests as Python does', () => {
    const values = { a: -7, b: 3 };
    expect(evaluate('a % b', values)).toBe(2);
    expect(evaluate('-a % -b', values)).toBe(-2);
    expect(evaluate('where(a + 7, 1, floor(b / 2))', values)).toBe(1);
    expect(evaluate('1e-3 * abs(a)', values)).toBe(0.007);
  });
});

describe('A cost model', () => {
  const names = ['area', 'start', 'end', 'n_dekads', 'limit', 'dry_run'];
  it.each([
    [{ speed: 1 }, 'cost.speed is not known'],
    [{ steps: 'begin' }, 'names “begin”, which is no parameter'],
    [{ reads: 'end -' }, 'cost.reads is no formula'],
    [{ working_factor: 0 }, 'must be a number above 0'],
    [{ area: 'box' }, 'must be the name of a parameter'],
    [{ resolution_unit: 'mile' }, 'must be degree or metre']
  ])('that is wrong says where: %j', (change, words) => {
    expect(() => readCostModel({ ...COST, ...change }, names, trans)).toThrow(
      words
    );
  });
});

describe('An estimate', () => {
  it('should never be less for more, whatever the work', () => {
    fc.assert(
      fc.property(
        works,
        fc.integer({ min: 16, max: 1000 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 100_000 }),
        (work, px, workers, deadline) => {
          const seconds = duration(work, px, workers);
          expect(seconds).toBeGreaterThan(0);
          expect(duration(work, px, workers + 1)).toBeLessThanOrEqual(seconds);
          const wide = { ...work, width: 2 * work.width };
          expect(duration(wide, px, workers)).toBeGreaterThanOrEqual(seconds);
          expect(bytesOf(wide)).toBe(2 * bytesOf(work));
          const needed = workersFor(work, px, deadline);
          if (needed !== undefined) {
            expect(duration(work, px, needed)).toBeLessThanOrEqual(
              deadline * (1 + 1e-9)
            );
          }
          const side = chunkSide(work, 4 * GB);
          if (side !== undefined) {
            expect(workerMemory(work, side)).toBeLessThanOrEqual(4 * GB + 1);
          }
        }
      )
    );
  });

  it('should recommend the cheapest that fits, where all have a price', () => {
    const { best } = ask([
      place('dear'),
      place('small', { memory: 0.5 * GB }),
      place('fair')
    ]);
    expect(best).toMatchObject({
      reason: 'cheapest',
      row: { place: { name: 'fair' }, fits: true, late: false }
    });
  });

  it('should not call anything the cheapest where a price is missing', () => {
    const { best, rows } = ask([place('unpriced'), place('fair')]);
    expect(rows[0].cost).toBeNull();
    expect(best).toMatchObject({
      reason: 'first',
      row: { place: { name: 'unpriced' } }
    });
  });

  it('should take as many workers as the time needs, within the limit', () => {
    const [free, bound] = ask([place('fair'), place('dear', { most: 3 })], {
      deadline: 30
    }).rows;
    expect(free.workers).toBeGreaterThan(3);
    expect(free).toMatchObject({ late: false });
    expect(free.seconds).toBeLessThanOrEqual(30);
    expect(bound).toMatchObject({ workers: 3, late: true });
  });

  it('should need more workers where runs took longer than predicted', () => {
    const workers = (factor: number) =>
      ask([place('fair')], { deadline: 60, factor }).rows[0].workers;
    expect(workers(2)).toBeGreaterThan(workers(1));
  });

  it('should take longer on a slower machine, and only there', () => {
    const [usual, slow] = ask([
      place('usual'),
      place('slow', { slowness: 2.5 })
    ]).rows;
    expect(slow.seconds / usual.seconds).toBeCloseTo(2.5);
    const hasty = (slowness: number) =>
      ask([place('a', { slowness })], { deadline: 60 }).rows[0].workers;
    expect(hasty(3)).toBeGreaterThan(hasty(1));
  });

  it('should stay with a cluster that does it', () => {
    const here = place('here');
    delete here.profile;
    const { best } = ask([here, place('fair')]);
    expect(best).toMatchObject({ reason: 'here', row: { workers: 2 } });
    expect(ask([here], { deadline: 1 }).best?.reason).toBe('fastest');
  });

  it('should offer chunks that fit, that are enough, or fewer tasks', () => {
    const small = ask([place('a', { memory: 1.2 * GB })], { chunkPx: 1000 });
    expect(small.best?.reason).toBe('noMemory');
    expect(small.advice).toMatchObject({ why: 'memory' });
    const fit = ask([place('a', { memory: 1.2 * GB })], {
      chunkPx: small.advice!.px
    });
    expect(fit.best?.row.fits).toBe(true);
    const few = ask([place('a', { workers: 8 })], { chunkPx: 1000 });
    expect(few.advice).toMatchObject({ why: 'few' });
    expect(countChunks(WORK, few.advice!.px)).toBeGreaterThanOrEqual(8);
    const wide = { ...WORK, height: 40_000, width: 40_000 };
    expect(ask([place('a')], { work: wide }).advice).toMatchObject({
      why: 'tasks',
      px: 400
    });
  });
});

describe('A place', () => {
  const local = { name: 'This machine', provider: 'local', options: {} };

  it('should have what a profile says, within the limits', () => {
    const profile = {
      ...local,
      options: { workers: 8, threads: 2, memory: '4 GiB' }
    };
    expect(
      profilePlace(profile, { workers: 4, memoryPerWorker: '2 GiB' })
    ).toMatchObject({ workers: 4, most: 4, threads: 2, memory: 2 * 2 ** 30 });
  });

  it('should share a machine that is known, and else not guess', () => {
    const machine = { cores: 4, memory: 20 * 2 ** 30 };
    expect(profilePlace(local, {}, machine)).toMatchObject({
      workers: 4,
      most: 4,
      threads: 1,
      memory: 4 * 2 ** 30
    });
    const unknown = profilePlace(local, {});
    expect(unknown).not.toHaveProperty('workers');
    expect(unknown).not.toHaveProperty('memory');
  });

  it('should be a cluster that has workers', () => {
    const snapshot = {
      id: 'a',
      name: 'rain',
      state: 'running' as const,
      revision: 1,
      since: 0,
      created: 0
    };
    expect(clusterPlace('local', snapshot)).toBeNull();
    expect(
      clusterPlace('local', {
        ...snapshot,
        workers: { ready: 2 },
        threads: 4,
        memory: { limit: 8 * GB }
      })
    ).toMatchObject({ workers: 2, threads: 2, memory: 4 * GB });
  });
});

describe('Runs', () => {
  const run = (seconds: number, at = seconds): IRun => ({
    at,
    version: '1.0.0',
    predicted: 10,
    seconds,
    workers: 2,
    threads: 2
  });

  it('should calibrate by the median of the last ones of a version', () => {
    expect(calibration({}, '1.0.0')).toEqual({ factor: 1, count: 0 });
    const runs = { a: run(10), b: run(20), c: run(400) };
    expect(calibration(runs, '1.0.0')).toEqual({ factor: 2, count: 3 });
    expect(calibration({ a: run(10), b: run(20) }, '1.0.0').factor).toBe(1.5);
    expect(calibration(runs, '2.0.0').count).toBe(0);
  });

  it('should not grow for ever, and drop what is no run', () => {
    const many = Object.fromEntries(
      Array.from({ length: KEPT + 5 }, (_, at) => [`r${at}`, run(1, at + 1)])
    );
    expect(oldRuns(many).sort()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
    expect(readRuns({ a: run(1), b: { at: 1 }, c: null })).toEqual({
      a: run(1)
    });
  });

  const measured = { seconds: 12, workers: 2, threads: 2 };

  it('should be read from what a cell put out', () => {
    const outputs = [
      { output_type: 'stream', text: '…' },
      { output_type: 'display_data', data: { [RUN_MIME]: measured } }
    ];
    expect(readMeasured(outputs)).toEqual(measured);
    expect(readMeasured([{ data: { [RUN_MIME]: { seconds: 1 } } }])).toBeNull();
    expect(readMeasured([])).toBeNull();
  });

  it('should be predicted with the values in the cell and the pixels there were', () => {
    const entry = {
      ...template(),
      cost: {
        steps: 'end - start + 1',
        seconds_per_pixel_step: 1e-6,
        resolution: 0.05,
        chunk: 'n_dekads'
      }
    };
    const inserted = {
      version: entry.version,
      values: { n_dekads: 50 },
      byHand: []
    };
    const predict = (change = {}, facts = {}) =>
      runOf(
        entry,
        { ...inserted, ...change },
        { ...measured, ...facts },
        {},
        trans
      );
    const usual = predict()!;
    expect(usual).toMatchObject({ seconds: 12, threads: 2, workers: 2 });
    const less = predict({}, { height: 10, width: 10 })!;
    expect(less.predicted).toBeLessThan(usual.predicted);
    expect(predict({ version: '0.9.0' })).toBeNull();
    expect(predict({ byHand: ['area'] })).toBeNull();
    expect(predict({ values: { area: [1, 1, 0, 0] } })).toBeNull();
  });
});
