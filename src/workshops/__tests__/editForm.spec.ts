import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { createErrorHandler } from '@rjsf/utils';
import validator from '@rjsf/validator-ajv8';
import { DOMAIN } from '../../tokens';
import type { IProfile } from '../../tokens';
import {
  checkTogether,
  emptyWorkshop,
  formSchema,
  pathBelow,
  unknownKeys
} from '../editForm';
import { findProblems } from '../model';
import { findSteps, mergeSteps } from '../steps';
import { toLocal, withOffset } from '../zone';

const trans = nullTranslator.load(DOMAIN);
const profiles: IProfile[] = [
  { name: 'Small', provider: 'local', options: {}, description: 'One worker' }
];

const together = (value: JSONObject): string[] => {
  const errors = checkTogether(
    value,
    createErrorHandler(value as never),
    profiles,
    trans
  ) as unknown as Record<string, { __errors?: string[] }>;
  return Object.values(errors).flatMap(one => one.__errors ?? []);
};

describe('The form of a workshop', () => {
  it('should offer the profiles of this site, and the one in the file', () => {
    const { properties } = formSchema(profiles, 'Huge', trans);
    expect((properties!.profile as JSONObject).oneOf).toEqual([
      { const: 'Small', title: 'Small: One worker' },
      { const: 'Huge', title: 'Huge (not on this site)' }
    ]);
  });

  it('should begin with a file in which nothing but entries are missing', () => {
    expect(findProblems(emptyWorkshop(), validator, trans)).toEqual([
      'In the file “Short name” is missing. Add it.',
      'In the file “Title” is missing. Add it.',
      'Notebooks and templates is empty. Fill it in.'
    ]);
  });

  it.each([
    [
      'an end before the start',
      { start: '2026-01-01T10:00+03:00', end: '2026-01-01T09:00+03:00' },
      /ends before/
    ],
    ['a profile that is not here', { profile: 'Huge' }, /no profile/],
    [
      'a step twice',
      {
        materials: [
          { notebook: 'a.ipynb', steps: [{ id: 'x', title: 'X' }] },
          { notebook: 'b.ipynb', steps: [{ id: 'x', title: 'Y' }] }
        ]
      },
      /Two steps are called “x”/
    ]
  ])('should say beside its field that there is %s', (_, value, words) => {
    expect(together(value as JSONObject).join()).toMatch(words);
  });

  it.each([
    [{}],
    [{ materials: 3 }],
    [{ materials: [null, 7, { steps: [null, { id: 4 }] }] }]
  ])('should not mind %j', value => {
    expect(together(value as JSONObject)).toEqual([]);
  });

  it('should name keys that the format does not know', () => {
    expect(unknownKeys({ title: '', scheduler: 'tcp://x' })).toEqual([
      'scheduler'
    ]);
  });

  it.each([
    ['', 'a.ipynb', 'a.ipynb'],
    ['class', 'class/day/a.ipynb', 'day/a.ipynb'],
    ['class', 'classes/a.ipynb', null]
  ])('should know whether a file is below “%s”', (folder, path, below) => {
    expect(pathBelow(folder, path)).toBe(below);
  });
});

describe('The steps of a notebook', () => {
  const notebook = {
    cells: [
      { cell_type: 'markdown', source: '# Class\n\n## Open the *archive*' },
      { cell_type: 'code', source: ['check("load",\n', '  True)'] },
      { cell_type: 'code', source: 'check(\'last.one\', 1)\ncheck("load", 2)' },
      { cell_type: 'code', source: '# check("off", 1)\nmy.check("no", 1)' },
      { cell_type: 'code', source: 'check(name)\nrecheck("no")' },
      { cell_type: 'raw', source: 'check("raw", 1)' }
    ]
  };

  it('should be found from its checks, with the headings above', () => {
    expect(findSteps(notebook as never)).toEqual([
      { id: 'load', title: 'Open the archive' },
      { id: 'last.one', title: 'Last one' }
    ]);
  });

  it('should come after those that were typed, which stay as they are', () => {
    const typed = [{ id: 'last.one', title: 'Mine' }];
    expect(mergeSteps(typed, findSteps(notebook as never))).toEqual([
      { id: 'last.one', title: 'Mine' },
      { id: 'load', title: 'Open the archive' }
    ]);
  });
});

describe('A time that was typed', () => {
  it('should have the offset of the zone at that time, and read back', () => {
    const time = withOffset('2026-07-01T09:30')!;
    expect(time).toMatch(/^2026-07-01T09:30[+-]\d\d:\d\d$/);
    expect(new Date(time)).toEqual(new Date(2026, 6, 1, 9, 30));
    expect(toLocal(time)).toBe('2026-07-01T09:30');
  });

  it.each(['', 'soon', '09:30', '99999-01-01T00:00'])(
    'should be refused when it is “%s”',
    text => {
      expect(withOffset(text)).toBeUndefined();
    }
  );

  it('should be empty for what is no moment', () => {
    expect(toLocal('2026-99-99T00:00Z')).toBe('');
    expect(toLocal(undefined)).toBe('');
  });
});
