/**
 * The work of a month: templates with area, periods and users, or core-hours
 * and gigabytes as they are. Pure functions.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { kinds } from './kinds';

/** One row of the month's work. */
export interface IWorkItem {
  /** The id of a kind of work. */
  kind: string;
  /** Square kilometres. */
  area: number;
  /** Metres of a pixel's side; the template's own where absent. */
  pixel?: number;
  /** How often a month. */
  periods: number;
  /** How many people do it. */
  users: number;
}

/** The month's work as it was put in. */
export interface IWork {
  mode: 'templates' | 'hours';
  items: IWorkItem[];
  /** Used as it is in the mode `hours`. */
  coreHours: number;
  gigabytes: number;
  /** The most that must be done at once, and in how many hours. */
  peakCoreHours: number;
  peakHours: number;
  users: number;
}

/** A number with a name that formulas use, and where it comes from. */
export interface INamed {
  name: string;
  label: string;
  unit: string;
  value: number;
  source: string;
  date: string;
}

/** A number that follows from others. */
export interface IQuantity {
  name: string;
  label: string;
  unit: string;
  formula: string;
}

/** The least and the most that a pixel's side may be, in metres. */
export const PIXEL: readonly [number, number] = [1, 1_000_000];

/** A month of dekadal production for Africa, to begin with. */
export const EXAMPLE: IWork = {
  mode: 'templates',
  items: [
    { kind: 'rainfall-anomaly', area: 30_000_000, periods: 3, users: 1 },
    { kind: 'spi', area: 30_000_000, periods: 3, users: 1 },
    // The grid of MODIS is finer than that of the sample data.
    {
      kind: 'ndvi-smooth',
      area: 30_000_000,
      pixel: 1000,
      periods: 3,
      users: 1
    },
    {
      kind: 'vegetation-condition',
      area: 30_000_000,
      pixel: 1000,
      periods: 3,
      users: 1
    },
    { kind: 'zonal-timeseries', area: 30_000_000, periods: 6, users: 5 }
  ],
  coreHours: 200,
  gigabytes: 500,
  peakCoreHours: 1,
  peakHours: 1,
  users: 5
};

/** The numbers that were put in, and what follows from them. */
export function workNumbers(
  work: IWork,
  trans: TranslationBundle
): { numbers: INamed[]; quantities: IQuantity[] } {
  const put = trans.__('put in by you');
  const numbers: INamed[] = [];
  const quantities: IQuantity[] = [];
  const number = (
    name: string,
    label: string,
    unit: string,
    value: number,
    source = put,
    date = ''
  ): void => {
    numbers.push({ name, label, unit, value, source, date });
  };
  if (work.mode === 'hours') {
    number(
      'core_hours',
      trans.__('Core-hours a month'),
      trans.__('hours'),
      work.coreHours
    );
    number(
      'gigabytes',
      trans.__('Gigabytes read a month'),
      'GB',
      work.gigabytes
    );
  } else {
    const all = kinds(trans);
    const computed: string[] = ['0'];
    const read: string[] = ['0'];
    work.items.forEach((item, index) => {
      const kind = all.find(({ id }) => id === item.kind);
      if (!kind) {
        return;
      }
      const at = index + 1;
      const { label, source, date } = kind;
      number(`area_${at}`, trans.__('%1: area', label), 'km²', item.area);
      number(
        `periods_${at}`,
        trans.__('%1: periods a month', label),
        '',
        item.periods
      );
      number(`users_${at}`, trans.__('%1: users', label), '', item.users);
      number(
        `pixel_${at}`,
        trans.__('%1: side of a pixel', label),
        'm',
        item.pixel ?? kind.pixel,
        item.pixel === undefined ? source : put,
        item.pixel === undefined ? date : ''
      );
      number(
        `rate_${at}`,
        trans.__('%1: pixels a second of one core', label),
        'px/s',
        kind.rate,
        source,
        date
      );
      number(
        `steps_${at}`,
        trans.__('%1: dates read for each pixel', label),
        '',
        kind.steps,
        source,
        date
      );
      number(
        `bytes_${at}`,
        trans.__('%1: bytes of a value in memory', label),
        'B',
        kind.bytes,
        source,
        date
      );
      quantities.push(
        {
          name: `pixels_${at}`,
          label: trans.__('%1: pixels', label),
          unit: trans.__('pixels'),
          formula: `area_${at} / (pixel_${at} * pixel_${at} / 1000000)`
        },
        {
          name: `core_hours_${at}`,
          label: trans.__('%1: core-hours a month', label),
          unit: trans.__('hours'),
          formula:
            `overhead * (pixels_${at} / rate_${at} + steps_${at} * ` +
            `ceil(pixels_${at} / chunk_pixels) * open_seconds) / 3600 * ` +
            `periods_${at} * users_${at}`
        },
        {
          name: `gigabytes_${at}`,
          label: trans.__('%1: gigabytes read a month', label),
          unit: 'GB',
          formula: `pixels_${at} * steps_${at} * bytes_${at} / 1000000000 * periods_${at} * users_${at}`
        }
      );
      computed.push(`core_hours_${at}`);
      read.push(`gigabytes_${at}`);
    });
    quantities.push(
      {
        name: 'core_hours',
        label: trans.__('Core-hours a month'),
        unit: trans.__('hours'),
        formula: computed.join(' + ')
      },
      {
        name: 'gigabytes',
        label: trans.__('Gigabytes read a month'),
        unit: 'GB',
        formula: read.join(' + ')
      }
    );
  }
  number(
    'peak_core_hours',
    trans.__('Core-hours of the greatest peak'),
    trans.__('hours'),
    work.peakCoreHours
  );
  number(
    'peak_hours',
    trans.__('Hours in which the peak must be done'),
    trans.__('hours'),
    work.peakHours
  );
  number('people', trans.__('People who use it'), '', work.users);
  number(
    'scale',
    trans.__('The month’s work, so many times'),
    trans.__('times'),
    1
  );
  quantities.push(
    {
      name: 'work_hours',
      label: trans.__('Core-hours to compute'),
      unit: trans.__('hours'),
      formula: 'scale * core_hours'
    },
    {
      name: 'paid_hours',
      label: trans.__('Core-hours to pay for'),
      unit: trans.__('hours'),
      formula: 'work_hours / utilisation'
    },
    {
      name: 'node_hours',
      label: trans.__('Machine-hours to pay for'),
      unit: trans.__('hours'),
      formula: 'paid_hours / node_cores'
    },
    {
      name: 'cluster_hours',
      label: trans.__('Hours of schedulers'),
      unit: trans.__('hours'),
      formula: 'paid_hours / cluster_cores'
    },
    {
      name: 'peak_cores',
      label: trans.__('Cores at the peak'),
      unit: trans.__('cores'),
      formula: 'scale * peak_core_hours / peak_hours / utilisation'
    },
    {
      name: 'needed_cores',
      label: trans.__('Cores that own machines must have'),
      unit: trans.__('cores'),
      formula:
        'max(peak_cores, work_hours / utilisation / (month_hours * availability))'
    },
    {
      name: 'transfer_hours',
      label: trans.__('Hours to bring the data over your line'),
      unit: trans.__('hours'),
      formula: 'scale * gigabytes * 8000 / link_speed / 3600'
    }
  );
  return { numbers, quantities };
}
