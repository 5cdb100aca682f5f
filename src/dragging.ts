import type { MimeData } from '@lumino/coreutils';
import { Drag } from '@lumino/dragdrop';

/** What notebooks take between their cells. */
export const CELLS_MIME = 'application/vnd.jupyter.cells';

/**
 * Drag data that has to be loaded first. Whoever lets go before it is there drops
 * nothing.
 *
 * @param event - The `dragstart` of a draggable element.
 * @returns A promise that resolves when the drag has ended: whether something took
 * the data.
 */
export async function dragOnceLoaded(
  event: MouseEvent,
  load: () => Promise<MimeData>
): Promise<boolean> {
  event.preventDefault();
  const { clientX, clientY } = event;
  let released = false;
  const release = (): void => {
    released = true;
  };
  document.addEventListener('pointerup', release, { once: true });
  let mimeData: MimeData;
  try {
    mimeData = await load();
  } finally {
    document.removeEventListener('pointerup', release);
  }
  if (released) {
    return false;
  }
  const drag = new Drag({
    mimeData,
    proposedAction: 'copy',
    supportedActions: 'copy'
  });
  const action = await drag.start(clientX, clientY);
  drag.dispose();
  return action !== 'none';
}
