import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { DOMAIN } from '../../tokens';
import { readTemplate } from '../metadata';

export const trans = nullTranslator.load(DOMAIN);

/** The `parameters` cell of the fixture. */
export const PARAMETERS = `# Where the data is, and what to compute
catalog: str = "sample-data/catalog.json"  # path or address of a STAC catalogue
area: list[float] = [33.0, -5.0, 42.0, 5.0]  # west, south, east, north [deg]
start: str = "202401d1"  # first dekad
end: str = "202403d3"  # last dekad
offset: float = 5.0  # added to both sides of the ratio [mm]
n_dekads: int = 1  # accumulation [dekads]
bands: list[str] = ["rfh", "rfq"]
limit: float = None  # leave out what is above [mm]
method: str = "ratio"
dry_run: bool = False  # only print what would be done`;

/** A small template with one parameter of each kind. */
export function notebook(): JSONObject {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'python3', display_name: 'Python 3' },
      language_info: { name: 'python' },
      seasonal_monitor: {
        id: 'rain-demo',
        version: '1.2.0',
        title: 'Rain demo',
        task: 'periodic-production',
        description: 'Compares rainfall with its long-term mean.',
        tags: ['rainfall'],
        products: ['rfh_dekad'],
        requires: ['odc-stac', 'xarray>=2024.1'],
        references: [],
        parameters: {
          type: 'object',
          properties: {
            catalog: {
              type: 'string',
              title: 'Catalogue',
              description: 'Path or address.',
              default: 'sample-data/catalog.json',
              minLength: 1
            },
            area: {
              type: 'array',
              title: 'Area',
              description: 'West, south, east, north [°].',
              items: { type: 'number' },
              minItems: 4,
              maxItems: 4,
              default: [33, -5, 42, 5]
            },
            start: {
              type: 'string',
              title: 'First dekad',
              pattern: '^\\d{4}(0[1-9]|1[0-2])d[123]$',
              default: '202401d1'
            },
            end: {
              type: 'string',
              title: 'Last dekad',
              pattern: '^\\d{4}(0[1-9]|1[0-2])d[123]$',
              default: '202403d3'
            },
            offset: {
              type: 'number',
              title: 'Offset [mm]',
              minimum: 0,
              default: 5
            },
            n_dekads: {
              type: 'integer',
              title: 'Accumulation [dekads]',
              minimum: 1,
              maximum: 36,
              default: 1
            },
            bands: {
              type: 'array',
              title: 'Bands',
              items: { type: 'string' },
              minItems: 1,
              default: ['rfh', 'rfq']
            },
            limit: {
              type: ['number', 'null'],
              title: 'Limit [mm]',
              default: null
            },
            method: {
              type: 'string',
              title: 'Method',
              oneOf: [
                { const: 'ratio', title: 'Percent of the mean' },
                { const: 'score', title: 'Standard score' }
              ],
              default: 'ratio'
            },
            dry_run: {
              type: 'boolean',
              title: 'Dry run',
              description: 'Writes nothing.',
              default: false
            }
          }
        }
      }
    },
    cells: [
      {
        cell_type: 'markdown',
        id: 'title',
        metadata: {},
        source: ['# Rain demo\n', 'Percent of $\\bar{x}$.']
      },
      {
        cell_type: 'code',
        id: 'parameters',
        metadata: { tags: ['parameters'] },
        source: PARAMETERS,
        outputs: [],
        execution_count: null
      },
      {
        cell_type: 'code',
        id: 'load',
        metadata: {},
        source: 'print(catalog, area)  # ``` is no fence',
        outputs: [{ output_type: 'stream', name: 'stdout', text: 'old' }],
        execution_count: 7
      },
      {
        cell_type: 'code',
        id: 'blank',
        metadata: {},
        source: '  \n',
        outputs: [],
        execution_count: null
      }
    ]
  };
}

/** The fixture as the catalogue lists it. */
export function template() {
  return readTemplate(notebook(), 'rain-demo', trans);
}

/** The fixture with other metadata. */
export function changed(change: JSONObject) {
  const other = notebook();
  const metadata = other.metadata as JSONObject;
  metadata.seasonal_monitor = {
    ...(metadata.seasonal_monitor as JSONObject),
    ...change
  };
  return readTemplate(other, 'rain-demo', trans);
}
