import { spawnSync } from 'child_process';
import fc from 'fast-check';
import type { JSONObject } from '@lumino/coreutils';
import { fillCells, fillNotebook, fillParameters, toLiteral } from '../fill';
import { defaultValues, parameterSchemas } from '../metadata';
import { PARAMETERS, template } from './fixture';

/** Run Python with JSON on its standard input; its output is JSON. */
function python<T>(code: string, input: unknown): T {
  const run = spawnSync('python', ['-c', code], {
    input: JSON.stringify(input),
    encoding: 'utf-8',
    maxBuffer: 1 << 28
  });
  if (run.status !== 0) {
    throw new Error(run.stderr);
  }
  return JSON.parse(run.stdout) as T;
}

/** Each source's assigned values, read by `ast`, not by running it. */
const READ = `
import ast, json, sys
from IPython.core.inputtransformer2 import TransformerManager
result = []
for source in json.load(sys.stdin):
    assert TransformerManager().transform_cell(source).rstrip("\\n") == source
    result.append({
        node.target.id: ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.AnnAssign)
    })
json.dump(result, sys.stdout)
`;

/** What papermill finds in a parameters cell. */
const INSPECT = `
import ast, json, sys
from papermill.translators import PythonTranslator
json.dump([
    {p.name: [p.inferred_type_name, ast.literal_eval(p.default), p.help]
     for p in PythonTranslator.inspect({"source": source})}
    for source in json.load(sys.stdin)
], sys.stdout)
`;

const schemas = parameterSchemas(template());

function fill(values: JSONObject): string {
  return fillParameters(PARAMETERS, schemas, values);
}

const others: JSONObject = {
  catalog: 'https://example.org/stac?a=b#c',
  area: [-18, 4.5, -17, 5],
  start: '202312d3',
  end: '202402d1',
  offset: 2,
  n_dekads: 3,
  bands: ['x "y"', 'z\u2028'],
  limit: 1e21,
  method: 'score',
  dry_run: true
};

const GOLDEN = `# Where the data is, and what to compute
catalog: str = "https://example.org/stac?a\\x3db\\x23c"  # path or address of a STAC catalogue
area: list[float] = [-18.0, 4.5, -17.0, 5.0]  # west, south, east, north [deg]
start: str = "202312d3"  # first dekad
end: str = "202402d1"  # last dekad
offset: float = 2.0  # added to both sides of the ratio [mm]
n_dekads: int = 3  # accumulation [dekads]
bands: list[str] = ["x \\"y\\"", "z\\u2028"]
limit: float = 1e+21  # leave out what is above [mm]
method: str = "score"
dry_run: bool = True  # only print what would be done`;

describe('fillParameters', () => {
  it('should write typed literals and keep order, types and help', () => {
    expect(fill(others)).toBe(GOLDEN);
  });

  it('should leave the lines of default values as their author wrote them', () => {
    expect(fill(defaultValues(template()))).toBe(PARAMETERS);
  });

  it('should refuse a value that has no line', () => {
    expect(() => fill({ unknown: 1 })).toThrow(RangeError);
  });

  it('should give Python the same values, by ast and by papermill', () => {
    expect(python(READ, [GOLDEN])).toEqual([others]);
    const [inspected] = python<Record<string, unknown[]>[]>(INSPECT, [GOLDEN]);
    for (const [name, value] of Object.entries(others)) {
      expect(inspected[name][1]).toEqual(value);
    }
    expect(inspected.offset).toEqual([
      'float',
      2,
      'added to both sides of the ratio [mm]'
    ]);
  });

  it('should write any value so that Python reads it back and nothing else runs', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({
        unit: fc.constantFrom(
          '"',
          "'",
          '\\',
          '#',
          '=',
          '\n',
          '\r',
          '\u0085',
          '\u2028',
          '\u2029',
          '{',
          '%run ',
          '!',
          '\ud800',
          '\u202e'
        ),
        maxLength: 12
      })
    );
    const values = fc.sample(
      fc.record({
        catalog: text,
        area: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
          minLength: 4,
          maxLength: 4
        }),
        n_dekads: fc.maxSafeInteger(),
        bands: fc.array(text, { maxLength: 4 }),
        limit: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
        dry_run: fc.boolean()
      }),
      { numRuns: 1500, seed: 20261123 }
    ) as JSONObject[];
    const sources = values.map(fill);
    for (const source of sources) {
      expect(source).toMatch(/^[\x20-\x7e\n]*$/);
      expect(source.split('\n')).toHaveLength(PARAMETERS.split('\n').length);
    }
    const defaults = defaultValues(template());
    const expected = values.map(value => ({ ...defaults, ...value }));
    expect(python(READ, sources)).toEqual(expected);
    const inspected = python<Record<string, unknown[]>[]>(INSPECT, sources);
    inspected.forEach((found, index) => {
      expect(found.catalog[1]).toEqual(expected[index].catalog);
      expect(Object.keys(found)).toEqual(Object.keys(defaults));
    });
  });
});

