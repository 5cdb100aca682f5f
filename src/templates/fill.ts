/**
 * A template and values become cells or a notebook. Pure: no widgets, no
 * network. Values enter code only as literals, in the `parameters` cell; no
 * other cell's text depends on them.
 */
import type { ICodeCell, INotebookContent } from '@jupyterlab/nbformat';
import { JSONExt, UUID } from '@lumino/coreutils';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { fingerprint } from '../cluster/fingerprint';
import { toPython, toPythonFloat } from '../cluster/literal';
import type { PythonValue } from '../cluster/literal';
import type { ITemplate } from '../tokens';
import {
  cellSource,
  cellTags,
  METADATA_KEY,
  notebookCells,
  parameterSchemas,
  PARAMETERS_TAG,
  parameterType
} from './metadata';
import type { IParameterSchema } from './metadata';
import { parseParameters, replaceValues } from './parameters';

/** A cell of nbformat 4.5 with an id. */
export interface IFilledCell extends JSONObject {
  id: string;
  cell_type: string;
  source: string;
  metadata: JSONObject;
}

/** How cells are made. */
export interface IFillOptions {
  /** Makes a cell id; random by default. */
  newId?: () => string;
  /** What the cells that are made together have in common; new by default. */
  insertion?: string;
}

/** What a cell's metadata says of the template that it came from. */
export interface IProvenance extends JSONObject {
  template: { id: string; version: string };
  /** The same for the cells that were inserted together. */
  insertion: string;
  /** Which of the template's cells it is. */
  cell: string;
  /** Of the source as it was inserted. */
  fingerprint: string;
}

/** How a notebook is made. */
export interface IFillNotebookOptions extends IFillOptions {
  /** The kernel that the notebook opens with; the template's own by default. */
  kernelspec?: { name: string; display_name: string };
}

/**
 * The Python expression of one value, in the type that the cell declares: a
 * whole number is a float literal where a float is meant, a list is a tuple
 * where a tuple is.
 *
 * `=` and `#` inside strings are escaped, since papermill's inspection reads
 * a line only as far as these.
 */
export function toLiteral(
  value: JSONValue,
  schema: JSONObject,
  annotation = ''
): string {
  if (Array.isArray(value)) {
    const items = (schema.items ?? {}) as JSONObject;
    const parts = value.map(item => toLiteral(item, items, annotation));
    if (/^tuple\b/i.test(annotation)) {
      return `(${parts.join(', ')}${parts.length === 1 ? ',' : ''})`;
    }
    return `[${parts.join(', ')}]`;
  }
  const { type } = parameterType(schema);
  const float = type === 'number' && !/\bint\b/.test(annotation);
  return typeof value === 'number' && float
    ? toPythonFloat(value)
    : toPython(value as PythonValue).replace(/[=#]/g, char =>
        char === '=' ? '\\x3d' : '\\x23'
      );
}

/**
 * The source of the `parameters` cell with other values. A line whose value is
 * the default stays as the template's author wrote it.
 *
 * @throws RangeError when a value has no line or no schema.
 */
export function fillParameters(
  source: string,
  schemas: Record<string, IParameterSchema>,
  values: JSONObject
): string {
  const lines = new Map(parseParameters(source).map(line => [line.name, line]));
  const literals = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) {
    const line = lines.get(name);
    const schema = schemas[name];
    if (!line || !schema) {
      throw new RangeError(`The template has no parameter ${name}.`);
    }
    if (value !== undefined && !isDefault(value, schema)) {
      literals.set(name, toLiteral(value, schema, line.annotation));
    }
  }
  return replaceValues(source, literals);
}

/** Whether a value is the one that the template starts with. */
export function isDefault(value: JSONValue, schema: JSONObject): boolean {
  return (
    schema.default !== undefined && JSONExt.deepEqual(value, schema.default)
  );
}

/**
 * The cells to insert. Each says in its metadata which template it is from and
 * how it was, the `parameters` cell also with which values, so that they can be
 * edited later. Outputs are empty and ids are new.
 */
export function fillCells(
  template: ITemplate,
  values: JSONObject,
  options: IFillOptions = {}
): IFilledCell[] {
  const newId = options.newId ?? (() => UUID.uuid4());
  const insertion = options.insertion ?? UUID.uuid4().slice(0, 8);
  const origin = { id: template.id, version: template.version };
  return notebookCells(template.notebook).flatMap((cell, index) => {
    const parameters = cellTags(cell).includes(PARAMETERS_TAG);
    const original = cellSource(cell);
    if (original.trim() === '') {
      return [];
    }
    const source = parameters
      ? fillParameters(original, parameterSchemas(template), values)
      : original;
    const provenance: IProvenance = {
      template: origin,
      insertion,
      cell: String(cell.id ?? index),
      fingerprint: fingerprint(source),
      ...(parameters ? { parameters: JSONExt.deepCopy(values) } : {})
    };
    return [
      {
        ...JSONExt.deepCopy(cell),
        id: newId(),
        cell_type: String(cell.cell_type),
        source,
        metadata: {
          ...(JSONExt.deepCopy(cell.metadata ?? {}) as JSONObject),
          [METADATA_KEY]: provenance
        },
        ...(cell.cell_type === 'code' ? Private.noOutputs() : {})
      }
    ];
  });
}

/** A notebook of its own, in nbformat 4.5. */
export function fillNotebook(
  template: ITemplate,
  values: JSONObject,
  options: IFillNotebookOptions = {}
): INotebookContent {
  const metadata = JSONExt.deepCopy(
    template.notebook.metadata ?? {}
  ) as JSONObject;
  return {
    cells: fillCells(template, values, options) as INotebookContent['cells'],
    metadata: {
      ...metadata,
      ...(options.kernelspec ? { kernelspec: options.kernelspec } : {}),
      [METADATA_KEY]: {
        template: { id: template.id, version: template.version },
        title: template.title,
        parameters: JSONExt.deepCopy(values)
      }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
}

namespace Private {
  export function noOutputs(): Pick<ICodeCell, 'execution_count'> & {
    outputs: [];
  } {
    return { execution_count: null, outputs: [] };
  }
}
