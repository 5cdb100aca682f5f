/**
 * Drags a template's cells to a place between the cells of a notebook.
 */
import { MimeData } from '@lumino/coreutils';
import { CELLS_MIME, dragOnceLoaded } from '../dragging';
import type { IFilledCell } from './fill';

/**
 * @param event - The `dragstart` of a draggable element.
 * @param load - Gives the cells.
 * @returns Whether a notebook or an editor took them.
 */
export function dragCells(
  event: MouseEvent,
  load: () => Promise<IFilledCell[]>
): Promise<boolean> {
  return dragOnceLoaded(event, async () => {
    const cells = await load();
    const data = new MimeData();
    data.setData(CELLS_MIME, cells);
    data.setData('text/plain', cells.map(({ source }) => source).join('\n\n'));
    return data;
  });
}
