/** Puts a class that came by a code into a person's folder, after a question. */
import { Dialog, InputDialog, showDialog } from '@jupyterlab/apputils';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONExt } from '@lumino/coreutils';
import { plainText } from '../plainText';
import type { IReadBundle } from './bundle';
import { unpackClass } from './bundle';
import { readCode, showCode } from './link';
import { WORKSHOP_EXTENSION } from './model';
import type { ClassService } from './service';

/** What fetching a class needs. */
export interface IArriveOptions {
  contents: Contents.IManager;
  /** The hub's service for classes; null where there is no hub. */
  service: () => ClassService | null;
  trans: TranslationBundle;
}

/** Let the person type a code. @returns Null when they thought better of it. */
export async function askCode(
  trans: TranslationBundle
): Promise<string | null> {
  let typed = '';
  for (;;) {
    const { button, value } = await InputDialog.getText({
      title: trans.__('Join a Workshop by its Code'),
      label: typed
        ? trans.__(
            '“%1” cannot be a code: it has six letters and digits, such as ABC-234.',
            plainText(typed, 40)
          )
        : trans.__('The code that your trainer reads out, such as ABC-234'),
      text: typed,
      okLabel: trans.__('Look')
    });
    if (!button.accept) {
      return null;
    }
    typed = value ?? '';
    const code = readCode(typed);
    if (code !== null) {
      return code;
    }
  }
}

/**
 * Fetch the class of a code, say what it is, and put its files down if the
 * person wants them. Nothing is started.
 *
 * @returns The path of the workshop file; null when the person does not want it.
 * @throws Error in words when it cannot be had.
 */
export async function fetchClass(
  code: string,
  { contents, service: find, trans }: IArriveOptions
): Promise<string | null> {
  const service = find();
  if (!service) {
    throw new Error(
      trans.__(
        'Codes are kept by a service of the hub, and this page has none. Ask your trainer for the file of the workshop.'
      )
    );
  }
  try {
    const [{ default: validator }, published] = await Promise.all([
      import('@rjsf/validator-ajv8'),
      service.published(code)
    ]);
    const bundle = unpackClass(published, validator, trans);
    const folder = `${bundle.workshop.id}-${code.toLowerCase()}`;
    const { button } = await showDialog({
      title: trans.__('Workshop %1', showCode(code)),
      body: trans._n(
        '“%2” by %3. Its file and %1 notebook are saved in your folder “%4”; then its page is shown. Nothing is started or run.',
        '“%2” by %3. Its file and %1 notebooks are saved in your folder “%4”; then its page is shown. Nothing is started or run.',
        bundle.notebooks.size,
        plainText(bundle.workshop.title, 120),
        plainText(published.author, 64),
        folder
      ),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Save and look') })
      ]
    });
    return button.accept ? await saveClass(contents, folder, bundle) : null;
  } finally {
    service.dispose();
  }
}

/**
 * Save the files of a class in a folder. One with other files in it stays as it
 * is, and the class gets another; one that has it already is taken.
 *
 * @returns The path of the workshop file.
 */
export async function saveClass(
  contents: Contents.IManager,
  wanted: string,
  bundle: IReadBundle
): Promise<string> {
  for (let count = 1; ; count += 1) {
    const folder = count === 1 ? wanted : `${wanted}-${count}`;
    const file = `${folder}/${bundle.workshop.id}${WORKSHOP_EXTENSION}`;
    if (await Private.isFree(contents, folder)) {
      await Private.makeFolders(contents, folder);
      for (const [path, notebook] of bundle.notebooks) {
        const place = `${folder}/${path}`;
        await Private.makeFolders(
          contents,
          place.slice(0, place.lastIndexOf('/'))
        );
        await contents.save(place, {
          type: 'notebook',
          format: 'json',
          content: notebook
        });
      }
      // Last, so that a file is there only with its notebooks.
      await contents.save(file, {
        type: 'file',
        format: 'text',
        content: bundle.text
      });
      return file;
    }
    if (await Private.isSame(contents, folder, file, bundle)) {
      return file;
    }
  }
}

namespace Private {
  export async function isFree(
    contents: Contents.IManager,
    path: string
  ): Promise<boolean> {
    try {
      await contents.get(path, { content: false });
      return false;
    } catch (error) {
      if ((error as { response?: Response } | null)?.response?.status === 404) {
        return true;
      }
      throw error;
    }
  }

  /** Whether a folder has this class already. */
  export async function isSame(
    contents: Contents.IManager,
    folder: string,
    file: string,
    { text, notebooks }: IReadBundle
  ): Promise<boolean> {
    try {
      const there = await contents.get(file, {
        type: 'file',
        format: 'text',
        content: true
      });
      if (there.content !== text) {
        return false;
      }
      for (const [path, notebook] of notebooks) {
        const { content } = await contents.get(`${folder}/${path}`, {
          type: 'notebook',
          content: true
        });
        if (!JSONExt.deepEqual(plain(content), plain(notebook))) {
          return false;
        }
      }
      return true;
    } catch {
      // What cannot be read is not the same.
      return false;
    }
  }

  /** What makes a notebook another: not what servers add as they save it. */
  function plain(notebook: { cells?: unknown }): never[] {
    const cells = (notebook.cells ?? []) as {
      cell_type?: string;
      source?: string | string[];
    }[];
    return cells.map(({ cell_type: type, source }) => [
      type ?? '',
      Array.isArray(source) ? source.join('') : (source ?? '')
    ]) as never[];
  }

  export async function makeFolders(
    contents: Contents.IManager,
    path: string
  ): Promise<void> {
    let folder = '';
    for (const part of path.split('/')) {
      folder = folder ? `${folder}/${part}` : part;
      await contents.save(folder, { type: 'directory', path: folder });
    }
  }
}
