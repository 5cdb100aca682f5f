import { nullTranslator } from '@jupyterlab/translation';
import * as fc from 'fast-check';
import { ClusterError, ClusterState, IClusterSnapshot } from '../../tokens';
import { ClusterManager } from '../manager';
import { ProviderRegistry } from '../registry';
import { FakeDriver, FakeProvider } from './fakes';

const request = { provider: 'fake', options: { workers: 2 } };

const settled = (): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, 0));

describe('ClusterManager', () => {
  let provider: FakeProvider;
  let registry: ProviderRegistry;
  let manager: ClusterManager;
  let changes: string[];

  beforeEach(() => {
    provider = new FakeProvider();
    registry = new ProviderRegistry();
    registry.add(provider);
    manager = new ClusterManager({
      registry,
      trans: nullTranslator.load('test')
    });
    changes = [];
    manager.stateChanged.connect((_, { from, to }) => {
      changes.push(`${from} → ${to}`);
    });
  });

  describe('#create', () => {
    it('should list the cluster at once and make it the current one', () => {
      const cluster = manager.create(request);
      expect(manager.clusters).toEqual([cluster]);
      expect(manager.current).toBe(cluster);
      expect(cluster.snapshot.state).toBe('starting');
      expect(cluster.snapshot.name).toBe('dask-1');
    });

    it('should go through starting to running with the driver’s id', async () => {
      const cluster = manager.create(request);
      provider.starts[0].start.progress([{ id: 'kernel', state: 'active' }]);
      expect(cluster.snapshot.steps).toHaveLength(1);
      provider.starts[0].result.resolve(new FakeDriver('a'));
      await settled();
      expect(cluster.key).toBe('fake:a');
      expect(manager.get('fake:a')).toBe(cluster);
      expect(changes).toEqual(['queued → starting', 'starting → running']);
    });

    it('should start two at once and queue the rest', async () => {
      const all = [1, 2, 3, 4].map(() => manager.create(request));
      expect(all.map(item => item.snapshot.state)).toEqual([
        'starting',
        'starting',
        'queued',
        'queued'
      ]);
      provider.starts[0].result.resolve(new FakeDriver('a'));
      await settled();
      expect(all[2].snapshot.state).toBe('starting');
      expect(new Set(all.map(item => item.snapshot.name)).size).toBe(4);
    });

    it('should keep a failed start with its causes until it is dismissed', async () => {
      const cluster = manager.create(request);
      provider.starts[0].result.reject(
        new ClusterError('It did not start.', {
          cause: [{ message: 'Port in use' }],
          log: ['last line'],
          hint: 'Choose another port.'
        })
      );
      await settled();
      expect(cluster.snapshot.state).toBe('failed');
      expect(cluster.snapshot.cause?.map(item => item.message)).toEqual([
        'It did not start.',
        'Port in use'
      ]);
      expect(cluster.snapshot.cause?.[0].hint).toBe('Choose another port.');
      expect(cluster.snapshot.log).toEqual(['last line']);
      await manager.stop(cluster.key);
      expect(manager.clusters).toHaveLength(0);
    });

    it('should say which provider is missing', async () => {
      const cluster = manager.create({ provider: 'nowhere', options: {} });
      await settled();
      expect(cluster.snapshot.state).toBe('failed');
      expect(cluster.snapshot.cause?.[0].message).toContain('nowhere');
    });
  });

  describe('#retry', () => {
    it('should ask again with the same request and drop the old card', async () => {
      const failed = manager.create({ ...request, name: 'rain' });
      provider.starts[0].result.reject(new Error('no'));
      await settled();
      const again = manager.retry(failed.key);
      expect(manager.clusters).toEqual([again]);
      expect(provider.starts[1].request.options).toEqual({ workers: 2 });
      expect(again.snapshot.name).toBe('rain');
    });
  });

  describe('#stop', () => {
    it('should cancel a start and leave no card', async () => {
      const cluster = manager.create(request);
      await manager.stop(cluster.key);
      expect(provider.starts[0].start.signal.aborted).toBe(true);
      await settled();
      expect(manager.clusters).toHaveLength(0);
      expect(manager.current).toBeNull();
    });

    it('should take a waiting cluster out of the queue', async () => {
      manager.create(request);
      manager.create(request);
      const third = manager.create(request);
      await manager.stop(third.key);
      expect(manager.clusters).toHaveLength(2);
      expect(provider.starts).toHaveLength(2);
    });

    it('should stop a running cluster once, however often it is asked', async () => {
      const driver = new FakeDriver('a');
      provider.found = [driver];
      await manager.refresh();
      const first = manager.stop('fake:a');
      const second = manager.stop('fake:a');
      expect(manager.get('fake:a')?.snapshot.state).toBe('stopping');
      driver.say({ state: 'running' });
      expect(manager.get('fake:a')?.snapshot.state).toBe('stopping');
      driver.stopResult.resolve();
      await Promise.all([first, second]);
      expect(driver.calls).toEqual(['stop']);
      expect(manager.clusters).toHaveLength(0);
      expect(driver.isDisposed).toBe(true);
      await manager.stop('fake:a');
    });

    it('should keep the card with the reason when a stop fails', async () => {
      const driver = new FakeDriver('a');
      provider.found = [driver];
      await manager.refresh();
      driver.stopResult.reject(new Error('hub is down'));
      await expect(manager.stop('fake:a')).rejects.toThrow('hub is down');
      const { state, cause } = manager.clusters[0].snapshot;
      expect(state).toBe('lost');
      expect(cause?.map(item => item.message)).toContain('hub is down');
    });
  });

  describe('#refresh', () => {
    it('should list what others made, once', async () => {
      provider.found = [new FakeDriver('a'), new FakeDriver('b')];
      await Promise.all([manager.refresh(), manager.refresh()]);
      await manager.refresh();
      expect(manager.clusters.map(item => item.key)).toEqual([
        'fake:a',
        'fake:b'
      ]);
    });

    it('should dispose of a second driver for a cluster that it knows', async () => {
      provider.found = [new FakeDriver('a')];
      await manager.refresh();
      const double = new FakeDriver('a');
      provider.found = [double];
      await manager.refresh();
      expect(double.isDisposed).toBe(true);
      expect(manager.clusters).toHaveLength(1);
    });

    it('should make one card of a start that a list told of first', async () => {
      const cluster = manager.create(request);
      const driver = new FakeDriver('a');
      provider.found = [driver];
      await manager.refresh();
      provider.starts[0].result.resolve(driver);
      await settled();
      expect(manager.clusters).toEqual([cluster]);
      expect(driver.isDisposed).toBe(false);
    });

    it('should mark as lost what is no longer listed', async () => {
      provider.found = [new FakeDriver('a')];
      await manager.refresh();
      provider.found = [];
      await manager.refresh();
      expect(manager.clusters[0].snapshot.state).toBe('lost');
      expect(manager.clusters[0].snapshot.cause?.[0].hint).toBeTruthy();
    });

    it('should keep the clusters and name the problem when a list fails', async () => {
      provider.found = [new FakeDriver('a')];
      await manager.refresh();
      provider.problem = new Error('401');
      await manager.refresh();
      expect(manager.problems.get('fake')?.message).toBe('401');
      expect(manager.clusters[0].snapshot.state).toBe('running');
      provider.problem = null;
      await manager.refresh();
      expect(manager.problems.size).toBe(0);
    });

    it('should look again when the provider says that something changed', async () => {
      provider.found = [new FakeDriver('a')];
      provider.tell();
      await settled();
      expect(manager.clusters).toHaveLength(1);
    });
  });

  describe('#watch', () => {
    it('should ask for the closest look that any view wants', async () => {
      const driver = new FakeDriver('a');
      provider.found = [driver];
      await manager.refresh();
      const counts = manager.watch('fake:a', 'counts');
      const workers = manager.watch('fake:a', 'workers');
      workers.dispose();
      counts.dispose();
      counts.dispose();
      expect(driver.watched.filter((v, i, all) => v !== all[i - 1])).toEqual([
        'none',
        'counts',
        'workers',
        'counts',
        'none'
      ]);
    });

    it('should keep the look for a driver that comes later', async () => {
      const cluster = manager.create(request);
      manager.watch(cluster.key, 'counts');
      const driver = new FakeDriver('a');
      provider.starts[0].result.resolve(driver);
      await settled();
      expect(driver.watched).toContain('counts');
    });
  });

  describe('#ping', () => {
    it('should show a silent owner as not responding until it speaks', async () => {
      const driver = new FakeDriver('a');
      provider.found = [driver];
      await manager.refresh();
      driver.answers = false;
      manager.ping('fake:a');
      manager.ping('fake:a');
      await settled();
      expect(driver.calls).toEqual(['ping']);
      expect(manager.clusters[0].responding).toBe(false);
      driver.say({});
      expect(manager.clusters[0].responding).toBe(true);
    });
  });

  describe('acts', () => {
    it('should pass verbs on and their errors back', async () => {
      const driver = new FakeDriver('a');
      provider.found = [driver];
      await manager.refresh();
      await manager.scale('fake:a', 4);
      await manager.adapt('fake:a', 1, 3);
      await manager.restart('fake:a');
      await manager.rename('fake:a', ' rain ');
      await manager.events('fake:a');
      expect(driver.calls).toEqual(['scale 4', 'adapt 1 3', 'restart']);
      expect(manager.clusters[0].snapshot.name).toBe('rain');
      expect(manager.clusters[0].events).toHaveLength(1);
      expect(await manager.logs('fake:a', 5, 'w')).toEqual([
        { source: 'w', lines: ['5'] }
      ]);
      await expect(manager.scale('fake:a', 9)).rejects.toMatchObject({
        code: 'limit'
      });
    });

    it('should refuse a cluster that is not there, in words', async () => {
      await expect(manager.scale('fake:x', 1)).rejects.toMatchObject({
        code: 'not-found'
      });
    });

    it('should refuse acts on a cluster that is not ready', async () => {
      const cluster = manager.create(request);
      await expect(manager.scale(cluster.key, 1)).rejects.toMatchObject({
        code: 'unavailable'
      });
    });
  });

  it('should end in the last snapshot however messages are mixed up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1 }),
        async order => {
          const driver = new FakeDriver('a', { revision: 0 });
          const fake = new FakeProvider();
          fake.found = [driver];
          const providers = new ProviderRegistry();
          providers.add(fake);
          const local = new ClusterManager({
            registry: providers,
            trans: nullTranslator.load('test')
          });
          await local.refresh();
          const states: ClusterState[] = ['running', 'degraded'];
          const snapshots: IClusterSnapshot[] = order.map((_, index) => ({
            ...driver.snapshot,
            revision: index + 1,
            state: states[index % 2],
            workers: { ready: index }
          }));
          const shuffled = [...order.keys()].sort(
            (a, b) => order[a] - order[b] || b - a
          );
          for (const index of [...shuffled, ...shuffled]) {
            driver.repeat(snapshots[index]);
          }
          expect(local.clusters[0].snapshot).toEqual(
            snapshots[snapshots.length - 1]
          );
        }
      ),
      { numRuns: 1000 }
    );
  });
});

