/**
 * Keeps the catalogue's folders and addresses those of the settings.
 */
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { ITemplateSource } from '../tokens';
import type { Catalogue } from './catalogue';
import { isInFolder } from './folder';

/** Where templates are looked for besides the bundled ones. */
export interface IPlacesOfTemplates {
  folders: readonly string[];
  addresses: readonly string[];
}

/**
 * Adds a source for each folder and address, and takes it away again. What is
 * in them is read when the catalogue is asked for, and again when a file of a
 * folder changed in this page.
 */
export class ConfiguredSources implements IDisposable {
  constructor(options: ConfiguredSources.IOptions) {
    this._options = options;
    options.contents.fileChanged.connect(this._onFileChanged, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Look in these places from now on. */
  configure({ folders, addresses }: IPlacesOfTemplates): void {
    const { contents, catalogue, base, trans } = this._options;
    this._clear();
    for (const path of new Set(folders.map(Private.trimmed))) {
      if (path) {
        const source = Private.later(path, async () => {
          const { folderSource } = await import('./folder');
          return folderSource({ contents, path, trans });
        });
        this._folders.set(path, source);
        this._added.push(catalogue.add(source));
      }
    }
    for (const address of new Set(addresses.map(text => text.trim()))) {
      if (address) {
        const source = Private.later(address, async () => {
          const { onlineSource } = await import('./online');
          return onlineSource(address, base, trans);
        });
        this._added.push(catalogue.add(source));
      }
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._options.contents.fileChanged.disconnect(this._onFileChanged, this);
    this._clear();
  }

  private _clear(): void {
    this._added.forEach(item => item.dispose());
    this._added = [];
    this._folders.clear();
  }

  private _onFileChanged(
    _: Contents.IManager,
    { oldValue, newValue }: Contents.IChangedArgs
  ): void {
    for (const [path, source] of this._folders) {
      if ([oldValue, newValue].some(file => isInFolder(file?.path, path))) {
        this._options.catalogue.refresh(source);
      }
    }
  }

  private readonly _options: ConfiguredSources.IOptions;
  private readonly _folders = new Map<string, ITemplateSource>();
  private _added: IDisposable[] = [];
  private _isDisposed = false;
}

export namespace ConfiguredSources {
  export interface IOptions {
    catalogue: Catalogue;
    contents: Contents.IManager;
    /** What addresses are relative to. */
    base: string;
    trans: TranslationBundle;
  }
}

namespace Private {
  /** A folder as Jupyter writes its path. */
  export function trimmed(path: string): string {
    return path.trim().replace(/^\.?\/+|\/+$/g, '');
  }

  /** A source whose code is loaded when it is read. */
  export function later(
    id: string,
    make: () => Promise<ITemplateSource>
  ): ITemplateSource {
    return { id, load: async () => (await make()).load() };
  }
}
