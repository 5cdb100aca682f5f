import { nullTranslator } from '@jupyterlab/translation';
import validator from '@rjsf/validator-ajv8';
import { readFileSync } from 'fs';
import { join } from 'path';
import { DOMAIN } from '../../tokens';
import { MAX_BYTES, readWorkshop, workshopSteps } from '../model';
import { WORKSHOP_SCHEMA } from '../schema';

const trans = nullTranslator.load(DOMAIN);
const DOCS = join(__dirname, '../../../docs');
const READY = join(__dirname, '../../../jupyterlab_seasonal_monitor/workshops');

const small = {
  version: 1,
  id: 'first-steps',
  title: 'First steps',
  materials: [
    { notebook: 'one.ipynb', steps: [{ id: 'a', title: 'Load' }] },
    { template: 'rainfall-anomaly', steps: [{ id: 'b', title: 'Compute' }] }
  ]
};

const read = (value: unknown) =>
  readWorkshop(
    typeof value === 'string' ? value : JSON.stringify(value),
    validator,
    trans
  );

describe('A workshop file', () => {
  it('should be read with its steps in order', () => {
    const { workshop, problems } = read(small);
    expect(problems).toEqual([]);
    expect(workshopSteps(workshop!).map(step => step.id)).toEqual(['a', 'b']);
  });

  it('should be right in the example of the documentation', () => {
    const text = readFileSync(join(DOCS, 'workshops.md'), 'utf8');
    const example = /```json\n([^]*?)```/.exec(text)![1];
    expect(read(example).problems).toEqual([]);
  });

  it.each(['first-steps', 'vegetation-health'])(
    'should be right in the ready class %s',
    id => {
      const file = join(READY, id, `${id}.workshop.json`);
      const { workshop, problems } = read(readFileSync(file, 'utf8'));
      expect(problems).toEqual([]);
      expect(workshopSteps(workshop!)).toHaveLength(8);
    }
  );

  it('should have the schema that is published', () => {
    const published = readFileSync(join(DOCS, 'workshop.schema.json'), 'utf8');
    expect(JSON.parse(published)).toEqual(WORKSHOP_SCHEMA);
  });

  it.each([
    ['no JSON', '{ "version": 1,', /not JSON/],
    ['a list', [], /wrong kind/],
    ['nothing', 'null', /wrong kind/],
    ['too many bytes', ' '.repeat(MAX_BYTES + 1), /larger than 256 kB/],
    ['brackets without end', '['.repeat(100_000), /levels deep/],
    [
      'no title',
      { ...small, title: undefined },
      /In the file “Title” is missing/
    ],
    ['an unknown key', { ...small, onload: 'x' }, /“onload” is not known/],
    [
      'a key of the prototype',
      JSON.stringify(small).replace('{', '{"__proto__":{"a":1},'),
      /“__proto__” is not known/
    ],
    [
      'a scheduler’s address',
      { ...small, scheduler: 'tls://evil:8786' },
      /“scheduler” is not known/
    ],
    [
      'options of a cluster',
      { ...small, profile: { options: {} } },
      /^Cluster profile has the wrong kind/
    ],
    [
      'a step without a name',
      {
        ...small,
        materials: [
          { template: 'a' },
          { template: 'b', steps: [{ title: '' }] }
        ]
      },
      /In Notebooks and templates › 2 › Steps › 1 “Name in check\("…"\)” is missing.*\n.*› What is done is empty/
    ],
    [
      'a name that only objects have',
      { ...small, limits: { constructor: 1 } },
      /In Limits of each participant’s cluster “constructor” is not known/
    ],
    ['an unknown version', { ...small, version: 2 }, /not known here/],
    [
      'too many workers',
      { ...small, limits: { workers: 1e6 } },
      /^Limits of each participant’s cluster › Workers can be at most 1000/
    ],
    [
      'doubled steps',
      { ...small, materials: [small.materials[0], small.materials[0]] },
      /Two steps are called “a”/
    ],
    [
      'a material that is both',
      { ...small, materials: [{ notebook: 'a.ipynb', template: 'b' }] },
      /either a notebook or a template/
    ],
    [
      'an end before the start',
      { ...small, start: '2026-11-26T10:00Z', end: '2026-11-26T12:00+03:00' },
      /ends before it starts/
    ],
    [
      'a day that is none',
      { ...small, start: '2026-13-41T10:00Z' },
      /no time that exists/
    ],
    [
      'a time without an offset',
      { ...small, end: '2026-11-26T10:00' },
      /^End is not/
    ]
  ])('should be refused in words when it is or has %s', (_, value, words) => {
    const { workshop, problems } = read(value);
    expect(workshop).toBeNull();
    expect(problems.join('\n')).toMatch(words);
  });

  it.each([
    '../secret.ipynb',
    'a/../../b.ipynb',
    './a.ipynb',
    '/etc/a.ipynb',
    'RTC:a.ipynb',
    'https://example.org/a.ipynb',
    'a\\b.ipynb',
    'a.py'
  ])('should not name the notebook %s', notebook => {
    expect(read({ ...small, materials: [{ notebook }] }).workshop).toBeNull();
  });

  it('should name notebooks in folders below its own', () => {
    const materials = [{ notebook: 'day 1/été.v2.ipynb' }];
    expect(read({ ...small, materials }).problems).toEqual([]);
  });
});
