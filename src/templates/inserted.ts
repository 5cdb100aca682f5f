/**
 * The cells of a template as they stand in somebody's notebook: which they are,
 * which values they have now, and how both are changed later. What a person
 * wrote in them is kept.
 */
import type { INotebookModel } from '@jupyterlab/notebook';
import { JSONExt } from '@lumino/coreutils';
import type { JSONObject } from '@lumino/coreutils';
import { fingerprint } from '../cluster/fingerprint';
import { readLiteral } from '../cluster/readLiteral';
import type { ITemplate } from '../tokens';
import { fillCells, toLiteral } from './fill';
import type { IFilledCell, IProvenance } from './fill';
import { closeUndoStep } from './insert';
import { METADATA_KEY, parameterSchemas } from './metadata';
import { parseParameters, replaceValues } from './parameters';

/** A notebook as Yjs shares it. */
type ISharedNotebook = INotebookModel['sharedModel'];

type SharedCell = ISharedNotebook['cells'][number];

/** One template that was inserted into a notebook. */
export interface IInserted {
  /** What its cells have in common. */
  insertion: string;
  /** The template's id. */
  template: string;
  version: string;
  /** The values that its `parameters` cell has now. */
  values: JSONObject;
  /** Parameters that a person gave an expression instead of a value. */
  byHand: string[];
}

/**
 * The templates in a notebook that have their `parameters` cell still.
 *
 * @param first - The index of a cell whose template comes first.
 */
export function findInserted(
  notebook: ISharedNotebook,
  first?: number
): IInserted[] {
  const found: IInserted[] = [];
  for (const cell of notebook.cells) {
    const provenance = Private.provenance(cell);
    if (provenance?.parameters) {
      const { template, insertion } = provenance;
      found.push({
        insertion,
        template: template.id,
        version: template.version,
        ...Private.values(cell.getSource())
      });
    }
  }
  const active =
    first === undefined || !notebook.cells[first]
      ? undefined
      : Private.provenance(notebook.cells[first])?.insertion;
  return found.sort(
    (a, b) => Number(b.insertion === active) - Number(a.insertion === active)
  );
}

/**
 * Write other values into the `parameters` cell, in one undo step. A line whose
 * value stays is not touched.
 *
 * @returns The index of the cell.
 *
 * @throws RangeError when the cell is no longer there.
 */
export function changeValues(
  notebook: ISharedNotebook,
  insertion: string,
  template: ITemplate,
  values: JSONObject
): number {
  const index = notebook.cells.findIndex(item => {
    const provenance = Private.provenance(item);
    return provenance?.insertion === insertion && !!provenance.parameters;
  });
  const cell = notebook.cells[index];
  if (!cell) {
    throw new RangeError('The cell of parameters is no longer there.');
  }
  const source = cell.getSource();
  const { values: before } = Private.values(source);
  const literals = new Map<string, string>();
  for (const { name, annotation } of parseParameters(source)) {
    const schema = parameterSchemas(template)[name];
    const value = values[name];
    if (schema && value !== undefined && !same(value, before[name])) {
      literals.set(name, toLiteral(value, schema, annotation));
    }
  }
  const changed = replaceValues(source, literals);
  const provenance = Private.provenance(cell)!;
  const untouched = fingerprint(source) === provenance.fingerprint;
  closeUndoStep(notebook);
  notebook.transact(() => {
    cell.setSource(changed);
    cell.setMetadata(METADATA_KEY, {
      ...provenance,
      parameters: JSONExt.deepCopy(values),
      ...(untouched ? { fingerprint: fingerprint(changed) } : {})
    });
  });
  closeUndoStep(notebook);
  return index;
}

/** What an update did to the cells of a template. */
export interface IUpdate {
  /** How many have the new version's text, with those that are new. */
  updated: number;
  /** How many a person had changed, which stay as they are. */
  kept: number;
}

/**
 * Bring inserted cells to another version of their template, in one undo step.
 * Cells that a person changed stay, and so do the values of parameters.
 */
