/**
 * The estimate of one open form, as the values in it change. Asks nothing: all
 * that it needs is known to the page. Knows no views.
 */
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import type {
  ICluster,
  IClusterManager,
  IClusterRequest,
  ICosts,
  IProfiles,
  IProviderRegistry
} from '../../tokens';
import { parameterNames } from '../metadata';
import type { TemplateModel } from '../model';
import { readCostModel, SizingError, workload } from '../../cluster/costModel';
import type { ICostModel } from '../../cluster/costModel';
import { estimate } from './estimate';
import type { IEstimate, IRow } from './estimate';
import type { RunKeeper } from './keeper';
import { clusterPlace, profilePlace } from './places';
import type { IPlace } from './places';
import { calibration, lastRuns } from './runs';
import type { IRun } from './runs';
import { loadWishes, saveWishes } from './wishes';
import type { IWishes } from './wishes';

/** What an estimate needs of the page; what is absent is not known. */
export interface ISizingServices {
  manager: IClusterManager | null;
  registry: IProviderRegistry | null;
  profiles: IProfiles | null;
  costs: ICosts | null;
  keeper: RunKeeper;
}

/** The provider whose workers share a machine that can be measured. */
const LOCAL = 'local';

/** Follows the form, the profiles, the clusters, the prices and the runs. */
export class SizingModel implements IDisposable {
  constructor(options: SizingModel.IOptions) {
    this._options = options;
    const { form, trans, services, state } = options;
    const { cost, id } = form.template;
    try {
      this.cost =
        cost === undefined
          ? null
          : readCostModel(cost, parameterNames(form.template), trans);
    } catch (error) {
      this._broken = Private.words(error);
    }
    form.changed.connect(this._onChange, this);
    services.manager?.changed.connect(this._onChange, this);
    services.manager?.stateChanged.connect(this._onChange, this);
    services.profiles?.changed.connect(this._onChange, this);
    services.costs?.changed.connect(this._onChange, this);
    services.keeper.changed.connect(this._onChange, this);
    const local = services.registry?.get(LOCAL);
    if (this.cost && local && this.calibration.count === 0) {
      void services.keeper.measure(local);
    }
    this.ready = loadWishes(state, id).then(wishes => {
      this._wishes = { ...wishes, ...this._wishes };
      this._onChange();
    });
  }

  /** The template's cost model; null without one. */
  readonly cost: ICostModel | null = null;

  /** Resolves when the wishes of the last time were read. */
  readonly ready: Promise<void>;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get wishes(): IWishes {
    return this._wishes;
  }

  /** Change wishes; an undefined one is taken back. */
  wish(change: IWishes): void {
    this._wishes = { ...this._wishes, ...change };
    const { form, state } = this._options;
    saveWishes(state, form.template.id, this._wishes);
    this._onChange();
  }

  /** How runs here compare with the estimate, and how many tell it. */
  get calibration(): { factor: number; count: number } {
    const { id, version } = this._options.form.template;
    return calibration(this._options.services.keeper.of(id), version);
  }

  /** How slow this machine was measured, where nothing else calibrates. */
  get slowness(): number | undefined {
    return this._options.services.keeper.slowness(LOCAL);
  }

  /** The last runs, newest first. */
  get runs(): IRun[] {
    const { id, version } = this._options.form.template;
    return lastRuns(this._options.services.keeper.of(id), version);
  }

  /** Why runs are not kept, in words. */
  get problem(): string {
    return this._options.services.keeper.problem;
  }

  /** Forget this template's runs. */
  async reset(): Promise<void> {
    const { form, services } = this._options;
    await services.keeper.reset(form.template.id);
  }

  /** The estimate, or in words why there is none. */
  get estimate(): IEstimate | string {
    if (!this.cost) {
      return this._broken;
    }
    const { form, services, trans } = this._options;
    const { costs } = services;
    const { minutes, resolution, squareKm } = this._wishes;
    try {
      const work = workload(
        this.cost,
        form.values,
        { resolution, squareKm },
        trans
      );
      const chunk = this.cost.chunk && form.values[this.cost.chunk];
      return estimate({
        work,
        ...(typeof chunk === 'number' && chunk >= 1
          ? { chunkPx: Math.round(chunk) }
          : {}),
        ...(minutes === undefined ? {} : { deadline: minutes * 60 }),
        factor: this.calibration.factor,
        places: this._places(),
        price: planned => costs?.forecast(planned) ?? null
      });
    } catch (error) {
      return Private.words(error);
    }
  }

  /** Whether there is a cluster, be it on its way. */
  get hasCluster(): boolean {
    return this._clusters().length > 0;
  }

  /** Whether a cluster can be started from here. */
  get canStart(): boolean {
    const { manager } = this._options.services;
    return manager !== null && !manager.readOnly;
  }

  /** Give the chunks in the form another size. */
  setChunk(px: number): void {
    const { form } = this._options;
    if (this.cost?.chunk) {
      form.setValues({ ...form.values, [this.cost.chunk]: px } as JSONObject);
    }
  }

  /** Start what a row stands for. @returns what was done, in words. */
  start({ place, workers }: IRow): string {
    const { manager, profiles } = this._options.services;
    const { trans } = this._options;
    const { profile } = place;
    if (!manager || !profile) {
      throw new Error(trans.__('No cluster can be started here.'));
    }
    const { name, provider, environment, options } = profile;
    const { maximum, minimum } = options;
    const wish: IClusterRequest = {
      provider,
      profile: name,
      environment: environment || undefined,
      options: {
        ...options,
        ...(typeof maximum === 'number' ? { maximum: workers } : { workers }),
        ...(typeof minimum === 'number'
          ? { minimum: Math.min(minimum, workers) }
          : {}),
        ...(place.shared && options.threads === undefined
          ? { threads: place.threads }
          : {})
      }
    };
    const { request, notes } = profiles?.clamp(wish) ?? {
      request: wish,
      notes: []
    };
    const cluster = manager.create(request);
    manager.current = cluster;
    profiles?.remember(name);
    return [
      trans._n(
        'Starting “%2” with %1 worker. Connect the notebook to it in the sidebar.',
        'Starting “%2” with %1 workers. Connect the notebook to it in the sidebar.',
        workers,
        cluster.snapshot.name
      ),
      ...notes
    ].join(' ');
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _clusters(): ICluster[] {
    return (this._options.services.manager?.clusters ?? []).filter(
      ({ snapshot }) =>
        ['queued', 'starting', 'running', 'degraded'].includes(snapshot.state)
    );
  }

  private _places(): IPlace[] {
    const { manager, profiles, registry, keeper } = this._options.services;
    const clusters = this._clusters();
    const current =
      clusters.find(cluster => cluster === manager?.current) ?? clusters[0];
    const here = current && clusterPlace(current.provider, current.snapshot);
    const places = [
      ...(here ? [here] : []),
      ...(profiles?.profiles ?? []).map(profile =>
        profilePlace(
          profile,
          profiles!.limits,
          registry?.get(profile.provider)?.capacity?.()
        )
      )
    ];
    return this.calibration.count > 0
      ? places
      : places.map(place => ({
          ...place,
          slowness: keeper.slowness(place.provider)
        }));
  }

  private _onChange(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _options: SizingModel.IOptions;
  private _broken = '';
  private _wishes: IWishes = {};
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}

export namespace SizingModel {
  export interface IOptions {
    form: TemplateModel;
    services: ISizingServices;
    state: IStateDB | null;
    trans: TranslationBundle;
  }
}

namespace Private {
  export function words(error: unknown): string {
    if (error instanceof SizingError) {
      return error.message;
    }
    throw error;
  }
}
