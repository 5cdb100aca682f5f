import { Dialog } from '@jupyterlab/apputils';

/** A dialog that does not close by its accept button while its form is wrong. */
export class FormDialog<T> extends Dialog<T> {
  constructor(options: FormDialog.IOptions<T>) {
    super(options);
    this._accepts = options.accepts;
    this._acceptIndex = (options.buttons ?? []).findIndex(
      button => button.accept
    );
    this.addClass('jp-DaskForm-dialog');
  }

  override resolve(index?: number): void {
    if ((index ?? this._acceptIndex) !== this._acceptIndex || this._accepts()) {
      super.resolve(index);
    }
  }

  /** Close as if the accept button had been clicked. */
  accept(): void {
    this.resolve(this._acceptIndex);
  }

  private _acceptIndex: number;
  private _accepts: () => boolean;
}

export namespace FormDialog {
  export interface IOptions<T> extends Partial<Dialog.IOptions<T>> {
    /** Whether it may close; shows what is wrong otherwise. */
    accepts: () => boolean;
  }
}
