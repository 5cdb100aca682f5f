import { nullTranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { eventually } from '../../__tests__/eventually';
import { createLanguage, LanguageProvider } from '../../components/language';
import { emptyWorkshop } from '../editForm';
import type { IWorkshop } from '../model';
import { TimeLeft, WaitLeft } from '../times';

const shown = (start?: string, end?: string): Promise<string> =>
  drawn(
    React.createElement(TimeLeft, {
      workshop: { version: 1, id: 'a', title: 'A', materials: [], start, end }
    })
  );
const drawn = async (part: React.ReactElement): Promise<string> => {
  const widget = ReactWidget.create(
    React.createElement(
      LanguageProvider,
      { value: createLanguage(nullTranslator) },
      part
    )
  );
  Widget.attach(widget, document.body);
  MessageLoop.flush();
  await eventually(() => expect(widget.node.textContent).not.toBe(''));
  const text = widget.node.textContent ?? '';
  widget.dispose();
  return text;
};
const ahead = (ms: number): string => new Date(Date.now() + ms).toISOString();
const HOUR = 3_600_000;

describe('The time of a class', () => {
  it('should be how long it still goes where its end is near', async () => {
    const text = await shown(ahead(-HOUR), ahead(HOUR + 30_000));
    expect(text).toMatch(/It ends in 1 hr, at .*UTC/);
    expect(text).not.toMatch(/20\d\d/);
  });

  it('should be a date with its year where it is years away', async () => {
    const text = await shown('2098-12-31T12:00Z', '2099-01-15T12:00Z');
    expect(text).toMatch(/It starts at .*2098.*It ends at .*2099/);
    expect(text).not.toMatch(/day/);
    expect(await shown(undefined, '2001-01-15T12:00Z')).toMatch(
      /It ended at .*2001/
    );
  });
});

describe('The place of somebody who waits', () => {
  const wait = (more: Partial<IWorkshop>): Promise<string> =>
    drawn(
      React.createElement(WaitLeft, {
        workshop: { version: 1, id: 'a', title: 'A', materials: [], ...more },
        due: Date.now() + 5 * 60_000
      })
    );

  it('should be told by people in a class that was made by the form', async () => {
    const made = emptyWorkshop() as Partial<IWorkshop>;
    expect(await wait({ ...made, stagger: 10 })).toMatch(
      /Yours is in .*; about 1\d of 30 are before you/
    );
  });

  it('should be told by time where the file does not say how many there are', async () => {
    expect(await wait({ stagger: 10 })).toMatch(/Yours is in \d.*\.$/);
  });
});
