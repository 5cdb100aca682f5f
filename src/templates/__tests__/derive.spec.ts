import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { fingerprint } from '../../cluster/fingerprint';
import {
  deriveParameters,
  deriveTemplate,
  findParametersCell,
  idOfTitle,
  importedPackages
} from '../derive';
import { notebookCells, readTemplate } from '../metadata';

const trans = nullTranslator.load('');

function code(source: string, metadata: JSONObject = {}): JSONObject {
  return {
    id: `c${source.length}`,
    cell_type: 'code',
    source,
    metadata,
    outputs: [{ output_type: 'stream', name: 'stdout', text: 'secret result' }],
    execution_count: 7
  };
}

function notebook(...cells: JSONObject[]): JSONObject {
  return {
    cells,
    metadata: {
      kernelspec: { name: 'python3', display_name: 'Python 3' },
      widgets: { state: 'big' }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
}

const DESCRIPTION = {
  title: 'My rain',
  description: 'Adds up rain.',
  task: 'interactive',
  tags: ['rain'],
  requires: ['xarray']
};

describe('deriveParameters', () => {
  it('should take names, types, values and help from the lines', () => {
    const source = [
      'start = "202403d1"  # the first dekad',
      'n_dekads = 3',
      'offset: float = 5',
      'area = [35.0, -4.0, 45, 6.0]  # west, south, east, north',
      'dry_run = False',
      'end: str | None = None'
    ].join('\n');
    expect(
      deriveParameters(source).map(({ name, schema }) => [name, schema])
    ).toEqual([
      [
        'start',
        {
          type: 'string',
          title: 'Start',
          description: 'The first dekad.',
          default: '202403d1'
        }
      ],
      ['n_dekads', { type: 'integer', title: 'N dekads', default: 3 }],
      ['offset', { type: 'number', title: 'Offset', default: 5 }],
      [
        'area',
        {
          type: 'array',
          items: { type: 'number' },
          minItems: 4,
          maxItems: 4,
          title: 'Area',
          description: 'West, south, east, north.',
          default: [35, -4, 45, 6]
        }
      ],
      ['dry_run', { type: 'boolean', title: 'Dry run', default: false }],
      ['end', { type: ['string', 'null'], title: 'End', default: null }]
    ]);
  });

  it.each([
    ['an expression', 'today = date.today()'],
    ['a dict', 'options = {"a": 1}'],
    ['a list of several kinds', 'mixed = [1, "a"]'],
    ['nothing that says its type', 'later = None'],
    ['a private name', '_cache = "x"']
  ])('should leave %s in the code', (_, line) => {
    expect(deriveParameters(line)).toEqual([]);
  });

  it.each([
    'api_key = "abc"',
    'db_password = ""',
    'url = "https://u:p@host/x"',
    'urls = ["https://h/x?sig=abc"]'
  ])('should see the secret in %s', line => {
    expect(deriveParameters(line)[0].secret).toBe(true);
  });
});

describe('findParametersCell', () => {
  it('should prefer the cell with the tag', () => {
    expect(
      findParametersCell(
        notebook(code('a = 1'), code('b = f()', { tags: ['parameters'] }))
      )
    ).toBe(1);
  });

  it('should take the first cell of nothing but literals', () => {
    expect(
      findParametersCell(
        notebook(
          { cell_type: 'markdown', source: 'a = 1', metadata: {} },
          code('import os\na = 1'),
          code('# where\na = [\n  1,\n]\n\nb = "x"  # y'),
          code('c = 2')
        )
      )
    ).toBe(2);
  });

  it('should find none among other code', () => {
    expect(findParametersCell(notebook(code('print(1)')))).toBe(-1);
  });
});

describe('deriveTemplate', () => {
  it('should make a template that the catalogue takes', () => {
    const made = deriveTemplate(
      notebook(code('start = 1\nend = 2'), code('import xarray')),
      DESCRIPTION,
      ['start']
    );
    const entry = readTemplate(made, 'file', trans);
    expect(entry.problem).toBeUndefined();
    expect(entry).toMatchObject({
      id: 'my-rain',
      version: '1.0.0',
      ...DESCRIPTION
    });
    expect(Object.keys(entry.parameters.properties as JSONObject)).toEqual([
      'start'
    ]);
  });

  it('should make one also of a notebook without parameters', () => {
    const made = deriveTemplate(notebook(code('print(1)')), DESCRIPTION, []);
    expect(readTemplate(made, 'file', trans).problem).toBeUndefined();
  });

  it('should keep no result, no connection and no other template’s marks', () => {
    const made = deriveTemplate(
      notebook(
        code('client = Client("tls://10.0.0.1:1")', {
          tags: ['dask-connection']
        }),
        code(''),
        code('a = 1', {
          seasonal_monitor: { insertion: 'x' },
          execution: { 'iopub.status.busy': 'now' },
          collapsed: true
        })
      ),
      DESCRIPTION,
      ['a']
    );
    const text = JSON.stringify(made);
    for (const word of [
      'secret result',
      '10.0.0.1',
      'insertion',
      'busy',
      'big'
    ]) {
      expect(text).not.toContain(word);
    }
    expect(notebookCells(made)).toEqual([
      expect.objectContaining({
        source: 'a = 1',
        outputs: [],
        execution_count: null,
        metadata: { collapsed: true, tags: ['parameters'] }
      })
    ]);
  });

  it('should never ask for a secret, whatever is chosen', () => {
    const made = deriveTemplate(notebook(code('token = "x"')), DESCRIPTION, [
      'token'
    ]);
    expect(readTemplate(made, 'file', trans).parameters.properties).toEqual({});
  });

  it('should not change the notebook', () => {
    const original = notebook(code('a = 1', { tags: ['x'] }));
    const before = JSON.stringify(original);
    deriveTemplate(original, DESCRIPTION, ['a']);
    expect(JSON.stringify(original)).toBe(before);
  });
});

it.each([
  ['My rain', 'my-rain'],
  ['  Précipitations – Afrique de l’Est ', 'precipitations-afrique-de-l-est'],
  ['هطول', 'template-' + fingerprint('هطول')],
  ['x'.repeat(80), 'x'.repeat(64)]
])('the title “%s” gives the id “%s”', (title, id) => {
  expect(idOfTitle(title)).toBe(id);
});

it('should list packages by the names that install them', () => {
  expect(
    importedPackages(
      notebook(
        code(
          'import os, rasterio\nimport numpy as np\nfrom odc.stac import load'
        ),
        code('from dask.distributed import Client', {
          tags: ['dask-connection']
        }),
        { cell_type: 'markdown', source: 'import this', metadata: {} }
      )
    )
  ).toEqual(['numpy', 'odc-stac', 'rasterio']);
});