describe('toLiteral', () => {
  it('should write a tuple where the cell declares one', () => {
    const schema = { type: 'array', items: { type: 'number' } };
    expect(toLiteral([1, 2.5], schema, 'tuple[float, float]')).toBe(
      '(1.0, 2.5)'
    );
    expect(toLiteral([1], schema, 'tuple[float]')).toBe('(1.0,)');
  });
});

describe('fillCells', () => {
  const options = () => {
    let count = 0;
    return { newId: () => `new-${count++}`, insertion: 'abc' };
  };

  it('should make cells with new ids, no outputs and their provenance', () => {
    const [title, parameters, load, ...rest] = fillCells(
      template(),
      others,
      options()
    );
    expect(rest).toEqual([]);
    const origin = {
      template: { id: 'rain-demo', version: '1.2.0' },
      insertion: 'abc',
      cell: expect.any(String),
      fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/)
    };
    expect(title).toEqual({
      cell_type: 'markdown',
      id: 'new-0',
      metadata: { seasonal_monitor: origin },
      source: '# Rain demo\nPercent of $\\bar{x}$.'
    });
    expect(parameters).toEqual({
      cell_type: 'code',
      id: 'new-1',
      metadata: {
        tags: ['parameters'],
        seasonal_monitor: { ...origin, parameters: others }
      },
      source: GOLDEN,
      outputs: [],
      execution_count: null
    });
    expect(load.outputs).toEqual([]);
    expect(load.execution_count).toBeNull();
  });

  it('should give other ids each time, and leave the template as it was', () => {
    const one = template();
    const before = JSON.stringify(one);
    const ids = [...fillCells(one, others), ...fillCells(one, others)].map(
      cell => cell.id
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(JSON.stringify(one)).toBe(before);
  });
});

describe('fillNotebook', () => {
  it('should make a notebook that nbformat accepts and papermill can run', () => {
    const notebook = fillNotebook(template(), others, {
      kernelspec: { name: 'other', display_name: 'Other' }
    });
    const [names, kernel] = python<[string[], string]>(
      `
import json, sys, tempfile, nbformat
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
content = json.load(sys.stdin)
nbformat.validate(content)
with tempfile.NamedTemporaryFile("w", suffix=".ipynb") as file:
    json.dump(content, file)
    file.flush()
    notebook = load_notebook_node(file.name)
other = parameterize_notebook(notebook, {"n_dekads": 9})
tags = [cell.metadata.get("tags", []) for cell in other.cells]
json.dump([[tag for some in tags for tag in some], notebook.metadata.kernelspec.name], sys.stdout)
`,
      notebook
    );
    expect(names).toEqual(['parameters', 'injected-parameters']);
    expect(kernel).toBe('other');
    expect(notebook.metadata.seasonal_monitor).toEqual({
      template: { id: 'rain-demo', version: '1.2.0' },
      title: 'Rain demo',
      parameters: others
    });
  });
});
