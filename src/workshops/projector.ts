import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { JSONObject, JSONValue } from '@lumino/coreutils';

/** Put on the page's body, so that plots of dashboards grow too. */
export const PROJECTOR_CLASS = 'jp-mod-daskProjector';

const THEME = 'JupyterLab Dark High Contrast';

/** How much larger text becomes. */
const SCALE = 1.4;

/** The sizes of text that the settings of themes can change, as drawn by default. */
const SIZES: Record<string, number> = {
  'code-font-size': 13,
  'content-font-size1': 14,
  'ui-font-size1': 13
};

/** The settings of themes that projector mode changes. */
const CHANGED = ['adaptive-theme', 'theme', 'overrides'];

/**
 * Large text and high contrast, for a class that looks at a wall.
 *
 * #### Notes
 * It changes the settings of JupyterLab's themes, and keeps what was there before
 * in its own: so it holds in all tabs and after a reload, and all comes back.
 */
export class Projector {
  constructor(private _options: Projector.IOptions) {
    _options.own.changed.connect(this._mark, this);
    this._mark();
  }

  /** Whether the page is in projector mode. */
  get isOn(): boolean {
    return this._before !== null;
  }

  /** Switch it on, or off again. */
  async toggle(): Promise<void> {
    await (this.isOn ? this._leave() : this._enter());
  }

  private async _enter(): Promise<void> {
    const { own, theming, names } = this._options;
    const before: JSONObject = {};
    for (const key of CHANGED) {
      const value = theming.user[key];
      if (value !== undefined) {
        before[key] = value as JSONValue;
      }
    }
    // Kept first: whatever happens then can be undone.
    await own.set('before', { settings: before });
    if (names().includes(THEME)) {
      if (theming.composite['adaptive-theme'] === true) {
        await theming.set('adaptive-theme', false);
      }
      await theming.set('theme', THEME);
    }
    const style = getComputedStyle(document.documentElement);
    const overrides = { ...(theming.composite.overrides as JSONObject) };
    for (const [key, usual] of Object.entries(SIZES)) {
      const size = parseFloat(style.getPropertyValue(`--jp-${key}`)) || usual;
      overrides[key] = `${Math.round(size * SCALE)}px`;
    }
    await theming.set('overrides', overrides);
  }

  private async _leave(): Promise<void> {
    const { own, theming } = this._options;
    const before = this._before ?? {};
    for (const key of CHANGED) {
      if (key in before) {
        await theming.set(key, before[key]);
      } else {
        await theming.remove(key);
      }
    }
    await own.remove('before');
  }

  /** What the person had set themselves; null outside of projector mode. */
  private get _before(): JSONObject | null {
    const { settings } = this._options.own.composite.before as JSONObject;
    return (settings as JSONObject | undefined) ?? null;
  }

  private _mark(): void {
    document.body.classList.toggle(PROJECTOR_CLASS, this.isOn);
  }
}

export namespace Projector {
  export interface IOptions {
    /** The settings of this mode. */
    own: ISettingRegistry.ISettings;
    /** The settings of JupyterLab's themes. */
    theming: ISettingRegistry.ISettings;
    /** The names of the themes that there are. */
    names: () => readonly string[];
  }
}
