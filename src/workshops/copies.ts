/**
 * A participant's copies of a workshop's notebooks. What is theirs is never
 * overwritten.
 */
import type { INotebookContent } from '@jupyterlab/nbformat';
import type { Contents } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { createNotebook } from '../templates/create';
import { METADATA_KEY, notebookCells } from '../templates/metadata';
import { withoutOutputs } from './bundle';
import type { IWorkshop } from './model';

/** What a self-check cell puts out. */
export const CHECK_MIME = 'application/vnd.seasonal-monitor.check+json';

/** The path of something that stands in the folder of a workshop file. */
export function beside(file: string, path: string): string {
  return `${file.slice(0, file.lastIndexOf('/') + 1)}${path}`;
}

/** Where the copy of a notebook stands. */
export function copyPath(workshop: IWorkshop, notebook: string): string {
  return `${workshop.id}/${Private.flat(notebook)}`;
}

/**
 * Copy the notebooks that are not there yet.
 *
 * @param file - The path of the workshop file; its notebooks stand beside it.
 * @returns The paths of all copies, in order.
 */
export async function copyNotebooks(
  contents: Contents.IManager,
  file: string,
  workshop: IWorkshop
): Promise<string[]> {
  const paths: string[] = [];
  for (const { notebook } of workshop.materials) {
    if (notebook !== undefined) {
      const path = copyPath(workshop, notebook);
      paths.push(
        (await readCopy(contents, path))
          ? path
          : await copyOne(contents, file, workshop, notebook)
      );
    }
  }
  return paths;
}

/**
 * Put a fresh copy in the place of a participant's, which gets another name.
 *
 * @returns The path under which the participant's is kept.
 */
export async function resetCopy(
  contents: Contents.IManager,
  file: string,
  workshop: IWorkshop,
  notebook: string
): Promise<string> {
  // Whatever cannot be read leaves the participant's where it is.
  const fresh = await Private.original(contents, file, workshop, notebook);
  const path = copyPath(workshop, notebook);
  const kept = await Private.keep(contents, path);
  await Private.write(contents, path, fresh);
  return kept;
}

/** The steps that the outputs of a notebook tick, and those that they untick. */
export function checkedSteps(notebook: JSONObject): Map<string, boolean> {
  const steps = new Map<string, boolean>();
  for (const cell of notebookCells(notebook)) {
    readChecks(cell.outputs, steps);
  }
  return steps;
}

/** Read the self-checks in the outputs of a cell. */
export function readChecks(
  outputs: unknown,
  steps = new Map<string, boolean>()
): Map<string, boolean> {
  for (const output of Array.isArray(outputs) ? outputs : []) {
    const check = (output as { data?: JSONObject } | null)?.data?.[
      CHECK_MIME
    ] as JSONObject | null | undefined;
    if (typeof check?.step === 'string') {
      steps.set(check.step, check.passed === true);
    }
  }
  return steps;
}

/** A notebook that is there, or null. */
export async function readCopy(
  contents: Contents.IManager,
  path: string
): Promise<JSONObject | null> {
  try {
    return (await contents.get(path, { type: 'notebook', content: true }))
      .content as JSONObject;
  } catch (error) {
    if (Private.isMissing(error)) {
      return null;
    }
    throw error;
  }
}

async function copyOne(
  contents: Contents.IManager,
  file: string,
  workshop: IWorkshop,
  notebook: string
): Promise<string> {
  const fresh = await Private.original(contents, file, workshop, notebook);
  return Private.write(contents, copyPath(workshop, notebook), fresh);
}

namespace Private {
  /** A path as one name. */
  export function flat(notebook: string): string {
    return notebook.replace(/\//g, '-');
  }

  export function isMissing(error: unknown): boolean {
    return (error as { response?: Response } | null)?.response?.status === 404;
  }

  /** The original without outputs, and with where it came from. */
  export async function original(
    contents: Contents.IManager,
    file: string,
    workshop: IWorkshop,
    notebook: string
  ): Promise<INotebookContent> {
    const source = beside(file, notebook);
    const model = await contents.get(source, {
      type: 'notebook',
      content: true
    });
    const content = withoutOutputs(
      model.content as JSONObject
    ) as unknown as INotebookContent;
    const known = content.metadata[METADATA_KEY] as JSONObject | undefined;
    return {
      ...content,
      metadata: {
        ...content.metadata,
        [METADATA_KEY]: {
          ...known,
          workshop: { id: workshop.id, source, modified: model.last_modified }
        }
      }
    };
  }

  /** Write a notebook that is not there yet. */
  export async function write(
    contents: Contents.IManager,
    path: string,
    notebook: INotebookContent
  ): Promise<string> {
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, slash);
    await contents.save(folder, { type: 'directory', path: folder });
    const name = path.slice(slash + 1).replace(/\.ipynb$/, '');
    return createNotebook(contents, folder, name, notebook);
  }

  /** Give a file another name that is free; it may be gone already. */
  export async function keep(
    contents: Contents.IManager,
    path: string
  ): Promise<string> {
    for (let count = 1; ; count += 1) {
      const kept = path.replace(/\.ipynb$/, `-mine-${count}.ipynb`);
      if (!(await readCopy(contents, kept))) {
        return (await contents.rename(path, kept)).path;
      }
    }
  }
}
