import type { ICodeCell, MultilineString } from '@jupyterlab/nbformat';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { fingerprint } from '../cluster/fingerprint';
import { ClusterError } from '../tokens';
import type { ITarget } from './target';

/** The key in a cell's metadata. */
export const METADATA = 'seasonal_monitor';

/** The tag of a connection cell, for people and for tools such as nbconvert. */
export const TAG = 'dask-connection';

/** What was done, and the notebook cell's position if it was one. */
export interface IInserted {
  outcome: 'inserted' | 'updated';
  index?: number;
}

/** The shared notebook, as its model has it. */
export type ISharedNotebook = NonNullable<
  NotebookPanel['content']['model']
>['sharedModel'];

/**
 * Put connection code into a target: one cell above the active one of a
 * notebook, a console's prompt, or an editor at its cursor.
 *
 * @throws ClusterError `unavailable` if the target is read-only.
 */
export function insert(
  target: ITarget,
  cluster: string,
  code: string,
  trans: TranslationBundle
): IInserted {
  switch (target.kind) {
    case 'notebook':
      return Private.intoNotebook(target.widget, cluster, code, trans);
    case 'console': {
      const prompt = target.widget.console.promptCell;
      if (!prompt) {
        throw new ClusterError(
          trans.__('This console has no prompt to write to.'),
          {
            code: 'unavailable',
            hint: trans.__('Wait until it runs nothing, then try again.')
          }
        );
      }
      prompt.model.sharedModel.setSource(code);
      return { outcome: 'inserted' };
    }
    case 'editor': {
      const { editor, model } = target.widget.content;
      if (target.widget.context.model.readOnly) {
        throw Private.readOnly(trans);
      }
      const offset = editor.getOffsetAt(editor.getCursorPosition());
      model.sharedModel.updateSource(offset, offset, `${code}\n`);
      return { outcome: 'inserted' };
    }
  }
}

/** A connection cell as nbformat has it, for inserting and for dragging. */
export function connectionCell(
  cluster: string,
  code: string,
  id?: string
): Partial<ICodeCell> & { cell_type: 'code'; source: MultilineString } {
  return {
    cell_type: 'code',
    ...(id ? { id } : {}),
    source: code,
    metadata: {
      tags: [TAG],
      [METADATA]: { cluster, fingerprint: fingerprint(code) }
    },
    outputs: [],
    execution_count: null
  };
}

/** The key of the cluster that a cell's metadata names, if it is one of ours. */
export function clusterOf(
  metadata: Record<string, unknown>
): string | undefined {
  const own = metadata[METADATA] as JSONObject | undefined;
  const key = own?.cluster;
  return typeof key === 'string' ? key : undefined;
}

/**
 * The positions of the connection cells that nobody edited. A cell that a
 * person changed is theirs, whatever its metadata says.
 */
export function connectionCells(notebook: ISharedNotebook): number[] {
  return notebook.cells.flatMap((cell, index) => {
    const metadata = cell.getMetadata() as JSONObject;
    const own = metadata[METADATA] as JSONObject | undefined;
    const untouched = own?.fingerprint === fingerprint(cell.getSource());
    const editable = metadata.editable !== false;
    return clusterOf(metadata) !== undefined && untouched && editable
      ? [index]
      : [];
  });
}

/**
 * Run changes as one step of the notebook's undo, apart from what was typed
 * just before and is typed just after.
 */
export function asOneStep(notebook: ISharedNotebook, change: () => void): void {
  const manager = (notebook as Private.IUndoing).undoManager;
  manager?.stopCapturing?.();
  notebook.transact(change);
  manager?.stopCapturing?.();
}

/** Whether the notebook cannot be written to. */
export function isReadOnly(panel: NotebookPanel): boolean {
  const { model, contentsModel } = panel.context;
  return model.readOnly || contentsModel?.writable === false;
}

namespace Private {
  /** The part of a Yjs document that its interface does not show. */
  export type IUndoing = ISharedNotebook & {
    undoManager?: { stopCapturing?: () => void };
  };

  export function readOnly(trans: TranslationBundle): ClusterError {
    return new ClusterError(trans.__('The document is read-only.'), {
      code: 'unavailable',
      hint: trans.__('Save a copy of it, or copy the connection code.')
    });
  }

  export function intoNotebook(
    panel: NotebookPanel,
    cluster: string,
    code: string,
    trans: TranslationBundle
  ): IInserted {
    const model = panel.content.model;
    if (!model || isReadOnly(panel)) {
      throw readOnly(trans);
    }
    const notebook = model.sharedModel;
    const [index] = connectionCells(notebook);
    return index === undefined
      ? add(panel, notebook, cluster, code)
      : update(panel, notebook, index, cluster, code);
  }

  function add(
    panel: NotebookPanel,
    notebook: ISharedNotebook,
    cluster: string,
    code: string
  ): IInserted {
    const index = Math.max(0, panel.content.activeCellIndex);
    asOneStep(notebook, () => {
      notebook.insertCell(index, connectionCell(cluster, code));
    });
    return { outcome: 'inserted', index };
  }

  /**
   * A changed cell is put in the old one's place, so that the notebook's undo
   * takes the change back and no output of another cluster stays below it.
   */
  function update(
    panel: NotebookPanel,
    notebook: ISharedNotebook,
    index: number,
    cluster: string,
    code: string
  ): IInserted {
    const cell = notebook.getCell(index);
    const metadata = cell.getMetadata() as JSONObject;
    if (clusterOf(metadata) !== cluster || cell.getSource() !== code) {
      const active = panel.content.activeCellIndex;
      const fresh = connectionCell(cluster, code);
      asOneStep(notebook, () => {
        notebook.deleteCell(index);
        notebook.insertCell(index, {
          ...fresh,
          metadata: {
            ...metadata,
            [METADATA]: fresh.metadata?.[METADATA]
          }
        });
      });
      panel.content.activeCellIndex = active;
    }
    return { outcome: 'updated', index };
  }
}
