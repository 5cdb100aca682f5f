import { ReactWidget } from '@jupyterlab/apputils';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { nullTranslator } from '@jupyterlab/translation';
import validator from '@rjsf/validator-ajv8';
import { Widget } from '@lumino/widgets';
import React from 'react';
import { eventually } from '../../__tests__/eventually';
import { type } from '../../__tests__/type';
import { NotebookTarget } from '../insert';
import { brokenEntry } from '../metadata';
import type { ICatalogueEntry } from '../metadata';
import { TemplateModel } from '../model';
import { TemplateView } from '../view';
import type { ITemplateActions } from '../view';
import { template, trans } from './fixture';

const { axe } = jest.requireActual<{
  axe: (node: Element) => Promise<{ violations: { id: string }[] }>;
}>('jest-axe');

/** The names of the accessibility rules that a page breaks. */
async function violations(node: Element): Promise<string[]> {
  return (await axe(node)).violations.map(violation => violation.id);
}

/** Marks every string that went through it. */
const pseudo: ITranslator = {
  languageCode: 'x',
  load: () => {
    const mark = (text: string, ...args: unknown[]) =>
      `⟦${text.replace(/%(\d)/g, (_, place: string) => `${String(args[Number(place) - 1])}`)}⟧`;
    return {
      __: mark,
      _n: (one: string, many: string, count: number, ...args: unknown[]) =>
        mark(count === 1 ? one : many, count, ...args)
    } as unknown as TranslationBundle;
  }
};

