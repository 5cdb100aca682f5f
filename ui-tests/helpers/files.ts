import { readdir, readFile } from 'fs/promises';
import { join } from 'path';

/** All files below a folder, with their texts. */
export async function texts(folder: string): Promise<Array<[string, string]>> {
  const found: Array<[string, string]> = [];
  for (const entry of await readdir(folder, {
    recursive: true,
    withFileTypes: true
  })) {
    if (entry.isFile()) {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      // One that is being removed is not there any more.
      const text = await readFile(path, 'utf8').catch(() => null);
      if (text !== null) {
        found.push([path, text]);
      }
    }
  }
  return found;
}
