/**
 * A template out of somebody's notebook: which of its lines become parameters,
 * and what of the notebook stays. Pure: no widgets, no network.
 */
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { fingerprint } from '../cluster/fingerprint';
import { readLiteral } from '../cluster/readLiteral';
import {
  cellSource,
  cellTags,
  METADATA_KEY,
  notebookCells,
  PARAMETERS_TAG
} from './metadata';
import { parseParameters } from './parameters';
import type { IParameterLine } from './parameters';
import { holdsSecret, isBox } from './validate';

/** Cells of this tag connect a notebook to one person's cluster. */
const CONNECTION_TAG = 'dask-connection';

/** A line that can become a field of the form. */
export interface IDerivedParameter {
  name: string;
  /** Its JSON Schema with title, help and default. */
  schema: JSONObject;
  /** Its name or value is that of a secret: it cannot be a parameter. */
  secret: boolean;
}

/** What a person says of a template besides its cells. */
export interface IDescription {
  title: string;
  description: string;
  task: string;
  tags: string[];
  /** Packages that its kernel needs. */
  requires: string[];
}

/**
 * The index of the cell with the parameters: the one with papermill's tag, or
 * else the first code cell that holds nothing but assignments of literals.
 *
 * @returns -1 when there is none.
 */
export function findParametersCell(notebook: JSONObject): number {
  const cells = notebookCells(notebook);
  const tagged = cells.findIndex(cell =>
    cellTags(cell).includes(PARAMETERS_TAG)
  );
  return tagged !== -1
    ? tagged
    : cells.findIndex(cell => Private.isParameters(cell));
}

/**
 * What the lines of a parameters cell say: name, type, value and the comment
 * behind it. Lines with anything but a literal stay code.
 */
export function deriveParameters(source: string): IDerivedParameter[] {
  return parseParameters(source).flatMap(line => {
    const value = readLiteral(line.value);
    const type = value === undefined ? undefined : Private.typeOf(value, line);
    if (value === undefined || !type || line.name.startsWith('_')) {
      return [];
    }
    return {
      name: line.name,
      schema: {
        ...type,
        title: Private.humanise(line.name),
        ...(line.help ? { description: Private.sentence(line.help) } : {}),
        default: value
      },
      secret: Private.isSecret(line.name, value)
    };
  });
}

/**
 * An id made of a title: ASCII letters, digits and dashes, at most 64 of them.
 * A title in another script gives a mark of itself.
 */
export function idOfTitle(title: string, otherwise = 'template'): string {
  const id = title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replace(/^-+|-+$/g, '');
  return id || `${otherwise}-${fingerprint(title)}`;
}

/** The packages that the code cells import, without Python's most usual own. */
export function importedPackages(notebook: JSONObject): string[] {
  const names = importedModules(notebook).map(
    name => Private.DISTRIBUTIONS.get(name) ?? name
  );
  return Array.from(new Set(names)).sort();
}

/** The same by the names that are imported. */
export function importedModules(notebook: JSONObject): string[] {
  const names = new Set<string>();
  for (const cell of notebookCells(notebook)) {
    if (cell.cell_type === 'code' && !Private.isConnection(cell)) {
      for (const name of Private.imports(cellSource(cell))) {
        if (!Private.STANDARD.has(name)) {
          names.add(name);
        }
      }
    }
  }
  return [...names].sort();
}

/**
 * The notebook as a template: with metadata, one cell of parameters, and
 * without results, empty cells and cells that connect to somebody's cluster.
 *
 * @param parameters - The names of those that the form asks for.
 */
