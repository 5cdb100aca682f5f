/**
 * Keeps what runs of templates took: a section of the server's configuration,
 * one for all browsers, workspaces and tabs of a person. Nothing goes elsewhere.
 */
import { ConfigSection } from '@jupyterlab/services';
import type { ServerConnection } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';
import { inWords } from '../../cluster/errors';
import type { IProvider } from '../../tokens';
import { oldRuns, readRuns, readSlowness, writeRun } from './runs';
import type { IRun, Runs } from './runs';

/** The name of the section, thus of the file on the server. */
const SECTION = 'jupyterlab_seasonal_monitor_runs';

/** The runs of all templates; read once, when they are first needed. */
export class RunKeeper {
  constructor(private _settings: ServerConnection.ISettings) {}

  /** Runs came, went, or could not be kept. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Why runs could not be read or kept, in words; empty when they could. */
  get problem(): string {
    return this._problem;
  }

  /** What is known now of a template's runs; asks for them the first time. */
  of(template: string): Runs {
    void this._load();
    return this._runs[template] ?? {};
  }

  async add(template: string, name: string, run: IRun): Promise<void> {
    await this._load();
    const runs = { ...this._runs[template], [name]: run };
    const old = oldRuns(runs);
    old.forEach(key => delete runs[key]);
    this._runs[template] = runs;
    this._changed.emit();
    await this._save(template, {
      [name]: writeRun(run),
      ...Object.fromEntries(old.map(key => [key, null]))
    });
  }

  /** How slow the machine of a provider was measured; asks for it the first time. */
  slowness(provider: string): number | undefined {
    void this._load();
    return this._slowness[provider];
  }

  /** Have the machine of a provider measured, unless it was; once for a site. */
  async measure({
    id,
    slowness
  }: Pick<IProvider, 'id' | 'slowness'>): Promise<void> {
    await this._load();
    if (this._slowness[id] !== undefined || this._measured.has(id)) {
      return;
    }
    this._measured.add(id);
    const found = await slowness?.().catch(() => undefined);
    if (found !== undefined && readSlowness(found) !== undefined) {
      this._slowness[id] = found;
      await this._update({ slowness: { [id]: found } });
    }
  }

  /** Forget the runs of a template. */
  async reset(template: string): Promise<void> {
    await this._load();
    const names = Object.keys(this._runs[template] ?? {});
    delete this._runs[template];
    this._changed.emit();
    await this._save(
      template,
      Object.fromEntries(names.map(name => [name, null]))
    );
  }

  private _load(): Promise<void> {
    this._loading ??= this._read();
    return this._loading;
  }

  private async _read(): Promise<void> {
    try {
      const { data } = await this._section();
      const found = (data.runs ?? {}) as JSONObject;
      for (const [template, runs] of Object.entries(found)) {
        this._runs[template] = readRuns(runs);
      }
      const known = (data.slowness ?? {}) as JSONObject;
      for (const [provider, value] of Object.entries(known)) {
        const slowness = readSlowness(value);
        if (slowness !== undefined) {
          this._slowness[provider] = slowness;
        }
      }
      this._problem = '';
    } catch (error) {
      this._problem = inWords(error);
      // The next one who needs them asks again.
      this._loading = undefined;
    }
    this._changed.emit();
  }

  private _save(template: string, change: JSONObject): Promise<void> {
    return this._update({ runs: { [template]: change } });
  }

  private async _update(change: JSONObject): Promise<void> {
    try {
      await (await this._section()).update(change);
      this._problem = '';
    } catch (error) {
      this._problem = inWords(error);
    }
    this._changed.emit();
  }

  private _section(): ReturnType<typeof ConfigSection.create> {
    return ConfigSection.create({
      name: SECTION,
      serverSettings: this._settings
    });
  }

  private _runs: Record<string, Runs> = {};
  private _slowness: Record<string, number> = {};
  /** Providers that were asked by this page. */
  private _measured = new Set<string>();
  private _loading: Promise<void> | undefined;
  private _problem = '';
  private _changed = new Signal<this, void>(this);
}
