/** What is wrong with fields of the form for a new cluster, beside what its schema says. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONExt, JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import type { ErrorSchema } from '@rjsf/utils';
import { plainText } from '../plainText';
import type { IProviderForm } from '../tokens';

/** Go to the first field that is wrong, or show what is wrong with no field. */
export function goToError(root: HTMLElement | null): void {
  const error = root?.querySelector('.jp-DaskField-error');
  const field = error
    ?.closest('.jp-DaskField')
    ?.querySelector<HTMLElement>('input, select, textarea');
  if (field) {
    field.focus();
  } else {
    error?.scrollIntoView?.({ block: 'nearest' });
  }
}

/** Refusals as the form takes them. */
export function asErrors(
  refused: Readonly<Record<string, string>>
): ErrorSchema<ReadonlyJSONObject> {
  return Object.fromEntries(
    Object.entries(refused).map(([field, text]) => [
      field,
      { __errors: [plainText(text, 300)] }
    ])
  ) as ErrorSchema<ReadonlyJSONObject>;
}

/** Whether the form has a field of this name. */
export function hasField({ schema }: IProviderForm, field: string): boolean {
  return field in ((schema.properties ?? {}) as JSONObject);
}

/**
 * The fields for numbers that hold something else, which the browser gives out as
 * nothing: it would be taken for an empty field.
 *
 * @param before - What was found before, which is returned if nothing has changed.
 */
export function findGarbled(
  root: HTMLElement | null,
  before: readonly string[]
): readonly string[] {
  const inputs = root?.querySelectorAll<HTMLInputElement>('input[type=number]');
  const found = [...(inputs ?? [])]
    .filter(input => input.validity.badInput)
    .map(input => input.id.replace(/^root_/, ''));
  return JSONExt.deepEqual(found, [...before]) ? before : found;
}

/**
 * Values that a list does not offer, such as a profile's from another time: a form
 * takes the usual one in their place, which is said.
 *
 * @param before - The values that it was filled with.
 * @param after - Those that it has made of them.
 */
export function findReplaced(
  { schema }: IProviderForm,
  before: JSONObject,
  after: JSONObject,
  trans: TranslationBundle
): Record<string, string> {
  const fields = (schema.properties ?? {}) as Record<string, JSONObject>;
  return Object.fromEntries(
    Object.entries(before)
      .filter(
        ([name, value]) =>
          Array.isArray(fields[name]?.enum) &&
          !fields[name].enum.some(choice => JSONExt.deepEqual(choice, value)) &&
          !JSONExt.deepEqual(after[name] ?? null, value)
      )
      .map(([name, value]) => [
        name,
        trans.__(
          '“%1” cannot be chosen here: this is taken unless you choose another.',
          String(value)
        )
      ])
  );
}
