/**
 * Which notebook a template goes to, and how it gets in there: in one step
 * that one undo takes back.
 */
import type { IChangedArgs } from '@jupyterlab/coreutils';
import type {
  INotebookModel,
  INotebookTracker,
  NotebookPanel
} from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { IFilledCell } from './fill';

/** Where cells go, as seen from the active cell. */
export type Position = 'above' | 'below' | 'end';

/** A notebook as Yjs shares it. */
type SharedNotebook = INotebookModel['sharedModel'];

/** The notebook that was looked at last. */
export class NotebookTarget implements IDisposable {
  constructor(tracker: INotebookTracker | null, trans: TranslationBundle) {
    this._tracker = tracker;
    this._trans = trans;
    tracker?.currentChanged.connect(this._onCurrentChanged, this);
    this._onCurrentChanged();
  }

  /** The notebook, its name or its being writable changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get panel(): NotebookPanel | null {
    return this._panel;
  }

  /** The file's name; empty when there is no notebook. */
  get name(): string {
    return this._panel?.title.label ?? '';
  }

  /** Why nothing can be inserted now, in words; empty when it can. */
  get problem(): string {
    if (!this._panel) {
      return this._trans.__(
        'No notebook is open. Open one, or make a new one.'
      );
    }
    if (this._panel.content.model?.readOnly) {
      return this._trans.__(
        '“%1” is read-only. Save a copy of it, or make a new notebook.',
        this.name
      );
    }
    if (!this._panel.content.model) {
      return this._trans.__('“%1” is still loading.', this.name);
    }
    return '';
  }

  /**
   * Insert cells and show them.
   *
   * @throws Error with {@link problem} when there is no place for them.
   */
  insert(cells: IFilledCell[], position: Position): void {
    const model = this._panel?.content.model;
    if (!this._panel || !model || this.problem) {
      throw new Error(this.problem);
    }
    const { content } = this._panel;
    const index = insertCells(
      model.sharedModel,
      cells,
      position,
      content.activeCellIndex
    );
    content.deselectAll();
    content.activeCellIndex = index;
    void content.scrollToItem(index, 'smart');
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._watch(null);
    this._tracker?.currentChanged.disconnect(this._onCurrentChanged, this);
    Signal.clearData(this);
  }

  private _onCurrentChanged(): void {
    this._watch(this._tracker?.currentWidget ?? null);
    this._changed.emit();
  }

  private _watch(panel: NotebookPanel | null): void {
    if (this._panel) {
      this._panel.title.changed.disconnect(this._onPanelChanged, this);
      this._panel.content.modelChanged.disconnect(this._onModelChanged, this);
    }
    this._panel = panel;
    if (panel) {
      panel.title.changed.connect(this._onPanelChanged, this);
      panel.content.modelChanged.connect(this._onModelChanged, this);
    }
    this._watchModel(panel?.content.model ?? null);
  }

  private _watchModel(model: INotebookModel | null): void {
    this._model?.stateChanged.disconnect(this._onStateChanged, this);
    this._model = model;
    model?.stateChanged.connect(this._onStateChanged, this);
  }

  private _onPanelChanged(): void {
    this._changed.emit();
  }

  private _onModelChanged(): void {
    this._watchModel(this._panel?.content.model ?? null);
    this._changed.emit();
  }

  private _onStateChanged(
    model: INotebookModel,
    change: IChangedArgs<unknown>
  ): void {
    if (change.name === 'readOnly') {
      this._changed.emit();
    }
  }

  private readonly _tracker: INotebookTracker | null;
  private readonly _trans: TranslationBundle;
  private readonly _changed = new Signal<this, void>(this);
  private _panel: NotebookPanel | null = null;
  private _model: INotebookModel | null = null;
  private _isDisposed = false;
}

/**
 * Insert cells as one step of the undo history. Cells of the notebook keep
 * their content; only the one blank cell of a notebook that holds nothing else
 * gives way.
 *
 * @param active - The index of the active cell.
 * @returns The index of the first inserted cell.
 */
export function insertCells(
  notebook: SharedNotebook,
  cells: IFilledCell[],
  position: Position,
  active: number
): number {
  const count = notebook.cells.length;
  const blank = count === 1 && notebook.cells[0].getSource().trim() === '';
  const index = blank
    ? 0
    : position === 'above'
      ? Math.max(0, active)
      : position === 'below'
        ? Math.min(count, active + 1)
        : count;
  closeUndoStep(notebook);
  notebook.transact(() => {
    notebook.insertCells(
      index,
      cells as unknown as Parameters<SharedNotebook['insertCells']>[1]
    );
    if (blank) {
      notebook.deleteCell(cells.length);
    }
  });
  closeUndoStep(notebook);
  return index;
}

/**
 * Yjs joins changes within half a second into one step; what was typed just
 * before or after must not go with ours.
 */
export function closeUndoStep(notebook: object): void {
  const { undoManager } = notebook as {
    undoManager?: { stopCapturing?: () => void };
  };
  undoManager?.stopCapturing?.();
}
