import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONValue } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';
import type { ILayout } from '../tokens';
import { mergeLayouts, shippedLayouts } from './layouts';

/** The default of `pauseAfter`, in minutes. */
const PAUSE_AFTER = 10;

/** The settings of this room, with defaults for what is missing or broken. */
export class DashboardSettings {
  constructor(
    setting: Promise<ISettingRegistry.ISettings | null> | null,
    trans: TranslationBundle
  ) {
    this._shipped = shippedLayouts(trans);
    this._layouts = this._shipped;
    this._loading = setting;
    void setting?.then(loaded => {
      if (loaded) {
        this._loaded = loaded;
        loaded.changed.connect(this._onChanged, this);
        this._onChanged();
      }
    });
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Ids of plots; the same array until the settings change. */
  get favourites(): readonly string[] {
    return this._favourites;
  }

  /** Shipped layouts and the person's own; the same array as long as may be. */
  get layouts(): readonly ILayout[] {
    return this._layouts;
  }

  /** Hosts with ports whose dashboards are shown in panes without asking. */
  get trusted(): string[] {
    return Private.strings(this._get('trustedAddresses'));
  }

  get showGpu(): boolean {
    return this._get('showGpuPlots') === true;
  }

  /** After how many ms without an act of the person a pane pauses. */
  get pauseAfter(): number {
    const minutes = this._get('pauseAfter');
    const valid = typeof minutes === 'number' && minutes >= 1;
    return (valid ? minutes : PAUSE_AFTER) * 60_000;
  }

  async setFavourite(plot: string, favourite: boolean): Promise<void> {
    const others = this.favourites.filter(id => id !== plot);
    const setting = await this._loading;
    await setting?.set('favourites', favourite ? [...others, plot] : others);
  }

  private _get(key: string): JSONValue | undefined {
    return this._loaded?.composite[key] as JSONValue | undefined;
  }

  private _onChanged(): void {
    this._favourites = Private.strings(this._get('favourites'));
    this._layouts = mergeLayouts(this._shipped, this._get('layouts'));
    this._changed.emit();
  }

  private readonly _shipped: ILayout[];
  private readonly _loading: Promise<ISettingRegistry.ISettings | null> | null;
  private _favourites: readonly string[] = [];
  private _layouts: readonly ILayout[];
  private _loaded: ISettingRegistry.ISettings | null = null;
  private _changed = new Signal<this, void>(this);
}

namespace Private {
  export function strings(value: JSONValue | undefined): string[] {
    return Array.isArray(value)
      ? value.filter((one): one is string => typeof one === 'string')
      : [];
  }
}
