import { WorkerTable, sortWorkers } from '../../components/workerTable';
import type { FakeDriver } from '../../cluster/__tests__/fakes';
import { CommandIDs } from '../../commands';
import { IProviderForm, IWorker } from '../../tokens';
import { createDetails } from '../details';
import {
  button,
  closeDialogs,
  eventually,
  giveSize,
  press,
  Stage,
  type,
  violations
} from './support';
import * as React from 'react';

const worker = (index: number): IWorker => ({
  name: `worker-${index}`,
  address: `tls://127.0.0.1:${4000 + index}`,
  status: index % 2 ? 'running' : 'paused',
  threads: 2,
  cpu: index,
  memory: 2 ** 30,
  memoryLimit: 2 ** 31,
  processing: 5000 - index,
  stored: 0,
  lastSeen: 0
});

const many = (count: number): IWorker[] =>
  Array.from({ length: count }, (_, index) => worker(index));

describe('ClusterDetails', () => {
  let stage: Stage;
  let restore: () => void;

  beforeEach(() => {
    stage = new Stage();
    restore = giveSize(800, 600);
  });

  afterEach(() => {
    stage.dispose();
    restore();
  });

  const open = (key: string): Promise<HTMLElement> =>
    stage.attach(createDetails({ key, services: stage.services }));

  const rows = (node: ParentNode): string[] =>
    [...node.querySelectorAll('[role=rowgroup] [role=row]')]
      .slice(1)
      .map(row => row.querySelector('[role=cell]')?.textContent ?? '');

  it('should wait for a cluster that is not known yet', async () => {
    stage.provider.found = [];
    const node = await open('fake:id-0');
    await eventually(() =>
      expect(node.textContent).toContain('This cluster is not there.')
    );
    await stage.find({ name: 'found' });
    await eventually(() =>
      expect(node.querySelector('h2')?.textContent).toBe('found')
    );
  });

  it('should look at workers while the tab is in view, and not before', async () => {
    const [driver] = await stage.find({});
    const widget = createDetails({
      key: 'fake:id-0',
      services: stage.services
    });
    const node = await stage.attach(widget);
    await eventually(() => expect(driver.watched).toEqual(['none', 'workers']));
    driver.rows(many(3));
    await eventually(() =>
      expect(rows(node)).toEqual(['worker-0', 'worker-1', 'worker-2'])
    );
    widget.hide();
    expect(driver.watched.slice(-1)).toEqual(['none']);
    widget.show();
    expect(driver.watched.slice(-1)).toEqual(['workers']);
    driver.rows(many(2));
    await eventually(() => expect(rows(node)).toHaveLength(2));
    expect(await violations(node.querySelector('.jp-DaskDetails')!)).toEqual(
      []
    );
  });

  it('should show events, logs and options by the arrow keys', async () => {
    await stage.find({ options: { workers: 2 } });
    const node = await open('fake:id-0');
    const tabs = (): HTMLElement[] => [
      ...node.querySelectorAll<HTMLElement>('[role=tab]')
    ];
    await eventually(() => expect(tabs()).toHaveLength(4));
    tabs()[0].focus();
    press(tabs()[0], 'ArrowRight');
    await eventually(() => expect(node.textContent).toContain('scaled'));
    expect(document.activeElement).toBe(tabs()[1]);
    press(tabs()[1], 'ArrowRight');
    await eventually(() =>
      expect(node.querySelector('pre')?.textContent).toBe('200')
    );
    expect(await violations(node.querySelector('.jp-DaskDetails')!)).toEqual(
      []
    );
    press(tabs()[2], 'End');
    await eventually(() =>
      expect(node.querySelector('dl')?.textContent).toContain('Workers2')
    );
    expect(await violations(node.querySelector('.jp-DaskDetails')!)).toEqual(
      []
    );
  });

  describe('of a cluster that is called and says what it wants', () => {
    /** Markup, and a sign that turns what follows it. */
    const MARKUP = '<img src=x onerror="window.hit=1">\u202e<b>';
    const SHOWN = '<img src=x onerror="window.hit=1"><b>';

    it.each([
      [
        'Workers',
        async ([driver]: FakeDriver[]) => {
          await eventually(() => expect(driver.watched).toContain('workers'));
          driver.rows([
            { ...worker(0), name: MARKUP, status: MARKUP, address: MARKUP }
          ]);
        }
      ],
      ['Events', async () => undefined],
      ['Logs', async () => undefined],
      ['Options used', async () => undefined]
    ])('should show text and nothing else in %s', async (tab, happen) => {
      const drivers = await stage.find({
        name: MARKUP,
        cause: [{ message: MARKUP, kind: MARKUP, hint: MARKUP }],
        log: [MARKUP],
        options: { [MARKUP]: MARKUP, memory: MARKUP },
        versions: { [MARKUP]: MARKUP }
      });
      drivers[0].events = async () => [
        {
          time: 1,
          kind: 'task-erred',
          level: 'error',
          text: `ValueError: ${MARKUP}`
        }
      ];
      drivers[0].logs = async () => [{ source: MARKUP, lines: [MARKUP] }];
      const widget = createDetails({
        key: 'fake:id-0',
        services: stage.services
      });
      const node = await stage.attach(widget);
      await eventually(() =>
        expect(node.querySelectorAll('[role=tab]')).toHaveLength(4)
      );
      [...node.querySelectorAll<HTMLElement>('[role=tab]')]
        .find(item => item.textContent === tab)!
        .click();
      await happen(drivers);
      const panel = (): Element => node.querySelector('[role=tabpanel]')!;
      await eventually(() => expect(panel().textContent).toContain(SHOWN));
      expect(node.querySelector('img, b')).toBeNull();
      expect(node.outerHTML).not.toContain('\u202e');
      expect(widget.title.label).toBe(SHOWN);
      expect((window as { hit?: number }).hit).toBeUndefined();
    });
  });

  it('should keep few of 2,000 workers in the page', async () => {
    const node = await stage.draw(<WorkerTable workers={many(2000)} />);
    await eventually(() => expect(rows(node).length).toBeGreaterThan(10));
    expect(rows(node).length).toBeLessThan(60);
    expect(
      node.querySelector('[role=table]')?.getAttribute('aria-rowcount')
    ).toBe('2001');
  });

  it('should sort by a click on a column', async () => {
    const node = await stage.draw(<WorkerTable workers={many(12)} />);
    await eventually(() => expect(rows(node)).toHaveLength(12));
    expect(rows(node).slice(0, 3)).toEqual([
      'worker-0',
      'worker-1',
      'worker-2'
    ]);
    const header = [
      ...node.querySelectorAll<HTMLElement>('[role=columnheader]')
    ].find(item => item.textContent === 'Tasks')!;
    header.querySelector('button')!.click();
    await eventually(() => expect(rows(node)[0]).toBe('worker-11'));
    expect(header.getAttribute('aria-sort')).toBe('ascending');
  });

  it('should give workers their places by name that come after others', async () => {
    const Growing = (): JSX.Element => {
      const [workers, setWorkers] = React.useState([worker(1), worker(10)]);
      return (
        <>
          <button onClick={() => setWorkers([worker(10), ...many(3)])} />
          <WorkerTable workers={workers} />
        </>
      );
    };
    const node = await stage.draw(<Growing />);
    await eventually(() =>
      expect(rows(node)).toEqual(['worker-1', 'worker-10'])
    );
    node.querySelector('button')!.click();
    await eventually(() =>
      expect(rows(node)).toEqual([
        'worker-0',
        'worker-1',
        'worker-2',
        'worker-10'
      ])
    );
  });

  it('should sort 2,000 workers well within a frame’s time', () => {
    const workers = many(2000);
    expect(sortWorkers(workers, 'name', true)[0].name).toBe('worker-1999');
    expect(sortWorkers(workers, 'cpu', false)[0].name).toBe('worker-0');
    expect(sortWorkers(workers, 'status', false)[0].status).toBe('paused');
  });
});

