/** Where a tab goes in the page. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Widget } from '@lumino/widgets';

/**
 * Add a tab to the main area; to the right where that takes no more, as in a page
 * of Notebook 7, which has room for one document only.
 */
export function addToPage(
  shell: Pick<JupyterFrontEnd.IShell, 'add'>,
  widget: Widget,
  options?: DocumentRegistry.IOpenOptions
): void {
  shell.add(widget, 'main', options);
  if (!widget.parent) {
    shell.add(widget, 'right');
  }
}