export function deriveTemplate(
  notebook: JSONObject,
  description: IDescription,
  parameters: readonly string[]
): JSONObject {
  const index = findParametersCell(notebook);
  const cells = notebookCells(notebook).flatMap((cell, position) =>
    Private.isConnection(cell) || cellSource(cell).trim() === ''
      ? []
      : Private.bare(cell, position === index)
  );
  const source = index === -1 ? '' : cellSource(notebookCells(notebook)[index]);
  if (index === -1) {
    cells.unshift(Private.noParameters());
  }
  const properties: JSONObject = {};
  for (const { name, schema, secret } of deriveParameters(source)) {
    if (!secret && parameters.includes(name)) {
      properties[name] = schema;
    }
  }
  const { kernelspec, language_info: language } = (notebook.metadata ??
    {}) as JSONObject;
  return {
    cells,
    metadata: {
      ...(kernelspec ? { kernelspec } : {}),
      ...(language ? { language_info: language } : {}),
      [METADATA_KEY]: {
        id: idOfTitle(description.title),
        version: '1.0.0',
        ...description,
        parameters: {
          type: 'object',
          properties,
          required: Object.keys(properties)
        }
      }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
}

namespace Private {
  const FROM = /^[ \t]*from[ \t]+([A-Za-z]\w*)/gm;
  const IMPORT = /^[ \t]*import[ \t]+([^#\n]+)/gm;

  /** The top-level modules that a cell imports. */
  export function imports(source: string): string[] {
    const listed = Array.from(source.matchAll(IMPORT), ([, list]) =>
      list.split(',').map(item => /^[A-Za-z]\w*/.exec(item.trim())?.[0] ?? '')
    );
    const named = Array.from(source.matchAll(FROM), ([, name]) => name);
    return [...listed.flat(), ...named].filter(Boolean);
  }

  /** Modules of Python itself that notebooks like these use. */
  export const STANDARD: ReadonlySet<string> = new Set(
    (
      '__future__ abc argparse ast asyncio base64 bisect calendar collections ' +
      'concurrent contextlib copy csv dataclasses datetime decimal enum ' +
      'fractions functools gc getpass glob gzip hashlib heapq importlib ' +
      'inspect io itertools json logging math multiprocessing operator os ' +
      'pathlib pickle platform pprint queue random re shutil signal socket ' +
      'sqlite3 statistics string subprocess sys tarfile tempfile textwrap ' +
      'threading time timeit traceback types typing unittest urllib uuid ' +
      'warnings weakref xml zipfile zoneinfo'
    ).split(' ')
  );

  /** Packages that are installed by another name than they are imported. */
  export const DISTRIBUTIONS: ReadonlyMap<string, string> = new Map([
    ['odc', 'odc-stac'],
    ['PIL', 'pillow'],
    ['sklearn', 'scikit-learn'],
    ['skimage', 'scikit-image'],
    ['yaml', 'pyyaml'],
    ['osgeo', 'gdal'],
    ['hdc', 'hdc-algo'],
    ['dateutil', 'python-dateutil'],
    ['seasonal_monitor', 'jupyterlab-seasonal-monitor'],
    ['jupyterlab_seasonal_monitor', 'jupyterlab-seasonal-monitor']
  ]);

  const SECRET =
    /(^|_)(password|passwd|pwd|secret|token|credentials?|api_?key|access_?key)s?(_|$)/i;

  export function isSecret(name: string, value: JSONValue): boolean {
    const texts = [value].flat().filter(item => typeof item === 'string');
    return SECRET.test(name) || texts.some(text => holdsSecret(text));
  }

  export function isConnection(cell: JSONObject): boolean {
    return cellTags(cell).includes(CONNECTION_TAG);
  }

  /** Whether every line of a cell assigns a literal or says nothing. */
  export function isParameters(cell: JSONObject): boolean {
    if (cell.cell_type !== 'code') {
      return false;
    }
    const source = cellSource(cell);
    const lines = parseParameters(source);
    const taken = new Set<number>();
    for (const { line, lineEnd, value } of lines) {
      if (readLiteral(value) === undefined) {
        return false;
      }
      for (let number = line; number < lineEnd; number += 1) {
        taken.add(number);
      }
    }
    return (
      lines.length > 0 &&
      source
        .split('\n')
        .every((text, number) => taken.has(number) || /^\s*(#|$)/.test(text))
    );
  }

  /** The JSON type of a value, by its annotation where that says more. */
  export function typeOf(
    value: JSONValue,
    { name, annotation = '', value: written }: IParameterLine
  ): JSONObject | undefined {
    if (Array.isArray(value)) {
      const float = /float/.test(annotation) || /[.eE]/.test(written);
      const types = new Set(value.map(item => scalar(item, float)));
      const [type] = types;
      if (types.size !== 1 || !type) {
        return undefined;
      }
      const list = { type: 'array', items: { type } };
      const sized = {
        ...list,
        minItems: value.length,
        maxItems: value.length
      };
      return /^tuple/i.test(annotation) || isBox(name, sized) ? sized : list;
    }
    if (value === null) {
      const type = byAnnotation(annotation);
      return type ? { type: [type, 'null'] } : undefined;
    }
    const float =
      /\bfloat\b/.test(annotation) ||
      (!/\bint\b/.test(annotation) && /[.eE]/.test(written));
    const type = scalar(value, float);
    return type === undefined
      ? undefined
      : {
          type: /None|Optional/.test(annotation) ? [type, 'null'] : type
        };
  }

  function scalar(value: JSONValue, float: boolean): string | undefined {
    if (typeof value === 'number') {
      return float || !Number.isInteger(value) ? 'number' : 'integer';
    }
    return typeof value === 'string' || typeof value === 'boolean'
      ? typeof value
      : undefined;
  }

  function byAnnotation(annotation: string): string | undefined {
    const words: [RegExp, string][] = [
      [/\bfloat\b/, 'number'],
      [/\bint\b/, 'integer'],
      [/\bbool\b/, 'boolean'],
      [/\bstr\b/, 'string']
    ];
    return words.find(([word]) => word.test(annotation))?.[1];
  }

  export function humanise(name: string): string {
    const text = name.replace(/_+/g, ' ').trim();
    return text.charAt(0).toUpperCase() + text.slice(1);
  }

  export function sentence(text: string): string {
    const first = text.charAt(0).toUpperCase() + text.slice(1);
    return /[.!?]$/.test(first) ? first : `${first}.`;
  }

  /** What a cell's metadata says of a run, or of where the cell came from. */
  const DROPPED: ReadonlySet<string> = new Set([
    'execution',
    'papermill',
    'tags',
    'trusted',
    METADATA_KEY
  ]);

  /** A cell without results and without what tells of another template. */
  export function bare(cell: JSONObject, parameters: boolean): JSONObject {
    const others = cellTags(cell).filter(tag => tag !== PARAMETERS_TAG);
    const tags = parameters ? [PARAMETERS_TAG, ...others] : others;
    const metadata = Object.entries((cell.metadata ?? {}) as JSONObject).filter(
      ([key]) => !DROPPED.has(key)
    );
    return {
      ...cell,
      source: cellSource(cell),
      metadata: {
        ...Object.fromEntries(metadata),
        ...(tags.length > 0 ? { tags } : {})
      },
      ...(cell.cell_type === 'code'
        ? { outputs: [], execution_count: null }
        : {})
    };
  }

  export function noParameters(): JSONObject {
    return {
      id: PARAMETERS_TAG,
      cell_type: 'code',
      source: '# This template has no parameters.',
      metadata: { tags: [PARAMETERS_TAG] },
      outputs: [],
      execution_count: null
    };
  }
}