describe('TemplateView', () => {
  let host: HTMLElement;
  let widget: ReactWidget;
  let model: TemplateModel;
  let done: string[];
  let unreadable: boolean;
  let actions: ITemplateActions;

  beforeEach(() => {
    host = document.createElement('main');
    document.body.append(host);
    done = [];
    unreadable = false;
    actions = {
      insert: async position => {
        done.push(`insert ${position}`);
        return 'Inserted.';
      },
      drag: () => {
        done.push('drag');
      },
      create: async () => {
        done.push('create');
        return 'Made.';
      },
      link: async () => {
        done.push('link');
        return 'Copied.';
      },
      check: async () => ({
        environment: 'Python 3',
        missing: ['xarray>=2024.1']
      }),
      copy: text => {
        done.push(text);
      },
      chooseOutline: async () => {
        if (unreadable) {
          throw new Error('This is no GeoJSON.');
        }
        const corners: [number, number][] = [
          [34, -4],
          [41.5, 5]
        ];
        return { box: [34, -4, 41.5, 5], rings: [corners] };
      }
    };
  });

  afterEach(() => {
    widget.dispose();
    host.remove();
    model.dispose();
  });

  async function show(
    entry: ICatalogueEntry = template(),
    translator: ITranslator = nullTranslator
  ) {
    model = new TemplateModel({
      template: entry,
      validator,
      trans: translator.load('')
    });
    await model.ready;
    const target = new NotebookTarget(null, translator.load(''));
    Object.defineProperty(target, 'problem', { get: () => reason });
    widget = ReactWidget.create(
      <TemplateView
        model={model}
        sizing={null}
        target={target}
        actions={actions}
        validator={validator}
        rendermime={null}
        translator={translator}
      />
    );
    Widget.attach(widget, host);
    await eventually(() => {
      expect(host.querySelector('h1')).not.toBeNull();
    });
  }

  let reason = '';
  beforeEach(() => {
    reason = '';
  });

  function button(name: string): HTMLButtonElement {
    const found = Array.from(host.querySelectorAll('button')).find(
      item => item.textContent === name
    );
    expect(found).toBeDefined();
    return found!;
  }

  function field(name: string): HTMLInputElement {
    return host.querySelector(`#jp-template-rain-demo_${name}`)!;
  }

  function click(name: string) {
    button(name).click();
  }

  it('should tie each field to a label, its help and its error', async () => {
    await show();
    const inputs = Array.from(
      host.querySelectorAll<HTMLInputElement>('.jp-TemplateForm input')
    );
    expect(inputs).toHaveLength(12);
    for (const input of inputs) {
      expect(input.labels?.length ?? 0).toBeGreaterThan(0);
    }
    type(field('offset'), '-1');
    expect(field('offset').getAttribute('aria-invalid')).toBe('true');
    const described = (name: string) =>
      field(name)
        .getAttribute('aria-describedby')!
        .split(' ')
        .map(id => document.getElementById(id)?.textContent ?? '')
        .join(' ');
    expect(described('offset')).toContain('Give 0 or more.');
    expect(described('catalog')).toContain('Path or address.');
    expect(described('dry_run')).toContain('Writes nothing.');
  });

  it('should have no axe violations, with and without errors', async () => {
    await show();
    expect(await violations(host)).toEqual([]);
    type(field('offset'), '-1');
    type(field('start'), 'never');
    expect(await violations(host)).toEqual([]);
  });

  it('should have no axe violations for a template that is broken', async () => {
    await show(brokenEntry('site', 'The folder is gone.'));
    expect(await violations(host)).toEqual([]);
    expect(host.querySelector('[role=alert]')?.textContent).toContain(
      'The folder is gone.'
    );
    expect(host.querySelector('input')).toBeNull();
  });

  it('should write what is typed into the preview, and mark it in words', async () => {
    await show();
    type(field('offset'), '12.5');
    expect(model.values.offset).toBe(12.5);
    const marked = host.querySelectorAll(
      '.jp-TemplatePreview-line.jp-mod-changed'
    );
    expect(Array.from(marked, line => line.textContent)).toEqual([
      'changedoffset: float = 12.5  # added to both sides of the ratio [mm]'
    ]);
  });

  it('should keep a field empty that was emptied, and say that it needs a value', async () => {
    await show();
    type(field('offset'), '');
    expect(field('offset').value).toBe('');
    expect(model.errors.offset).toEqual(['Give a value.']);
    type(field('catalog'), '');
    expect(field('catalog').value).toBe('');
    expect(model.errors.catalog).toEqual(['Give a value.']);
    type(field('limit'), '3');
    expect(model.values.limit).toBe(3);
    type(field('limit'), '');
    expect(model.values.limit).toBeNull();
    expect(model.errors.limit).toBeUndefined();
  });

  it('should edit areas, lists, choices and switches', async () => {
    await show();
    const [west, , east] = Array.from(
      field('area').querySelectorAll<HTMLInputElement>('input')
    );
    type(west, '50');
    expect(model.errors.area).toEqual(['West must be less than east.']);
    type(east, '60.5');
    expect(model.values.area).toEqual([50, -5, 60.5, 5]);
    type(west, '');
    expect(model.errors.area).toEqual(['Give all four edges, in degrees.']);
    type(field('bands'), 'a, b,');
    expect(field('bands').value).toBe('a, b,');
    expect(model.values.bands).toEqual(['a', 'b']);
    const method = host.querySelector<HTMLSelectElement>(
      '#jp-template-rain-demo_method'
    )!;
    type(method, '1');
    expect(model.values.method).toBe('score');
    field('dry_run').click();
    expect(model.values.dry_run).toBe(true);
    click('Reset values');
    await eventually(() => {
      expect(field('bands').value).toBe('rfh, rfq');
      expect(model.values.method).toBe('ratio');
    });
  });

  it('should insert at the chosen place and say what was done', async () => {
    await show();
    type(host.querySelector<HTMLSelectElement>('footer select')!, 'end');
    click('Insert in this notebook');
    click('New notebook');
    expect(done).toEqual(['insert end', 'create']);
    await eventually(() => {
      expect(host.querySelector('footer [role=status]')?.textContent).toBe(
        'Made.'
      );
    });
  });

  it('should switch inserting off with a reason', async () => {
    reason = 'No notebook is open.';
    await show();
    const insert = button('Insert in this notebook');
    expect(insert.disabled).toBe(true);
    const described = document.getElementById(
      insert.getAttribute('aria-describedby')!
    );
    expect(described?.textContent).toBe(reason);
    expect(button('New notebook').disabled).toBe(false);
  });

  it('should take the person to the first value that is wrong, and do nothing', async () => {
    await show();
    type(field('n_dekads'), '99');
    type(field('offset'), '-1');
    click('New notebook');
    expect(done).toEqual([]);
    expect(document.activeElement).toBe(field('offset'));
    expect(host.querySelector('footer [role=status]')?.textContent).toBe(
      '2 values are not right yet.'
    );
  });

  it('should keep the values and say why when an act fails', async () => {
    actions.create = () => Promise.reject(new Error('The disk is full.'));
    await show();
    type(field('offset'), '7');
    click('New notebook');
    await eventually(() => {
      expect(host.querySelector('[role=alert]')?.textContent).toBe(
        'The disk is full.'
      );
    });
    expect(field('offset').value).toBe('7');
  });

  it('should ask for missing packages only on a click', async () => {
    let asked = 0;
    const { check } = actions;
    actions.check = () => {
      asked += 1;
      return check();
    };
    await show();
    expect(asked).toBe(0);
    click("Check the notebook's environment");
    expect(asked).toBe(1);
    await eventually(() => {
      expect(host.textContent).toContain('pip install "xarray>=2024.1"');
    });
    click('Copy');
    expect(done).toEqual(['pip install "xarray>=2024.1"']);
  });

  it('should be reachable by keyboard in reading order', async () => {
    await show();
    const stops = Array.from(
      host.querySelectorAll<HTMLElement>(
        'input, select, button, summary, [tabindex]'
      )
    );
    expect(stops.every(stop => stop.tabIndex >= 0)).toBe(true);
    const names = stops.map(stop => stop.id || stop.textContent);
    expect(names.indexOf('jp-template-rain-demo_catalog')).toBeLessThan(
      names.indexOf('jp-template-rain-demo_dry_run')
    );
    expect(names.indexOf('jp-template-rain-demo_dry_run')).toBeLessThan(
      names.indexOf('Insert in this notebook')
    );
  });

  it('should show hostile text as text', async () => {
    const hostile = '<img src=x onerror="window.hit=1">';
    await show({ ...template(), title: hostile, description: hostile });
    expect(host.querySelector('img')).toBeNull();
    expect(host.querySelector('h1')?.textContent).toContain(hostile);
  });

  it('should step to the next dekad and say which days it means', async () => {
    await show();
    const next = host.querySelector<HTMLButtonElement>(
      '[aria-label="First dekad: the dekad after"]'
    )!;
    next.click();
    await eventually(() => {
      expect(model.values.start).toBe('202401d2');
      expect(host.textContent).toMatch(/January 11\D+20, 2024/);
    });
    type(field('start'), 'soon');
    await eventually(() => {
      expect(next.disabled).toBe(true);
    });
    expect(field('start').value).toBe('soon');
  });

  it('should take the extent of a GeoJSON file, or say why not', async () => {
    await show();
    expect(host.textContent).not.toContain('The whole box is computed');
    click('Extent of a GeoJSON file…');
    await eventually(() => {
      expect(model.values.area).toEqual([34, -4, 41.5, 5]);
      expect(host.querySelector('.jp-AreaMap-outline')?.getAttribute('d')).toBe(
        'M34 4L41.5 -5'
      );
      expect(host.textContent).toContain('The whole box is computed');
    });
    unreadable = true;
    click('Extent of a GeoJSON file…');
    await eventually(() => {
      expect(host.querySelector('[role=alert]')?.textContent).toContain(
        'This is no GeoJSON.'
      );
    });
    expect(model.values.area).toEqual([34, -4, 41.5, 5]);
  });

  it('should say nothing of its own that is not translated', async () => {
    await show(
      {
        ...template(),
        title: '1',
        version: '2',
        description: '3',
        tags: [],
        products: [],
        requires: ['4'],
        notebook: { ...template().notebook }
      },
      pseudo
    );
    type(field('offset'), '-1');
    type(field('start'), 'x');
    type(field('n_dekads'), '3');
    click("⟦Check the notebook's environment⟧");
    click('⟦New notebook⟧');
    await eventually(() => {
      expect(host.textContent).toMatch(/lacks 1 package/);
      expect(host.textContent).toMatch(/2 values are not right yet/);
    });
    const own = new Set<string>();
    const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const inContent = node.parentElement!.closest(
        'code, pre, .jp-TemplateField-label, .jp-TemplateField-help, .jp-DekadInput-days, option'
      );
      const text = node.textContent!.trim();
      if (!inContent && /[a-z]/i.test(text) && !/^⟦.*⟧$/s.test(text)) {
        own.add(text);
      }
    }
    expect(Array.from(own)).toEqual([]);
    for (const node of host.querySelectorAll('[aria-label]')) {
      expect(node.getAttribute('aria-label')).toMatch(/^⟦.*⟧$/);
    }
    expect(trans.__('x')).toBe('x');
  });
});
