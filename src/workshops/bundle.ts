/**
 * A class as it travels by a code: its file and its notebooks. What comes is of
 * somebody else: it is read whole or refused, and only the notebooks that the
 * file names are taken. Pure but for what it is asked to read.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { ValidatorType } from '@rjsf/utils';
import { notebookCells } from '../templates/metadata';
import type { IWorkshop } from './model';
import { readWorkshop } from './model';

/** The most characters that the notebooks of a class may have together. */
export const MAX_NOTEBOOKS = 1024 * 1024;

/** What travels. */
export interface IBundle {
  /** The text of the workshop file. */
  workshop: string;
  /** The texts of notebooks, by their paths from the file's folder. */
  notebooks: Record<string, string>;
}

/** What came, and may be put down. */
export interface IReadBundle {
  workshop: IWorkshop;
  /** The workshop file as it was written. */
  text: string;
  /** Notebooks without outputs, by path. */
  notebooks: Map<string, JSONObject>;
}

/**
 * Put a class together.
 *
 * @param read - Reads a notebook of the class by its path from the file's folder.
 * @throws Error in words when it is wrong or too large.
 */
export async function packClass(
  text: string,
  read: (notebook: string) => Promise<JSONObject>,
  validator: ValidatorType,
  trans: TranslationBundle
): Promise<IBundle> {
  const { workshop, problems } = readWorkshop(text, validator, trans);
  if (!workshop) {
    throw new Error(
      trans.__('The file is not ready: %1 Correct it first.', problems[0])
    );
  }
  const notebooks: Record<string, string> = {};
  for (const notebook of notebooksOf(workshop)) {
    notebooks[notebook] = JSON.stringify(withoutOutputs(await read(notebook)));
  }
  const size = Object.values(notebooks).reduce(
    (sum, { length }) => sum + length,
    0
  );
  if (size > MAX_NOTEBOOKS) {
    throw new Error(
      trans.__(
        'The notebooks of the class are %1 kB; by a code at most %2 kB can travel. Take out pictures, or share the folder and send a link.',
        Math.ceil(size / 1024),
        MAX_NOTEBOOKS / 1024
      )
    );
  }
  return { workshop: text, notebooks };
}

/**
 * Read what came.
 *
 * @throws Error in words when any of it cannot be used.
 */
export function unpackClass(
  { workshop: text, notebooks }: IBundle,
  validator: ValidatorType,
  trans: TranslationBundle
): IReadBundle {
  const { workshop, problems } = readWorkshop(text, validator, trans);
  if (!workshop) {
    throw new Error(
      trans.__(
        'The class of this code cannot be used: %1 Tell your trainer.',
        problems[0]
      )
    );
  }
  const read = new Map<string, JSONObject>();
  let size = 0;
  for (const notebook of notebooksOf(workshop)) {
    const given = Object.getOwnPropertyDescriptor(notebooks, notebook)?.value;
    size += typeof given === 'string' ? given.length : 0;
    const content = Private.notebook(given);
    if (!content || size > MAX_NOTEBOOKS) {
      throw new Error(
        trans.__(
          'The notebook “%1” did not come with the class, or is no notebook. Ask your trainer to publish the class again.',
          notebook
        )
      );
    }
    read.set(notebook, withoutOutputs(content));
  }
  return { workshop, text, notebooks: read };
}

/** The notebooks that a workshop names, each once. */
export function notebooksOf(workshop: IWorkshop): string[] {
  const named = workshop.materials.flatMap(({ notebook }) => notebook ?? []);
  return [...new Set(named)];
}

/** A notebook as nobody has run it. */
export function withoutOutputs(notebook: JSONObject): JSONObject {
  return {
    ...notebook,
    cells: notebookCells(notebook).map(cell =>
      cell.cell_type === 'code'
        ? { ...cell, outputs: [], execution_count: null }
        : cell
    )
  };
}

namespace Private {
  /** The notebook in a text, or null for what is none. */
  export function notebook(text: unknown): JSONObject | null {
    try {
      const value = JSON.parse(String(text)) as JSONObject | null;
      return value?.nbformat === 4 &&
        Array.isArray(value.cells) &&
        value.cells.every(one => typeof one === 'object' && one !== null)
        ? value
        : null;
    } catch {
      // What is not JSON is no notebook.
      return null;
    }
  }
}
