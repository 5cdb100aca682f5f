/**
 * Makes a notebook file out of a filled template.
 */
import type { INotebookContent } from '@jupyterlab/nbformat';
import { ServerConnection } from '@jupyterlab/services';
import type { Contents, KernelSpec } from '@jupyterlab/services';
import { isPythonSpec } from '../python';

/**
 * The kernel that a new notebook opens with: the server's default when it is a
 * Python one, else the first Python kernel.
 *
 * @returns What notebook metadata holds, or undefined when there is none.
 */
export function pythonKernel(
  specs: KernelSpec.ISpecModels | null
): { name: string; display_name: string } | undefined {
  const python = Object.values(specs?.kernelspecs ?? {}).filter(isPythonSpec);
  const spec = python.find(item => item?.name === specs?.default) ?? python[0];
  return spec && { name: spec.name, display_name: spec.display_name };
}

/**
 * Save a notebook under a name that is free in a folder. No file is ever
 * overwritten, and none is left behind when saving fails.
 *
 * @param folder - The path of the folder, with its drive.
 * @param name - The wanted name without `.ipynb`; a number is added when taken.
 * @returns The path of the file.
 */
export async function createNotebook(
  contents: Contents.IManager,
  folder: string,
  name: string,
  notebook: INotebookContent
): Promise<string> {
  const untitled = await contents.newUntitled({
    path: folder,
    type: 'notebook'
  });
  try {
    await contents.save(untitled.path, {
      type: 'notebook',
      format: 'json',
      content: notebook
    });
    return await Private.rename(contents, untitled.path, name);
  } catch (error) {
    await contents.delete(untitled.path).catch(() => undefined);
    throw error;
  }
}

namespace Private {
  /** How many names are tried; then the file keeps the one it has. */
  const ATTEMPTS = 1000;

  export async function rename(
    contents: Contents.IManager,
    path: string,
    name: string
  ): Promise<string> {
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, slash + 1);
    const taken = await names(contents, path);
    for (let count = 0; count < ATTEMPTS; count += 1) {
      const file = `${name}${count === 0 ? '' : `-${count}`}.ipynb`;
      if (taken.has(file)) {
        continue;
      }
      try {
        return (await contents.rename(path, `${folder}${file}`)).path;
      } catch (error) {
        // Somebody else took the name in the meantime.
        if (!isConflict(error)) {
          throw error;
        }
      }
    }
    return path;
  }

  /** The names in the folder of a file. */
  async function names(
    contents: Contents.IManager,
    path: string
  ): Promise<Set<string>> {
    const drive = contents.driveName(path);
    const local = contents.localPath(path);
    const folder = local.slice(0, Math.max(0, local.lastIndexOf('/')));
    const model = await contents.get(drive ? `${drive}:${folder}` : folder);
    return new Set(
      (model.content as { name: string }[]).map(file => file.name)
    );
  }

  /** Whether the server refused a name because a file has it. */
  function isConflict(error: unknown): boolean {
    return (
      error instanceof ServerConnection.ResponseError &&
      error.response.status === 409
    );
  }
}
