import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONExt, JSONObject, PartialJSONObject } from '@lumino/coreutils';
import type { IProfiles, IProviderForm } from '../tokens';

/** Options that the limit on workers bounds. */
const COUNTS = ['workers', 'minimum', 'maximum'];

/**
 * A provider's form with the reason at each field that an administrator has
 * bounded or set.
 */
export function explainLimits(
  form: IProviderForm,
  provider: string,
  profiles: Pick<IProfiles, 'cap' | 'limits' | 'locked'>,
  trans: TranslationBundle
): Pick<IProviderForm, 'schema' | 'uiSchema'> {
  const locked = profiles.locked(provider);
  const { workers, threadsPerWorker, memoryPerWorker } = profiles.limits;
  const { idleTimeout, lifetime } = profiles.limits;
  const schema = JSONExt.deepCopy(form.schema);
  const uiSchema: JSONObject = { ...form.uiSchema };
  const fields = (schema.properties ?? {}) as Record<string, JSONObject>;
  for (const [name, field] of Object.entries(fields)) {
    const most =
      COUNTS.includes(name) && workers !== undefined
        ? workers
        : name === 'threads'
          ? threadsPerWorker
          : name === 'memory'
            ? memoryPerWorker
            : name === 'idleTimeout'
              ? idleTimeout
              : name === 'lifetime'
                ? lifetime
                : undefined;
    const reasons = [field.description];
    if (name in locked) {
      reasons.push(trans.__('Locked: your administrator has set it.'));
      uiSchema[name] = {
        ...(uiSchema[name] as PartialJSONObject as JSONObject),
        'ui:disabled': true
      };
    } else if (most !== undefined) {
      reasons.push(trans.__('Your administrator allows at most %1.', most));
    }
    if (COUNTS.includes(name)) {
      reasons.push(profiles.cap?.text ?? '');
    }
    field.description = reasons.filter(Boolean).join(' ');
  }
  return { schema, uiSchema };
}
