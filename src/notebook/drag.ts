import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { MimeData, UUID } from '@lumino/coreutils';
import { Drag } from '@lumino/dragdrop';
import { CLUSTER_MIME } from '../tokens';
import {
  asOneStep,
  clusterOf,
  connectionCell,
  connectionCells
} from './insert';

/** What notebooks take between their cells. */
const CELLS_MIME = 'application/vnd.jupyter.cells';

/** Where the drag starts, and where it may end. */
export interface IDragOptions {
  clientX: number;
  clientY: number;
  notebooks: INotebookTracker | null;
}

/**
 * Drag connection code: a notebook takes it as a cell, and a cell's editor, a
 * console and a file editor take it as text.
 *
 * @param key - The cluster's key.
 * @returns A promise that resolves when the drag has ended. In a notebook that
 * had a connection cell, the dropped one has then replaced it.
 */
export async function dragCode(
  key: string,
  code: string,
  options: IDragOptions
): Promise<void> {
  const id = UUID.uuid4();
  const drag = new Drag({
    mimeData: dragData(key, code, id),
    proposedAction: 'copy',
    supportedActions: 'copy'
  });
  const action = await drag.start(options.clientX, options.clientY);
  drag.dispose();
  if (action !== 'none') {
    options.notebooks?.forEach(panel => keepDropped(panel, id));
  }
}

/** The code in all forms that targets ask for. */
export function dragData(key: string, code: string, id: string): MimeData {
  const data = new MimeData();
  data.setData(CLUSTER_MIME, key);
  data.setData(CELLS_MIME, [connectionCell(key, code, id)]);
  data.setData('text/plain', code);
  return data;
}

/** Take older, unedited connection cells away from where this one fell. */
export function keepDropped(panel: NotebookPanel, id: string): void {
  const notebook = panel.content.model?.sharedModel;
  const dropped = notebook?.cells.find(cell => cell.getId() === id);
  if (!notebook || !dropped || clusterOf(dropped.getMetadata()) === undefined) {
    return;
  }
  const old = connectionCells(notebook).filter(
    index => notebook.getCell(index).getId() !== id
  );
  if (old.length > 0) {
    asOneStep(notebook, () => {
      old.reverse().forEach(index => notebook.deleteCell(index));
    });
  }
}
