/**
 * Keeps what runs of templates took: a section of the server's configuration,
 * one for all browsers, workspaces and tabs of a person. Nothing goes elsewhere.
 */
import { ConfigSection } from '@jupyterlab/services';
import type { ServerConnection } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';
import { inWords } from '../../cluster/errors';
import { oldRuns, readRuns, writeRun } from './runs';
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
      this._problem = '';
    } catch (error) {
      this._problem = inWords(error);
      // The next one who needs them asks again.
      this._loading = undefined;
    }
    this._changed.emit();
  }

  private async _save(template: string, change: JSONObject): Promise<void> {
    try {
      await (await this._section()).update({ runs: { [template]: change } });
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
  private _loading: Promise<void> | undefined;
  private _problem = '';
  private _changed = new Signal<this, void>(this);
}
