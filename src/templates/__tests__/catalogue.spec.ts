import type { JSONObject } from '@lumino/coreutils';
import validator from '@rjsf/validator-ajv8';
import type { ITemplateSource } from '../../tokens';
import { templates } from '../../../scripts/templateListing';
import { Catalogue } from '../catalogue';
import { bundledSource, bundledTemplates } from '../bundled';
import { fillCells } from '../fill';
import { cellSource, cellTags, defaultValues, readTemplate } from '../metadata';
import type { ICatalogueEntry } from '../metadata';
import { validateValues } from '../validate';
import { changed, notebook, template, trans } from './fixture';

function source(
  id: string,
  load: ITemplateSource['load']
): ITemplateSource & { loads: number } {
  const result = {
    id,
    loads: 0,
    load: () => {
      result.loads += 1;
      return load();
    }
  };
  return result;
}

function catalogue(...sources: ITemplateSource[]) {
  const result = new Catalogue({ trans });
  sources.forEach(item => result.add(item));
  return result;
}

describe('readTemplate', () => {
  it('should read what the metadata says', () => {
    const { problem, ...entry } = template();
    expect(problem).toBeUndefined();
    expect(entry).toMatchObject({
      id: 'rain-demo',
      version: '1.2.0',
      title: 'Rain demo',
      task: 'periodic-production',
      tags: ['rainfall'],
      products: ['rfh_dekad'],
      requires: ['odc-stac', 'xarray>=2024.1']
    });
    expect(Object.keys(entry.parameters.properties as JSONObject)).toEqual([
      'catalog',
      'area',
      'start',
      'end',
      'offset',
      'n_dekads',
      'bands',
      'limit',
      'method',
      'dry_run'
    ]);
  });

  it('should order parameters as the cell does, however the metadata was sorted', () => {
    const properties = template().parameters.properties as JSONObject;
    const sorted = Object.fromEntries(
      Object.keys(properties)
        .sort()
        .map(name => [name, properties[name]])
    );
    const entry = changed({ parameters: { properties: sorted } });
    expect(Object.keys(entry.parameters.properties as JSONObject)).toEqual(
      Object.keys(properties)
    );
  });

  it.each<[string, JSONObject, RegExp]>([
    ['no version', { version: '' }, /does not say its “version”/],
    ['a bad id', { id: '../etc' }, /may hold only letters/],
    ['a package that is code', { requires: ['x; rm -rf'] }, /not the name/],
    [
      'a parameter without a line',
      { parameters: { properties: { other: { type: 'string', title: 'O' } } } },
      /has no line for it/
    ],
    [
      'a parameter that is a keyword',
      {
        parameters: { properties: { lambda: { type: 'string', title: 'L' } } }
      },
      /cannot be the name/
    ],
    [
      'a parameter without a title',
      { parameters: { properties: { start: { type: 'string' } } } },
      /“start” has no title/
    ],
    [
      'a parameter that is a secret',
      {
        parameters: {
          properties: {
            start: { type: 'string', title: 'Key', format: 'password' }
          }
        }
      },
      /asks for a secret/
    ],
    [
      'a nested parameter',
      { parameters: { properties: { start: { type: 'object', title: 'S' } } } },
      /must be text, a number/
    ]
  ])('should say in words what is wrong with %s', (_, change, words) => {
    expect(changed(change).problem).toMatch(words);
  });

  it.each<[string, JSONObject]>([
    ['an empty notebook', {}],
    ['metadata of other types', { metadata: { seasonal_monitor: [] } }],
    ['cells of another type', { ...notebook(), cells: 'none' }]
  ])('should never throw, also for %s', (_, content) => {
    const entry = readTemplate(content, 'file', trans);
    expect(entry.problem).toMatch(/\w{3}.*\.$/);
    expect(entry.id).not.toBe('');
  });
});

