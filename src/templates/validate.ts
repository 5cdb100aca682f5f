/**
 * Whether values fit a template, said in words for each field. The schema's
 * own rules come first; then rules that a schema cannot say: that a start is
 * not after its end, and that an area lies on the globe.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { RJSFSchema, ValidatorType } from '@rjsf/utils';
import type { ITemplate } from '../tokens';
import { parameterSchemas, parameterType } from './metadata';
import type { IParameterSchema } from './metadata';

/** Messages by parameter name. A parameter without messages is right. */
export type FieldErrors = Record<string, string[]>;

/**
 * What is wrong with the values of a template.
 *
 * @param values - By parameter name. An absent value is an error, since every
 * line of the parameters cell assigns one.
 * @param validator - Checks a value against a JSON Schema.
 */
export function validateValues(
  template: ITemplate,
  values: JSONObject,
  validator: ValidatorType,
  trans: TranslationBundle
): FieldErrors {
  const schemas = parameterSchemas(template);
  const errors: FieldErrors = {};
  for (const [name, schema] of Object.entries(schemas)) {
    const messages = valueErrors(name, schema, values[name], validator, trans);
    if (messages.length > 0) {
      errors[name] = messages;
    }
  }
  for (const [first, last] of orderedPairs(Object.keys(schemas))) {
    const [from, to] = [values[first], values[last]];
    if (
      !errors[first] &&
      !errors[last] &&
      typeof from === typeof to &&
      (typeof from === 'string' || typeof from === 'number') &&
      from > to!
    ) {
      errors[last] = [
        trans.__(
          'This is before “%1” (%2). Choose a later one.',
          schemas[first].title,
          String(from)
        )
      ];
    }
  }
  return errors;
}

/** Whether a parameter is an area: west, south, east, north in degrees. */
export function isBox(name: string, schema: JSONObject): boolean {
  const items = (schema.items ?? {}) as JSONObject;
  return (
    schema.type === 'array' &&
    schema.minItems === 4 &&
    schema.maxItems === 4 &&
    ['number', 'integer'].includes(parameterType(items).type) &&
    (schema.format === 'bbox' || /(^|_)(area|aoi|bbox|bounds)$/.test(name))
  );
}

/**
 * Whether text looks like an address with a key in it. Notebooks and states are
 * shared, so such text is neither stored nor written.
 */