export function updateInserted(
  notebook: ISharedNotebook,
  insertion: string,
  template: ITemplate
): IUpdate {
  const fresh = fillCells(template, {}, { insertion });
  const result: IUpdate = { updated: 0, kept: 0 };
  closeUndoStep(notebook);
  notebook.transact(() => {
    const names = new Set(fresh.map(cell => Private.origin(cell).cell));
    Private.dropUnknown(notebook, insertion, names, result);
    let last = -1;
    for (const cell of fresh) {
      const origin = Private.origin(cell);
      const index = Private.find(notebook, insertion, origin.cell);
      const old = notebook.cells[index];
      if (!old) {
        last = last < 0 ? Private.first(notebook, insertion) : last + 1;
        notebook.insertCell(last, cell as unknown as Private.NewCell);
        result.updated += 1;
      } else {
        last = index;
        Private.renew(old, cell, origin, result);
      }
    }
  });
  closeUndoStep(notebook);
  return result;
}

/** Whether two JSON values are the same; an absent one is no other. */
function same(
  one: JSONObject[string] | undefined,
  other: JSONObject[string] | undefined
): boolean {
  return (
    one === other ||
    (one !== undefined && other !== undefined && JSONExt.deepEqual(one, other))
  );
}

namespace Private {
  export type NewCell = Parameters<ISharedNotebook['insertCell']>[1];

  /** What a cell says of its template, if it is one that was inserted. */
  export function provenance(cell: SharedCell): IProvenance | null {
    const record = cell.getMetadata(METADATA_KEY) as IProvenance | undefined;
    return typeof record?.insertion === 'string' &&
      typeof record.template?.id === 'string'
      ? record
      : null;
  }

  export function origin(cell: IFilledCell): IProvenance {
    return cell.metadata[METADATA_KEY] as IProvenance;
  }

  export function values(source: string): Pick<IInserted, 'values' | 'byHand'> {
    const found: Pick<IInserted, 'values' | 'byHand'> = {
      values: {},
      byHand: []
    };
    for (const { name, value } of parseParameters(source)) {
      const read = readLiteral(value);
      if (read === undefined) {
        found.byHand.push(name);
      } else {
        found.values[name] = read;
      }
    }
    return found;
  }

  export function find(
    notebook: ISharedNotebook,
    insertion: string,
    name: string
  ): number {
    return notebook.cells.findIndex(cell => {
      const record = provenance(cell);
      return record?.insertion === insertion && record.cell === name;
    });
  }

  export function first(notebook: ISharedNotebook, insertion: string): number {
    const index = notebook.cells.findIndex(
      cell => provenance(cell)?.insertion === insertion
    );
    return index < 0 ? notebook.cells.length : index;
  }

  function isChanged(cell: SharedCell, record: IProvenance): boolean {
    return fingerprint(cell.getSource()) !== record.fingerprint;
  }

  /** Cells that the new version has no more go, unless somebody changed them. */
  export function dropUnknown(
    notebook: ISharedNotebook,
    insertion: string,
    names: ReadonlySet<string>,
    result: IUpdate
  ): void {
    for (let index = notebook.cells.length - 1; index >= 0; index -= 1) {
      const cell = notebook.cells[index];
      const record = provenance(cell);
      if (record?.insertion !== insertion || names.has(record.cell)) {
        continue;
      }
      if (isChanged(cell, record)) {
        result.kept += 1;
      } else {
        notebook.deleteCell(index);
      }
    }
  }

  /** Give a cell its new text, or keep what a person made of it. */
  export function renew(
    old: SharedCell,
    cell: IFilledCell,
    origin: IProvenance,
    result: IUpdate
  ): void {
    const record = provenance(old)!;
    let { source } = cell;
    if (record.parameters) {
      // Lines of the new version with the values that the old ones have now.
      source = replaceValues(
        source,
        new Map(
          parseParameters(old.getSource()).map(({ name, value }) => [
            name,
            value
          ])
        )
      );
    } else if (isChanged(old, record)) {
      old.setMetadata(METADATA_KEY, { ...record, template: origin.template });
      result.kept += 1;
      return;
    }
    old.setSource(source);
    old.setMetadata(METADATA_KEY, {
      ...origin,
      fingerprint: fingerprint(source),
      ...(record.parameters ? { parameters: values(source).values } : {})
    });
    result.updated += 1;
  }
}
