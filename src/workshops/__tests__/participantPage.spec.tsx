import * as React from 'react';
import {
  button,
  eventually,
  names,
  Stage,
  violations
} from '../../sidebar/__tests__/support';
import type { IWorkshop } from '../model';
import { WorkshopPage } from '../page';
import { ruled } from '../rules';

const workshop: IWorkshop = {
  version: 1,
  id: 'rain',
  title: 'Rain',
  materials: [{ template: 'rainfall-anomaly' }],
  end: '2099-01-01T09:00Z'
};

const RULE = { end: Date.parse('2099-01-01T09:30Z'), workers: 1 };

describe('A participant’s page while the class goes on', () => {
  let stage: Stage;
  let renewed: number;

  beforeEach(() => {
    stage = new Stage();
    renewed = 0;
  });

  afterEach(() => stage.dispose());

  /** The page of somebody who has joined, with so many clusters of the class. */
  function open(
    clusters: number,
    said: { sentences: string[]; problem: string },
    renew = async (): Promise<void> => {
      renewed += 1;
    }
  ): Promise<HTMLElement> {
    const run = {
      reading: { workshop, problems: [] },
      workshop,
      ruled: ruled(workshop, RULE),
      plan: { sentences: ['A cluster is started.'], problem: '' },
      joining: 'joined',
      done: new Set(),
      clusters: Array.from({ length: clusters }, () => ({})),
      renew
    };
    return stage.draw(
      <WorkshopPage
        run={run as never}
        obedience={said as never}
        openTemplate={async () => undefined}
      />
    );
  }

  it('should show the end that the trainer set, and what else was set, as text', async () => {
    const page = await open(1, {
      sentences: ['Capped at 1.', '<img src=x onerror=alert(1)>'],
      problem: 'It could not be made smaller.'
    });
    const banner = page.querySelector('.jp-Workshop-banner')!;
    expect(banner.textContent).toMatch(/9:30\sAM\sUTC/);
    const status = page.querySelector('[role=status]')!;
    expect(status.textContent).toContain('Capped at 1.');
    expect(status.textContent).toContain('<img src=x');
    expect(page.querySelector('img')).toBeNull();
    expect(page.querySelector('[role=alert]')!.textContent).toBe(
      'It could not be made smaller.'
    );
    expect(await violations(page)).toEqual([]);
  });

  it('should give a fresh cluster on a click, and only who has one', async () => {
    const name = 'Fresh cluster: stop yours, start another';
    const page = await open(1, { sentences: [], problem: '' });
    button(page, name).click();
    await eventually(() =>
      expect(page.textContent).toContain('A fresh cluster starts.')
    );
    expect(renewed).toBe(1);
    const other = await open(0, { sentences: [], problem: '' });
    expect(names(other)).not.toContain(name);
  });

  it('should say why there is no fresh cluster', async () => {
    const page = await open(1, { sentences: [], problem: '' }, () =>
      Promise.reject(new Error('It does not answer.'))
    );
    button(page, 'Fresh cluster: stop yours, start another').click();
    await eventually(() =>
      expect(page.textContent).toContain(
        'That did not work: It does not answer.'
      )
    );
  });
});
