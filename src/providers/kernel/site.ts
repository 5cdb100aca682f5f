/** A site's `labextension` Dask configuration, as profiles. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { IProfile } from '../../tokens';

/**
 * One profile for the configured default, and one for each cluster that the
 * site wanted to have at the start.
 *
 * @param section - What the controller reports, or null when there is none.
 */
export function siteProfiles(
  trans: TranslationBundle,
  section: JSONObject | null
): IProfile[] {
  if (!section) {
    return [];
  }
  const factory = Private.object(section.factory);
  const kind = Private.text(factory.class) || trans.__('Dask cluster');
  const initial = Array.isArray(section.initial) ? section.initial : [];
  const entries = [
    {
      name: trans.__("Site's %1", kind),
      sizes: Private.object(section.default),
      initial: false
    },
    ...initial.map(Private.object).map((sizes, index) => ({
      name:
        Private.text(sizes.name) || trans.__("Site's %1 (%2)", kind, index + 1),
      sizes,
      initial: true
    }))
  ];
  return entries.map(({ name, sizes, initial }) => ({
    name,
    description: trans.__(
      "From this site's Dask configuration: %1.",
      [Private.text(factory.module), kind].filter(Boolean).join('.')
    ),
    provider: 'local',
    origin: 'site',
    initial,
    options: { launcher: 'labextension', ...Private.sizes(sizes) }
  }));
}

namespace Private {
  export function object(value: unknown): JSONObject {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JSONObject)
      : {};
  }

  export function text(value: unknown): string {
    return typeof value === 'string' ? value.trim() : '';
  }

  function count(name: string, value: unknown): JSONObject {
    return Number.isInteger(value) ? { [name]: value as number } : {};
  }

  /** Workers, or the bounds of an adaptive cluster. */
  export function sizes(entry: JSONObject): JSONObject {
    const adapt = object(entry.adapt);
    return Number.isInteger(adapt.maximum)
      ? {
          ...count('minimum', adapt.minimum),
          ...count('maximum', adapt.maximum)
        }
      : count('workers', entry.workers);
  }
}
