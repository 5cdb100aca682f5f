/** Clusters that controllers make, each in a kernel of its own. */
import { Notification } from '@jupyterlab/apputils';
import type { Session } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import {
  ClusterError,
  IClusterDriver,
  IClusterLimits,
  IClusterRequest,
  ILeftovers,
  IMachine,
  IProfile,
  IProviderForm,
  IStart
} from '../../tokens';
import type { IBackEnd } from './backEnd';
import { KernelClusters } from './clusters';
import type { ControllerDriver } from './driver';
import { Environments } from './environments';
import { localForm } from './form';
import type { IProviderCore } from './lazy';
import type { ControllerSession } from './session';
import { siteProfiles } from './site';
import { StandBys } from './standby';

/**
 * What a plugin's provider does once it is needed: on this machine, or on what a
 * back end describes.
 */
export class LocalProvider implements IProviderCore {
  constructor(options: LocalProvider.IOptions) {
    this._sessions = options.sessions;
    this._environments = options.environments;
    this._standBys = options.standBys;
    this._warmStart = options.warmStart;
    this._trans = options.trans;
    this._backEnd = options.backEnd;
    this._clusters = new KernelClusters({
      sessions: options.sessions,
      trans: options.trans,
      kind: options.backEnd?.id ?? 'cluster'
    });
    this._clusters.changed.connect(options.changed);
  }

  async form(): Promise<IProviderForm> {
    const environments = await this._environments.list();
    const environment = await this._environments.preferred();
    if (this._backEnd) {
      const session =
        this._backEnd.ask &&
        environment &&
        (await this._standBys.peek(environment));
      const told = session ? await this._backEnd.ask?.(session) : undefined;
      return this._backEnd.form(this._trans, environments, environment, told);
    }
    const info = environment && (await this._standBys.ready(environment));
    return localForm(this._trans, environments, environment, info || undefined);
  }

  async create(
    request: IClusterRequest,
    start: IStart
  ): Promise<IClusterDriver> {
    // What cannot be is said before a kernel starts.
    this._translate(request);
    const environment = await this._environments.resolve(request.environment);
    const standBy = await this._standBys.take(environment);
    if (standBy) {
      try {
        return await this._launch(request, start, environment, standBy);
      } catch (reason) {
        if (!(await this._isTaken(standBy, reason))) {
          throw reason;
        }
      }
    }
    return this._launch(request, start, environment);
  }

  async discover(refresh: boolean): Promise<IClusterDriver[]> {
    if (refresh) {
      await this._sessions.refreshRunning();
    }
    return this._clusters.discover();
  }

  capacity(): IMachine | undefined {
    const info = this._backEnd ? undefined : this._standBys.latest;
    return info && { cores: info.cpus, memory: info.memory };
  }

  async slowness(): Promise<number | undefined> {
    // Only a controller that waits for a click anyway is asked.
    const environment =
      this._backEnd || !this._warmStart()
        ? undefined
        : await this._environments.preferred();
    const session = environment && (await this._standBys.peek(environment));
    return session ? (await session.call('speed', {})).slowness : undefined;
  }

  prepare(environment?: string, expected?: IClusterRequest): void {
    if (!this._warmStart() || this._backEnd) {
      return;
    }
    const { launcher, options } = expected ? this._translate(expected) : {};
    this._environments.resolve(environment).then(
      name =>
        this._standBys.prepare(
          name,
          launcher === 'local' ? options : undefined
        ),
      () => undefined
    );
  }

  async profiles(): Promise<IProfile[]> {
    if (this._backEnd) {
      return [];
    }
    const environment = await this._environments.preferred();
    const info = environment && (await this._standBys.ready(environment));
    return info ? siteProfiles(this._trans, info.labextension) : [];
  }

  async leftovers(): Promise<ILeftovers> {
    const backEnd = this._backEnd;
    return backEnd?.leftovers
      ? backEnd.leftovers(await this._asked(), this._trans)
      : { items: [] };
  }

  async removeLeftovers(ids: readonly string[]): Promise<readonly string[]> {
    const backEnd = this._backEnd;
    return backEnd?.removeLeftovers && ids.length > 0
      ? backEnd.removeLeftovers(await this._asked(), ids)
      : [];
  }

