/** Lets a trainer choose notebooks of a class in the file browser. */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { FileDialog } from '@jupyterlab/filebrowser';
import type { FileBrowserModel } from '@jupyterlab/filebrowser';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { pathBelow } from './editForm';

/**
 * Ask for notebooks. One that stands elsewhere is copied into the folder, if the
 * person wants it so: the notebooks of a workshop stand beside or below its file.
 *
 * @param folder - The folder of the workshop file.
 * @returns Their paths from the folder.
 */
export async function chooseNotebooks(
  folder: string,
  manager: FileBrowserModel['manager'] | null,
  translator: ITranslator,
  trans: TranslationBundle
): Promise<string[]> {
  if (!manager) {
    throw new Error(
      trans.__(
        'There is no file browser here. Write the notebooks into the file with the text editor.'
      )
    );
  }
  const { button, value } = await FileDialog.getOpenFiles({
    manager,
    translator,
    title: trans.__('Choose notebooks'),
    label: trans.__('Notebooks of the class'),
    defaultPath: folder,
    filter: ({ type }) =>
      type === 'notebook' || type === 'directory' ? {} : null
  });
  const chosen = (button.accept && value ? value : [])
    .filter(({ type }) => type === 'notebook')
    .map(({ path }) => path);
  const elsewhere = chosen.filter(path => pathBelow(folder, path) === null);
  if (elsewhere.length === 0) {
    return chosen.map(path => pathBelow(folder, path)!);
  }
  const { button: copies } = await showDialog({
    title: trans.__('Copy the notebooks?'),
    body: trans.__(
      'The notebooks of a workshop stand beside its file or below. Copy %1 into the folder “%2”?',
      elsewhere.join(', '),
      folder
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Leave them out') }),
      Dialog.okButton({ label: trans.__('Copy') })
    ]
  });
  const paths: string[] = [];
  for (const path of chosen) {
    const below = pathBelow(folder, path);
    if (below !== null) {
      paths.push(below);
    } else if (copies.accept) {
      const copy = await manager.services.contents.copy(path, folder);
      paths.push(pathBelow(folder, copy.path) ?? copy.name);
    }
  }
  return paths;
}
