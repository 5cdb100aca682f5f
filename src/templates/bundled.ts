/**
 * The templates that come with the extension. Their notebooks are loaded when
 * the catalogue is asked for.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { ITemplateSource } from '../tokens';

/** What is known of a bundled template before its notebook is loaded. */
export interface IBundledTemplate {
  /** The id in the notebook's metadata, and the name of its file. */
  id: string;
  /** The title in the notebook's metadata. */
  title: string;
  load: () => Promise<JSONObject>;
}

/** The bundled templates, in display order. */
export function bundledTemplates(trans: TranslationBundle): IBundledTemplate[] {
  return [
    {
      id: 'rainfall-dekads',
      title: trans.__('Rainfall per dekad'),
      load: async () =>
        (
          await import('../../jupyterlab_seasonal_monitor/templates/rainfall-dekads.ipynb')
        ).default
    },
    {
      id: 'rainfall-anomaly',
      title: trans.__('Rainfall anomaly'),
      load: async () =>
        (
          await import('../../jupyterlab_seasonal_monitor/templates/rainfall-anomaly.ipynb')
        ).default
    },
    {
      id: 'ndvi-smooth',
      title: trans.__('Vegetation, smoothed'),
      load: async () =>
        (
          await import('../../jupyterlab_seasonal_monitor/templates/ndvi-smooth.ipynb')
        ).default
    },
    {
      id: 'vegetation-condition',
      title: trans.__('Condition of the vegetation'),
      load: async () =>
        (
          await import('../../jupyterlab_seasonal_monitor/templates/vegetation-condition.ipynb')
        ).default
    },
    {
      id: 'spi',
      title: trans.__('Standardised precipitation index'),
      load: async () =>
        (await import('../../jupyterlab_seasonal_monitor/templates/spi.ipynb'))
          .default
    },
    {
      id: 'rain-spells',
      title: trans.__('Dry spells and heavy rain'),
      load: async () =>
        (
          await import('../../jupyterlab_seasonal_monitor/templates/rain-spells.ipynb')
        ).default
    },
    {
      id: 'season-start',
      title: trans.__('Rainy season: start, end, length'),
      load: async () =>
        (
          await import('../../jupyterlab_seasonal_monitor/templates/season-start.ipynb')
        ).default
    },
    {
      id: 'trend',
      title: trans.__('Trend over the years'),
      load: async () =>
        (
          await import('../../jupyterlab_seasonal_monitor/templates/trend.ipynb')
        ).default
    },
    {
      id: 'zonal-timeseries',
      title: trans.__('Time series of districts'),
      load: async () =>
        (
          await import('../../jupyterlab_seasonal_monitor/templates/zonal-timeseries.ipynb')
        ).default
    }
  ];
}

/** The source of the bundled templates. */
export function bundledSource(trans: TranslationBundle): ITemplateSource {
  return {
    id: 'bundled',
    load: async () => {
      const { readTemplate } = await import('./metadata');
      return Promise.all(
        bundledTemplates(trans).map(async ({ id, load }) =>
          readTemplate(await load(), id, trans)
        )
      );
    }
  };
}
