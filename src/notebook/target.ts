import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ConsolePanel, IConsoleTracker } from '@jupyterlab/console';
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import type { FileEditor, IEditorTracker } from '@jupyterlab/fileeditor';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Widget } from '@lumino/widgets';

/** Where connection code can go. */
export type ITarget =
  | { kind: 'notebook'; widget: NotebookPanel }
  | { kind: 'console'; widget: ConsolePanel }
  | { kind: 'editor'; widget: IDocumentWidget<FileEditor> };

/** What there may be in this application; each is absent where it is not. */
export interface ITrackers {
  notebooks: INotebookTracker | null;
  consoles: IConsoleTracker | null;
  editors: IEditorTracker | null;
}

/** The editors that take Python. */
const PYTHON = ['text/x-python', 'text/x-ipython'];

/**
 * The notebook, console or Python editor that was looked at last.
 *
 * @param last - The widgets that had the focus, most recent first. The focus is
 * in the sidebar when the question is asked, and may have been in a dashboard.
 */
export function findTarget(
  shell: JupyterFrontEnd.IShell,
  trackers: ITrackers,
  last: readonly Widget[]
): ITarget | null {
  const current = shell.currentWidget;
  for (const widget of current ? [current, ...last] : last) {
    const target = targetOf(widget, trackers);
    if (target) {
      return target;
    }
  }
  const notebook = trackers.notebooks?.currentWidget;
  if (notebook) {
    return { kind: 'notebook', widget: notebook };
  }
  const console = trackers.consoles?.currentWidget;
  return console ? { kind: 'console', widget: console } : null;
}

/** The widget as a target, if it is one. */
export function targetOf(widget: Widget, trackers: ITrackers): ITarget | null {
  if (widget.isDisposed) {
    return null;
  }
  if (trackers.notebooks?.has(widget)) {
    return { kind: 'notebook', widget: widget as NotebookPanel };
  }
  if (trackers.consoles?.has(widget)) {
    return { kind: 'console', widget: widget as ConsolePanel };
  }
  if (trackers.editors?.has(widget)) {
    const editor = widget as IDocumentWidget<FileEditor>;
    if (PYTHON.includes(editor.content.model.mimeType)) {
      return { kind: 'editor', widget: editor };
    }
  }
  return null;
}
