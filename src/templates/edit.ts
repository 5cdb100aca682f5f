/**
 * A change of cells that a template has put into a notebook, for its page.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { ITemplate } from '../tokens';
import { changeValues, findInserted, updateInserted } from './inserted';
import type { IInserted } from './inserted';

/** The template of a notebook's active cell, or the first one in it. */
export function activeInserted(panel: NotebookPanel | null): IInserted | null {
  const notebook = panel?.content.model?.sharedModel;
  return notebook
    ? (findInserted(notebook, panel.content.activeCellIndex)[0] ?? null)
    : null;
}

/** Cells of one template in one notebook, and what can be done with them. */
export class InsertedEdit {
  constructor(
    private _panel: NotebookPanel,
    private _inserted: IInserted,
    private _trans: TranslationBundle,
    private _reveal: (id: string) => void
  ) {}

  /** What the cells have in common. */
  get insertion(): string {
    return this._inserted.insertion;
  }

  /** The template's id. */
  get template(): string {
    return this._inserted.template;
  }

  get version(): string {
    return this._inserted.version;
  }

  get values(): JSONObject {
    return this._inserted.values;
  }

  get byHand(): readonly string[] {
    return this._inserted.byHand;
  }

  /** The notebook's name. */
  get name(): string {
    return this._panel.title.label;
  }

  /** Write other values. @returns what was done, in words. */
  change(template: ITemplate, values: JSONObject): string {
    const notebook = this._notebook();
    let index: number;
    try {
      index = changeValues(notebook, this.insertion, template, values);
    } catch {
      throw this._gone();
    }
    this._show(index);
    return this._trans.__(
      'Changed the parameters in “%1”. One undo takes it back.',
      this.name
    );
  }

  /** Bring the cells to the template's version. @returns what was done. */
  update(template: ITemplate): string {
    const notebook = this._notebook();
    const isHere = findInserted(notebook).some(
      ({ insertion }) => insertion === this.insertion
    );
    if (!isHere) {
      throw this._gone();
    }
    const { updated, kept } = updateInserted(
      notebook,
      this.insertion,
      template
    );
    this._inserted = { ...this._inserted, version: template.version };
    const done = this._trans._n(
      'Updated %1 cell in “%2”. One undo takes it back.',
      'Updated %1 cells in “%2”. One undo takes it back.',
      updated,
      this.name
    );
    return kept > 0
      ? `${done} ${this._trans._n(
          '%1 cell that you had changed was kept.',
          '%1 cells that you had changed were kept.',
          kept
        )}`
      : done;
  }

  private _notebook() {
    const model = this._panel.isDisposed ? null : this._panel.content.model;
    if (!model) {
      throw new Error(
        this._trans.__('The notebook was closed. Open it and try again.')
      );
    }
    if (model.readOnly) {
      throw new Error(
        this._trans.__('“%1” is read-only. Save a copy of it.', this.name)
      );
    }
    return model.sharedModel;
  }

  private _gone(): Error {
    return new Error(
      this._trans.__(
        'The cell with the parameters is no longer in “%1”. Insert the template again.',
        this.name
      )
    );
  }

  private _show(index: number): void {
    const { content } = this._panel;
    content.deselectAll();
    content.activeCellIndex = index;
    void content.scrollToItem(index, 'smart');
    this._reveal(this._panel.id);
  }
}
