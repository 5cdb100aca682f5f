import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import * as fc from 'fast-check';
import type { IClusterSnapshot } from '../../../tokens';
import { figures, IQuiet, quietSince } from '../figures';
import { gatewaySchema, splitOptions } from '../form';
import type { GatewayDriver } from '../driver';
import type { GatewayProvider } from '../provider';
import { Records } from '../records';
import * as wire from '../wire';
import { report, way } from './fakes';
import { providerOver } from './support';

const trans = nullTranslator.load('');

describe('wire', () => {
  const parsers = { ...wire };
  const secret = { tls_cert: '-----BEGIN CERT', tls_key: '-----BEGIN KEY' };

  const REPORT = {
    name: 'a',
    status: 'RUNNING',
    start_time: 1,
    stop_time: null,
    options: { cores: 1 },
    dashboard_route: '/clusters/a/status'
  };

  /** What each parser is for, with a secret wherever one could be put. */
  const whole = (more: JSONObject): Record<keyof typeof wire, JSONValue> => {
    const extra = { ...more, ...secret };
    const cluster = { ...extra, ...REPORT };
    const metrics = {
      ...extra,
      cpu: 2,
      memory: 3,
      spilled_bytes: { ...extra, disk: 4 },
      task_counts: { ...extra, executing: 1, memory: 2 }
    };
    return {
      readReport: cluster,
      readReports: { a: cluster },
      readOptions: {
        ...extra,
        cluster_options: [
          {
            ...extra,
            field: 'cores',
            label: 'Cores',
            default: 1,
            spec: { ...extra, type: 'int', min: 1, max: 2 }
          }
        ]
      },
      readAnswer: { ...extra, ok: false, msg: 'no' },
      readCounts: { ...extra, workers: 1, cores: 2 },
      readWorkers: {
        ...extra,
        workers: {
          'tls://a:1': {
            ...extra,
            name: 'w',
            nthreads: 1,
            memory_limit: 5,
            metrics
          }
        }
      }
    };
  };

  /** All that goes further. */
  const told: Record<keyof typeof wire, unknown> = {
    readReport: REPORT,
    readReports: [REPORT],
    readOptions: [
      {
        field: 'cores',
        label: 'Cores',
        default: 1,
        spec: { type: 'int', min: 1, max: 2 }
      }
    ],
    readAnswer: { ok: false, msg: 'no' },
    readCounts: {
      workers: 1,
      threads: 2,
      processing: 0,
      waiting: 0,
      memory: 0,
      erred: 0
    },
    readWorkers: [
      {
        name: 'w',
        address: 'tls://a:1',
        status: '',
        threads: 1,
        cpu: 2,
        memory: 3,
        memoryLimit: 5,
        spilled: 4,
        processing: 1,
        stored: 2,
        lastSeen: 0
      }
    ]
  };

  it.each(Object.keys(parsers) as Array<keyof typeof wire>)(
    'should take whatever comes, and never hand a certificate or key on: %s',
    name => {
      const parse: (data: unknown) => unknown = parsers[name];
      fc.assert(
        fc.property(
          fc.jsonValue(),
          fc.dictionary(fc.stringMatching(/^x\w*$/), fc.jsonValue()),
          (anything, more) => {
            parse(anything);
            expect(parse(whole(more as JSONObject)[name])).toEqual(told[name]);
          }
        )
      );
    }
  );

  it('should take a value of any kind in any place', () => {
    const values = fc.oneof(fc.jsonValue(), fc.constant(secret));
    const shapes = Object.entries(whole({}));
    fc.assert(
      fc.property(fc.constantFrom(...shapes), values, ([name, data], value) => {
        const parse: (data: unknown) => unknown =
          parsers[name as keyof typeof wire];
        for (const field of Object.keys(data as JSONObject)) {
          parse({ ...(data as JSONObject), [field]: value });
        }
      })
    );
  });
});

describe('form', () => {
  it('should ask the gateway for exactly what its own fields hold', () => {
    const names = fc.constantFrom('cores', 'workers', 'maximum', 'image', 'x');
    const values = fc.dictionary(
      names,
      fc.oneof(fc.integer(), fc.string({ minLength: 1 }), fc.boolean())
    );
    fc.assert(
      fc.property(values, given => {
        const options = Object.keys(given).map(field => ({
          field,
          label: field,
          spec: { type: 'string' }
        }));
        const { properties } = gatewaySchema(options, trans);
        const fields = Object.keys(properties as JSONObject).slice(
          0,
          options.length
        );
        const filled = Object.fromEntries(
          fields.map((field, index) => [field, Object.values(given)[index]])
        );
        expect(splitOptions({ ...filled, workers: 3 })).toEqual({
          options: given,
          wish: { workers: 3 }
        });
      })
    );
  });

  it('should start two workers where nobody says how many', () => {
    expect(splitOptions({}).wish).toEqual({ workers: 2 });
    expect(splitOptions({ minimum: 0, maximum: 4 }).wish).toEqual({
      minimum: 0,
      maximum: 4
    });
  });
});

