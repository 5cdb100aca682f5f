import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import * as fc from 'fast-check';
import type { IClusterSnapshot } from '../../../tokens';
import { figures } from '../figures';
import { gatewaySchema, splitOptions } from '../form';
import type { GatewayDriver } from '../driver';
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

  it('should count down from when idling was seen to begin, and from nothing else', () => {
    const now = 10 * 60_000;
    // It may have idled for long before this page came.
    const found = figures(before, idle, null, {}, now, 600);
    expect(found.idleSince).toBeUndefined();
    expect(found.stopsAt).toBeUndefined();
    const busy = figures(
      before,
      { ...idle, processing: 1 },
      null,
      {},
      now,
      600
    );
    const after = figures(
      { ...before, ...busy },
      idle,
      null,
      {},
      now + 5000,
      600
    );
    expect(after.idleSince).toBe(now + 5000);
    expect(after.stopsAt).toBe(now + 5000 + 600_000);
    const later = figures(
      { ...before, ...after },
      idle,
      null,
      {},
      now + 9000,
      600
    );
    expect(later.stopsAt).toBe(after.stopsAt);
    expect(figures({ ...before, ...after }, idle, null, {}, now).stopsAt).toBe(
      undefined
    );
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

  it.each(['{', 'null', '[1]', '{"a": 3}', '{"a": {"name": 5, "wish": "x"}}'])(
    'should take no harm from %s in the storage',
    text => {
      window.localStorage.setItem('somebody', text);
      expect(new Records('somebody', window.localStorage).get('a')).toEqual({});
    }
  );
});
