import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import { CommandIDs } from '../commands';
import plugins from '../index';
import { EarlyCommands, lazy } from '../lazy';
import { start } from '../plugins/start';

const PREFIX = 'jupyterlab-seasonal-monitor:';

/** An application that has only what the first plugin asks of it. */
function makeApp(
  commands: CommandRegistry,
  hasPlugin: (id: string) => boolean = () => false,
  activatePlugin: (id: string) => Promise<void> = async () => undefined,
  add: JupyterFrontEnd['shell']['add'] = () => undefined
): JupyterFrontEnd {
  return {
    commands,
    docRegistry: new DocumentRegistry(),
    shell: { add },
    serviceManager: {
      serverSettings: { baseUrl: 'http://localhost/' },
      sessions: { running: () => [], runningChanged: new Signal({}) }
    },
    hasPlugin,
    activatePlugin
  } as unknown as JupyterFrontEnd;
}

/** An application with plugins that load as a test wants. */
class Stage {
  constructor(loads: Record<string, () => Promise<void>>) {
    const rest = Object.entries(loads).map(([id, load]) =>
      lazy(
        { id: `${PREFIX}${id}`, description: 'Has a command.' },
        async () => {
          await load();
          return { activate: () => this._activate(id) };
        },
        this._early
      )
    );
    this._plugins = new Map(rest.map(plugin => [plugin.id, plugin]));
    const first = start(['details', 'costs'].map(this.id), this._early);
    void first.activate(this._app, null, null, null, null, null);
  }

  readonly commands = new CommandRegistry();

  readonly id = (name: string): string => `${PREFIX}${name}`;

  /** Activate one plugin, as somebody does who asks for what it provides. */
  readonly activate = async (id: string): Promise<void> => {
    await this._plugins.get(id)?.activate(this._app);
  };

  private _activate(id: string): void {
    const command = COMMANDS[id];
    this.commands.addCommand(command, {
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => `${id} itself`
    });
  }

  private _early = new EarlyCommands();
  private _plugins: Map<string, JupyterFrontEndPlugin<unknown>>;
  private _app = makeApp(
    this.commands,
    id => this._plugins.has(id),
    this.activate
  );
}

const COMMANDS: Record<string, string> = {
  details: CommandIDs.showDetails,
  costs: CommandIDs.ownOrRent
};

describe('What is loaded with the page', () => {
  const channel = globalThis.BroadcastChannel;

  beforeAll(() => {
    globalThis.BroadcastChannel =
      class {} as unknown as typeof BroadcastChannel;
  });

  afterAll(() => {
    globalThis.BroadcastChannel = channel;
  });

  it("should put the sidebar's tab on the left, where extensions have theirs", () => {
    const add = jest.fn();
    const app = makeApp(new CommandRegistry(), undefined, undefined, add);
    void start([], new EarlyCommands()).activate(
      app,
      null,
      null,
      null,
      null,
      null
    );
    expect(add).toHaveBeenCalledTimes(1);
    const [widget, area, { rank }] = add.mock.calls[0];
    expect([widget.title.caption, area]).toEqual(['Dask clusters', 'left']);
    // Before it are JupyterLab's own; 900 and more is what nobody gave a rank.
    expect(rank).toBeGreaterThan(500);
    expect(rank).toBeLessThan(900);
  });

  it('should have commands until their own plugins are loaded', async () => {
    let arrive = (): void => undefined;
    const slow = new Promise<void>(resolve => (arrive = resolve));
    const { commands } = new Stage({
      details: async () => undefined,
      costs: () => slow
    });
    const shown = commands.execute(CommandIDs.showDetails);
    const compared = commands.execute(CommandIDs.ownOrRent);
    await new Promise(resolve => setTimeout(resolve));
    expect(commands.hasCommand(CommandIDs.showDetails)).toBe(true);
    expect(commands.hasCommand(CommandIDs.ownOrRent)).toBe(true);
    arrive();
    expect(await shown).toBe('details itself');
    expect(await compared).toBe('costs itself');
  });

  it('should have commands that make room for a plugin that somebody else activates', async () => {
    const stage = new Stage({ details: async () => undefined });
    await stage.activate(stage.id('details'));
    const { commands } = stage;
    expect(await commands.execute(CommandIDs.showDetails)).toBe(
      'details itself'
    );
  });

  it('should have no commands where their plugin is disabled or does not load', async () => {
    const { commands } = new Stage({
      details: async () => {
        throw new Error('no code');
      }
    });
    await expect(commands.execute(CommandIDs.ownOrRent)).rejects.toThrow();
    for (const command of Object.values(COMMANDS)) {
      expect(commands.hasCommand(command)).toBe(false);
    }
  });

  it('should have commands for every pane that comes back with the page', () => {
    const app = makeApp(new CommandRegistry());
    const asked: string[] = [];
    const restorer = {
      add: () => undefined,
      restore: async (_: unknown, { command }: { command: string }) => {
        asked.push(command);
      }
    };
    plugins[0].activate(app, restorer, null, null, null, null);
    expect(asked.length).toBeGreaterThan(5);
    expect(
      asked.filter(
        command =>
          command !== 'docmanager:open' && !app.commands.hasCommand(command)
      )
    ).toEqual([]);
  });

  it.each([
    ['commands', CommandIDs.newCluster],
    ['templates', CommandIDs.openTemplate],
    ['dashboards', CommandIDs.openPlot],
    ['details', CommandIDs.showDetails],
    ['left-running', CommandIDs.showLeftRunning],
    ['costs', CommandIDs.showCosts, CommandIDs.ownOrRent]
  ])('should give way to %s before that adds %s', async (name, ...ids) => {
    const [first, ...rest] = plugins;
    const app = makeApp(new CommandRegistry());
    first.activate(app, null, null, null, null, null);
    const removed: Array<string | undefined> = [];
    app.commands.commandChanged.connect((_, { id, type }) => {
      if (type === 'removed') {
        removed.push(id);
      }
    });
    const plugin = rest.find(({ id }) => id === `${PREFIX}${name}`);
    // Without what it asks for it gets no further than its first line.
    await Promise.resolve(plugin?.activate(app)).catch(() => undefined);
    expect(removed).toEqual(ids);
  });
});