describe('Cluster', () => {
  it('should keep five minutes of samples and 200 events', async () => {
    jest.useFakeTimers();
    try {
      const provider = new FakeProvider();
      const driver = new FakeDriver('a');
      provider.found = [driver];
      const registry = new ProviderRegistry();
      registry.add(provider);
      const manager = new ClusterManager({
        registry,
        trans: nullTranslator.load('test')
      });
      await manager.refresh();
      for (let i = 0; i < 400; i += 1) {
        jest.advanceTimersByTime(1000);
        driver.say({ cpu: i });
        driver.happen({
          time: i,
          kind: 'scaled',
          level: 'info',
          text: `${i}`
        });
      }
      const [cluster] = manager.clusters;
      expect(cluster.history.length).toBeGreaterThan(290);
      expect(cluster.history.length).toBeLessThanOrEqual(300);
      expect(cluster.events).toHaveLength(200);
      expect(cluster.events[199].text).toBe('399');
    } finally {
      jest.useRealTimers();
    }
  });

  it('should forget the worker rows when nobody looks at them', async () => {
    const provider = new FakeProvider();
    const driver = new FakeDriver('a');
    provider.found = [driver];
    const registry = new ProviderRegistry();
    registry.add(provider);
    const manager = new ClusterManager({
      registry,
      trans: nullTranslator.load('test')
    });
    await manager.refresh();
    const watch = manager.watch('fake:a', 'workers');
    driver.rows([
      {
        name: '0',
        address: 'tls://127.0.0.1:1',
        status: 'running',
        threads: 1,
        cpu: 0,
        memory: 1,
        processing: 0,
        stored: 0,
        lastSeen: 0
      }
    ]);
    expect(manager.clusters[0].workers).toHaveLength(1);
    watch.dispose();
    expect(manager.clusters[0].workers).toHaveLength(0);
  });
});

describe('ProviderRegistry', () => {
  it('should refuse a doubled id and let go of a disposed provider', () => {
    const registry = new ProviderRegistry();
    const added = registry.add(new FakeProvider());
    expect(() => registry.add(new FakeProvider())).toThrow('fake');
    added.dispose();
    expect(registry.providers).toHaveLength(0);
  });
});