describe('figures', () => {
  const before = {
    id: 'a',
    name: 'a',
    state: 'running',
    revision: 1,
    since: 0,
    created: 0
  } as IClusterSnapshot;
  const idle = {
    workers: 1,
    threads: 1,
    processing: 0,
    waiting: 0,
    memory: 0,
    erred: 0
  };

  const MINUTE = 60_000;
  const now = 100 * MINUTE;
  const busy = { ...idle, processing: 1 };

  /** What is shown of the idling, after looks at these times. */
  const look = (
    looks: Array<[number, typeof idle]>,
    idleTimeout?: number,
    known?: IQuiet
  ): Array<number | undefined> => {
    let quiet = known;
    let seen: Partial<IClusterSnapshot> = {};
    for (const [time, counts] of looks) {
      quiet = quietSince(before, counts, quiet, time, idleTimeout);
      seen = figures(before, counts, { wish: {}, quiet, idleTimeout });
    }
    return [seen.idleSince, seen.stopsAt];
  };

  it('should count down from when something was seen to run, and from nothing else', () => {
    // It may have idled for long before this page came, however often one looks.
    expect(look([[now, idle]], 600)).toEqual([undefined, undefined]);
    expect(
      look(
        [
          [now, idle],
          [now + 5000, idle]
        ],
        600
      )
    ).toEqual([undefined, undefined]);
    expect(look([[now, busy]], 600)).toEqual([undefined, undefined]);
    const after: Array<[number, typeof idle]> = [
      [now, busy],
      [now + 5000, idle],
      [now + 9000, idle]
    ];
    expect(look(after, 600)).toEqual([now, now + 600_000]);
    expect(look(after)).toEqual([now, undefined]);
  });

  it('should know since when a new cluster idles', () => {
    expect(look([[5000, idle]], 600)).toEqual([5000, 605_000]);
  });

  it('should go on from what was known before a reload, unless that cannot be', () => {
    const known = { since: now, seen: now + MINUTE };
    const then = (time: number): Array<[number, typeof idle]> => [[time, idle]];
    expect(look(then(now + 9 * MINUTE), 600, known)).toEqual([
      now,
      now + 10 * MINUTE
    ]);
    // A gateway looks four times in that time: it may be a little late.
    expect(look(then(now + 13 * MINUTE), 600, known)).toEqual([
      now,
      now + 10 * MINUTE
    ]);
    // It would have been stopped: so something ran that nobody saw.
    expect(look(then(now + 14 * MINUTE), 600, known)).toEqual([
      undefined,
      undefined
    ]);
    // Where nobody says when it would be stopped, it is known for a while.
    expect(look(then(now + 5 * MINUTE), undefined, known)[0]).toBe(now);
    expect(look(then(now + 60 * MINUTE), undefined, known)[0]).toBeUndefined();
    const more: Array<[number, typeof idle]> = [
      [now + 60 * MINUTE, idle],
      [now + 61 * MINUTE, busy],
      [now + 62 * MINUTE, idle]
    ];
    expect(look(more, 600, known)).toEqual([
      now + 61 * MINUTE,
      now + 71 * MINUTE
    ]);
  });
});

describe('Records', () => {
  it('should bring a name and a wish back after a reload, and forget what is gone', async () => {
    const records = () => new Records('somebody', window.localStorage);
    records().set('a', { name: 'rain', wish: { workers: 4 } });
    records().set('b', { name: 'other' });
    const provider = providerOver(
      way({
        list: async () => [report('RUNNING', 'a')],
        scheduler: async (_, page) =>
          page === 'counts' ? { workers: 1, cores: 1 } : null
      }),
      { records: records() }
    );
    const [driver] = await provider.discover();
    expect(driver.snapshot.name).toBe('rain');
    await (driver as GatewayDriver).measure();
    expect(driver.snapshot.workers).toEqual({ ready: 1, wanted: 4 });
    expect(records().get('b')).toEqual({});
    provider.dispose();
  });

  it('should bring back since when a cluster idles, whichever tab saw it', async () => {
    const records = (): Records => new Records('idle', window.localStorage);
    const created = Date.now() - 3_600_000;
    let processing = 1;
    const page = (kept: Records): GatewayProvider =>
      providerOver(
        way({
          list: async () => [
            { ...report('RUNNING', 'a'), start_time: created }
          ],
          scheduler: async (_, page) =>
            page === 'counts' ? { workers: 1, cores: 1, processing } : null
        }),
        { records: kept }
      );
    const look = async (
      provider: GatewayProvider
    ): Promise<IClusterSnapshot> => {
      const [driver] = await provider.discover();
      await (driver as GatewayDriver).measure();
      return driver.snapshot;
    };
    const other = records();
    const first = page(records());
    expect((await look(first)).idleSince).toBeUndefined();
    processing = 0;
    const { idleSince, stopsAt } = await look(first);
    expect(idleSince).toBeGreaterThan(created + 3_000_000);
    expect(stopsAt).toBe(idleSince! + 600_000);
    first.dispose();
    // Another tab that was there before writes what it knows, and no less.
    other.set('a', { name: 'rain' });
    const second = page(records());
    expect(await look(second)).toMatchObject({
      name: 'rain',
      idleSince,
      stopsAt
    });
    second.dispose();
  });

  it('should keep what it can where the storage is full', () => {
    const records = new Records('full', {
      getItem: () => null,
      setItem: () => {
        throw new Error('full');
      }
    } as unknown as Storage);
    records.set('a', { name: 'rain' });
    records.set('a', { wish: { workers: 1 } });
    expect(records.get('a')).toEqual({ name: 'rain', wish: { workers: 1 } });
  });

  it.each([
    '{"a": {"quiet": {"since": "x", "seen": 1}}}',
    '{"a": {"quiet": [1, 2]}}',
    '{',
    'null',
    '[1]',
    '{"a": 3}',
    '{"a": {"name": 5, "wish": "x"}}'
  ])('should take no harm from %s in the storage', text => {
    window.localStorage.setItem('somebody', text);
    expect(new Records('somebody', window.localStorage).get('a')).toEqual({});
  });
});
