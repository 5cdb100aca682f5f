import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { JSONArray } from '@lumino/coreutils';
import { Profiles } from '../cluster/profiles';
import { DOMAIN, IProfile, IProfiles, IProviderRegistry } from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:profiles';
const LAST = 'jupyterlab-seasonal-monitor:last-profile';

/** Provide presets for new clusters, and limits on them, from the settings. */
export function activate(
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  settings: ISettingRegistry,
  state: IStateDB | null,
  translator: ITranslator | null
): IProfiles {
  const loaded = settings.load(ID);
  const profiles = new Profiles({
    registry,
    trans: (translator ?? nullTranslator).load(DOMAIN),
    save: async own => {
      const value: unknown = own;
      await (await loaded).set('profiles', value as JSONArray);
    },
    remember: name => void state?.save(LAST, name)
  });
  void loaded.then(setting => {
    const update = (): void => profiles.update(Private.read(setting));
    setting.changed.connect(update);
    update();
  });
  void state?.fetch(LAST).then(name => {
    if (typeof name === 'string') {
      profiles.restore(name);
    }
  });
  return profiles;
}

namespace Private {
  /** Settings fill what was left out with empty texts: they mean nothing. */
  const list = (value: unknown): IProfile[] =>
    (Array.isArray(value) ? (value as IProfile[]) : []).map(profile => {
      const { description, environment, ...rest } = profile;
      return {
        ...rest,
        ...(description ? { description } : {}),
        ...(environment ? { environment } : {})
      };
    });

  const limits = (value: unknown): Profiles.ILimits =>
    (value as Profiles.ILimits | undefined) ?? {};

  /** The administrator's and the person's part of the settings. */
  export function read(
    setting: ISettingRegistry.ISettings
  ): Profiles.ISettings {
    return {
      admin: list(setting.default('profiles')),
      shipped: Profiles.SHIPPED,
      user: list(setting.user.profiles),
      // `default()` forgets what overrides.json puts inside of an object.
      adminLimits: limits(setting.schema.properties?.limits?.default),
      userLimits: limits(setting.user.limits)
    };
  }
}
