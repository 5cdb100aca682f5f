import { ReactWidget } from '@jupyterlab/apputils';
import { PromiseDelegate } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import validator from '@rjsf/validator-ajv8';
import React from 'react';
import { eventually } from '../../__tests__/eventually';
import { EditBar } from '../editBar';
import type { IEditActions } from '../editBar';
import { TemplateModel } from '../model';
import { template, trans } from './fixture';

describe('EditBar', () => {
  let model: TemplateModel;
  let widget: ReactWidget;
  let host: HTMLElement;
  let version: string;
  let asked: number;
  let updating: PromiseDelegate<string>;

  const button = (name: RegExp): HTMLButtonElement =>
    Array.from(host.querySelectorAll('button')).find(item =>
      name.test(item.textContent ?? '')
    )!;

  beforeEach(async () => {
    version = '0.9.0';
    asked = 0;
    updating = new PromiseDelegate();
    model = new TemplateModel({ template: template(), validator, trans });
    await model.ready;
    const actions: IEditActions = {
      name: 'mine.ipynb',
      get version() {
        return version;
      },
      byHand: [],
      change: async () => 'Changed.',
      update: async () => {
        asked += 1;
        const done = await updating.promise;
        version = model.template.version;
        return done;
      }
    };
    host = document.createElement('main');
    document.body.append(host);
    widget = ReactWidget.create(
      <EditBar model={model} actions={actions} trans={trans} />
    );
    Widget.attach(widget, host);
    await eventually(() => {
      expect(button(/^Update to/)).toBeDefined();
    });
  });

  afterEach(() => {
    widget.dispose();
    host.remove();
    model.dispose();
  });

  it('should keep the focus while it works, and do nothing twice', async () => {
    const update = button(/^Update to/);
    update.focus();
    update.click();
    await eventually(() => {
      expect(update.getAttribute('aria-disabled')).toBe('true');
    });
    expect(update.disabled).toBe(false);
    update.click();
    expect(asked).toBe(1);
    updating.resolve('Updated.');
    await eventually(() => {
      expect(host.querySelector('[role=status]')?.textContent).toBe('Updated.');
    });
  });

  it('should hand the focus on when the button of the update goes', async () => {
    button(/^Update to/).focus();
    button(/^Update to/).click();
    updating.resolve('Updated.');
    await eventually(() => {
      expect(button(/^Update to/)).toBeUndefined();
    });
    expect(document.activeElement).toBe(button(/^Change/));
  });

  it('should stay where it is when the update fails', async () => {
    const update = button(/^Update to/);
    update.focus();
    update.click();
    updating.reject(new Error('The notebook was closed.'));
    await eventually(() => {
      expect(host.querySelector('[role=alert]')?.textContent).toBe(
        'The notebook was closed.'
      );
    });
    expect(document.activeElement).toBe(update);
  });
});
