import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { JSONArray, ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { Profiles } from '../cluster/profiles';
import { followSettings } from '../settings';
import {
  DOMAIN,
  IClusterLimits,
  IClusterManager,
  IProfile,
  IProfiles,
  IProviderRegistry
} from '../tokens';

const ID = 'jupyterlab-seasonal-monitor:profiles';
const LAST = 'jupyterlab-seasonal-monitor:last-profile';

/** Provide presets for new clusters, and limits on them, from the settings. */
export async function activate(
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  manager: IClusterManager,
  settings: ISettingRegistry,
  state: IStateDB | null,
  translator: ITranslator | null
): Promise<IProfiles> {
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const profiles = new Profiles({
    registry,
    trans,
    save: async own => {
      const value: unknown = own;
      await settings.set(ID, 'profiles', value as JSONArray);
    },
    remember: name => void state?.save(LAST, name)
  });
  manager.bound(request => profiles.clamp(request).request);
  await followSettings(settings, ID, trans, setting => {
    if (setting) {
      profiles.update(Private.read(setting.schema, setting.user));
      return;
    }
    // What the administrator has set holds whatever the person's file says.
    void settings.connector.fetch(ID).then(plugin => {
      profiles.update(Private.read(plugin?.schema, {}));
    });
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

  const limits = (value: unknown): IClusterLimits =>
    (value as IClusterLimits | undefined) ?? {};

  /** The administrator's and the person's part of the settings. */
  export function read(
    schema: ISettingRegistry.ISchema | undefined,
    user: ReadonlyPartialJSONObject
  ): Profiles.ISettings {
    // `default()` forgets what overrides.json puts inside of an object.
    const admin = (name: string): unknown =>
      schema?.properties?.[name]?.default;
    return {
      admin: schema ? list(admin('profiles')) : Profiles.SHIPPED,
      shipped: Profiles.SHIPPED,
      user: list(user.profiles),
      adminLimits: limits(admin('limits')),
      userLimits: limits(user.limits),
      locked: admin('locked') as Profiles.ISettings['locked']
    };
  }
}
