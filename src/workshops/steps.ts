/** The steps of a notebook, found from the cells that check them. Pure. */
import type { JSONObject } from '@lumino/coreutils';
import { cellSource, notebookCells } from '../templates/metadata';
import type { IWorkshopStep } from './model';

/** The most steps that one notebook can have. */
export const MAX_STEPS = 50;

/**
 * The steps that the cells of a notebook check by `check("…")`, in order. Each
 * is called after the last heading above it.
 */
export function findSteps(notebook: JSONObject): IWorkshopStep[] {
  const found = new Map<string, IWorkshopStep>();
  let heading = '';
  for (const cell of notebookCells(notebook)) {
    const source = cellSource(cell);
    if (cell.cell_type === 'markdown') {
      heading = Private.lastHeading(source) || heading;
    } else if (cell.cell_type === 'code') {
      for (const id of Private.checks(source)) {
        if (!found.has(id) && found.size < MAX_STEPS) {
          found.set(id, { id, title: heading || Private.words(id) });
          // Two steps below one heading are told apart by their own names.
          heading = '';
        }
      }
    }
  }
  return [...found.values()];
}

/** Steps as they were typed, and after them those that are new. */
export function mergeSteps(
  typed: readonly IWorkshopStep[],
  found: readonly IWorkshopStep[]
): IWorkshopStep[] {
  const known = new Set(typed.map(({ id }) => id));
  return [...typed, ...found.filter(({ id }) => !known.has(id))];
}

namespace Private {
  const CHECK =
    /(?<![\w.])check\(\s*(?:step\s*=\s*)?(["'])([a-z0-9][a-z0-9._-]{0,63})\1/g;

  /** What a cell checks; a line that is a comment checks nothing. */
  export function checks(source: string): string[] {
    const code = source.replace(/^[ \t]*#.*$/gm, '');
    return Array.from(code.matchAll(CHECK), match => match[2]);
  }

  /** The last heading of a Markdown cell as plain text; empty without one. */
  export function lastHeading(source: string): string {
    const headings = source.match(/^#{1,6}[ \t]+\S.*$/gm);
    return (headings?.[headings.length - 1] ?? '')
      .replace(/^#+[ \t]+|[ \t]+#*$|[*`]/g, '')
      .slice(0, 200)
      .trim();
  }

  /** A short name as words. */
  export function words(id: string): string {
    const text = id.replace(/[._-]+/g, ' ').trim() || id;
    return text[0].toUpperCase() + text.slice(1);
  }
}
