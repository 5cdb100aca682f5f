import { nullTranslator } from '@jupyterlab/translation';
import type { IClusterSnapshot } from '../../tokens';
import { ClusterManager } from '../manager';
import { ProviderRegistry } from '../registry';
import { FakeDriver, FakeProvider } from './fakes';

const settled = (): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, 0));

/** A page, which reaches each cluster by a driver of its own, as pages do. */
class Page {
  constructor() {
    const registry = new ProviderRegistry();
    registry.add(this.provider);
    this.manager = new ClusterManager({
      registry,
      trans: nullTranslator.load('test')
    });
  }

  readonly provider = new FakeProvider();
  readonly manager: ClusterManager;

  /** The names of the clusters by their ids. */
  get names(): Record<string, string> {
    return Object.fromEntries(
      this.manager.clusters.map(({ snapshot: { id, name } }) => [id, name])
    );
  }

  /** Ask for a cluster, which its owner then makes under the name asked for. */
  async start(
    id: string,
    created: number,
    name?: string,
    said: Partial<IClusterSnapshot> = {}
  ): Promise<FakeDriver> {
    this.manager.create({ provider: 'fake', name, options: {} });
    const { request, result } = this.provider.starts.at(-1)!;
    const driver = new FakeDriver(id, { name: request.name, created, ...said });
    this.provider.found = [...this.provider.found, driver];
    result.resolve(driver);
    await settled();
    return driver;
  }

  /** Learn of another page's cluster, and of what it is called later. */
  async learn(theirs: FakeDriver): Promise<void> {
    const own = new FakeDriver(theirs.snapshot.id, theirs.snapshot);
    theirs.changed.connect((_, { name }) => own.say({ name }));
    this.provider.found = [...this.provider.found, own];
    this.provider.tell();
    await settled();
  }
}

describe('Names of clusters that nobody named', () => {
  const now = Date.now();
  let first: Page;
  let second: Page;

  beforeEach(() => {
    first = new Page();
    second = new Page();
  });

  it('should differ once two pages know that both gave the same', async () => {
    const early = await first.start('a', now - 20);
    const late = await second.start('b', now - 10);
    expect(late.snapshot.name).toBe(early.snapshot.name);
    await Promise.all([first.learn(late), second.learn(early)]);
    expect(first.names).toEqual({ a: 'dask-1', b: 'dask-2' });
    expect(second.names).toEqual(first.names);
  });

  it('should be decided in the same way where both started in one moment', async () => {
    const one = await first.start('b', now);
    const other = await second.start('a', now);
    await Promise.all([second.learn(one), first.learn(other)]);
    expect(first.names).toEqual({ a: 'dask-1', b: 'dask-2' });
    expect(second.names).toEqual(first.names);
  });

  it('should differ also where the other was known before its own had started', async () => {
    const early = await first.start('a', now - 20);
    second.manager.create({ provider: 'fake', options: {} });
    await second.learn(early);
    const late = new FakeDriver('b', { name: 'dask-1', created: now });
    second.provider.starts[0].result.resolve(late);
    await settled();
    expect(second.names).toEqual({ a: 'dask-1', b: 'dask-2' });
  });

  it('should differ among three', async () => {
    const third = new Page();
    const [a, b, c] = await Promise.all(
      [first, second, third].map((page, index) =>
        page.start('abc'[index], now - 30 + index)
      )
    );
    await Promise.all([
      first.learn(b).then(() => first.learn(c)),
      second.learn(c).then(() => second.learn(a)),
      third.learn(a).then(() => third.learn(b))
    ]);
    expect(new Set(Object.values(third.names)).size).toBe(3);
    expect(first.names).toEqual(third.names);
    expect(second.names).toEqual(third.names);
  });

  it('should be free again for a start that is tried once more', async () => {
    const failed = first.manager.create({ provider: 'fake', options: {} });
    first.provider.starts[0].result.reject(new Error('no'));
    const other = await second.start('a', now - 20);
    await first.learn(other);
    first.manager.retry(failed.key);
    first.provider.starts[1].result.resolve(
      new FakeDriver('b', { name: 'dask-1', created: now })
    );
    await settled();
    expect(first.names).toEqual({ a: 'dask-1', b: 'dask-2' });
  });

  it('should stay where a person chose them, computed or took their time', async () => {
    const early = await first.start('a', now - 90_000);
    const chosen = await second.start('b', now - 10, 'dask-1');
    const used = await second.start('c', now - 9, undefined, {
      name: 'dask-1',
      tasks: { processing: 0, waiting: 0, memory: 1, erred: 0 }
    });
    const old = await second.start('d', now - 80_000, undefined, {
      name: 'dask-1'
    });
    await second.learn(early);
    const names = [chosen, used, old].map(driver => driver.snapshot.name);
    expect(names).toEqual(['dask-1', 'dask-1', 'dask-1']);
  });
});
