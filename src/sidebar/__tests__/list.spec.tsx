import { PageConfig } from '@jupyterlab/coreutils';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { CommandIDs } from '../../commands';
import { ClustersSection } from '../clustersSection';
import { SidebarModel } from '../model';
import { ClustersPanel } from '../panel';
import {
  button,
  eventually,
  giveSize,
  names,
  press,
  pseudo,
  Stage,
  violations,
  type
} from './support';

describe('ClustersSection', () => {
  let stage: Stage;
  let model: SidebarModel;
  let restore: () => void;

  beforeEach(() => {
    stage = new Stage();
    model = new SidebarModel({ manager: stage.manager });
    restore = giveSize(300, 600);
  });

  afterEach(() => {
    stage.dispose();
    restore();
  });

  const draw = (): Promise<HTMLElement> =>
    stage.draw(<ClustersSection model={model} services={stage.services} />);

  const cards = (node: ParentNode): HTMLElement[] => [
    ...node.querySelectorAll<HTMLElement>('.jp-DaskCluster-card')
  ];

  it('should say that it is looking, then what one can do', async () => {
    const node = await draw();
    expect(node.textContent).toContain('Looking for your clusters…');
    stage.commands.addCommand(CommandIDs.connectScheduler, {
      describedBy: { args: {} },
      execute: () => undefined
    });
    await model.refresh();
    await eventually(() =>
      expect(names(node)).toEqual(['Connect to an existing scheduler…'])
    );
    expect(node.textContent).toContain('then connect a notebook');
    expect(await violations(node)).toEqual([]);
  });

  it('should say whose a cluster is where that can be somebody else', async () => {
    await stage.find(
      { owner: 'boss<b>\u202e', idleSince: Date.now() },
      { idleSince: Date.now() }
    );
    const node = await draw();
    await model.refresh();
    await eventually(() => expect(cards(node)).toHaveLength(2));
    const places = cards(node).map(card =>
      card
        .querySelector('.jp-DaskCluster-tasks')!
        .textContent!.split(' · ')
        .pop()
    );
    expect(places).toEqual(['cluster of boss<b>, Fake', 'Fake']);
  });

  it('should say which provider could not be asked, and ask again', async () => {
    stage.provider.problem = new Error('The gateway did not answer.');
    const node = await draw();
    await model.refresh();
    await eventually(() =>
      expect(node.querySelector('[role=alert]')?.textContent).toContain(
        'Fake: the clusters could not be listed. The gateway did not answer.'
      )
    );
    stage.provider.problem = null;
    button(node, 'Retry').click();
    await eventually(() =>
      expect(node.querySelector('[role=alert]')).toBeNull()
    );
  });

  it('should draw again only the card that changed', async () => {
    const [, second] = await stage.find({}, {});
    const node = await draw();
    await eventually(() => expect(cards(node)).toHaveLength(2));
    const [first] = cards(node);
    const changes: MutationRecord[] = [];
    const observer = new MutationObserver(records => changes.push(...records));
    observer.observe(first, {
      attributes: true,
      childList: true,
      characterData: true,
      subtree: true
    });
    second.say({ workers: { ready: 1, wanted: 2 } });
    await eventually(() =>
      expect(cards(node)[1].textContent).toContain('1 / 2 workers')
    );
    expect([...changes, ...observer.takeRecords()]).toEqual([]);
  });

  it('should look at the clock only while somebody can look at it', async () => {
    const set = jest.spyOn(window, 'setInterval');
    const clear = jest.spyOn(window, 'clearInterval');
    const ages = (): unknown[] =>
      set.mock.results
        .filter((_, index) => set.mock.calls[index][1] === 20_000)
        .map(({ value }) => value);
    try {
      await stage.find({ idleSince: undefined, created: Date.now() - 3.6e6 });
      const node = await draw();
      await eventually(() => expect(node.textContent).toContain('up for 1 hr'));
      expect(ages()).toEqual([]);
      model.setVisible(true);
      await eventually(() => expect(ages()).toHaveLength(1));
      model.setVisible(false);
      await eventually(() => expect(clear).toHaveBeenCalledWith(ages()[0]));
      expect(ages()).toHaveLength(1);
    } finally {
      set.mockRestore();
      clear.mockRestore();
    }
  });

  it('should move among the cards by the arrow keys', async () => {
    await stage.find({ name: 'a' }, { name: 'b' }, { name: 'c' });
    const node = await draw();
    await eventually(() => expect(cards(node)).toHaveLength(3));
    const [first] = cards(node);
    first.focus();
    press(first, 'ArrowDown');
    await eventually(() => expect(document.activeElement).toBe(cards(node)[1]));
    press(document.activeElement!, 'End');
    await eventually(() => expect(document.activeElement).toBe(cards(node)[2]));
    expect(cards(node).map(card => card.tabIndex)).toEqual([-1, -1, 0]);
    expect(
      [...node.querySelectorAll('button')].filter(item => item.tabIndex === 0)
    ).toEqual([...cards(node)[2].querySelectorAll('button')]);
    press(document.activeElement!, 'Enter');
    expect(stage.manager.current?.snapshot.name).toBe('c');
    await eventually(() =>
      expect(cards(node)[2].getAttribute('aria-current')).toBe('true')
    );
  });

  it('should rename in place by F2', async () => {
    await stage.find({ name: 'old' });
    const node = await draw();
    await eventually(() => expect(cards(node)).toHaveLength(1));
    press(cards(node)[0], 'F2');
    await eventually(() => expect(node.querySelector('input')).not.toBeNull());
    const input = node.querySelector('input')!;
    expect(document.activeElement).toBe(input);
    type(input, 'new');
    await eventually(() => expect(input.value).toBe('new'));
    press(input, 'Enter');
    await eventually(() => expect(cards(node)[0].textContent).toContain('new'));
    expect(document.activeElement).toBe(cards(node)[0]);
  });

  it('should choose the card that is clicked with either button', async () => {
    await stage.find({ name: 'a' }, { name: 'b' });
    const node = await draw();
    await eventually(() => expect(cards(node)).toHaveLength(2));
    cards(node)[1].dispatchEvent(
      new MouseEvent('contextmenu', { bubbles: true })
    );
    expect(stage.manager.current?.snapshot.name).toBe('b');
    cards(node)[0].click();
    expect(stage.manager.current?.snapshot.name).toBe('a');
  });

  it('should give commands the key of their card and nothing else', async () => {
    await stage.find({}, {});
    const node = await draw();
    await eventually(() => expect(cards(node)).toHaveLength(2));
    button(cards(node)[1], 'Connect').click();
    button(cards(node)[1], 'Dashboards').click();
    expect(stage.executed).toEqual([
      [CommandIDs.connectNotebook, { cluster: 'fake:id-1' }],
      [CommandIDs.openDashboards, { cluster: 'fake:id-1' }]
    ]);
  });

  it('should take the cards that were not seen yet to be as high as the others', async () => {
    const height = jest
      .spyOn(HTMLElement.prototype, 'offsetHeight', 'get')
      .mockReturnValue(118);
    await stage.find(...Array.from({ length: 300 }, () => ({})));
    const node = await draw();
    await eventually(() =>
      expect(
        node.querySelector<HTMLElement>('.jp-DaskClusters-list')?.style.height
      ).toBe(`${300 * 118}px`)
    );
    expect(
      [...node.querySelectorAll<HTMLElement>('.jp-DaskClusters-item')].map(
        item => item.style.top
      )
    ).toEqual(cards(node).map((_, index) => `${index * 118}px`));
    height.mockRestore();
  });

  it('should keep few of 300 clusters in the page', async () => {
    await stage.find(...Array.from({ length: 300 }, () => ({})));
    const node = await draw();
    await eventually(() => expect(cards(node).length).toBeGreaterThan(4));
    expect(cards(node).length).toBeLessThan(20);
    const item = node.querySelector('[role=listitem]');
    expect(item?.getAttribute('aria-setsize')).toBe('300');
  });

  it('should watch what is drawn only while somebody looks', async () => {
    const drivers = await stage.find(
      ...Array.from({ length: 300 }, () => ({}))
    );
    const node = await draw();
    await eventually(() => expect(cards(node).length).toBeGreaterThan(4));
    const watched = (): number =>
      drivers.filter(({ watched }) => watched.slice(-1)[0] === 'counts').length;
    expect(watched()).toBe(0);
    model.setVisible(true);
    await eventually(() => expect(watched()).toBe(cards(node).length));
    model.setVisible(false);
    await eventually(() => expect(watched()).toBe(0));
  });

  it('should leave starting and stopping out when it is only for watching', async () => {
    stage.manager.readOnly = true;
    await stage.find({});
    const node = await draw();
    await eventually(() => expect(cards(node)).toHaveLength(1));
    expect(names(node)).toEqual(['More actions', 'Connect', 'Dashboards']);
  });
});

