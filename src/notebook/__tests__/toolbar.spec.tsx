import type { NotebookPanel } from '@jupyterlab/notebook';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import type { FakeDriver } from '../../cluster/__tests__/fakes';
import type { ClusterManager } from '../../cluster/manager';
import { CommandIDs } from '../../commands';
import type { ISnippets } from '../../tokens';
import { Connections } from '../connections';
import { createMenu } from '../menu';
import { createToolbarItem } from '../toolbarItem';
import { managerOf, trans, until } from './utils';

const CONNECTION = { kind: 'scheduler', address: 'tls://h:1' } as const;

describe('The item in the toolbar of a notebook', () => {
  let manager: ClusterManager;
  let drivers: FakeDriver[];
  let state: ISnippets.IState;
  let snippets: ISnippets;
  let changed: Signal<ISnippets, void>;
  let options: createToolbarItem.IOptions;
  const executed: unknown[] = [];

  beforeEach(async () => {
    ({ manager, drivers } = await managerOf(
      { name: 'spring', connection: CONNECTION },
      { name: 'autumn', connection: { ...CONNECTION, address: 'tls://h:2' } },
      { name: 'not yet', state: 'starting' }
    ));
    state = { cluster: null, status: 'none' };
    snippets = { state: () => state, refresh: async () => undefined } as never;
    changed = new Signal(snippets);
    Object.defineProperty(snippets, 'connectedChanged', { value: changed });
    const commands = new CommandRegistry();
    for (const id of [
      CommandIDs.connectNotebook,
      CommandIDs.disconnectNotebook,
      CommandIDs.newCluster
    ]) {
      commands.addCommand(id, {
        describedBy: { args: null },
        execute: args => {
          executed.push([id, args]);
        }
      });
    }
    const panel = { id: 'nb' } as NotebookPanel;
    options = { panel, commands, snippets, manager, trans };
    executed.length = 0;
  });

  it('should show what the notebook is connected to, and its loss in words', async () => {
    // After a reload a notebook may be connected, and nobody has asked it yet.
    state = new Connections(manager).get('nb');
    const item = createToolbarItem(options);
    Widget.attach(item, document.body);
    await until(() => item.node.textContent === 'Dask');
    expect(item.node.querySelector('button')!.title).toBe(
      'Choose a Dask cluster for this notebook'
    );
    state = { cluster: null, status: 'none' };
    changed.emit();
    await until(() => item.node.textContent === 'Dask: none');
    const [spring] = manager.clusters;
    state = { cluster: spring.key, status: 'connected' };
    changed.emit();
    await until(() => item.node.textContent === 'Dask: spring');
    state = { cluster: spring.key, status: 'lost' };
    changed.emit();
    await until(() => item.node.textContent === 'Dask: springnot connected');
    item.dispose();
  });

  it('should show a name as text, whatever it holds', async () => {
    const name = '<img src=x onerror="window.hit=1">\u202egnirps';
    const shown = '<img src=x onerror="window.hit=1">gnirps';
    drivers[0].say({ name });
    state = { cluster: manager.clusters[0].key, status: 'connected' };
    const item = createToolbarItem(options);
    Widget.attach(item, document.body);
    await until(() => item.node.textContent === `Dask: ${shown}`);
    const menu = createMenu({ ...options, anchor: document.body });
    expect(menu.items[0].label).toBe(shown);
    Widget.attach(menu, document.body);
    await until(() => menu.node.textContent!.includes(shown));
    expect(document.querySelector('img')).toBeNull();
    expect((window as { hit?: number }).hit).toBeUndefined();
    menu.dispose();
    item.dispose();
  });

  const labels = (anchor = document.body): string[] =>
    createMenu({ ...options, anchor }).items.map(item => item.label);

  it('should offer the clusters that can be connected to', () => {
    expect(labels()).toEqual([
      'spring',
      'autumn',
      '',
      'New cluster',
      'Insert connection cell',
      'Open dashboards…'
    ]);
    drivers[1].say({ state: 'lost' });
    expect(labels()).not.toContain('autumn');
  });

  it('should tick the connected one, and offer to disconnect', async () => {
    state = { cluster: manager.clusters[1].key, status: 'connected' };
    const menu = createMenu({ ...options, anchor: document.body });
    const ticked = menu.items.filter(item => item.isToggled);
    expect(ticked.map(item => item.label)).toEqual(['autumn']);
    const last = menu.items[menu.items.length - 1];
    expect(last.label).toBe('Disconnect');
    await menu.commands.execute(last.command);
    expect(executed).toEqual([
      [CommandIDs.disconnectNotebook, { notebook: 'nb' }]
    ]);
  });

  it('should offer to reconnect to the same cluster', async () => {
    const key = manager.clusters[1].key;
    state = { cluster: key, status: 'lost' };
    const menu = createMenu({ ...options, anchor: document.body });
    const item = menu.items.find(one => one.label === 'Reconnect')!;
    await menu.commands.execute(item.command);
    expect(executed).toEqual([
      [
        CommandIDs.connectNotebook,
        { cluster: key, notebook: 'nb', cell: false }
      ]
    ]);
  });
});
