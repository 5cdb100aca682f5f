/** The administrator's form for new clusters, and our own fields in it. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { adaptiveFields } from '../kernel/form';
import type { IGatewayOption } from './wire';

/** Workers of a cluster for which nobody said how many. */
export const WORKERS = 2;

/** Our own fields; the gateway's come with a mark, so that none hides another. */
const OWN = ['workers', 'minimum', 'maximum'] as const;

/** How many workers are wanted. */
export interface IWish {
  workers?: number;
  minimum?: number;
  maximum?: number;
}

/** JSON Schema of all that can be asked of a new cluster. */
export function gatewaySchema(
  options: readonly IGatewayOption[],
  trans: TranslationBundle
): JSONObject {
  const properties: JSONObject = {};
  for (const option of options) {
    properties[fieldOf(option.field)] = Private.property(option, trans);
  }
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      ...properties,
      workers: {
        type: 'integer',
        title: trans.__('Workers'),
        description: trans.__('Started as soon as the scheduler runs.'),
        default: WORKERS,
        minimum: 0
      },
      ...adaptiveFields(trans)
    },
    dependencies: { minimum: ['maximum'] }
  };
}

/** The field of our form for an option of the gateway. */
export function fieldOf(option: string): string {
  return (OWN as readonly string[]).includes(option)
    ? `gateway_${option}`
    : option;
}

/** What a filled form asks of the gateway, and of ourselves. */
export function splitOptions(values: JSONObject): {
  options: JSONObject;
  wish: IWish;
} {
  const options: JSONObject = {};
  const wish: IWish = {};
  for (const [field, value] of Object.entries(values)) {
    const own = OWN.find(name => name === field);
    if (value === undefined || value === '') {
      continue;
    } else if (own) {
      if (typeof value === 'number') {
        wish[own] = value;
      }
    } else {
      options[field.replace(/^gateway_(?=workers$|minimum$|maximum$)/, '')] =
        value;
    }
  }
  if (wish.maximum === undefined && wish.workers === undefined) {
    wish.workers = WORKERS;
  }
  return { options, wish };
}

namespace Private {
  export function property(
    { label, default: initial, spec }: IGatewayOption,
    trans: TranslationBundle
  ): JSONObject {
    const common: JSONObject = {
      title: label,
      ...(initial === undefined ? {} : { default: initial })
    };
    switch (spec.type) {
      case 'int':
        return { ...common, type: 'integer', ...bounds(spec, trans) };
      case 'float':
        return { ...common, type: 'number', ...bounds(spec, trans) };
      case 'bool':
        return { ...common, type: 'boolean' };
      case 'select':
        return {
          ...common,
          type: 'string',
          enum: Array.isArray(spec.options) ? spec.options.map(String) : []
        };
      case 'mapping':
        return {
          ...common,
          type: 'object',
          additionalProperties: { type: 'string' },
          default: object(initial)
        };
      default:
        return { ...common, type: 'string' };
    }
  }

  /** The administrator's bounds, for the check and in words. */
  function bounds(spec: JSONObject, trans: TranslationBundle): JSONObject {
    const min = typeof spec.min === 'number' ? spec.min : undefined;
    const max = typeof spec.max === 'number' ? spec.max : undefined;
    const words =
      min !== undefined && max !== undefined
        ? trans.__('Your hub allows %1 to %2.', min, max)
        : max !== undefined
          ? trans.__('Your hub allows at most %1.', max)
          : min !== undefined
            ? trans.__('Your hub allows %1 or more.', min)
            : '';
    return {
      ...(min === undefined ? {} : { minimum: min }),
      ...(max === undefined ? {} : { maximum: max }),
      ...(words ? { description: words } : {})
    };
  }

  function object(value: JSONValue | undefined): JSONObject {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? value
      : {};
  }
}