describe('bundledSource', () => {
  it('should have templates that can be used, under the names that the launcher shows', async () => {
    const known = bundledTemplates(trans);
    const bundled = bundledSource(trans);
    const loaded = await Promise.all(known.map(({ id }) => bundled.whole!(id)));
    expect(loaded.map(entry => [entry.id, entry.title])).toEqual(
      known.map(entry => [entry.id, entry.title])
    );
    for (const entry of loaded as ICatalogueEntry[]) {
      expect(entry.problem).toBeUndefined();
      const values = defaultValues(entry);
      expect(validateValues(entry, values, validator, trans)).toEqual({});
      const [cell] = fillCells(entry, values).filter(item =>
        cellTags(item).includes('parameters')
      );
      const original = (entry.notebook.cells as JSONObject[]).find(item =>
        cellTags(item).includes('parameters')
      );
      expect(cell.source).toBe(cellSource(original!));
    }
  });

  it('should list what the notebooks say of themselves, and none of the notebooks', async () => {
    const bundled = bundledSource(trans);
    for (const listed of await bundled.load()) {
      const whole = await bundled.whole!(listed.id);
      expect(listed).toEqual({ ...whole, parameters: {}, notebook: {} });
    }
  });

  it('should list every notebook of the folder', () => {
    const known = bundledTemplates(trans).map(({ id }) => id);
    expect(Object.keys(templates)).toEqual([...known].sort());
  });
});

describe('Catalogue', () => {
  it('should load one notebook when it is asked for, of a source that lists descriptions', async () => {
    const asked: string[] = [];
    const listed = { ...template(), parameters: {}, notebook: {} };
    const all = catalogue({
      id: 'lazy',
      load: async () => [listed],
      whole: async id => {
        asked.push(id);
        return template();
      }
    });
    expect(await all.list()).toEqual([listed]);
    expect(asked).toEqual([]);
    expect(await all.get('rain-demo')).toEqual(template());
    expect(asked).toEqual(['rain-demo']);
  });

  it('should keep a template whose notebook does not load, with the error in words', async () => {
    const all = catalogue({
      id: 'lazy',
      load: async () => [{ ...template(), parameters: {}, notebook: {} }],
      whole: async () => {
        throw new Error('The network is gone.');
      }
    });
    const entry = await all.get('rain-demo');
    expect(entry?.title).toBe('Rain demo');
    expect(entry?.problem).toMatch(/network is gone.*open the template again/);
  });

  it('should list the templates of all sources in order, loaded once', async () => {
    const one = source('one', async () => [template()]);
    const two = source('two', async () => [changed({ id: 'other' })]);
    const all = catalogue(one, two);
    await all.list();
    expect((await all.list()).map(entry => entry.id)).toEqual([
      'rain-demo',
      'other'
    ]);
    expect((await all.get('other'))?.id).toBe('other');
    expect(await all.get('third')).toBeUndefined();
    expect([one.loads, two.loads]).toEqual([1, 1]);
  });

  it('should forget a source that was disposed', async () => {
    const all = catalogue(source('one', async () => [template()]));
    const added = all.add(source('two', async () => [changed({ id: 'b' })]));
    expect(await all.list()).toHaveLength(2);
    added.dispose();
    expect((await all.list()).map(entry => entry.id)).toEqual(['rain-demo']);
  });

  it('should load nothing before it is asked', () => {
    const one = source('one', async () => [template()]);
    expect(catalogue(one).get).toBeDefined();
    expect(one.loads).toBe(0);
  });

  it('should keep a source that fails, with its error, and ask it again', async () => {
    let broken = true;
    const one = source('site', async () => {
      if (broken) {
        throw new Error('503 from the server');
      }
      return [template()];
    });
    const all = catalogue(one);
    const [entry] = await all.list();
    expect(entry.title).toBe('site');
    expect(entry.problem).toContain('503 from the server');
    broken = false;
    expect((await all.list())[0].problem).toBeUndefined();
  });

  it('should keep a broken template beside the others', async () => {
    const all = catalogue(
      source('site', async () => [
        changed({ version: '' }),
        changed({ id: 'b' })
      ])
    );
    const entries = await all.list();
    expect(entries[0].description).toBe(entries[0].problem);
    expect(
      entries.map(entry => [entry.id, entry.problem !== undefined])
    ).toEqual([
      ['rain-demo', true],
      ['b', false]
    ]);
  });

  it('should check what a source gives that does not check itself', async () => {
    const { problem, ...bare } = changed({ requires: ['a b; c'] });
    expect(problem).toBeDefined();
    const [entry] = await catalogue(source('s', async () => [bare])).list();
    expect(entry.problem).toBe(problem);
  });

  it('should list a doubled id under another, and say so', async () => {
    const all = catalogue(
      source('bundled', async () => [template()]),
      source('site', async () => [template(), template()])
    );
    const entries = await all.list();
    expect(entries.map(entry => entry.id)).toEqual([
      'rain-demo',
      'site/rain-demo',
      'site/rain-demo-2'
    ]);
    expect(entries[0].problem).toBeUndefined();
    expect(entries[1].problem).toContain('from “bundled”');
  });
});
