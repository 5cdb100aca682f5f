import { Notification } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

/**
 * Read a plugin's settings.
 *
 * @returns A promise of the settings; of null when they cannot be used, which
 * a notification says with the key. It never rejects.
 */
export async function loadSettings(
  registry: ISettingRegistry,
  id: string,
  trans: TranslationBundle
): Promise<ISettingRegistry.ISettings | null> {
  try {
    return await registry.load(id);
  } catch (reason) {
    Private.tell(id, reason, trans);
    return null;
  }
}

/**
 * Read a plugin's settings, and again with each change.
 *
 * @param apply - Called with the settings, or with null when they are broken
 * and the defaults hold.
 * @returns A promise that resolves when they were applied for the first time;
 * it never rejects.
 */
export async function followSettings(
  registry: ISettingRegistry,
  id: string,
  trans: TranslationBundle,
  apply: (settings: ISettingRegistry.ISettings | null) => void
): Promise<void> {
  const settings = await loadSettings(registry, id, trans);
  settings?.changed.connect(apply);
  apply(settings);
}

namespace Private {
  /** Name the key that is wrong. */
  export function tell(
    id: string,
    reason: unknown,
    trans: TranslationBundle
  ): void {
    const [first] = Array.isArray(reason) ? reason : [reason];
    const path = (first as { instancePath?: unknown })?.instancePath;
    const key = typeof path === 'string' ? path.replace(/^\//, '') : '';
    const file = `${id.replace(':', '/')}.jupyterlab-settings`;
    Notification.warning(
      key
        ? trans.__(
            'The setting %1 in %2 cannot be used, so the defaults hold. Correct that file and reload the page.',
            key.replace(/\//g, '.'),
            file
          )
        : trans.__(
            'The settings in %1 cannot be read, so the defaults hold. Correct that file and reload the page.',
            file
          ),
      { autoClose: false }
    );
  }
}
