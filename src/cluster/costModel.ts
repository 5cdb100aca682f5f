/**
 * The work of a template with given parameters, by the cost model in its
 * metadata. Pure functions, the same as in `seasonal_monitor/cost_model.py`,
 * where keys and formulas are explained; a test runs both over the same cases.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { evaluate, namesIn } from './expression';
import type { Values } from './expression';
import type { IWorkload } from './advisor';

/** A cost model that has been checked. */
export interface ICostModel {
  /** Formulas over the template's parameters. */
  steps: string;
  reads?: string;
  secondsPerPixelStep: string;
  resolution: string;
  unit: 'degree' | 'metre';
  bytes: number;
  factor: number;
  layers: number;
  /** The parameter with the area; null where the area is asked for. */
  area: string | null;
  /** The parameter with the side of a chunk. */
  chunk: string | null;
}

/** What is known besides the parameters. */
export interface IKnown {
  /** Side of a pixel in the model's unit, in place of the model's own. */
  resolution?: number;
  /** Of the area, where the model names no parameter for it. */
  squareKm?: number;
}

export const METRES_PER_DEGREE = 111_320;

/** A wish or a model that gives no work, in words. */
export class SizingError extends Error {}

/**
 * Check a cost model as it stands in a template's metadata.
 *
 * @param parameters - The names of the template's parameters.
 *
 * @throws SizingError naming the key that is missing, unknown or wrong.
 */
export function readCostModel(
  cost: JSONObject,
  parameters: readonly string[],
  trans: TranslationBundle
): ICostModel {
  const wrong = (key: string, text: string): SizingError =>
    new SizingError(
      trans.__('The template’s cost model is wrong: cost.%1 %2', key, text)
    );
  for (const key of Object.keys(cost)) {
    if (!Private.KEYS.includes(key)) {
      throw wrong(key, trans.__('is not known.'));
    }
  }
  const formula = (key: string): string => {
    const value = cost[key];
    if (value === undefined) {
      throw wrong(key, trans.__('is missing.'));
    }
    if (!Private.isNumber(value) && typeof value !== 'string') {
      throw wrong(key, trans.__('must be a formula or a number.'));
    }
    let names: string[];
    try {
      names = namesIn(String(value));
    } catch {
      throw wrong(key, trans.__('is no formula.'));
    }
    const unknown = names.find(name => !parameters.includes(name));
    if (unknown !== undefined) {
      throw wrong(
        key,
        trans.__('names “%1”, which is no parameter of the template.', unknown)
      );
    }
    return String(value);
  };
  const amount = (key: string, usual: number): number => {
    const value = cost[key] ?? usual;
    if (!Private.isNumber(value) || !(value > 0)) {
      throw wrong(key, trans.__('must be a number above 0.'));
    }
    return value;
  };
  const parameter = (key: string, usual: string): string | null => {
    const name = cost[key] === undefined ? usual : cost[key];
    if (name !== null && !parameters.includes(String(name))) {
      throw wrong(key, trans.__('must be the name of a parameter, or null.'));
    }
    return name === null ? null : String(name);
  };
  const unit = cost.resolution_unit ?? 'degree';
  if (unit !== 'degree' && unit !== 'metre') {
    throw wrong('resolution_unit', trans.__('must be degree or metre.'));
  }
  return {
    steps: formula('steps'),
    secondsPerPixelStep: formula('seconds_per_pixel_step'),
    resolution: formula('resolution'),
    ...(cost.reads === undefined ? {} : { reads: formula('reads') }),
    unit,
    bytes: amount('bytes_per_pixel_step', 4),
    factor: amount('working_factor', 3),
    layers: amount('layers', 4),
    area: parameter('area', 'area'),
    chunk: parameter('chunk', 'chunk_px')
  };
}

/**
 * The work that a template does with these parameters.
 *
 * @throws SizingError when a parameter or formula gives no usable number, or
 * the area is not known.
 */
