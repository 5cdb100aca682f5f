/**
 * Statuses as files in a folder that a class shares, for hubs without a service:
 * one small file of JSON for each person who has agreed.
 */
import type { Contents } from '@jupyterlab/services';
import { parseObject } from '../providers/gateway/request';
import type { IParticipant, ISaid, IStatus } from './serviceWire';
import { readSaid } from './serviceWire';

/** The end of a file's name. */
const END = '.status.json';

/** The most characters that a file may have, and the most files that are read. */
const [LARGEST, MOST] = [16_384, 500];

/** The name of somebody's file. */
export function fileOf(name: string): string {
  return `${encodeURIComponent(name)}${END}`;
}

/** The folder, through the contents API of this page's server. */
export class StatusFolder {
  constructor(private _options: StatusFolder.IOptions) {}

  /**
   * Put down what a person says; the file is never seen half written, since the
   * server writes another one and renames it.
   *
   * @param since - When the step became what it is, in ms since the epoch.
   */
  async write(name: string, status: IStatus, since: number): Promise<void> {
    const { contents, folder } = this._options;
    const content = JSON.stringify({ ...status, since: since / 1000 });
    const path = `${folder}/${fileOf(name)}`;
    await contents.save(path, { type: 'file', format: 'text', content, path });
  }

  /** Take back what a person said; nothing happens where there is nothing. */
  async remove(name: string): Promise<void> {
    const { contents, folder } = this._options;
    const path = `${folder}/${fileOf(name)}`;
    await contents.delete(path).catch(reason => {
      if (reason?.response?.status !== 404) {
        throw reason;
      }
    });
  }

  /**
   * What people have put down. Whoever can write into the folder can write any
   * name: it is worth as much as the folder's permissions.
   */
  async participants(): Promise<IParticipant[]> {
    const { contents, folder } = this._options;
    const listed = await contents.get(folder, { content: true });
    const models = (listed.content as Contents.IModel[])
      .filter(({ type, name }) => type === 'file' && name.endsWith(END))
      .filter(({ size }) => (size ?? 0) <= LARGEST)
      .slice(0, MOST);
    const known = this._known;
    this._known = new Map();
    for (const { path, name, last_modified: modified } of models) {
      const before = known.get(name);
      const status =
        before?.modified === modified
          ? before.status
          : await this._read(path, modified);
      this._known.set(name, { modified, status });
    }
    return [...this._known].flatMap(([file, { status }]) =>
      status ? [{ name: Private.person(file), status }] : []
    );
  }

  private async _read(path: string, modified: string): Promise<ISaid | null> {
    try {
      const { content } = await this._options.contents.get(path, {
        type: 'file',
        format: 'text',
        content: true
      });
      const data = parseObject(String(content).slice(0, LARGEST));
      return readSaid({ ...data, reported: Date.parse(modified) / 1000 });
    } catch {
      // It was taken away meanwhile, or is no text.
      return null;
    }
  }

  private _known = new Map<
    string,
    { modified: string; status: ISaid | null }
  >();
}

export namespace StatusFolder {
  export interface IOptions {
    contents: Contents.IManager;
    /** Its path below the server's root. */
    folder: string;
  }
}

namespace Private {
  /** Whose file it is; text that somebody wrote, as all names of files. */
  export function person(file: string): string {
    const name = file.slice(0, -END.length);
    try {
      return decodeURIComponent(name);
    } catch {
      return name;
    }
  }
}