  /** The controller that speaks for this provider when no cluster does. */
  private async _asked(): Promise<ControllerSession> {
    const environment = await this._environments.resolve();
    const session = await this._standBys.peek(environment);
    if (!session || session.loss) {
      throw new ClusterError(
        this._trans.__('No controller could be started to ask.'),
        {
          code: 'unavailable',
          hint: this._trans.__(
            'Start a notebook with the kernel %1 to see why.',
            environment
          )
        }
      );
    }
    return session;
  }

  private _launch(
    request: IClusterRequest,
    start: IStart,
    environment: string,
    standBy?: ControllerSession
  ): Promise<ControllerDriver> {
    return this._clusters.create({
      start,
      name: request.name?.trim() || this._trans.__('Dask cluster'),
      environment,
      ...this._translate(request),
      profile: request.profile,
      standBy
    });
  }

  /** The launcher and its options with the limits, as the controller takes them. */
  private _translate(request: IClusterRequest): {
    launcher: string;
    options: JSONObject;
  } {
    const { launcher, options } = Private.split(request.options);
    const limits = Private.limits(request.limits);
    return {
      launcher: this._backEnd?.id ?? launcher,
      options: {
        ...(this._backEnd?.translate?.(options, this._trans) ?? options),
        ...(limits && { limits })
      }
    };
  }

  /**
   * Whether a stand-by failed because another tab was quicker, or because it
   * was made by an older page: then a new kernel does it.
   */
  private async _isTaken(
    standBy: ControllerSession,
    reason: unknown
  ): Promise<boolean> {
    if (reason instanceof ClusterError && reason.code === 'protocol') {
      return true;
    }
    if (!KernelClusters.isRefusal(reason)) {
      return standBy.loss !== null;
    }
    try {
      const { cluster } = await standBy.call('describe', {});
      if (cluster) {
        standBy.dispose();
        return true;
      }
      this._standBys.giveBack(standBy);
    } catch {
      standBy.dispose();
    }
    return false;
  }

  private _sessions: Session.IManager;
  private _environments: Environments;
  private _standBys: StandBys;
  private _warmStart: () => boolean;
  private _trans: TranslationBundle;
  private _backEnd: IBackEnd | undefined;
  private _clusters: KernelClusters;
}

/** A provider with all that belongs to it. */
export function createLocalProvider(
  options: Environments.IOptions &
    Pick<
      LocalProvider.IOptions,
      'sessions' | 'warmStart' | 'changed' | 'backEnd'
    >
): LocalProvider {
  return new LocalProvider({
    ...options,
    environments: new Environments(options),
    standBys: new StandBys({
      ...options,
      tell: text => Notification.warning(text, { autoClose: false })
    })
  });
}

export namespace LocalProvider {
  export interface IOptions {
    sessions: Session.IManager;
    environments: Environments;
    standBys: StandBys;
    /** Whether a controller is made ready before it is asked for. */
    warmStart: () => boolean;
    /** Called when there may be other clusters than before. */
    changed: () => void;
    trans: TranslationBundle;
    /** Where the clusters run; on this machine without it. */
    backEnd?: IBackEnd;
  }
}

namespace Private {
  /** The limits as the controller names them; undefined when nothing binds. */
  export function limits(
    bounds: IClusterLimits | undefined
  ): JSONObject | undefined {
    const limits: JSONObject = {};
    const { workers, threadsPerWorker, memoryPerWorker } = bounds ?? {};
    const { idleTimeout, lifetime } = bounds ?? {};
    if (workers !== undefined) {
      limits.workers = workers;
    }
    if (threadsPerWorker !== undefined) {
      limits.threads = threadsPerWorker;
    }
    if (memoryPerWorker !== undefined) {
      limits.memory = memoryPerWorker;
    }
    if (idleTimeout !== undefined) {
      limits.idleTimeout = idleTimeout;
    }
    if (lifetime !== undefined) {
      limits.lifetime = lifetime;
    }
    return Object.keys(limits).length > 0 ? limits : undefined;
  }

  /** The launcher's name and its own options, without what was left empty. */
  export function split(options: JSONObject): {
    launcher: string;
    options: JSONObject;
  } {
    const { launcher, ...rest } = options;
    for (const [name, value] of Object.entries(rest)) {
      if (value === '' || value === undefined) {
        delete rest[name];
      }
    }
    if (typeof rest.memory === 'string' && rest.memory.trim() === 'auto') {
      delete rest.memory;
    }
    return {
      launcher: launcher === 'labextension' ? launcher : 'local',
      options: rest as JSONObject
    };
  }
}
