import type { NotebookPanel } from '@jupyterlab/notebook';
import { MimeData } from '@lumino/coreutils';
import { CELLS_MIME } from '../dragging';
import { CLUSTER_MIME } from '../tokens';
import {
  asOneStep,
  clusterOf,
  connectionCell,
  connectionCells
} from './insert';

/**
 * Connection code in all forms that targets ask for: a notebook takes it as a cell,
 * and a cell's editor, a console and a file editor take it as text.
 *
 * @param key - The cluster's key.
 * @param id - Of the cell that a notebook gets.
 */
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
