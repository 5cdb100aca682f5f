/**
 * What links of documents can have done: every command of this extension is
 * run by a click in rendered Markdown, with the worst arguments.
 */
import { ILabShell } from '@jupyterlab/application';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { IThemeManager } from '@jupyterlab/apputils';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { clickLink } from './documentLink';
import { FakeDriver, FakeProvider } from '../cluster/__tests__/fakes';
import { ClusterManager } from '../cluster/manager';
import { Profiles } from '../cluster/profiles';
import { ProviderRegistry } from '../cluster/registry';
import { CommandIDs } from '../commands';
import { guarded, SHOWS } from '../guard';
import plugins from '../index';
import { closeDialogs } from '../sidebar/__tests__/support';
import {
  IClusterManager,
  ICosts,
  IProfiles,
  IProviderRegistry
} from '../tokens';
import { eventually } from './eventually';

const PREFIX = 'jupyterlab-seasonal-monitor:';

const trans = nullTranslator.load('');

/** All that a document could wish for. */
const ARGS: ReadonlyPartialJSONObject = {
  ask: false,
  asks: false,
  cluster: 'fake:id-0',
  profile: 'large',
  notebook: 'x',
  run: true,
  cell: false,
  path: 'theirs.workshop.json',
  template: 'theirs',
  parameters: { code: 'x' },
  link: '?seasonal-template=https://example.org/theirs.ipynb',
  plot: 'individual-graph',
  layout: 'theirs',
  address: 'https://example.org:8787/status'
};

/** The plugins that have commands. */
const WITH_COMMANDS = [
  'start',
  'commands',
  'dashboards',
  'notebook',
  'auto-connect',
  'scheduler',
  'details',
  'left-running',
  'costs',
  'templates',
  'workshops',
  'classes',
  'teaching'
];

/** An application with the real plugins, in which a test sees what was done. */
class Stage {
  constructor() {
    const registry = new ProviderRegistry();
    registry.add(this.provider);
    this._manager = new ClusterManager({ registry, trans });
    const profiles = new Profiles({
      registry,
      trans,
      save: async () => undefined,
      remember: () => undefined
    });
    profiles.update({
      admin: [{ name: 'small', provider: 'fake', options: {} }],
      shipped: [],
      user: [],
      adminLimits: {},
      userLimits: {}
    });
    const setting = {
      composite: { before: {} },
      user: {},
      schema: {},
      changed: new Signal({}),
      set: async (name: string) => {
        this.done.push(`set ${name}`);
      }
    };
    this._services = new Map<unknown, unknown>([
      [IProviderRegistry, registry],
      [IClusterManager, this._manager],
      [IProfiles, profiles],
      [ICosts, { of: () => null, changed: new Signal({}) }],
      [ISettingRegistry, { load: async () => setting }],
      [IThemeManager, { themes: [] }],
      [ILabShell, this._app.shell],
      [
        INotebookTracker,
        {
          currentWidget: null,
          currentChanged: new Signal({}),
          widgetAdded: new Signal({}),
          find: () => undefined,
          forEach: () => undefined
        }
      ]
    ]);
  }

  readonly commands = new CommandRegistry();
  readonly provider = new FakeProvider();
  readonly driver = new FakeDriver('id-0', { name: 'mine' });
  /** What was changed, stored, or asked of the server. */
  readonly done: string[] = [];

  /** Activate the plugins, and find a cluster. */
  async begin(): Promise<void> {
    for (const name of WITH_COMMANDS) {
      const plugin = plugins.find(({ id }) => id === `${PREFIX}${name}`)!;
      const tokens = [...(plugin.requires ?? []), ...(plugin.optional ?? [])];
      const provided: unknown = await plugin.activate(
        this._app,
        ...tokens.map(token => this._services.get(token) ?? null)
      );
      if (plugin.provides) {
        this._services.set(plugin.provides, provided);
      }
    }
    this.provider.found = [this.driver];
    await this._manager.refresh();
  }

  /** Run a command as a link of a document does. */
  click(id: string): void {
    clickLink(this.commands, id, ARGS);
  }

  /** A service of which some is there, and what changes something is written down. */
  private _watched = (name: string, there = {}): Record<string, unknown> =>
    new Proxy<Record<string, unknown>>(there, {
      get: (_, member) =>
        Reflect.get(there, member) ??
        (/^(local|drive|normal|get)/.test(String(member))
          ? (path: string) => path
          : async () => {
              this.done.push(`${name}.${String(member)}`);
            })
    });

