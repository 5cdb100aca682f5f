import { ReactWidget } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import React from 'react';
import { eventually } from '../../__tests__/eventually';
import { type } from '../../__tests__/type';
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

  const search = async (text: string, said: string): Promise<void> => {
    type(host.querySelector('input')!, text);
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
    await search('rainfall', '2 entries found');
    expect(host.querySelectorAll('li')).toHaveLength(2);
    expect(place.className).toBe('jp-Dask-hidden');
    await search('rainfall chirps', '1 entry found');
    await search('snow', 'No template fits.');
    expect(place.className).not.toBe('jp-Dask-hidden');
    await search('', '');
    expect(status()).toBe(place);
  });
});
