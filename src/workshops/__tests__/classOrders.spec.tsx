import * as React from 'react';
import {
  button,
  eventually,
  names,
  Stage,
  type,
  violations
} from '../../sidebar/__tests__/support';
import { Servers } from '../classActs';
import { FreshCluster, TimeAndSize } from '../classOrders';
import type { IWorkshop } from '../model';
import type { IRule } from '../rules';
import type { IOrder, IParticipant } from '../serviceWire';

const END = Date.parse('2099-01-01T09:00Z');

const workshop: IWorkshop = {
  version: 1,
  id: 'rain',
  title: 'Rain',
  limits: { workers: 3 },
  materials: [{ template: 'rainfall-anomaly' }],
  end: '2099-01-01T09:00Z'
};

const row = (name: string, workers: number): IParticipant => ({
  name,
  server: 'running',
  status: {
    step: 0,
    of: 1,
    help: false,
    note: '',
    environment: {},
    cluster: 'running',
    workers,
    since: 0,
    reported: 0
  }
});

describe('What a trainer sets on the page', () => {
  let stage: Stage;
  let orders: Array<[IOrder, readonly string[]]>;
  let said: string[];

  beforeEach(() => {
    stage = new Stage();
    orders = [];
    said = [];
  });

  afterEach(() => stage.dispose());

  /** The page of two people, of whom some are selected. */
  function open(
    selected: string[] = [],
    all: IRule = {},
    canAnnounce = true,
    may: string[] = []
  ): Promise<HTMLElement> {
    const rows = [row('alice', 3), row('bob', 1)];
    const room = {
      rules: { all, people: { '<b>bob': { workers: 2 } } },
      selected: new Set(selected),
      chosen: rows.filter(
        ({ name }) => selected.length === 0 || selected.includes(name)
      ),
      may,
      levels: [{ level: 3, used: canAnnounce, reason: '' }],
      canAnnounce,
      order: async (order: IOrder, users: readonly string[]) => {
        orders.push([order, users]);
      }
    };
    const props = {
      room: room as never,
      title: 'Rain',
      workshop,
      act: (verb: () => Promise<string>) =>
        void verb().then(text => said.push(text))
    };
    return stage.draw(
      <>
        <TimeAndSize {...props} />
        <FreshCluster {...props} />
        <Servers {...props} />
      </>
    );
  }

  const dialog = async (): Promise<HTMLElement> => {
    await eventually(() =>
      expect(document.querySelector('.jp-Dialog')).not.toBeNull()
    );
    return document.querySelector<HTMLElement>('.jp-Dialog')!;
  };

  it('should be a later end than that of now, for all or for who is selected', async () => {
    const page = await open(['bob'], { end: END + 900_000 });
    button(page, '30 minutes more').click();
    await eventually(() => expect(said).toHaveLength(1));
    expect(orders).toEqual([
      [
        expect.objectContaining({
          workshop: 'rain',
          end: END + 900_000 + 1_800_000,
          text: expect.stringContaining('The class now ends at')
        }),
        ['bob']
      ]
    ]);
    button(page, 'End as in the file').click();
    await eventually(() => expect(orders).toHaveLength(2));
    expect(orders[1][0].end).toBeNull();
  });

  it('should be a size, after it is said whose clusters are larger', async () => {
    const page = await open();
    expect(page.textContent).toContain(
      'Something else is set for: <b>bob (2 workers).'
    );
    type(page.querySelector('input[type=number]')!, '2');
    await eventually(() => void button(page, 'Cap at 2 workers'));
    button(page, 'Cap at 2 workers').click();
    const asked = await dialog();
    expect(asked.textContent).toContain('1 person has more now');
    expect(asked.textContent).toContain('alice');
    expect(asked.textContent).toContain(
      'on pages of the workshop that are open'
    );
    button(asked, 'Cancel').click();
    await eventually(() => expect(said).toEqual(['']));
    expect(orders).toEqual([]);

    button(page, 'Cap at 2 workers').click();
    button(await dialog(), 'Cap at 2 workers').click();
    await eventually(() =>
      expect(orders).toEqual([
        [expect.objectContaining({ workshop: 'rain', workers: 2 }), []]
      ])
    );
  });

  it('should ask nobody when nobody has more', async () => {
    const page = await open(['bob']);
    button(page, 'Cap at 3 workers').click();
    await eventually(() =>
      expect(said).toEqual([
        expect.stringMatching(
          /^Clusters are capped at 3 workers\. This binds on pages .* open/
        )
      ])
    );
    expect(orders).toHaveLength(1);
    expect(document.querySelector('.jp-Dialog')).toBeNull();
  });

  it('should be said with where a cap binds while it holds', async () => {
    expect((await open()).textContent).not.toContain('This binds');
    expect((await open([], { workers: 2 })).textContent).toMatch(
      /capped at 2 workers\. This binds on pages of the workshop that are open, and on others from when they are opened/
    );
  });

  it('should be a fresh cluster, after a question that says what is lost', async () => {
    const page = await open(['alice']);
    button(page, 'Fresh cluster for selected…').click();
    const asked = await dialog();
    expect(asked.textContent).toContain('is lost: alice.');
    button(asked, 'Fresh cluster for 1 person').click();
    await eventually(() =>
      expect(orders).toEqual([
        [expect.objectContaining({ workshop: 'rain', fresh: true }), ['alice']]
      ])
    );
    expect(orders[0][0].text).toContain('Fresh cluster');
  });

  it('should be the servers’ end where it is allowed, and why it is not elsewhere', async () => {
    const allowed = await open([], {}, true, ['start', 'stop']);
    expect(button(allowed, 'Stop all 2 servers…').disabled).toBe(false);
    expect(allowed.textContent).not.toContain('delete:servers');
    const refused = await open([], {}, true, ['start']);
    expect(names(refused).join()).not.toContain('Stop');
    expect(refused.textContent).toMatch(
      /cannot be stopped from here, since your administrator .*ask for the right “delete:servers”/
    );
    expect(await violations(refused)).toEqual([]);
  });

  it('should be off without the service, with what to do instead', async () => {
    const page = await open([], {}, false);
    for (const one of page.querySelectorAll('button')) {
      expect(one.disabled).toBe(true);
    }
    expect(page.textContent).toContain(
      'Without it, change the end and the limits in the workshop’s file'
    );
    expect(await violations(page)).toEqual([]);
  });
});