describe('ClustersPanel', () => {
  let stage: Stage;
  let panel: ClustersPanel;
  let restore: () => void;

  beforeEach(() => {
    restore = giveSize(300, 600);
  });

  afterEach(() => {
    panel.dispose();
    stage.dispose();
    restore();
  });

  async function open(stageToUse = new Stage()): Promise<HTMLElement> {
    stage = stageToUse;
    panel = new ClustersPanel(stage.services);
    Widget.attach(panel, document.body);
    await eventually(() =>
      expect(panel.node.querySelector('.jp-DaskHeader button')).not.toBeNull()
    );
    return panel.node;
  }

  it('should say why one can only watch', async () => {
    const node = await open();
    stage.manager.readOnly = true;
    await eventually(() =>
      expect(node.textContent).toContain('as your settings say')
    );
    panel.configure({ locked: true, sections: [] });
    await eventually(() =>
      expect(node.textContent).toContain('your administrator has switched off')
    );
    expect(names(node)).not.toContain('New cluster');
  });

  it('should say that a cluster needs a server where JupyterLite has none', async () => {
    const before = PageConfig.setOption('appName', 'JupyterLite');
    try {
      const node = await open();
      stage.manager.readOnly = true;
      await eventually(() =>
        expect(node.textContent).toContain('Clusters need a Jupyter server')
      );
      expect(names(node)).not.toContain('New cluster');
      expect(() =>
        stage.manager.create({ provider: 'fake', options: {} })
      ).toThrow('A cluster needs a Jupyter server');
    } finally {
      PageConfig.setOption('appName', before);
    }
  });

  it('should start one more of the last profile by "New cluster"', async () => {
    const node = await open();
    stage.profiles.remember('large');
    button(node, 'New cluster').click();
    await eventually(() => expect(stage.manager.clusters).toHaveLength(1));
    expect(stage.first.profile).toBe('large');
    expect(stage.first.snapshot.options).toEqual({ workers: 8 });
  });

  it('should list the profiles with their size, the last one first', async () => {
    const node = await open();
    stage.profiles.remember('large');
    const choose = button(node, 'Choose a profile');
    choose.click();
    const items = (): HTMLElement[] => [
      ...document.querySelectorAll<HTMLElement>('[role=menuitem]')
    ];
    await eventually(() => expect(items().length).toBeGreaterThan(2));
    expect(choose.getAttribute('aria-expanded')).toBe('true');
    expect(items()[0].textContent).toContain('large');
    expect(items()[0].textContent).toContain('20 workers');
    expect(items()[1].textContent).toContain('2 workers');
    expect(items()[2].textContent).toBe('Customise…');
    await eventually(() => expect(document.activeElement).toBe(items()[0]));
    expect(await violations(document.querySelector('.jp-DaskPopup')!)).toEqual(
      []
    );
    press(items()[0], 'ArrowDown');
    expect(document.activeElement).toBe(items()[1]);
    press(items()[1], 'Escape');
    expect(items()).toEqual([]);
    expect(document.activeElement).toBe(choose);
    choose.click();
    await eventually(() => expect(items().length).toBeGreaterThan(2));
    items()[1].click();
    await eventually(() => expect(stage.manager.clusters).toHaveLength(1));
    expect(stage.first.profile).toBe('small');
  });

  it('should ask once which clusters there are, and get providers ready', async () => {
    const prepared: unknown[] = [];
    const next = new Stage();
    const last = next.profiles.last!;
    const discover = jest.spyOn(next.provider, 'discover');
    Object.assign(next.provider, {
      prepare: (_: unknown, expected: unknown) => prepared.push(expected)
    });
    await open(next);
    panel.hide();
    panel.show();
    expect(discover).toHaveBeenCalledTimes(1);
    const expected = {
      provider: last.provider,
      environment: undefined,
      options: last.options,
      limits: next.profiles.limits
    };
    expect(prepared).toEqual([expected, expected]);
  });

  it('should ask nobody anything while it is hidden', async () => {
    stage = new Stage();
    const [driver] = await stage.find({});
    panel = new ClustersPanel(stage.services);
    panel.hide();
    Widget.attach(panel, document.body);
    await eventually(() =>
      expect(panel.node.querySelector('.jp-DaskHeader')).not.toBeNull()
    );
    document.dispatchEvent(new Event('pointermove'));
    expect(driver.calls).toEqual([]);
    expect(driver.watched).toEqual(['none']);
  });

  it('should see whether clusters still answer when the person is active', async () => {
    const next = new Stage();
    const [driver] = await next.find({});
    const node = await open(next);
    await eventually(() => expect(driver.watched).toContain('counts'));
    driver.answers = false;
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    document.dispatchEvent(new Event('pointermove'));
    await eventually(() =>
      expect(node.querySelector('.jp-DaskState-word')?.textContent).toBe(
        'Not responding'
      )
    );
    now.mockRestore();
    driver.answers = true;
    button(node, 'Wait').click();
    await eventually(() =>
      expect(node.querySelector('.jp-DaskState-word')?.textContent).toBe(
        'Running'
      )
    );
  });

  it('should open the clusters again when they are folded', async () => {
    const node = await open();
    const title = node.querySelector<HTMLElement>('.lm-AccordionPanel-title')!;
    title.click();
    expect(panel.widgets[0].isHidden).toBe(false);
  });

  it('should tell the sums over all clusters', async () => {
    const next = new Stage();
    await next.find(
      { workers: { ready: 2 }, memory: { used: 2 ** 30, limit: 2 ** 32 } },
      { workers: { ready: 3 }, memory: { used: 2 ** 30, limit: 2 ** 32 } },
      { state: 'lost', workers: { ready: 9 } }
    );
    const node = await open(next);
    const totals = node.querySelector('.jp-DaskHeader-totals');
    expect(totals?.textContent).toBe('5 workers2 GiB / 8 GiBStop all…');
  });

  it('should pass all its words through the translator', async () => {
    const node = await open(new Stage(pseudo));
    await eventually(() =>
      expect(node.textContent).toContain('⟦A cluster runs')
    );
    const words = [...node.querySelectorAll('*')].flatMap(element => [
      ...[...element.childNodes]
        .filter(child => child.nodeType === Node.TEXT_NODE)
        .map(child => child.textContent ?? ''),
      element.getAttribute('title') ?? ''
    ]);
    expect(
      words.filter(text => /[a-z]{2}/i.test(text) && !text.includes('⟦'))
    ).toEqual([]);
  });
});