export function holdsSecret(text: string): boolean {
  return (
    /^[a-z][\w+.-]*:\/\/[^/?#@]*:[^/?#@]*@/i.test(text) ||
    /[?&#](?:[\w.-]*(?:token|signature|secret|password|passwd|api[_-]?key|access[_-]?key|credential)|sig|key|pwd)=[^&]/i.test(
      text
    )
  );
}

/** Whether a value is of the JSON type that a parameter has. */
export function hasType(value: JSONValue, schema: JSONObject): boolean {
  const { type, nullable } = parameterType(schema);
  if (value === null) {
    return nullable;
  }
  if (type === 'array') {
    const items = (schema.items ?? {}) as JSONObject;
    return Array.isArray(value) && value.every(item => hasType(item, items));
  }
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function valueErrors(
  name: string,
  schema: IParameterSchema,
  value: JSONValue | undefined,
  validator: ValidatorType,
  trans: TranslationBundle
): string[] {
  if (value === undefined) {
    return [trans.__('Give a value.')];
  }
  if (value === null && parameterType(schema).nullable) {
    return [];
  }
  if (isBox(name, schema) && Array.isArray(value)) {
    return boxErrors(value, trans);
  }
  const { errors } = validator.rawValidation<Private.IError>(
    schema as RJSFSchema,
    value
  );
  const messages = (errors ?? []).map(error =>
    Private.message(error, schema, trans)
  );
  if (typeof value === 'string' && holdsSecret(value)) {
    messages.push(
      trans.__(
        'This address holds a key. Notebooks are shared: let the notebook read it from the environment.'
      )
    );
  }
  return Array.from(new Set(messages)).slice(0, 1);
}

function boxErrors(value: JSONValue[], trans: TranslationBundle): string[] {
  if (
    value.length !== 4 ||
    !value.every(item => typeof item === 'number' && Number.isFinite(item))
  ) {
    return [trans.__('Give all four edges, in degrees.')];
  }
  const [west, south, east, north] = value as number[];
  const messages: string[] = [];
  if (Math.abs(west) > 180 || Math.abs(east) > 180) {
    messages.push(trans.__('West and east lie between -180 and 180 degrees.'));
  }
  if (Math.abs(south) > 90 || Math.abs(north) > 90) {
    messages.push(trans.__('South and north lie between -90 and 90 degrees.'));
  }
  if (messages.length === 0 && west >= east) {
    messages.push(trans.__('West must be less than east.'));
  }
  if (messages.length === 0 && south >= north) {
    messages.push(trans.__('South must be less than north.'));
  }
  return messages;
}

/** The pairs of names of which the first may not be after the second. */
function orderedPairs(names: string[]): [string, string][] {
  const words = [
    ['start', 'end'],
    ['first', 'last'],
    ['begin', 'end'],
    ['from', 'to'],
    ['min', 'max'],
    ['minimum', 'maximum']
  ];
  const known = new Set(names);
  return names.flatMap(name => {
    const parts = name.split('_');
    return words.flatMap(([first, last]): [string, string][] => {
      const other = parts.map(part => (part === first ? last : part)).join('_');
      return parts.includes(first) && known.has(other) ? [[name, other]] : [];
    });
  });
}

namespace Private {
  /** The parts of an Ajv error that are read here. */
  export interface IError {
    keyword: string;
    params: { limit?: number; type?: string | string[] };
    message?: string;
  }

  const DEKAD = /^\d{6}d[123]$/;

  /** One of the schema's rules, in words. */
  export function message(
    error: IError,
    schema: JSONObject,
    trans: TranslationBundle
  ): string {
    const limit = String(error.params.limit);
    switch (error.keyword) {
      case 'type':
        return typeMessage(schema, trans);
      case 'minimum':
        return trans.__('Give %1 or more.', limit);
      case 'maximum':
        return trans.__('Give %1 or less.', limit);
      case 'exclusiveMinimum':
        return trans.__('Give more than %1.', limit);
      case 'exclusiveMaximum':
        return trans.__('Give less than %1.', limit);
      case 'minLength':
        return trans.__('Give a value.');
      case 'maxLength':
        return trans.__('Write at most %1 characters.', limit);
      case 'minItems':
        return trans._n(
          'Give at least %1 value.',
          'Give at least %1 values.',
          error.params.limit ?? 0
        );
      case 'maxItems':
        return trans._n(
          'Give at most %1 value.',
          'Give at most %1 values.',
          error.params.limit ?? 0
        );
      case 'uniqueItems':
        return trans.__('Give each value once.');
      case 'enum':
      case 'const':
      case 'oneOf':
      case 'anyOf':
        return trans.__('Choose one of the values in the list.');
      case 'pattern':
        return patternMessage(schema, trans);
      default:
        return trans.__('This value does not fit: %1.', error.message ?? '');
    }
  }

  function typeMessage(schema: JSONObject, trans: TranslationBundle): string {
    const { type } = parameterType(schema);
    const scalar =
      type === 'array'
        ? parameterType((schema.items ?? {}) as JSONObject).type
        : type;
    switch (scalar) {
      case 'integer':
        return trans.__('Write a whole number.');
      case 'number':
        return trans.__('Write a number.');
      default:
        return trans.__('Give a value.');
    }
  }

  function patternMessage(
    schema: JSONObject,
    trans: TranslationBundle
  ): string {
    const examples = [schema.examples, schema.default].flat();
    const example = examples.find(item => typeof item === 'string' && item);
    if (typeof example === 'string' && DEKAD.test(example)) {
      return trans.__(
        'Write a dekad as year, month, and d1, d2 or d3, such as %1.',
        example
      );
    }
    return typeof example === 'string'
      ? trans.__('Write it in the form of “%1”.', example)
      : trans.__('This value does not have the right form.');
  }
}
