/**
 * Reads a template out of a notebook: what its metadata promises is checked
 * here, so that everything after it may rely on the types.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { isPythonIdentifier } from '../cluster/literal';
import type { ITemplate } from '../tokens';
import { parseParameters } from './parameters';

/** The key of our metadata, in a notebook and in its cells. */
export const METADATA_KEY = 'seasonal_monitor';

/** The tag by which papermill finds the cell of parameters. */
export const PARAMETERS_TAG = 'parameters';

/** A template as the catalogue lists it, whether or not it can be used. */
export interface ICatalogueEntry extends ITemplate {
  /** Where its methods are described. */
  references?: string[];
  /** Why it cannot be used, in words; absent when it can. */
  problem?: string;
}

/** JSON Schema of one parameter, as far as the form and `fill` look at it. */
export interface IParameterSchema extends JSONObject {
  title: string;
  type: string | string[];
}

/** The names of a template's parameters, in display order. */
export function parameterNames(template: ITemplate): string[] {
  return Object.keys(parameterSchemas(template));
}

/** The schema of each parameter, in display order. */
export function parameterSchemas(
  template: ITemplate
): Record<string, IParameterSchema> {
  return (template.parameters.properties ?? {}) as Record<
    string,
    IParameterSchema
  >;
}

/** The values that a template starts with. */
export function defaultValues(template: ITemplate): JSONObject {
  const values: JSONObject = {};
  for (const [name, schema] of Object.entries(parameterSchemas(template))) {
    if (schema.default !== undefined) {
      values[name] = schema.default;
    }
  }
  return values;
}

/** The JSON types of a parameter without `null`, and whether null is allowed. */
export function parameterType(schema: JSONObject): {
  type: string;
  nullable: boolean;
} {
  const types = [schema.type].flat().map(String);
  return {
    type: types.find(type => type !== 'null') ?? 'null',
    nullable: types.includes('null')
  };
}

/** The source of a cell, which nbformat also allows as a list of lines. */
export function cellSource(cell: JSONObject): string {
  const source = cell.source;
  return Array.isArray(source) ? source.join('') : String(source ?? '');
}

/** The tags of a cell. */
export function cellTags(cell: JSONObject): string[] {
  const tags = (cell.metadata as JSONObject | undefined)?.tags;
  return Array.isArray(tags) ? tags.map(String) : [];
}

/** The cells of a notebook. */
export function notebookCells(notebook: JSONObject): JSONObject[] {
  return Array.isArray(notebook.cells) ? (notebook.cells as JSONObject[]) : [];
}

/**
 * The template that a notebook holds. Never throws: a notebook that cannot be
 * used comes back with its `problem` in words.
 *
 * @param notebook - The parsed `.ipynb` file.
 * @param name - What the file is called, for when it does not say.
 */
export function readTemplate(
  notebook: JSONObject,
  name: string,
  trans: TranslationBundle
): ICatalogueEntry {
  const metadata = Private.object(notebook.metadata);
  const record = Private.object(metadata?.[METADATA_KEY]);
  const entry: ICatalogueEntry = {
    ...describeTemplate(record ?? {}, name),
    parameters: inOrderOfLines(
      Private.object(record?.parameters) ?? {},
      notebook
    ),
    notebook
  };
  const problem = record
    ? findProblem(entry, trans)
    : trans.__(
        'This notebook has no “%1” metadata, so it is not a template. Add it, or take the file out of the folder.',
        METADATA_KEY
      );
  return problem ? { ...entry, problem } : entry;
}

/**
 * What a list shows of a template, without its parameters and notebook.
 *
 * @param record - Our part of its metadata.
 * @param name - What the file is called, for when it does not say.
 */
export function describeTemplate(
  record: JSONObject,
  name: string
): ICatalogueEntry {
  const cost = Private.object(record.cost);
  return {
    id: Private.text(record.id) || name,
    version: Private.text(record.version),
    title: Private.text(record.title) || name,
    task: Private.text(record.task),
    description: Private.text(record.description),
    tags: Private.texts(record.tags),
    products: Private.texts(record.products),
    references: Private.texts(record.references),
    parameters: {},
    requires: Private.texts(record.requires),
    notebook: {},
    ...(cost ? { cost } : {})
  };
}

