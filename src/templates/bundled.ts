/**
 * The templates that come with the extension. The list knows what their metadata
 * says; a notebook is loaded when its template is opened.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { ITemplateSource } from '../tokens';

/** What is known of a bundled template before anything of it is loaded. */
export interface IBundledTemplate {
  /** The id in the notebook's metadata, and the name of its file. */
  id: string;
  /** The title in the notebook's metadata. */
  title: string;
}

/** The bundled templates, in display order: one line each. */
export function bundledTemplates(trans: TranslationBundle): IBundledTemplate[] {
  return [
    { id: 'rainfall-dekads', title: trans.__('Rainfall per dekad') },
    { id: 'rainfall-anomaly', title: trans.__('Rainfall anomaly') },
    { id: 'ndvi-smooth', title: trans.__('Vegetation, smoothed') },
    {
      id: 'vegetation-condition',
      title: trans.__('Condition of the vegetation')
    },
    { id: 'vegetation-health', title: trans.__('Health of the vegetation') },
    { id: 'lst-dekad', title: trans.__('Land surface temperature') },
    { id: 'spi', title: trans.__('Standardised precipitation index') },
    { id: 'rain-spells', title: trans.__('Dry spells and heavy rain') },
    { id: 'season-start', title: trans.__('Rainy season: start, end, length') },
    { id: 'water-anomaly-index', title: trans.__('Water anomaly index') },
    { id: 'trend', title: trans.__('Trend over the years') },
    { id: 'zonal-timeseries', title: trans.__('Time series of districts') },
    { id: 'statistics-service', title: trans.__('Statistics service') },
    { id: 'publish-cube', title: trans.__('Publish a cube') },
    { id: 'explore-cube', title: trans.__('Explore a cube') },
    { id: 'season-profile', title: trans.__('Course of a season') },
    { id: 's2-fields', title: trans.__('Fields from Sentinel-2') },
    { id: 'dask-on-dekads', title: trans.__('Dask on dekads') }
  ];
}

/** The source of the bundled templates. */
export function bundledSource(trans: TranslationBundle): ITemplateSource {
  return {
    id: 'bundled',
    load: async () => {
      const [{ describeTemplate }, { templates }] = await Promise.all([
        import('./metadata'),
        import('../../scripts/templateListing')
      ]);
      return bundledTemplates(trans).map(({ id }) =>
        describeTemplate(templates[id] ?? {}, id)
      );
    },
    whole: async id => {
      const { readTemplate } = await import('./metadata');
      return readTemplate(await Private.load(id), id, trans);
    }
  };
}

namespace Private {
  export async function load(id: string): Promise<JSONObject> {
    // The build makes a chunk of each notebook that this may be.
    const { default: notebook } = (await import(
      /* webpackInclude: /[\\/]templates[\\/][a-z0-9-]+\.ipynb$/ */
      `../../jupyterlab_seasonal_monitor/templates/${id}.ipynb`
    )) as { default: JSONObject };
    return notebook;
  }
}
