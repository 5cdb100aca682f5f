/** Makes workshop files and opens them, by their path. */
import { Clipboard, Notification } from '@jupyterlab/apputils';
import type { Contents, ServiceManager } from '@jupyterlab/services';
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import { inWords } from '../cluster/errors';
import { plainText } from '../plainText';
import { deepLink, placeOfPage, withoutQuery } from '../deepLink';
import { emptyWorkshop } from './editForm';
import { PACKAGE } from '../tokens/names';
import { askCode, fetchClass } from './arrive';
import type { IArriveOptions } from './arrive';
import type { IBundle } from './bundle';
import {
  LINK_NAMES,
  linkQuery,
  readCode,
  readWorkshopLink,
  showCode
} from './link';
import type { ClassService } from './service';
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
 * Find the workshop that the query of a link names, or that a code names which
 * the person types. The address of the page says no more of a link: a reload is
 * none of another's wish.
 *
 * @returns The path of the file; null when there is none, which was said then.
 */
export async function findWorkshop(
  search: string | null,
  options: IArriveOptions
): Promise<string | null> {
  const { contents, trans } = options;
  try {
    if (search === null) {
      const code = await askCode(trans);
      return code === null ? null : await fetchClass(code, options);
    }
    history.replaceState(
      history.state,
      '',
      withoutQuery(location.href, LINK_NAMES)
    );
    const link = readWorkshopLink(search, trans);
    if ('code' in link) {
      return await fetchClass(link.code, options);
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
    Notification.error(plainText(inWords(error), 400), { autoClose: false });
    return null;
  }
}

/**
 * Publish a class under a code; the same as before, where that is possible.
 *
 * @returns The code, in words.
 */
export async function publishClass(
  file: string,
  bundle: IBundle,
  service: ClassService,
  state: IStateDB | null,
  services: ServiceManager.IManager,
  trans: TranslationBundle
): Promise<string> {
  const key = `${PACKAGE}:code:${file}`;
  try {
    const before = await state?.fetch(key);
    const known = typeof before === 'string' ? readCode(before) : null;
    const code = await service.publish(bundle, known ?? '');
    await state?.save(key, code);
    const place = placeOfPage(services.serverSettings.baseUrl);
    Clipboard.copyToSystem(deepLink(linkQuery({ code }), place));
    return trans.__(
      'The code is %1. A link with it was copied. Publish again after changes, and after a restart of the hub’s service.',
      showCode(code)
    );
  } finally {
    service.dispose();
  }
}

/** Copy a link to a file. @returns what was done, in words. */
export async function copyLink(
  path: string,
  services: ServiceManager.IManager,
  trans: TranslationBundle
): Promise<string> {
  const place = placeOfPage(services.serverSettings.baseUrl);
  Clipboard.copyToSystem(deepLink(linkQuery({ path }), place));
  return place.hub?.prefix
    ? trans.__(
        'Copied a link. It opens the file “%1” on the server of whoever follows it, and starts nothing. The file must be there: share it in a folder, or publish the class under a code.',
        path
      )
    : trans.__('Copied a link. It opens this page, and starts nothing.');
}