export function workload(
  model: ICostModel,
  parameters: Readonly<JSONObject>,
  known: IKnown,
  trans: TranslationBundle
): IWorkload {
  const extent = Private.extent(model, parameters, known, trans);
  let { width, height } = extent;
  const values = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, asNumber(value)])
  );
  const value = (formula: string): number =>
    Private.value(formula, values, trans);
  const pixel = known.resolution ?? value(model.resolution);
  if (!(pixel > 0)) {
    throw new SizingError(trans.__('The size of a pixel must be above 0.'));
  }
  if (model.unit === 'metre') {
    width *= METRES_PER_DEGREE * Math.cos((extent.middle * Math.PI) / 180);
    height *= METRES_PER_DEGREE;
  }
  const steps = value(model.steps);
  const reads = model.reads === undefined ? steps : value(model.reads);
  if (!(steps >= 1 && reads >= 1)) {
    throw new SizingError(
      trans.__('With these parameters no date is left to compute.')
    );
  }
  return {
    steps: roundUp(steps),
    reads: roundUp(reads),
    height: Math.max(1, roundUp(height / pixel)),
    width: Math.max(1, roundUp(width / pixel)),
    itemsize: model.bytes,
    factor: model.factor,
    secondsPerPixelStep: Math.max(0, value(model.secondsPerPixelStep)),
    layers: model.layers
  };
}

/** The number that stands for a parameter's value in formulas. */
export function asNumber(value: JSONValue | undefined): number {
  if (value === null || value === undefined) {
    return 0;
  }
  if (typeof value === 'boolean') {
    return Number(value);
  }
  if (typeof value === 'number') {
    return value;
  }
  if (typeof value === 'string') {
    const dekad = /^(\d{4})(0[1-9]|1[0-2])d([123])$/.exec(value);
    if (dekad) {
      const [year, month, part] = dekad.slice(1).map(Number);
      return year * 36 + (month - 1) * 3 + part - 1;
    }
    return Private.days(value) ?? (value ? 1 : 0);
  }
  return Array.isArray(value) ? value.length : 1;
}

/** Round up; what is a whole number but for the last digits stays it. */
export function roundUp(value: number): number {
  return Math.ceil(value - 1e-6);
}

namespace Private {
  export const KEYS = [
    'steps',
    'reads',
    'seconds_per_pixel_step',
    'resolution',
    'resolution_unit',
    'bytes_per_pixel_step',
    'working_factor',
    'layers',
    'area',
    'chunk'
  ];

  export function isNumber(value: unknown): value is number {
    return typeof value === 'number' && Number.isFinite(value);
  }

  /** Days since 1970 of a date, if it is one. */
  export function days(text: string): number | undefined {
    const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.slice(1).map(Number);
    if (!parts) {
      return undefined;
    }
    const [year, month, day] = parts;
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    return year > 0 &&
      date.getUTCMonth() === month - 1 &&
      date.getUTCDate() === day
      ? date.getTime() / 86_400_000
      : undefined;
  }

  /** Width and height in degrees, and the latitude in their middle. */
  export function extent(
    model: ICostModel,
    parameters: Readonly<JSONObject>,
    { squareKm }: IKnown,
    trans: TranslationBundle
  ): { middle: number; width: number; height: number } {
    if (model.area === null) {
      if (squareKm === undefined || !(squareKm > 0)) {
        throw new SizingError(
          trans.__('Say how large the area is: the template reads it later.')
        );
      }
      const side = (Math.sqrt(squareKm) * 1000) / METRES_PER_DEGREE;
      return { middle: 0, width: side, height: side };
    }
    const box = parameters[model.area];
    if (!Array.isArray(box) || box.length !== 4 || !box.every(isNumber)) {
      throw new SizingError(trans.__('Give the four edges of the area.'));
    }
    const [west, south, east, north] = box as number[];
    if (!(west < east && south < north)) {
      throw new SizingError(
        trans.__('West must be less than east, and south less than north.')
      );
    }
    return {
      middle: (south + north) / 2,
      width: east - west,
      height: north - south
    };
  }

  export function value(
    formula: string,
    values: Values,
    trans: TranslationBundle
  ): number {
    const absent = namesIn(formula).find(name => values[name] === undefined);
    if (absent !== undefined) {
      throw new SizingError(trans.__('The parameter “%1” is empty.', absent));
    }
    const found = evaluate(formula, values);
    if (found === undefined || !Number.isFinite(found)) {
      throw new SizingError(
        trans.__('%1 gives no number with these parameters.', formula)
      );
    }
    return found;
  }
}
