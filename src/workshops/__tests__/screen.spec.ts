import { LabShell } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { ClusterError } from '../../tokens';
import { Projector, PROJECTOR_CLASS } from '../projector';
import { TeachingLayout } from '../teachingLayout';

const trans = nullTranslator.load('');

describe('The layout for teaching', () => {
  let shell: LabShell;

  const widget = (id: string): Widget => {
    const made = new Widget();
    made.id = id;
    made.title.closable = true;
    return made;
  };
  const main = (): string[] => [...shell.widgets('main')].map(({ id }) => id);
  const left = (): string | undefined =>
    shell.saveLayout().leftArea?.currentWidget?.id;

  beforeEach(async () => {
    shell = new LabShell();
    const empty = { mainArea: null, downArea: null, topArea: null };
    const layout = { ...empty, leftArea: null, rightArea: null };
    // Until then it puts nothing anywhere.
    await shell.restoreLayout('multiple-document', {
      fetch: async () => ({ ...layout, relativeSizes: null })
    } as never);
    shell.add(widget('files'), 'left');
    shell.add(widget('jp-dask-clusters'), 'left');
    shell.add(widget('inspector'), 'right');
    Widget.attach(shell, document.body);
    shell.activateById('files');
    shell.activateById('inspector');
  });

  afterEach(() => {
    shell.dispose();
  });

  /** Opens two plots, where they are not open, as the dashboards do. */
  const openPlots = async (): Promise<string[]> => {
    for (const id of ['stream', 'memory']) {
      if (!main().includes(id)) {
        shell.add(widget(id), 'main');
      }
    }
    return ['stream', 'memory'];
  };

  const layoutWith = (options: object = {}): TeachingLayout =>
    new TeachingLayout({
      shell,
      manager: { current: {} } as never,
      dashboards: { openLayout: openPlots } as never,
      notebooks: { currentWidget: shell.widgets('main').next().value } as never,
      storage: null,
      key: 'teaching',
      trans,
      ...options
    });

  it('should set all side by side, and go back to what was shown', async () => {
    shell.add(widget('notebook'), 'main');
    const layout = layoutWith();
    expect(await layout.show()).toBe('');
    expect([layout.isShown, left(), shell.rightCollapsed]).toEqual([
      true,
      'jp-dask-clusters',
      true
    ]);
    shell.add(widget('later'), 'main');
    layout.hide();
    expect(main()).toEqual(['notebook', 'later']);
    expect([layout.isShown, left(), shell.rightCollapsed]).toEqual([
      false,
      'files',
      false
    ]);
  });

  it('should go back too when its plots were open before', async () => {
    shell.add(widget('notebook'), 'main');
    await openPlots();
    const layout = layoutWith();
    expect(layout.isShown).toBe(false);
    await layout.show();
    expect(layout.isShown).toBe(true);
    layout.hide();
    expect([layout.isShown, main()]).toEqual([false, ['notebook']]);
  });

  it('should be gone back from at once after a reload, to the sidebars of before', async () => {
    shell.add(widget('notebook'), 'main');
    const storage = window.localStorage;
    await layoutWith({ storage }).show();
    // The page comes back as it was, with another object of this class.
    const again = layoutWith({ storage });
    expect(again.isShown).toBe(true);
    again.hide();
    expect([again.isShown, main(), left(), shell.rightCollapsed]).toEqual([
      false,
      ['notebook'],
      'files',
      false
    ]);
    expect(storage.getItem('teaching')).toBeNull();
    expect(layoutWith({ storage }).isShown).toBe(false);
  });

  it.each(['', 'no JSON', 'null', '[]', '{"plots": 3, "left": {}}'])(
    'should not mind %j in the browser’s storage',
    async kept => {
      shell.add(widget('notebook'), 'main');
      const storage = window.localStorage;
      storage.setItem('teaching', kept);
      const layout = layoutWith({ storage });
      expect(layout.isShown).toBe(false);
      await layout.show();
      layout.hide();
      expect([main(), left()]).toEqual([['notebook'], 'files']);
    }
  );

  it('should not be shown any more when somebody has closed the plots', async () => {
    shell.add(widget('notebook'), 'main');
    const layout = layoutWith();
    await layout.show();
    for (const one of [...shell.widgets('main')]) {
      one.close();
    }
    expect(layout.isShown).toBe(false);
  });

  it.each<[string, object, RegExp]>([
    ['a notebook', { notebooks: null }, /Open a notebook/],
    ['a cluster', { manager: { current: null } }, /Start a cluster/],
    ['dashboards', { dashboards: null }, /switched off/],
    [
      'the layout',
      {
        dashboards: {
          openLayout: async () => {
            throw new ClusterError('There is no layout.', { hint: 'Add it.' });
          }
        }
      },
      /There is no layout\. Add it\./
    ]
  ])('should say that %s is missing', async (_, options, words) => {
    shell.add(widget('notebook'), 'main');
    expect(await layoutWith(options).show()).toMatch(words);
  });
});

