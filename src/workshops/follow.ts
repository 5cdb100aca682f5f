/** Makes workshop files and opens them, by their path. */
import { Clipboard, Notification } from '@jupyterlab/apputils';
import type { Contents, ServiceManager } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { inWords } from '../cluster/errors';
import { plainText } from '../components/plainText';
import { deepLink, placeOfPage, withoutQuery } from '../deepLink';
import { emptyWorkshop } from './editForm';
import { LINK_NAMES, linkQuery, readWorkshopLink } from './link';
import type { WorkshopLink } from './link';
import { WORKSHOP_EXTENSION } from './model';

/**
 * Make a workshop file with nothing in it.
 *
 * @returns Its path.
 */
export async function newWorkshop(
  contents: Contents.IManager,
  folder: string
): Promise<string> {
  const { path } = await contents.newUntitled({
    path: folder,
    type: 'file',
    ext: WORKSHOP_EXTENSION
  });
  await contents.save(path, {
    type: 'file',
    format: 'text',
    content: `${JSON.stringify(emptyWorkshop(), null, 2)}\n`
  });
  return path;
}

/**
 * What the query of a link names, once it is known to be there. The address of the
 * page says no more of it: a reload is none of another's wish.
 *
 * @returns The path of the file; null when there is none, which was said then.
 */
export async function followLink(
  search: string,
  contents: Contents.IManager,
  trans: TranslationBundle
): Promise<string | null> {
  history.replaceState(
    history.state,
    '',
    withoutQuery(location.href, LINK_NAMES)
  );
  try {
    const link = readWorkshopLink(search, trans);
    if ('code' in link) {
      throw new Error(
        trans.__(
          'This server knows no codes of workshops. Ask your trainer for the file.'
        )
      );
    }
    await contents.get(link.path, { content: false }).catch(() => {
      throw new Error(
        trans.__(
          'The workshop “%1” is not on your server. Ask your trainer for the file, or where it is shared.',
          plainText(link.path, 200)
        )
      );
    });
    return link.path;
  } catch (error) {
    Notification.error(inWords(error), { autoClose: false });
    return null;
  }
}

/** Copy a link. @returns what was done, in words. */
export async function copyLink(
  link: WorkshopLink,
  services: ServiceManager.IManager,
  trans: TranslationBundle
): Promise<string> {
  const place = placeOfPage(services.serverSettings.baseUrl);
  Clipboard.copyToSystem(deepLink(linkQuery(link), place));
  if ('code' in link) {
    return trans.__('Copied a link. It opens this class, and starts nothing.');
  }
  return place.hub?.prefix
    ? trans.__(
        'Copied a link. It opens the file “%1” on the server of whoever follows it, and starts nothing. The file must be there: share it in a folder, or publish the class under a code.',
        link.path
      )
    : trans.__('Copied a link. It opens this page, and starts nothing.');
}