/**
 * A schema with its properties in the order of the lines in the parameters
 * cell. Tools that write notebooks sort the keys of metadata.
 */
function inOrderOfLines(schema: JSONObject, notebook: JSONObject): JSONObject {
  const properties = Private.object(schema.properties);
  const cell = notebookCells(notebook).find(item =>
    cellTags(item).includes(PARAMETERS_TAG)
  );
  if (!properties || !cell) {
    return schema;
  }
  const lines = parseParameters(cellSource(cell)).map(line => line.name);
  const rank = (name: string) => {
    const index = lines.indexOf(name);
    return index === -1 ? lines.length : index;
  };
  const names = Object.keys(properties).sort((a, b) => rank(a) - rank(b));
  return {
    ...schema,
    properties: Object.fromEntries(names.map(name => [name, properties[name]]))
  };
}

/** Whether text can be the id of a template. */
export function isTemplateId(text: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}$/i.test(text);
}

/** An entry for something that could not even be read. */
export function brokenEntry(id: string, problem: string): ICatalogueEntry {
  return {
    id,
    version: '',
    title: id,
    task: '',
    description: problem,
    tags: [],
    parameters: {},
    requires: [],
    notebook: {},
    problem
  };
}

/** What is wrong with a template, in words, or null. */
export function findProblem(
  template: ITemplate,
  trans: TranslationBundle
): string | null {
  for (const field of ['id', 'version', 'title', 'description'] as const) {
    if (!Private.text(template[field])) {
      return trans.__('Its metadata does not say its “%1”.', field);
    }
  }
  if (!isTemplateId(template.id)) {
    return trans.__(
      'Its id “%1” may hold only letters, digits, dots, dashes and underscores.',
      template.id
    );
  }
  for (const name of template.requires) {
    if (!/^[A-Za-z0-9][\w.\-[\],<>=!~ ]*$/.test(name)) {
      return trans.__('“%1” is not the name of a package.', name);
    }
  }
  const cells = notebookCells(template.notebook).filter(cell =>
    cellTags(cell).includes(PARAMETERS_TAG)
  );
  if (cells.length !== 1) {
    return trans._n(
      'It has %1 cell with the tag “parameters”; it needs exactly one.',
      'It has %1 cells with the tag “parameters”; it needs exactly one.',
      cells.length
    );
  }
  const names = new Set(
    parseParameters(cellSource(cells[0])).map(line => line.name)
  );
  for (const [name, value] of Object.entries(
    template.parameters.properties ?? {}
  )) {
    const problem = parameterProblem(name, value, trans);
    if (problem) {
      return problem;
    }
    if (!names.has(name)) {
      return trans.__(
        'Its form asks for “%1”, but its parameters cell has no line for it.',
        name
      );
    }
  }
  return null;
}

function parameterProblem(
  name: string,
  value: JSONValue,
  trans: TranslationBundle
): string | null {
  if (!isPythonIdentifier(name)) {
    return trans.__('“%1” cannot be the name of a Python variable.', name);
  }
  const schema = Private.object(value);
  if (!schema || !Private.text(schema.title)) {
    return trans.__('Its parameter “%1” has no title.', name);
  }
  if (schema.writeOnly === true || schema.format === 'password') {
    return trans.__(
      'Its parameter “%1” asks for a secret. Notebooks are shared: let the notebook read it from the environment.',
      name
    );
  }
  const { type } = parameterType(schema);
  const items = Private.object(schema.items);
  const scalar = type === 'array' ? parameterType(items ?? {}).type : type;
  if (!['string', 'number', 'integer', 'boolean'].includes(scalar)) {
    return trans.__(
      'Its parameter “%1” must be text, a number, yes or no, or a list of these.',
      name
    );
  }
  return null;
}

namespace Private {
  export function text(value: JSONValue | undefined): string {
    return typeof value === 'string' ? value.trim() : '';
  }

  export function texts(value: JSONValue | undefined): string[] {
    return Array.isArray(value)
      ? value.filter((item): item is string => typeof item === 'string')
      : [];
  }

  export function object(value: JSONValue | undefined): JSONObject | undefined {
    return value && typeof value === 'object' && !Array.isArray(value)
      ? (value as JSONObject)
      : undefined;
  }
}
