import { ReactWidget } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { FakeStore, price, trans, usage } from '../../cost/__tests__/utils';
import { Meter } from '../../cost/meter';
import { CommandIDs } from '../../commands';
import { LanguageProvider } from '../../components/language';
import { ClustersSection } from '../clustersSection';
import { Header } from '../header';
import { SidebarModel } from '../model';
import type { ISidebarServices } from '../services';
import { StatusItem } from '../statusItem';
import { Totals } from '../totals';
import { button, eventually, giveSize, Stage, violations } from './support';

const HOUR = 3_600_000;

describe('The cost in the sidebar', () => {
  let stage: Stage;
  let store: FakeStore;
  let services: ISidebarServices;
  let widgets: Widget[];
  let restore: () => void;

  /** One cluster of two workers for an hour, with the real meter. */
  async function begin(of = 'fake'): Promise<void> {
    const now = Date.now();
    const meter = new Meter({
      manager: stage.manager,
      store,
      trans,
      locale: 'en'
    });
    meter.setPrices({
      prices: [price({ provider: of, price: 0.5 })],
      problems: []
    });
    services = { ...stage.services, costs: meter };
    await stage.find({
      workers: { ready: 2, wanted: 2 },
      usage: usage({ started: now - HOUR, at: now - HOUR })
    });
  }

  beforeEach(() => {
    stage = new Stage();
    store = new FakeStore();
    widgets = [];
    restore = giveSize(300, 600);
  });

  afterEach(() => {
    widgets.forEach(widget => widget.dispose());
    stage.dispose();
    restore();
  });

  async function draw(widget: Widget): Promise<HTMLElement> {
    widgets.push(widget);
    return stage.attach(widget);
  }

  const drawCards = (): Promise<HTMLElement> => {
    const model = new SidebarModel({ manager: stage.manager });
    return stage.draw(<ClustersSection model={model} services={services} />);
  };

  it.each([
    ['fake', '1.00 USD/h', 'Basis of this cost'],
    ['other', 'no price set', 'Why? no price set']
  ])(
    'should show what it is based on at a press of a button (price for %s)',
    async (of, text, name) => {
      await begin(of);
      const node = await drawCards();
      await eventually(() =>
        expect(
          node.querySelector('.jp-DaskCluster-cost span')?.textContent
        ).toContain(text)
      );
      button(node, name).click();
      expect(stage.executed).toContainEqual([
        CommandIDs.showDetails,
        { cluster: stage.first.key, tab: 'options' }
      ]);
      expect(await violations(node)).toEqual([]);
    }
  );

  it('should say what it is based on where there are no details', async () => {
    await begin();
    jest
      .spyOn(services.commands, 'hasCommand')
      .mockImplementation(id => id !== CommandIDs.showDetails);
    const node = await drawCards();
    await eventually(() =>
      expect(
        node.querySelector('.jp-DaskCluster-cost .jp-Dask-hidden')?.textContent
      ).toMatch(/the test, 2026-11-01.*Not counted/)
    );
  });

  it('should be added up for the month in the header and the status bar, with what earlier pages kept', async () => {
    const now = Date.now();
    // A day of this month is today at the latest.
    store.kept = {
      [new Date(now).toISOString().slice(0, 10)]: {
        'fake:earlier': {
          name: 'earlier',
          provider: 'fake',
          workers: HOUR / 1000,
          cores: HOUR / 1000,
          cost: { USD: 40 },
          until: now - HOUR,
          ended: true
        }
      }
    };
    await begin();
    const totals = new Totals(stage.manager);
    const model = new SidebarModel({ manager: stage.manager });
    const header = await draw(
      ReactWidget.create(
        <LanguageProvider value={services.language}>
          <Header model={model} totals={totals} services={services} />
        </LanguageProvider>
      )
    );
    await eventually(() => {
      const rate = header.querySelector('.jp-DaskHeader-totals [title]');
      expect(rate?.textContent).toBe('1.00 USD/h');
      expect(rate?.getAttribute('title')).toMatch(
        /^4[01]\.\d\d USD in this month \(UTC\)$/
      );
    });
    expect(header.querySelector('.jp-Dask-hidden')?.textContent).toContain(
      'in this month'
    );
    const status = await draw(new StatusItem(services));
    await eventually(() =>
      expect(status.querySelector('button')?.title).toMatch(
        /^Show what is left running: 4[01]\.\d\d USD in this month \(UTC\)$/
      )
    );
    expect(status.textContent).toContain('1.00 USD/h');
    totals.dispose();
  });

  it('should say nothing of the month where nothing has a price', async () => {
    const load = jest.spyOn(store, 'load');
    await begin('other');
    const status = await draw(new StatusItem(services));
    await eventually(() =>
      expect(status.querySelector('button')?.title).toBe(
        'Show what is left running'
      )
    );
    expect(load).not.toHaveBeenCalled();
  });
});
