import { execFileSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import type { IClusterSnapshot } from '../../tokens';
import { recipeAsPython, recipeAsYaml, recipeOf } from '../recipe';

const ROOT = join(__dirname, '../../..');
const TLS = {
  kind: 'scheduler',
  address: 'tls://127.0.0.1:39571',
  credentials: '/run/user/1000/jupyter/dask/3f2a.pem'
} as const;

type Known = Pick<IClusterSnapshot, 'connection' | 'options' | 'workers'>;

const recipe = (provider: string, snapshot: Known) =>
  recipeOf({ provider, snapshot })!;

const local = (snapshot: Partial<Known> = {}) =>
  recipe('local', {
    connection: TLS,
    options: { workers: 2, threads: 1, memory: 2 ** 30 },
    workers: { ready: 2, wanted: 2 },
    ...snapshot
  });

/** Run Python of this project's environment; a folder of its own for Dask. */
function python(code: string, config = ''): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  try {
    writeFileSync(join(folder, 'site.yaml'), config);
    const text = execFileSync('python', ['-c', code], {
      encoding: 'utf8',
      cwd: ROOT,
      env: { ...process.env, DASK_CONFIG: folder },
      stdio: ['ignore', 'pipe', 'inherit']
    });
    return JSON.parse(text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('The recipe of a local cluster', () => {
  it('should be short Python', () => {
    expect(recipeAsPython(local()))
      .toBe(`from distributed import Client, LocalCluster

cluster = LocalCluster(
    n_workers=0,
    threads_per_worker=1,
    memory_limit="1 GiB",
    dashboard_address="127.0.0.1:0",
    security=True,
)
cluster.scale(2)
client = Client(cluster)
client
`);
  });

  it('should have the workers that are wanted now', () => {
    const scaled = local({ workers: { ready: 1, wanted: 5 } });
    expect(recipeAsPython(scaled)).toContain('cluster.scale(5)');
    const adaptive = local({ workers: { ready: 0, minimum: 0, maximum: 8 } });
    const code = recipeAsPython(adaptive);
    expect(code).toContain('cluster.adapt(minimum=0, maximum=8)');
    expect(code).not.toContain('scale(');
  });

  it('should make such a cluster when it runs', () => {
    const code = `${recipeAsPython(local())}
import json
client.wait_for_workers(2)
workers = client.scheduler_info(n_workers=-1)["workers"].values()
seen = sorted([w["nthreads"], w["memory_limit"]] for w in workers)
dashboard = cluster.dashboard_link
address = cluster.scheduler_address
client.close()
cluster.close()
print(json.dumps([seen, dashboard, address]))`;
    expect(python(code)).toEqual([
      [
        [1, 2 ** 30],
        [1, 2 ** 30]
      ],
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/status$/),
      expect.stringMatching(/^tls:/)
    ]);
  }, 120_000);

  it('should be YAML that sites use, and that is read as a profile here', () => {
    const yaml = recipeAsYaml(
      local({ workers: { ready: 1, minimum: 1, maximum: 4 } })
    );
    const code = `
import json, dask.config
from jupyterlab_seasonal_monitor.controller.site import site_configuration
print(json.dumps([dask.config.get("labextension"), site_configuration()]))`;
    const [written, read] = python(code, yaml) as [unknown, unknown];
    expect(written).toEqual({
      factory: {
        module: 'distributed',
        class: 'LocalCluster',
        args: [],
        kwargs: {
          n_workers: 0,
          threads_per_worker: 1,
          memory_limit: '1 GiB',
          dashboard_address: '127.0.0.1:0',
          security: true
        }
      },
      default: { workers: 1, adapt: { minimum: 1, maximum: 4 } }
    });
    expect(read).toMatchObject({
      factory: { module: 'distributed', class: 'LocalCluster' },
      default: { workers: 1, adapt: { minimum: 1, maximum: 4 } }
    });
  }, 120_000);
});

describe("The recipe of a gateway's cluster", () => {
  const odd = '\u2028# "quoted" é\n';
  const gateway = recipe('gateway', {
    connection: {
      kind: 'gateway',
      address: 'a1b2',
      gateway: 'https://hub.example/services/dask-gateway',
      gatewayAuth: 'jupyterhub'
    },
    options: { worker_cores: 2, image: odd, 'odd name': [1.5, true] },
    workers: { ready: 1, wanted: 3 }
  });

  it('should ask for the same options, whatever stands in them', () => {
    const code = recipeAsPython(gateway);
    expect(code.split('\n').slice(0, 7)).toEqual([
      'from dask_gateway import GatewayCluster',
      'from distributed import Client',
      '',
      'cluster = GatewayCluster(',
      '    address="https://hub.example/services/dask-gateway",',
      '    auth="jupyterhub",',
      '    worker_cores=2,'
    ]);
    expect(code).toMatch(/^[\x20-\x7e\n]*$/);
    const told = python(`
import json, sys, types
calls = []
class GatewayCluster:
    def __init__(self, **options): calls.append(options)
    def scale(self, count): calls.append(count)
sys.modules["dask_gateway"] = types.SimpleNamespace(GatewayCluster=GatewayCluster)
import distributed
distributed.Client = lambda cluster: None
${code}
print(json.dumps(calls))`);
    expect(told).toEqual([
      {
        address: 'https://hub.example/services/dask-gateway',
        auth: 'jupyterhub',
        worker_cores: 2,
        image: odd,
        'odd name': [1.5, true]
      },
      3
    ]);
  });

  it('should be the same in YAML', () => {
    const yaml = recipeAsYaml(gateway);
    const code = `
import json, sys, yaml
print(json.dumps(yaml.safe_load(${JSON.stringify(yaml)})))`;
    expect(python(code)).toMatchObject({
      labextension: {
        factory: {
          class: 'GatewayCluster',
          kwargs: { image: odd, 'odd name': [1.5, true], worker_cores: 2 }
        },
        default: { workers: 3, adapt: null }
      }
    });
  });
});

describe('recipeOf', () => {
  it('should know none for what somebody else made', () => {
    for (const provider of ['scheduler', 'labextension', 'toString']) {
      expect(recipeOf({ provider, snapshot: { options: {} } })).toBeNull();
    }
    expect(recipeOf({ provider: 'local', snapshot: {} })).toBeNull();
  });
});