  private _manager: ClusterManager;
  private _services: Map<unknown, unknown>;
  private _app = {
    commands: this.commands,
    docRegistry: new DocumentRegistry(),
    hasPlugin: () => false,
    activatePlugin: async () => undefined,
    restored: Promise.resolve(),
    shell: {
      add: () => undefined,
      activateById: () => undefined,
      widgets: () => [],
      currentWidget: null,
      currentChanged: new Signal({})
    },
    serviceManager: {
      serverSettings: { baseUrl: 'http://localhost/' },
      contents: this._watched('contents', {
        fileChanged: new Signal({}),
        get: async () => Promise.reject(new Error('There is nothing.'))
      }),
      kernels: this._watched('kernels'),
      kernelspecs: { specs: null, ready: Promise.resolve() },
      sessions: {
        running: () => [],
        runningChanged: new Signal({}),
        ready: Promise.resolve(),
        refreshRunning: async () => undefined,
        startNew: async () => this.done.push('a session')
      }
    }
  } as unknown as JupyterFrontEnd;
}

describe('The commands', () => {
  const channel = globalThis.BroadcastChannel;
  let stage: Stage;

  beforeAll(async () => {
    globalThis.BroadcastChannel =
      class {} as unknown as typeof BroadcastChannel;
    stage = new Stage();
    await stage.begin();
  }, 60_000);

  afterEach(async () => {
    await closeDialogs();
    document.body.replaceChildren();
    stage.done.length = 0;
  });

  afterAll(() => {
    globalThis.BroadcastChannel = channel;
  });

  it('should all be registered here', () => {
    const ids = stage.commands
      .listCommands()
      .filter(id => !id.startsWith('dask:'));
    expect(ids.sort()).toEqual(Object.values(CommandIDs).sort());
  });

  it.each(
    Object.values(CommandIDs)
      .filter(id => !SHOWS.includes(id))
      .map(id => [id.split(':')[1], id])
  )(
    'should not do %s for a document before the person agrees',
    async (_, id) => {
      stage.click(id);
      // A dialog comes first, whatever the document says of asking.
      await eventually(() =>
        expect(
          document.querySelector('.jp-Dialog-header')?.textContent
        ).toBeTruthy()
      );
      expect(document.querySelector('.jp-Dialog')?.textContent).not.toMatch(
        /theirs|large|example\.org/
      );
      await closeDialogs();
      // Time for what comes after an answer that was not given.
      await new Promise(resolve => setTimeout(resolve, 20));
      expect(stage.done).toEqual([]);
      expect(stage.driver.calls).toEqual([]);
      expect(stage.provider.starts).toEqual([]);
    },
    30_000
  );
});

describe('guarded()', () => {
  /** Register a command that keeps its arguments. */
  function register(id: string): { run: () => void; got: unknown[] } {
    const got: unknown[] = [];
    const commands = new CommandRegistry();
    guarded(commands, trans)(id, {
      label: 'Do It',
      caption: 'Does it',
      describedBy: { args: {} },
      execute: args => {
        got.push(args);
      }
    });
    return { run: () => void commands.execute(id, ARGS), got };
  }

  /** Click on something that holds a link. */
  function click(content: HTMLElement, run: () => void): void {
    const link = document.createElement('button');
    content.append(link);
    document.body.append(content);
    link.addEventListener('click', run);
    link.click();
  }

  const element = (classes: string, data = {}): HTMLElement => {
    const node = document.createElement('div');
    node.className = classes;
    Object.assign(node.dataset, data);
    return node;
  };

  const answer = async (label: string): Promise<string> => {
    await eventually(() =>
      expect(document.querySelectorAll('.jp-Dialog-button')).toHaveLength(2)
    );
    const dialog = document.querySelector('.jp-Dialog')!;
    const text = dialog.textContent ?? '';
    [...dialog.querySelectorAll<HTMLElement>('.jp-Dialog-button')]
      .find(button => button.textContent === label)!
      .click();
    await eventually(() =>
      expect(document.querySelector('.jp-Dialog')).toBeNull()
    );
    return text;
  };

  afterEach(() => document.body.replaceChildren());

  it('should leave alone what comes from the application', () => {
    const { run, got } = register(CommandIDs.connectNotebook);
    run();
    click(element('jp-Toolbar'), run);
    expect(got).toEqual([ARGS, ARGS]);
  });

  it.each([
    ['rendered Markdown', element('jp-RenderedHTMLCommon')],
    ['an output', element('jp-OutputArea-output')],
    [
      'a link anywhere',
      element('', { commandlinkerCommand: CommandIDs.connectNotebook })
    ]
  ])('should ask for %s, and pass no arguments on', async (_, content) => {
    const { run, got } = register(CommandIDs.connectNotebook);
    click(content, run);
    expect(await answer('Cancel')).toContain('“Do It”: Does it.');
    expect(got).toEqual([]);
    click(content, run);
    await answer('Run');
    await eventually(() => expect(got).toEqual([{}]));
  });

  it.each(SHOWS)('should show by %s what the person has there', id => {
    const { run, got } = register(id);
    click(element('jp-RenderedHTMLCommon'), run);
    expect(got).toEqual([{}]);
  });
});
