/**
 * The kinds of work that are compared: each template for one dekad, by the cost
 * model in its metadata. Pure functions.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { templates } from '../../../scripts/templateListing';
import { SECONDS_PER_READ } from '../../cluster/advisor';
import {
  asNumber,
  METRES_PER_DEGREE,
  readCostModel,
  workload
} from '../../cluster/costModel';
import { evaluate } from '../../cluster/expression';

/** How fast one core is with a kind of work, and where that is from. */
export interface IKind {
  id: string;
  label: string;
  /** The task that the template serves. */
  task: string;
  /**
   * Pixels a second of one core: all steps of a pixel together, computed and
   * read, without the opening of files.
   */
  rate: number;
  /** Dates that are read for each pixel. */
  steps: number;
  /** Bytes of one value in memory. */
  bytes: number;
  /** Metres of a pixel's side. */
  pixel: number;
  source: string;
  date: string;
}

/** When docs/benchmarks-costs.md compared the cost models with measured times. */
export const MEASURED = '2026-11-28';

/** The kinds of work: every template that comes with a cost model. */
export function kinds(trans: TranslationBundle): IKind[] {
  return Private.recipes(trans).map(
    ({ id, template = id, label, values }): IKind => {
      const { task, version, cost } = templates[template];
      const model = readCostModel(
        cost as JSONObject,
        ['area', 'chunk_px', ...Object.keys(values)],
        trans
      );
      // Of which area does not matter: what is asked for holds for each pixel.
      const work = workload(
        model,
        { area: [0, 0, 1, 1], ...values },
        { squareKm: 1 },
        trans
      );
      const side = evaluate(model.resolution, Private.numbers(values)) ?? NaN;
      return {
        id,
        label,
        task: String(task),
        rate:
          1 /
          (work.steps * work.secondsPerPixelStep +
            work.reads * SECONDS_PER_READ),
        steps: work.reads,
        bytes: work.itemsize,
        pixel: side * (model.unit === 'metre' ? 1 : METRES_PER_DEGREE),
        source: trans.__(
          'cost model of the template %1 %2, beside measured times in docs/benchmarks-costs.md',
          template,
          String(version)
        ),
        date: MEASURED
      };
    }
  );
}

namespace Private {
  /** A template, and the values of the parameters that its cost model names. */
  interface IRecipe {
    id: string;
    /** The id of the template, where it is another. */
    template?: string;
    label: string;
    values: JSONObject;
  }

  /** One dekad; of Sentinel-2 ten days. All else is as the template comes. */
  const DEKAD = { start: '202403d1', end: '202403d1' };
  const DAYS = { start: '2024-03-01', end: '2024-03-10' };
  const NORMAL = { baseline_start: 1991, baseline_end: 2020 };
  const VEGETATION = { baseline_start: 2013, baseline_end: 2022 };
  const SEASON = { season_opens: 7, season_closes: 18 };
  const SMOOTH = {
    ...DEKAD,
    history_dekads: 36,
    composite_days: 16,
    expectile: 0.9,
    lambda_low: -2,
    lambda_high: 2
  };

  export function recipes(trans: TranslationBundle): IRecipe[] {
    return [
      {
        id: 'rainfall-dekads',
        label: trans.__('Rainfall per dekad'),
        values: DEKAD
      },
      {
        id: 'rainfall-anomaly',
        label: trans.__('Rainfall anomaly'),
        values: { ...DEKAD, ...NORMAL, n_dekads: 1 }
      },
      {
        id: 'ndvi-smooth',
        label: trans.__('Vegetation, smoothed'),
        values: { ...SMOOTH, stored_lambdas: '' }
      },
      {
        id: 'ndvi-smooth-stored',
        template: 'ndvi-smooth',
        label: trans.__('Vegetation, smoothed as in an earlier run'),
        values: { ...SMOOTH, stored_lambdas: 'an earlier run' }
      },
      {
        id: 'vegetation-condition',
        label: trans.__('Condition of the vegetation'),
        values: { ...DEKAD, ...VEGETATION }
      },
      {
        id: 'vegetation-health',
        label: trans.__('Health of the vegetation'),
        values: { ...DEKAD, ...VEGETATION }
      },
      {
        id: 'lst-dekad',
        label: trans.__('Land surface temperature'),
        values: { ...DEKAD, baseline_start: 2019, baseline_end: 2023 }
      },
      {
        id: 'spi',
        label: trans.__('Standardised precipitation index'),
        values: { ...DEKAD, ...NORMAL, n_dekads: 9 }
      },
      {
        id: 'rain-spells',
        label: trans.__('Dry spells and heavy rain'),
        values: { ...DEKAD, baseline_start: 2022, baseline_end: 2024 }
      },
      {
        id: 'publish-cube',
        label: trans.__('Publish a cube'),
        values: DEKAD
      },
      {
        id: 'season-start',
        label: trans.__('Rainy season: start, end, length'),
        values: { ...SEASON, ...NORMAL, year: 2024 }
      },
      {
        id: 'water-anomaly-index',
        label: trans.__('Water anomaly index'),
        values: { year: 2024, first_year: 2001, first_month: 3, last_month: 5 }
      },
      {
        id: 'trend',
        label: trans.__('Trend over the years'),
        values: { ...SEASON, first_year: 1991, last_year: 2024 }
      },
      {
        id: 'zonal-timeseries',
        label: trans.__('Time series of districts'),
        values: { ...DEKAD, ...NORMAL }
      },
      {
        id: 'statistics-service',
        label: trans.__('Statistics service'),
        values: DEKAD
      },
      {
        id: 'explore-cube',
        label: trans.__('Explore a cube'),
        values: DEKAD
      },
      {
        id: 'season-profile',
        label: trans.__('Course of a season'),
        values: { ...DEKAD, ...VEGETATION }
      },
      {
        id: 's2-fields',
        label: trans.__('Fields from Sentinel-2'),
        values: DAYS
      },
      {
        id: 'dask-on-dekads',
        label: trans.__('Dask on dekads'),
        values: { dekad: '202404d2', baseline_start: 2015, baseline_end: 2023 }
      }
    ];
  }

  /** The values as formulas take them. */
  export function numbers(values: JSONObject): Record<string, number> {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, asNumber(value)])
    );
  }
}
