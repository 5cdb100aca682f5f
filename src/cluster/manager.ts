import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONObject, UUID } from '@lumino/coreutils';
import { DisposableDelegate, IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import {
  ClusterError,
  ICluster,
  IClusterManager,
  IClusterRequest,
  IEndOrder,
  ILogEntry,
  IProvider,
  IProviderRegistry,
  WatchDetail
} from '../tokens';
import { Cluster } from './cluster';
import { Discoveries } from './discoveries';
import { toClusterError } from './errors';
import { ClusterList } from './list';
import { Names } from './names';
import { Rules } from './rules';
import { Starts } from './starts';
import { Stops } from './stops';
import { isOver } from './states';
import { Watches } from './watches';

/**
 * All clusters, and the acts on them.
 *
 * #### Notes
 * The providers' lists are the truth: nothing is kept over a reload but the
 * name of the current cluster. It asks nobody anything by itself.
 */
export class ClusterManager implements IClusterManager {
  constructor(options: ClusterManager.IOptions) {
    this._registry = options.registry;
    this._trans = options.trans;
    this._rules = new Rules(options.trans);
    this._list = new ClusterList({ owner: this, trans: options.trans });
    this._names = new Names(() => this._list.all);
    this._stops = new Stops({
      trans: options.trans,
      starts: this._starts,
      forget: cluster => this._list.remove(cluster)
    });
    this._discoveries = new Discoveries({
      trans: options.trans,
      clusters: () => this._list.all,
      add: cluster => {
        this._list.add(cluster);
        this._names.settle();
      },
      changed: () => this._list.tell()
    });
    this._registry.changed.connect(this._onProviders, this);
    this._onProviders();
  }

  get clusters(): readonly ICluster[] {
    return this._list.all;
  }

  get changed(): ISignal<IClusterManager, void> {
    return this._list.changed;
  }

  get stateChanged(): ISignal<
    IClusterManager,
    ClusterManager.IClusterStateChange
  > {
    return this._list.stateChanged;
  }

  get problems(): ReadonlyMap<string, ClusterError> {
    return this._discoveries.problems;
  }

  get readOnly(): boolean {
    return this._rules.readOnly;
  }

  set readOnly(readOnly: boolean) {
    if (readOnly !== this._rules.readOnly) {
      this._rules.readOnly = readOnly;
      this._list.tell();
    }
  }

  get current(): ICluster | null {
    return this._list.current;
  }

  set current(cluster: ICluster | null) {
    this._list.current = cluster;
  }

  get currentChanged(): ISignal<IClusterManager, ICluster | null> {
    return this._list.currentChanged;
  }

  get(key: string): ICluster | undefined {
    return this._list.get(key);
  }

  bound(rule: (request: IClusterRequest) => IClusterRequest): IDisposable {
    return this._rules.bound(rule);
  }

  guard(check: (workers?: number, cluster?: ICluster) => void): IDisposable {
    return this._rules.guard(check);
  }

  refusal(): ClusterError | null {
    try {
      this._rules.assertCreation();
      return null;
    } catch (reason) {
      return ClusterManager.asError(reason);
    }
  }

  create(asked: IClusterRequest): ICluster {
    this._rules.assertCreation();
    const request = this._rules.apply(asked);
    const id = UUID.uuid4();
    const name = request.name?.trim();
    const cluster = new Cluster({
      provider: request.provider,
      id,
      name: name || this._names.next(),
      request
    });
    if (!name) {
      this._names.add(cluster);
    }
    this._list.add(cluster);
    this.current = cluster;
    this._starts.add(cluster);
    return cluster;
  }

  retry(key: string, options?: JSONObject): ICluster {
    this._rules.assertChanges();
    const { cluster } = this._list.find(key);
    const { snapshot, environment, profile, provider } = cluster;
    const request = cluster.request ?? {
      provider,
      profile,
      environment,
      options: snapshot.options ?? {}
    };
    // A refusal leaves the old card.
    const again = this.create({
      ...request,
      name: snapshot.name,
      options: { ...request.options, ...options }
    });
    this._names.replace(cluster, again);
    this._list.remove(cluster);
    return again;
  }

  async scale(key: string, workers: number): Promise<void> {
    this._rules.assertChanges();
    const { cluster, driver } = this._list.find(key);
    this._rules.assertGrowth(cluster, workers);
    await driver.scale(workers);
  }

  async adapt(key: string, minimum: number, maximum: number): Promise<void> {
    this._rules.assertChanges();
    const { cluster, driver } = this._list.find(key);
    this._rules.assertGrowth(cluster, maximum);
    await driver.adapt(minimum, maximum);
  }

  async restart(key: string): Promise<void> {
    this._rules.assertChanges();
    await this._list.find(key).driver.restart();
  }

  async end(key: string, order: IEndOrder): Promise<void> {
    await this._list.find(key).driver.end?.(order);
  }

  async keep(key: string, minutes: number): Promise<void> {
    this._rules.assertChanges();
    await this._list.find(key).driver.keep?.(minutes);
  }

  async rename(key: string, name: string): Promise<void> {
    this._rules.assertChanges();
    await this._list.find(key).driver.rename(name.trim());
  }

  async stop(key: string): Promise<void> {
    const cluster = this._list.get(key);
    if (!cluster) {
      return;
    }
    if (!isOver(cluster.snapshot.state)) {
      this._rules.assertChanges();
    }
    return this._stops.stop(cluster);
  }

  watch(key: string, detail: WatchDetail): IDisposable {
    const cluster = this._list.get(key);
    if (!cluster) {
      return new DisposableDelegate(() => undefined);
    }
    return this._watches.add(cluster, detail);
  }

  ping(key: string): void {
    const cluster = this._list.get(key);
    if (!cluster?.driver || this._pings.has(cluster)) {
      return;
    }
    this._pings.add(cluster);
    void cluster.driver
      .ping()
      .then(
        answered => cluster.setResponding(answered),
        () => cluster.setResponding(false)
      )
      .finally(() => this._pings.delete(cluster));
  }

  async logs(
    key: string,
    lines: number,
    worker?: string
  ): Promise<ILogEntry[]> {
    return this._list.find(key).driver.logs(lines, worker);
  }

  async events(key: string): Promise<void> {
    const { cluster, driver } = this._list.find(key);
    cluster.setEvents(await driver.events());
  }

  async refresh(): Promise<void> {
    await Promise.all(
      this._registry.providers.map(provider =>
        this._discoveries.discover(provider)
      )
    );
  }

  private _onProviders(): void {
    for (const provider of this._registry.providers) {
      provider.changed?.connect(this._onProviderChanged, this);
    }
  }

  private _onProviderChanged(provider: IProvider): void {
    void this._discoveries.discover(provider);
  }

  private async _start(cluster: Cluster, signal: AbortSignal): Promise<void> {
    const { id, name } = cluster.snapshot;
    cluster.progress([]);
    try {
      const driver = await this._provider(cluster.provider).create(
        { provider: cluster.provider, options: {}, ...cluster.request, name },
        {
          signal,
          key: id,
          progress: steps => {
            if (!signal.aborted && !cluster.isDisposed) {
              cluster.progress(steps);
            }
          }
        }
      );
      this._list.forgetDouble(cluster, driver);
      cluster.attach(driver);
      this._watches.update(cluster);
      this._list.tell();
      this._names.settle();
    } catch (reason) {
      const error = ClusterManager.asError(reason);
      const isOver = signal.aborted || error.code === 'cancelled';
      if (isOver && error.code !== 'left-over') {
        cluster.stopped();
      } else {
        cluster.fail('failed', error);
      }
    }
  }

  private _provider(id: string): IProvider {
    const provider = this._registry.get(id);
    if (!provider) {
      throw new ClusterError(
        this._trans.__('There is no provider named %1.', id),
        {
          code: 'not-found',
          hint: this._trans.__('Choose another profile.')
        }
      );
    }
    return provider;
  }

  private _registry: IProviderRegistry;
  private _trans: TranslationBundle;
  private _rules: Rules;
  private _list: ClusterList;
  private _names: Names;
  private _starts = new Starts<Cluster>((cluster, signal) =>
    this._start(cluster, signal)
  );
  private _watches = new Watches<Cluster>((cluster, detail) => {
    if (!cluster.isDisposed) {
      cluster.watch(detail);
    }
  });
  private _stops: Stops;
  private _pings = new Set<Cluster>();
  private _discoveries: Discoveries;
}

export namespace ClusterManager {
  export interface IOptions {
    registry: IProviderRegistry;
    trans: TranslationBundle;
  }

  /** A cluster went from one state to another. */
  export type IClusterStateChange = ClusterList.IClusterStateChange;

  /** Any rejection as an error that can be shown. */
  export const asError = toClusterError;
}
