import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONExt, JSONObject } from '@lumino/coreutils';
import { DisposableDelegate, IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import {
  ICap,
  IClusterLimits,
  IClusterRequest,
  IProfile,
  IProfiles,
  IProviderRegistry
} from '../tokens';
import { parseBytes } from './units';

/**
 * The profiles and limits in force: the administrator's and the shipped ones,
 * then those that an environment defines, then the person's own, which replace
 * others of the same name. A provider's plain profile, without options, is for
 * where an administrator has made none for it.
 */
export class Profiles implements IProfiles {
  constructor(options: Profiles.IOptions) {
    this._trans = options.trans;
    this._registry = options.registry;
    this._save = options.save;
    this._remember = options.remember;
  }

  get profiles(): readonly IProfile[] {
    return this._profiles;
  }

  get changed(): ISignal<IProfiles, void> {
    return this._changed;
  }

  get last(): IProfile | undefined {
    return (
      this._profiles.find(profile => profile.name === this._lastName) ??
      this._profiles[0]
    );
  }

  /** The limits in force; absent ones do not bind. */
  get limits(): IClusterLimits {
    return this._limits;
  }

  get cap(): ICap | undefined {
    return this._caps.reduce<ICap | undefined>(
      (least, one) => (least && least.workers <= one.workers ? least : one),
      undefined
    );
  }

  addCap(cap: ICap): IDisposable {
    this._caps = [...this._caps, cap];
    this._changed.emit();
    return new DisposableDelegate(() => {
      this._caps = this._caps.filter(one => one !== cap);
      this._changed.emit();
    });
  }

  remember(name: string): void {
    if (name !== this._lastName) {
      this._lastName = name;
      this._remember(name);
      this._changed.emit();
    }
  }

  /** The name that an earlier page remembered. */
  restore(name: string): void {
    this._lastName = name;
    this._changed.emit();
  }

  async save(profile: IProfile): Promise<void> {
    const own = { ...profile };
    delete own.origin;
    delete own.initial;
    const others = this._settings.user.filter(item => item.name !== own.name);
    await this._save([...others, own]);
  }

  /** The settings changed. */
  update(settings: Profiles.ISettings): void {
    this._settings = settings;
    this._limits = Profiles.strictest(
      settings.adminLimits,
      settings.userLimits
    );
    this._merge();
  }

  async refresh(): Promise<void> {
    const found = await Promise.allSettled(
      this._registry.providers.map(provider => provider.profiles?.() ?? [])
    );
    this._site = found.flatMap(result =>
      result.status === 'fulfilled' ? result.value : []
    );
    this._merge();
  }

  locked(provider: string): JSONObject {
    const locked = this._settings.locked?.[provider];
    return JSONExt.isObject(locked ?? null) ? locked! : {};
  }

  clamp(request: IClusterRequest): {
    request: IClusterRequest;
    notes: string[];
  } {
    const notes: string[] = [];
    const options: JSONObject = { ...request.options };
    for (const [name, value] of Object.entries(this.locked(request.provider))) {
      const asked = options[name] ?? null;
      if (asked !== null && !JSONExt.deepEqual(asked, value)) {
        notes.push(
          this._trans.__(
            'Your administrator has set %1 to %2.',
            name,
            String(value)
          )
        );
      }
      options[name] = value;
    }
    const { workers, threadsPerWorker, memoryPerWorker } = this._limits;
    for (const field of WORKERS) {
      const value = options[field];
      if (
        workers !== undefined &&
        typeof value === 'number' &&
        value > workers
      ) {
        options[field] = workers;
        const note = this._trans._n(
          'Your administrator allows %1 worker in a cluster.',
          'Your administrator allows %1 workers in a cluster.',
          workers
        );
        if (!notes.includes(note)) {
          notes.push(note);
        }
      }
    }
    this._clampToCap(options, notes);
    const threads = options.threads;
    if (
      threadsPerWorker !== undefined &&
      typeof threads === 'number' &&
      threads > threadsPerWorker
    ) {
      options.threads = threadsPerWorker;
      notes.push(
        this._trans._n(
          'Your administrator allows %1 thread in a worker.',
          'Your administrator allows %1 threads in a worker.',
          threadsPerWorker
        )
      );
    }
    this._clampTimes(options, notes);
    const memory = options.memory;
    if (memoryPerWorker !== undefined && typeof memory === 'string') {
      const asked = parseBytes(memory);
      const allowed = parseBytes(memoryPerWorker);
      if (asked !== undefined && allowed !== undefined && asked > allowed) {
        options.memory = memoryPerWorker;
        notes.push(
          this._trans.__(
            'Your administrator allows %1 of memory for a worker.',
            memoryPerWorker
          )
        );
      }
    }
    const bounds = Object.values(this._limits).some(one => one !== undefined);
    return {
      request: {
        ...request,
        options,
        ...(bounds
          ? {
              limits: Profiles.strictest(this._limits, request.limits ?? {})
            }
          : {})
      },
      notes
    };
  }

  /** The cap is no limit of the cluster: it can be raised while the cluster lives. */
  private _clampToCap(options: JSONObject, notes: string[]): void {
    const { cap } = this;
    if (!cap) {
      return;
    }
    let isMore = ['workers', 'maximum'].every(
      field => typeof options[field] !== 'number'
    );
    if (isMore) {
      // A size that is not said can be more.
      options.workers = cap.workers;
    }
    for (const field of WORKERS) {
      const value = options[field];
      if (typeof value === 'number' && value > cap.workers) {
        options[field] = cap.workers;
        isMore = true;
      }
    }
    if (isMore) {
      notes.push(cap.text);
    }
  }

  /** Times after which a cluster ends are at most those that are allowed. */
  private _clampTimes(options: JSONObject, notes: string[]): void {
    const { idleTimeout, lifetime } = this._limits;
    if (
      idleTimeout !== undefined &&
      typeof options.idleTimeout === 'number' &&
      options.idleTimeout > idleTimeout
    ) {
      options.idleTimeout = idleTimeout;
      notes.push(
        this._trans._n(
          'Your administrator stops clusters that are idle for %1 minute.',
          'Your administrator stops clusters that are idle for %1 minutes.',
          idleTimeout
        )
      );
    }
    if (
      lifetime !== undefined &&
      typeof options.lifetime === 'number' &&
      options.lifetime > lifetime
    ) {
      options.lifetime = lifetime;
      notes.push(
        this._trans._n(
          'Your administrator lets a cluster live for %1 minute.',
          'Your administrator lets a cluster live for %1 minutes.',
          lifetime
        )
      );
    }
  }

  private _merge(): void {
    const { admin, shipped, user } = this._settings;
    const merged = new Map<string, IProfile>();
    for (const profile of admin) {
      const own = shipped.some(one =>
        JSONExt.deepEqual({ ...one }, { ...profile })
      );
      merged.set(profile.name, own ? profile : { ...profile, origin: 'admin' });
    }
    for (const profile of this._site) {
      const isReplaced =
        JSONExt.deepEqual(profile.options, {}) &&
        [...merged.values()].some(
          ({ origin, provider }) =>
            origin === 'admin' && provider === profile.provider
        );
      if (!merged.has(profile.name) && !isReplaced) {
        merged.set(profile.name, { ...profile, origin: 'site' });
      }
    }
    for (const profile of user) {
      if (merged.get(profile.name)?.origin !== 'admin') {
        merged.set(profile.name, { ...profile, origin: 'user' });
      }
    }
    this._profiles = [...merged.values()];
    this._changed.emit();
  }

  private _trans: TranslationBundle;
  private _registry: IProviderRegistry;
  private _save: (profiles: IProfile[]) => Promise<void>;
  private _remember: (name: string) => void;
  private _lastName: string | undefined;
  private _limits: IClusterLimits = {};
  private _settings: Profiles.ISettings = {
    admin: Profiles.SHIPPED,
    shipped: Profiles.SHIPPED,
    user: [],
    adminLimits: {},
    userLimits: {}
  };
  private _caps: readonly ICap[] = [];
  private _site: IProfile[] = [];
  private _profiles: readonly IProfile[] = Profiles.SHIPPED;
  private _changed = new Signal<IProfiles, void>(this);
}

/** Options that bounds on workers are for. */
const WORKERS = ['workers', 'minimum', 'maximum'];

export namespace Profiles {
  export interface ISettings {
    /** The defaults of the setting, which an administrator may override. */
    admin: IProfile[];
    /** The defaults as this project ships them. */
    shipped: IProfile[];
    user: IProfile[];
    adminLimits: IClusterLimits;
    userLimits: IClusterLimits;
    /** By provider, the options that an administrator has set for everybody. */
    locked?: { readonly [provider: string]: JSONObject };
  }

  export interface IOptions {
    trans: TranslationBundle;
    registry: IProviderRegistry;
    /** Write the person's own profiles. */
    save: (profiles: IProfile[]) => Promise<void>;
    /** Keep the name of the last profile for the next page. */
    remember: (name: string) => void;
  }

  /** Stands in schema/profiles.json too; a test compares the two. */
  export const SHIPPED: IProfile[] = [
    {
      name: 'This machine',
      description: 'As many workers as this machine has cores for.',
      provider: 'local',
      options: {}
    }
  ];

  function smaller<T>(
    a: T | undefined,
    b: T | undefined,
    size: (value: T) => number | undefined
  ): T | undefined {
    if (a === undefined || b === undefined) {
      return a ?? b;
    }
    return (size(b) ?? Infinity) < (size(a) ?? Infinity) ? b : a;
  }

  /** A person can bind themselves further than the administrator, not less. */
  export function strictest(
    admin: IClusterLimits,
    user: IClusterLimits
  ): IClusterLimits {
    const number = (value: number): number => value;
    return {
      workers: smaller(admin.workers, user.workers, number),
      threadsPerWorker: smaller(
        admin.threadsPerWorker,
        user.threadsPerWorker,
        number
      ),
      memoryPerWorker: smaller(
        admin.memoryPerWorker,
        user.memoryPerWorker,
        parseBytes
      ),
      idleTimeout: smaller(admin.idleTimeout, user.idleTimeout, number),
      lifetime: smaller(admin.lifetime, user.lifetime, number)
    };
  }
}
