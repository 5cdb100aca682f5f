import { Dialog, showDialog } from '@jupyterlab/apputils';

/** A question before something is done that cannot be undone. */
export interface IQuestion {
  title: string;
  /** What will be gone, with numbers. */
  body: string;
  accept: string;
  cancel: string;
  /** Nothing is lost: the button does not warn. */
  harmless?: boolean;
}

/** Ask; Cancel is the default. */
export async function confirm(question: IQuestion): Promise<boolean> {
  const { title, body, accept, cancel, harmless } = question;
  const button = harmless ? Dialog.okButton : Dialog.warnButton;
  const result = await showDialog({
    title,
    body,
    defaultButton: 0,
    buttons: [Dialog.cancelButton({ label: cancel }), button({ label: accept })]
  });
  return result.button.accept;
}
