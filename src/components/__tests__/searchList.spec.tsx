import { ReactWidget } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import React from 'react';
import { eventually } from '../../__tests__/eventually';
import { ISearchItem, SearchList } from '../searchList';

const ITEMS: ISearchItem[] = [
  { id: 'rain', title: 'Rainfall anomaly', tags: ['CHIRPS'], act: jest.fn() },
  { id: 'spells', title: 'Dry spells', detail: 'Of rainfall', act: jest.fn() },
  { id: 'season', title: 'Season start', act: jest.fn() }
];

describe('SearchList', () => {
  let widget: ReactWidget;
  let host: HTMLElement;

  const status = (): HTMLElement => host.querySelector('[role=status]')!;

  const type = async (text: string, said: string): Promise<void> => {
    const box = host.querySelector('input')!;
    const set = Object.getOwnPropertyDescriptor(
      HTMLInputElement.prototype,
      'value'
    )!.set!;
    set.call(box, text);
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await eventually(() => expect(status().textContent).toBe(said));
  };

  beforeEach(async () => {
    host = document.createElement('main');
    document.body.append(host);
    widget = ReactWidget.create(
      <SearchList
        label="Templates"
        searchLabel="Search templates"
        empty="No template fits."
        items={ITEMS}
      />
    );
    Widget.attach(widget, host);
    await eventually(() => expect(host.querySelectorAll('li')).toHaveLength(3));
  });

  afterEach(() => {
    widget.dispose();
    host.remove();
  });

  it('should tell who listens how many fit, in one place that is always there', async () => {
    const place = status();
    expect(place.textContent).toBe('');
    await type('rainfall', '2 entries found');
    expect(host.querySelectorAll('li')).toHaveLength(2);
    expect(place.className).toBe('jp-Dask-hidden');
    await type('rainfall chirps', '1 entry found');
    await type('snow', 'No template fits.');
    expect(place.className).not.toBe('jp-Dask-hidden');
    await type('', '');
    expect(status()).toBe(place);
  });
});