describe('New cluster with options', () => {
  let stage: Stage;

  const FORM: IProviderForm = {
    schema: {
      type: 'object',
      properties: {
        workers: {
          type: 'integer',
          title: 'Workers',
          description: 'How many.',
          minimum: 0,
          maximum: 8
        },
        minimum: { type: 'integer', title: 'At least', minimum: 0 },
        maximum: { type: 'integer', title: 'At most', minimum: 0 }
      }
    },
    environments: [
      { name: 'a', label: 'Env A' },
      { name: 'b', label: 'Env B' }
    ],
    environment: 'b',
    notes: ['This machine has 2 cores.']
  };

  beforeEach(() => {
    stage = new Stage();
    jest.spyOn(stage.provider, 'form').mockResolvedValue(FORM);
  });

  afterEach(async () => {
    await closeDialogs();
    stage.dispose();
  });

  async function open(): Promise<HTMLElement> {
    void stage.commands.execute(CommandIDs.customiseCluster);
    await eventually(() => expect(field('Workers')).toBeDefined());
    return document.querySelector<HTMLElement>('.jp-Dialog')!;
  }

  /** The field with this label. */
  function field(label: string): HTMLInputElement {
    const found = [...document.querySelectorAll('label')].find(
      item => item.textContent === label
    );
    expect(found).toBeDefined();
    return document.getElementById(found!.htmlFor) as HTMLInputElement;
  }

  const errors = (): string[] =>
    [...document.querySelectorAll('.jp-DaskField-error')].map(
      item => item.textContent ?? ''
    );

  it('should be filled from the last profile and name all its fields', async () => {
    const node = await open();
    expect(field('Workers').value).toBe('2');
    expect(field('Environment').value).toBe('b');
    expect(node.textContent).toContain('This machine has 2 cores.');
    const form = node.querySelector('.jp-DaskForm')!;
    expect(await violations(form)).toEqual([]);
  });

  it.each([
    ['-5', 'This must be at least 0.'],
    ['0.5', 'Enter a whole number.'],
    ['1000000000', 'This can be at most 8.']
  ])('should refuse %s workers in words', async (text, words) => {
    const node = await open();
    type(field('Workers'), text);
    await eventually(() => expect(errors()).toEqual([words]));
    // JupyterLab's dialog sees fields that the browser knows to be wrong.
    expect(button(node, 'Start').disabled).toBe(true);
    expect(stage.manager.clusters).toHaveLength(0);
  });

  it('should refuse a minimum above the maximum in words', async () => {
    const node = await open();
    type(field('At least'), '4');
    await eventually(() => expect(field('At least').value).toBe('4'));
    type(field('At most'), '2');
    await eventually(() =>
      expect(errors()).toEqual(['The minimum cannot be above the maximum.'])
    );
    button(node, 'Start').click();
    await eventually(() =>
      expect(document.activeElement).toBe(field('At least'))
    );
    expect(stage.manager.clusters).toHaveLength(0);
  });

  it('should start what was asked for, and save it as a profile', async () => {
    const node = await open();
    type(field('Workers'), '4');
    type(field('Name'), 'mine');
    const keep = node.querySelector<HTMLInputElement>('input[type=checkbox]')!;
    keep.click();
    await eventually(() =>
      expect(
        node.querySelector('[aria-label="Name of the profile"]')
      ).not.toBeNull()
    );
    button(node, 'Start').click();
    await eventually(() =>
      expect(errors()).toEqual(['Give the profile a name.'])
    );
    type(
      node.querySelector<HTMLInputElement>(
        '[aria-label="Name of the profile"]'
      )!,
      'Four'
    );
    await eventually(() => expect(errors()).toEqual([]));
    button(node, 'Start').click();
    await eventually(() => expect(stage.manager.clusters).toHaveLength(1));
    expect(stage.first.request).toEqual({
      provider: 'fake',
      name: 'mine',
      profile: 'Four',
      environment: 'b',
      options: { workers: 4 },
      limits: { workers: 8 }
    });
    expect(stage.saved).toEqual(['Four']);
  });

  it('should show what an administrator has locked as locked, with the reason', async () => {
    stage.profiles.update({
      admin: [{ name: 'small', provider: 'fake', options: { workers: 2 } }],
      shipped: [],
      user: [],
      adminLimits: { workers: 4 },
      userLimits: {},
      locked: { fake: { workers: 3 } }
    });
    const node = await open();
    expect(field('Workers').disabled).toBe(true);
    expect(field('Workers').value).toBe('3');
    expect(node.textContent).toContain(
      'How many. Locked: your administrator has set it.'
    );
    expect(field('At most').disabled).toBe(false);
    expect(node.textContent).toContain('Your administrator allows at most 4.');
    button(node, 'Start').click();
    await eventually(() => expect(stage.manager.clusters).toHaveLength(1));
    expect(stage.first.snapshot.options).toEqual({ workers: 3 });
  });

  it('should say in words why there is no form', async () => {
    jest
      .spyOn(stage.provider, 'form')
      .mockRejectedValue(new Error('No Python kernel is installed.'));
    void stage.commands.execute(CommandIDs.customiseCluster);
    await eventually(() =>
      expect(errors()).toEqual(['No Python kernel is installed.'])
    );
  });
});
