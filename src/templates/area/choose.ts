/**
 * Lets a person choose a GeoJSON file of the server, and reads what it encloses.
 */
import { FileDialog } from '@jupyterlab/filebrowser';
import type { Contents } from '@jupyterlab/services';
import type { ITranslator } from '@jupyterlab/translation';
import { DOMAIN } from '../../tokens';
import { MOST_CHARACTERS, readOutline, tooLarge } from './geojson';
import type { IOutline } from './geojson';

/** The files of the server, as a dialog shows them. */
export type Documents = Parameters<
  typeof FileDialog.getOpenFiles
>[0]['manager'];

/**
 * @returns The outlines, or null when the person thought better of it.
 *
 * @throws An `Error` in words for a file that holds none.
 */
export async function chooseOutline(
  documents: Documents,
  contents: Contents.IManager,
  translator: ITranslator
): Promise<IOutline | null> {
  const trans = translator.load(DOMAIN);
  const { button, value } = await FileDialog.getOpenFiles({
    manager: documents,
    title: trans.__('Choose a GeoJSON file'),
    filter: model =>
      model.type === 'directory' || /\.(geo)?json$/i.test(model.name)
        ? {}
        : null,
    translator
  });
  const file = button.accept
    ? value?.find(model => model.type !== 'directory')
    : undefined;
  if (!file) {
    return null;
  }
  if ((file.size ?? 0) > MOST_CHARACTERS) {
    throw tooLarge(trans);
  }
  const { content } = await contents.get(file.path, {
    type: 'file',
    format: 'text',
    content: true
  });
  return readOutline(String(content), trans);
}
