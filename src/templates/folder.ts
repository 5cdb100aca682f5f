/**
 * Templates in a folder of the server: a person's own, or those that an
 * administrator puts there.
 */
import { ServerConnection } from '@jupyterlab/services';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { ITemplateSource } from '../tokens';
import { brokenEntry, readTemplate } from './metadata';
import type { ICatalogueEntry } from './metadata';

/** How a folder of templates is read. */
export interface IFolderOptions {
  contents: Contents.IManager;
  /** Its path, with its drive. */
  path: string;
  trans: TranslationBundle;
}

/** More files than this are no collection of templates. */
const MAX_FILES = 200;

/**
 * The notebooks of a folder and of its direct subfolders. A folder that does
 * not exist holds none; a notebook that cannot be read is listed with the
 * reason.
 */
export function folderSource(options: IFolderOptions): ITemplateSource {
  return {
    id: options.path,
    load: async () => {
      const files = await Private.notebooks(options);
      return Promise.all(files.map(path => Private.read(path, options)));
    }
  };
}

/** Whether a change of a file concerns the templates of a folder. */
export function isInFolder(path: string | undefined, folder: string): boolean {
  return (
    path !== undefined && (path === folder || path.startsWith(`${folder}/`))
  );
}

namespace Private {
  type IListed = Pick<Contents.IModel, 'name' | 'path' | 'type'>;

  export async function notebooks({
    contents,
    path,
    trans
  }: IFolderOptions): Promise<string[]> {
    if (!(await exists(contents, path))) {
      return [];
    }
    const top = await list(contents, path);
    const folders = top.filter(({ type }) => type === 'directory');
    const inner = await Promise.all(
      folders.map(folder => list(contents, folder.path))
    );
    const files = [top, ...inner]
      .flat()
      .filter(({ type }) => type === 'notebook')
      .map(file => file.path);
    if (files.length > MAX_FILES) {
      throw new Error(
        trans.__(
          'the folder holds %1 notebooks. Choose a folder with templates only',
          files.length
        )
      );
    }
    return files;
  }

  /** Asked of the folder above it: a request for what is not there is an error. */
  async function exists(
    contents: Contents.IManager,
    path: string
  ): Promise<boolean> {
    const local = contents.localPath(path);
    const slash = local.lastIndexOf('/');
    const drive = contents.driveName(path);
    const parent = local.slice(0, Math.max(0, slash));
    if (
      parent &&
      !(await exists(contents, drive ? `${drive}:${parent}` : parent))
    ) {
      return false;
    }
    const siblings = await list(
      contents,
      drive ? `${drive}:${parent}` : parent
    );
    return siblings.some(
      ({ name, type }) =>
        type === 'directory' && name === local.slice(slash + 1)
    );
  }

  async function list(
    contents: Contents.IManager,
    path: string
  ): Promise<IListed[]> {
    const { content } = await contents.get(path, {
      type: 'directory',
      content: true
    });
    return content as IListed[];
  }

  export async function read(
    path: string,
    { contents, trans }: IFolderOptions
  ): Promise<ICatalogueEntry> {
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.ipynb$/, '');
    try {
      const { content } = await contents.get(path, {
        type: 'notebook',
        content: true
      });
      return readTemplate(content as JSONObject, name, trans);
    } catch (error) {
      return brokenEntry(
        name,
        trans.__(
          '“%1” could not be read: %2',
          path,
          error instanceof ServerConnection.ResponseError
            ? error.message
            : String(error)
        )
      );
    }
  }
}
