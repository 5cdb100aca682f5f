import type { JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { ServerConnection } from '@jupyterlab/services';
import { dismissDialog, waitForDialog } from '@jupyterlab/testing';
import { MessageLoop } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';
import { FakeDriver, FakeProvider } from '../../cluster/__tests__/fakes';
import { ClusterManager } from '../../cluster/manager';
import { ProviderRegistry } from '../../cluster/registry';
import type { ICluster } from '../../tokens';
import { act } from '../acts';
import { Dashboards, DashboardTab, isAddress, tabKey } from '../dashboards';
import { createPlotMenu } from '../menu';
import { NATIVE_PLOT } from '../plots';
import { DashboardSettings } from '../settings';
import { trans } from './utils';

const BASE = 'http://127.0.0.1:8888/';
const PLOT = 'individual-task-stream';

describe('Dashboards', () => {
  let manager: ClusterManager;
  let drivers: FakeDriver[];
  let provider: FakeProvider;
  let dashboards: Dashboards;
  let tracker: WidgetTracker<DashboardTab>;
  let settings: DashboardSettings;
  let added: { widget: Widget; area: string; options: unknown }[];
  /** What holds the tabs. */
  let host: Panel;
  /** Whether the main area takes no more. */
  let full: boolean;
  let activated: string[];
  let asked: string[];
  let opened: jest.SpyInstance;

  beforeEach(async () => {
    const registry = new ProviderRegistry();
    provider = new FakeProvider();
    drivers = [1, 2].map(
      port =>
        new FakeDriver(`c${port}`, {
          name: `cluster ${port}`,
          dashboard: `http://127.0.0.1:${port}/status`
        })
    );
    provider.found = drivers;
    registry.add(provider);
    manager = new ClusterManager({ registry, trans });
    await manager.refresh();
    added = [];
    host = new Panel();
    full = false;
    activated = [];
    asked = [];
    const shell = {
      add: (widget: Widget, area: string, options: unknown) => {
        if (area !== 'main' || !full) {
          added.push({ widget, area, options });
          host.addWidget(widget);
        }
      },
      activateById: (id: string) => {
        activated.push(id);
      }
    } as unknown as JupyterFrontEnd.IShell;
    const server = ServerConnection.makeSettings({
      baseUrl: BASE,
      fetch: async input => {
        asked.push(input instanceof Request ? input.url : String(input));
        const paths = { a: `/${PLOT}`, b: '/individual-gpu-memory' };
        return new Response(JSON.stringify(paths));
      }
    });
    tracker = new WidgetTracker({ namespace: 'test' });
    settings = new DashboardSettings(null, trans);
    dashboards = new Dashboards({
      shell,
      manager,
      tracker,
      server,
      settings,
      trans
    });
    opened = jest.spyOn(window, 'open').mockReturnValue(null);
  });

  afterEach(() => {
    tracker.forEach(tab => tab.dispose());
    host.dispose();
    opened.mockRestore();
  });

  const context = () => ({ dashboards, manager, snippets: null, trans });

  it('should list plots, without those of processors that are not there', async () => {
    const plots = await dashboards.plots(manager.clusters[0]);
    expect(plots.map(({ id }) => id)).toEqual([
      'native:overview',
      'status',
      PLOT
    ]);
    expect(asked[0]).toContain(`${BASE}proxy/1/individual-plots.json`);
  });

  it('should name the cluster in a title as text that turns nothing', async () => {
    drivers[0].say({ name: '<b>\u202eniar' });
    const source = manager.clusters[0].key;
    const { title } = await dashboards.openTab({ source, plot: PLOT });
    expect(title.label).toMatch(/ of <b>niar$/);
    expect(title.caption).toBe(title.label);
  });

  it('should wait for the dashboard of a cluster that has just started', async () => {
    const [cluster] = manager.clusters;
    const { dashboard } = cluster.snapshot;
    drivers[0].say({ dashboard: undefined, since: Date.now() });
    const plots = dashboards.plots(cluster);
    drivers[0].say({ dashboard });
    expect(await plots).toHaveLength(3);
  });

  it('should say at once that a cluster which is up for long has no dashboard', async () => {
    drivers[0].say({ dashboard: undefined, since: Date.now() - 60_000 });
    await expect(dashboards.plots(manager.clusters[0])).rejects.toThrow(
      'no dashboard'
    );
  });

  it('should give the same lists until the settings change', () => {
    expect(dashboards.layouts).toBe(dashboards.layouts);
    expect(dashboards.favourites).toBe(dashboards.favourites);
  });

  it('should show a plot at the side of a page that has room for one document', async () => {
    const [one] = manager.clusters;
    await dashboards.open(one, PLOT);
    full = true;
    await dashboards.open(one, 'status');
    expect(added.map(({ area }) => area)).toEqual(['main', 'right']);
    expect(activated).toEqual(added.map(({ widget }) => widget.id));
  });

  it('should keep one tab for a plot of a cluster, and two clusters apart', async () => {
    const [one, two] = manager.clusters;
    await Promise.all([
      dashboards.open(one, PLOT),
      dashboards.open(one, PLOT),
      dashboards.open(two, PLOT)
    ]);
    await dashboards.open(one, PLOT);
    expect(added).toHaveLength(2);
    expect(activated.filter(id => id === added[0].widget.id).length).toBe(3);
    expect(added.map(({ widget }) => widget.title.label)).toEqual([
      'Task stream of cluster 1',
      'Task stream of cluster 2'
    ]);
  });

  it('should open a layout side by side and close it at once', async () => {
    const [one, two] = manager.clusters;
    await dashboards.open(two, PLOT);
    await dashboards.openLayout(one, 'Compute');
    const [, stream, memory, progress] = added;
    expect(added).toHaveLength(4);
    expect(stream.options).toMatchObject({ mode: 'split-right' });
    expect(memory.options).toMatchObject({
      mode: 'split-bottom',
      ref: stream.widget.id
    });
    expect(progress.options).toMatchObject({ ref: memory.widget.id });
    expect(activated[activated.length - 1]).toBe(stream.widget.id);
    dashboards.closeLayout(one);
    expect(stream.widget.isDisposed && progress.widget.isDisposed).toBe(true);
    expect(tracker.size).toBe(1);
    await expect(dashboards.openLayout(one, 'None')).rejects.toThrow('None');
  });

  it('should bring back a pane whose cluster is found later', async () => {
    provider.found = [];
    const key = 'fake:c9';
    await act('plot', { cluster: key, plot: PLOT }, context());
    const tab = tracker.currentWidget ?? tracker.find(() => true)!;
    expect(tabKey(tab)).toEqual({ source: key, plot: PLOT });
    drivers.push(
      new FakeDriver('c9', { dashboard: 'http://127.0.0.1:9/status' })
    );
    provider.found = drivers;
    await manager.refresh();
    expect(tab.content.source.state).toBe('ready');
    expect(tab.content.source.reach?.base).toBe(`${BASE}proxy/9/`);
  });

  describe('with panes that come back without their cluster', () => {
    const comeBack = async (name?: string): Promise<DashboardTab[]> => {
      provider.found = [];
      for (const plot of [PLOT, 'status', NATIVE_PLOT]) {
        await act('plot', { cluster: 'fake:c9', plot, name }, context());
      }
      await manager.refresh();
      return tracker.filter(() => true);
    };

    it('should say by its name what is gone', async () => {
      const [tab] = await comeBack('river');
      expect(tab.title.label).toMatch(/ of river$/);
      expect(tab.node.textContent).toContain(
        'river is gone, and its plots with it.'
      );
    });

    it('should begin the sentence of a cluster without a name', async () => {
      const [tab] = await comeBack();
      expect(tab.node.textContent).toContain(
        'This cluster is gone, and its plots with it.'
      );
    });

    it('should close all of them by one button', async () => {
      const [first, second, third] = await comeBack('river');
      const all = (): HTMLButtonElement | undefined =>
        [...first.node.querySelectorAll('button')].find(
          ({ textContent }) => textContent === 'Close all'
        );
      MessageLoop.flush();
      all()!.click();
      expect(tracker.size).toBe(0);
      expect([second, third].every(tab => tab.isDisposed)).toBe(true);
    });

    it('should offer that only while there are others', async () => {
      const [first, ...others] = await comeBack('river');
      MessageLoop.flush();
      expect(first.node.textContent).toContain('Close all');
      others.forEach(tab => tab.dispose());
      MessageLoop.flush();
      expect(first.node.textContent).not.toContain('Close all');
    });
  });

  it('should wait for a click before it shows the pane of an address again', async () => {
    const address = `${BASE}proxy/8787/`;
    await act('plot', { address, plot: PLOT }, context());
    const tab = tracker.find(() => true)!;
    expect(isAddress(tabKey(tab).source)).toBe(true);
    expect(tab.node.querySelector('button')!.textContent).toBe('Resume');
    expect(asked).toEqual([]);
    await expect(
      dashboards.openTab({ source: address, plot: 'javascript:1' })
    ).rejects.toThrow('no such plot');
  });

  it('should move the panes of a cluster that is gone to its successor', async () => {
    const [one] = manager.clusters;
    await dashboards.openLayout(one, 'Compute');
    drivers[0].say({ state: 'lost' });
    const tab = tracker.find(() => true)!;
    const again = [...tab.node.querySelectorAll('button')].find(
      ({ textContent }) => textContent === 'Start again'
    )!;
    again.click();
    const successor = manager.clusters[manager.clusters.length - 1];
    expect(successor.snapshot.name).toBe('cluster 1');
    await new Promise<void>(resolve => {
      const look = (): void => {
        const keys = tracker.filter(() => true).map(tabKey);
        if (
          keys.length === 3 &&
          keys.every(({ source }) => source === successor.key)
        ) {
          resolve();
        } else {
          setTimeout(look, 10);
        }
      };
      look();
    });
  });

  describe('of a cluster of a gateway beside a local one', () => {
    const ROOT = 'http://127.0.0.1:8888/services/dask-gateway/clusters/a1/';
    const fetched = jest.spyOn(globalThis, 'fetch');
    let local: ICluster;
    let remote: ICluster;
    let driver: FakeDriver;

    beforeEach(async () => {
      driver = new FakeDriver('a1', {
        name: 'river',
        dashboard: `${ROOT}status`,
        connection: { kind: 'gateway', address: 'a1' }
      });
      provider.found = [drivers[0], driver];
      await manager.refresh();
      local = manager.get('fake:c1')!;
      remote = manager.get('fake:a1')!;
      fetched.mockReset();
      fetched.mockImplementation(
        async () => new Response(JSON.stringify({ a: `/${PLOT}` }))
      );
    });

    afterAll(() => fetched.mockRestore());

    it('should list, lay out and find its plots as those of any other', async () => {
      const plots = await dashboards.plots(remote);
      expect(plots.map(({ id }) => id)).toContain(PLOT);
      expect(fetched.mock.calls.map(([url]) => url)).toEqual([
        `${ROOT}individual-plots.json`
      ]);
      expect(asked).toEqual([]);
      await dashboards.openLayout(local, 'Compute');
      await dashboards.openLayout(remote, 'Compute');
      await dashboards.openLayout(remote, 'Compute');
      expect(added.map(({ widget }) => widget.title.label)).toEqual([
        'Task stream of cluster 1',
        'Workers memory of cluster 1',
        'Progress of cluster 1',
        'Task stream of river',
        'Workers memory of river',
        'Progress of river'
      ]);
      const ways = tracker
        .filter(() => true)
        .map(({ content }) => content.source.reach?.way);
      expect(ways).toEqual([
        'proxied',
        'proxied',
        'proxied',
        'direct',
        'direct',
        'direct'
      ]);
      dashboards.closeLayout(remote);
      expect(tracker.size).toBe(3);
    });

    it('should open at the first call by any address that leads to it', async () => {
      await dashboards.openAddress(
        '/services/dask-gateway/clusters/a1/status?token=x'
      );
      expect(manager.current).toBe(remote);
      expect(added).toHaveLength(3);
      await dashboards.openAddress(`${ROOT}individual-progress`);
      expect(added).toHaveLength(3);
      expect(document.querySelector('.jp-Dialog')).toBeNull();
    });

    it('should open for a notebook whose gateway has another address', async () => {
      const client = {
        address: 'gateway://10.0.0.3:8000/a1',
        dashboard: 'http://10.0.0.3/clusters/a1/status',
        cluster: remote.key
      };
      const snippets = { client: async () => client } as never;
      await act('detect', {}, { ...context(), snippets });
      expect(added).toHaveLength(3);
      expect(opened).not.toHaveBeenCalled();
    });

    it('should frame no address that only looks like it', async () => {
      const done = dashboards.openAddress(
        'http://127.0.0.1.evil.example:8888/services/dask-gateway/clusters/a1/status'
      );
      await waitForDialog(document.body, 20_000);
      await dismissDialog(document.body, 20_000);
      await done;
      expect(added).toHaveLength(0);
      await act('plot', { address: ROOT, plot: PLOT }, context());
      const [tab] = tracker.filter(() => true);
      expect(tab.content.source.reach?.way).toBe('proxied');
      tab.node.querySelector('button')!.click();
      expect(fetched).not.toHaveBeenCalled();
    });

    it('should fill small charts from what the cluster tells, and ask nobody', async () => {
      driver.say({ cpu: 150, workers: { ready: 2 }, memory: { used: 1024 } });
      await dashboards.open(remote, 'native:overview');
      const [tab] = tracker.filter(() => true);
      // There is no canvas here: the table holds the same.
      tab.node.querySelector('button')!.click();
      Widget.attach(host, document.body);
      MessageLoop.flush();
      const cells = [...tab.node.querySelectorAll('tbody tr:first-child td')];
      expect(cells.map(({ textContent }) => textContent).slice(1)).toEqual([
        '2',
        '150%',
        '1 KiB',
        ''
      ]);
      expect([...asked, ...fetched.mock.calls]).toEqual([]);
    });

    it('should come back after a reload, and be gone with its cluster', async () => {
      provider.found = [];
      await act('plot', { cluster: 'fake:a9', plot: PLOT }, context());
      const [tab] = tracker.filter(() => true);
      const found = new FakeDriver('a9', {
        dashboard: ROOT.replace('a1', 'a9'),
        connection: { kind: 'gateway', address: 'a9' }
      });
      provider.found = [found];
      await manager.refresh();
      expect(tab.content.source.reach).toEqual({
        base: ROOT.replace('a1', 'a9'),
        way: 'direct'
      });
      found.say({ state: 'stopped' });
      expect(tab.content.source.state).toBe('gone');
    });
  });

  describe('#openAddress', () => {
    it('should open the panes of a listed cluster, without asking', async () => {
      await dashboards.openAddress('http://localhost:2/status?token=x');
      expect(manager.current).toBe(manager.clusters[1]);
      expect(added).toHaveLength(3);
      expect(
        JSON.stringify(tracker.filter(() => true).map(tabKey))
      ).not.toContain('token');
    });

    it('should ask before it frames what is not listed', async () => {
      const refused = dashboards.openAddress('127.0.0.1:8787');
      await waitForDialog(document.body, 20_000);
      await dismissDialog(document.body, 20_000);
      await refused;
      expect(added).toHaveLength(0);
      const accepted = dashboards.openAddress('127.0.0.1:8787');
      await waitForDialog(document.body, 20_000);
      press('It is mine: open it here');
      await accepted;
      expect(added).toHaveLength(3);
      expect(opened).not.toHaveBeenCalled();
    });

    it('should never frame another origin, and tell it nothing', async () => {
      const done = dashboards.openAddress('https://evil.example/status');
      await waitForDialog(document.body, 20_000);
      press('Open in a new tab');
      await done;
      expect(added).toHaveLength(0);
      expect(opened).toHaveBeenCalledWith(
        'https://evil.example/status',
        '_blank',
        'noopener,noreferrer'
      );
    });

    it('should refuse what is no address', async () => {
      await expect(
        dashboards.openAddress('javascript:alert(1)')
      ).rejects.toMatchObject({ code: 'invalid' });
      expect(opened).not.toHaveBeenCalled();
    });
  });

  it('should offer layouts first, then plots by group', async () => {
    const [cluster] = manager.clusters;
    const plots = await dashboards.plots(cluster);
    const ran: unknown[] = [];
    const menu = createPlotMenu({
      cluster,
      dashboards,
      plots,
      run: step => ran.push(step),
      trans
    });
    const labels = menu.items.map(
      item => item.submenu?.title.label ?? item.label
    );
    expect(labels.filter(label => label)).toEqual([
      'Layout Compute',
      'Layout Memory',
      'Layout Teaching',
      'Small charts',
      'Whole dashboard',
      'Tasks',
      'Close all'
    ]);
    await menu.commands.execute(menu.items[0].command);
    expect(ran).toHaveLength(1);
    menu.dispose();
  });

  function press(label: string): void {
    const buttons = document.querySelectorAll<HTMLElement>('.jp-Dialog button');
    [...buttons].find(({ textContent }) => textContent === label)!.click();
  }
});
