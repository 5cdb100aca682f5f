/** What a hub calls the things of a class: one setting for participants and trainers. */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import { loadSettings } from '../settings';

const ID = 'jupyterlab-seasonal-monitor:classes';

/** The names, which `schema/classes.json` describes. */
export interface IClassNames {
  /** Of the hub's service for classes. */
  service: string;
  /** Of the hub's group of participants. */
  group: string;
}

/** Read them; the defaults hold where there are no settings. */
export async function loadClassNames(
  registry: ISettingRegistry | null,
  trans: TranslationBundle
): Promise<IClassNames> {
  const settings = registry && (await loadSettings(registry, ID, trans));
  const { service, group } = settings?.composite ?? {};
  return {
    service: String(service ?? 'workshop'),
    group: String(group ?? 'workshop')
  };
}
