/**
 * All templates of all sources. A source or template that is broken stays in
 * the list, with its error in words: what vanishes cannot be repaired.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import { inWords } from '../cluster/errors';
import { brokenEntry, findProblem } from './metadata';
import type { ICatalogueEntry } from './metadata';
import type { ITemplateSource } from '../tokens';

/** Loads templates when they are asked for, and keeps them. */
export class Catalogue {
  constructor(options: Catalogue.IOptions) {
    this._trans = options.trans;
  }

  /** A source came or went, or is to be read again. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Add a source, after those that are there; disposing takes it away. */
  add(source: ITemplateSource): IDisposable {
    this._sources.add(source);
    this._changed.emit();
    return new DisposableDelegate(() => {
      this._sources.delete(source);
      this._changed.emit();
    });
  }

  /** Read one source, or all of them, again when they are next asked for. */
  refresh(source?: ITemplateSource): void {
    for (const item of source ? [source] : this._sources) {
      this._loaded.delete(item);
    }
    this._changed.emit();
  }

  /**
   * Every template, source by source. Where two have one id, the first keeps
   * it and the other is listed with a problem.
   */
  async list(): Promise<ICatalogueEntry[]> {
    return (await this._list()).map(({ entry }) => entry);
  }

  /** One template by its id, with its notebook. */
  async get(id: string): Promise<ICatalogueEntry | undefined> {
    const found = (await this._list()).find(({ entry }) => entry.id === id);
    if (!found) {
      return undefined;
    }
    const { entry, source } = found;
    if (entry.problem || !source.whole) {
      return entry;
    }
    try {
      return this._check(await source.whole(id));
    } catch (error) {
      return {
        ...entry,
        problem: this._trans.__(
          'Its notebook could not be loaded: %1 Close this page and open the template again; if that does not help, reload JupyterLab.',
          inWords(error)
        )
      };
    }
  }

  private async _list(): Promise<Private.IListed[]> {
    const parts = await Promise.all(
      Array.from(this._sources, source => this._load(source))
    );
    const taken = new Map<string, string>();
    const entries: Private.IListed[] = [];
    for (const { source, templates } of parts) {
      for (const template of templates) {
        const owner = taken.get(template.id);
        if (owner === undefined) {
          taken.set(template.id, source.id);
          entries.push({ source, entry: template });
        } else {
          const id = `${source.id}/${template.id}`;
          const problem = this._trans.__(
            'The id “%1” belongs to another template, from “%2”. Give this one an id of its own.',
            template.id,
            owner
          );
          entries.push({
            source,
            entry: {
              ...template,
              id: this._freeId(id, taken, source.id),
              problem
            }
          });
        }
      }
    }
    // A view that lists descriptions shows the error, too.
    return entries.map(({ source, entry }) => ({
      source,
      entry: entry.problem ? { ...entry, description: entry.problem } : entry
    }));
  }

  private _load(source: ITemplateSource): Promise<Private.ILoaded> {
    let loaded = this._loaded.get(source);
    if (!loaded) {
      loaded = this._read(source);
      this._loaded.set(source, loaded);
    }
    return loaded;
  }

  private async _read(source: ITemplateSource): Promise<Private.ILoaded> {
    try {
      const templates = await source.load();
      return {
        source,
        templates: source.whole
          ? templates
          : templates.map(template => this._check(template))
      };
    } catch (error) {
      // Ask again the next time: a network may have come back.
      this._loaded.delete(source);
      return {
        source,
        templates: [
          brokenEntry(
            source.id,
            this._trans.__(
              'The templates of “%1” could not be loaded: %2',
              source.id,
              error instanceof Error ? error.message : String(error)
            )
          )
        ]
      };
    }
  }

  private _check(template: ICatalogueEntry): ICatalogueEntry {
    if (template.problem) {
      return template;
    }
    const problem = findProblem(template, this._trans);
    return problem ? { ...template, problem } : template;
  }

  private _freeId(
    id: string,
    taken: Map<string, string>,
    source: string
  ): string {
    let free = id;
    for (let count = 2; taken.has(free); count += 1) {
      free = `${id}-${count}`;
    }
    taken.set(free, source);
    return free;
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _sources = new Set<ITemplateSource>();
  private readonly _trans: TranslationBundle;
  private readonly _loaded = new WeakMap<
    ITemplateSource,
    Promise<Private.ILoaded>
  >();
}

export namespace Catalogue {
  export interface IOptions {
    trans: TranslationBundle;
  }
}

namespace Private {
  export interface IListed {
    source: ITemplateSource;
    entry: ICatalogueEntry;
  }

  export interface ILoaded {
    source: ITemplateSource;
    templates: ICatalogueEntry[];
  }
}