/** Settings as the registry has them, kept in memory. */
class Settings {
  constructor(
    public user: JSONObject,
    private _defaults: JSONObject
  ) {}

  readonly changed = new Signal<this, void>(this);

  get composite(): JSONObject {
    return { ...this._defaults, ...this.user };
  }

  async set(key: string, value: JSONValue): Promise<void> {
    this.user = { ...this.user, [key]: value };
    this.changed.emit();
  }

  async remove(key: string): Promise<void> {
    this.user = { ...this.user };
    delete this.user[key];
    this.changed.emit();
  }
}

describe('Projector mode', () => {
  const HIGH = 'JupyterLab Dark High Contrast';
  const make = (themes: string[], user: JSONObject = {}) => {
    const own = new Settings({}, { before: {} });
    const theming = new Settings(user, {
      theme: 'JupyterLab Light',
      'adaptive-theme': false,
      overrides: {}
    });
    const page = (): Projector =>
      new Projector({
        own: own as unknown as ISettingRegistry.ISettings,
        theming: theming as unknown as ISettingRegistry.ISettings,
        names: () => themes
      });
    return { own, theming, page };
  };
  const isMarked = (): boolean =>
    document.body.classList.contains(PROJECTOR_CLASS);

  it('should enlarge text in high contrast, and put all back', async () => {
    const before = { overrides: { 'ui-font-size1': '15px' } };
    const { own, theming, page } = make([HIGH], before);
    const projector = page();
    await projector.toggle();
    expect(projector.isOn && isMarked()).toBe(true);
    expect(theming.user.theme).toBe(HIGH);
    expect(theming.user.overrides).toEqual({
      'code-font-size': '18px',
      'content-font-size1': '20px',
      'ui-font-size1': '18px'
    });
    await projector.toggle();
    expect(projector.isOn || isMarked()).toBe(false);
    expect([theming.user, own.user]).toEqual([before, {}]);
  });

  it('should still be on after a reload, and go back from there', async () => {
    const { theming, page } = make([HIGH], { theme: 'Mine' });
    await page().toggle();
    const again = page();
    expect(again.isOn).toBe(true);
    await again.toggle();
    expect(theming.user).toEqual({ theme: 'Mine' });
  });

  it('should keep the theme where there is none of high contrast', async () => {
    const { theming, page } = make(['JupyterLab Light']);
    const projector = page();
    await projector.toggle();
    expect(theming.user).toEqual({ overrides: expect.any(Object) });
    await projector.toggle();
    expect(theming.user).toEqual({});
  });

  it('should hold although the theme follows that of the system', async () => {
    const { theming, page } = make([HIGH], { 'adaptive-theme': true });
    const projector = page();
    await projector.toggle();
    expect(theming.user).toMatchObject({
      'adaptive-theme': false,
      theme: HIGH
    });
    await projector.toggle();
    expect(theming.user).toEqual({ 'adaptive-theme': true });
  });
});
