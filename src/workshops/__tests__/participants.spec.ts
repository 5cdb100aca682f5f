import {
  classCsv,
  differences,
  Filter,
  mergeRows,
  passes,
  remains,
  stuckFor,
  usualVersions
} from '../participants';
import type { IParticipant, ISaid } from '../serviceWire';
import { readClass, readSaid } from '../serviceWire';

const NOW = 1_000_000_000;
const MINUTE = 60_000;

const said = (more: Partial<ISaid> = {}): ISaid => ({
  step: 1,
  of: 3,
  help: false,
  note: '',
  environment: { dask: '2026.8.0', numpy: '2.0' },
  since: NOW - 10 * MINUTE,
  reported: NOW,
  ...more
});

const ROWS: IParticipant[] = [
  { name: 'alice', server: 'running', status: said() },
  { name: 'bob', server: 'running', status: said({ help: true }) },
  {
    name: 'carol',
    server: 'stopped',
    status: said({ environment: { dask: '2020.1.0' }, spent: { EUR: 1 } })
  },
  { name: 'dave', server: 'starting' }
];

const judge = { minutes: 5, now: NOW, usual: usualVersions(ROWS) };

describe('Somebody who is stuck', () => {
  it.each<[string, Partial<IParticipant>, number]>([
    ['for long on a step', {}, 10 * MINUTE],
    ['for less than that', { status: said({ since: NOW - MINUTE }) }, 0],
    ['who is done', { status: said({ step: 3 }) }, 0],
    ['whose server is stopped', { server: 'stopped' }, 0],
    ['of whose server nothing is known', { server: undefined }, 10 * MINUTE],
    ['who said nothing', { status: undefined }, 0]
  ])('is one %s', (_, more, expected) => {
    expect(stuckFor({ ...ROWS[0], ...more }, judge)).toBe(expected);
  });
});

describe('Versions', () => {
  it('should be compared with those that most have', () => {
    expect(judge.usual).toEqual({ dask: '2026.8.0', numpy: '2.0' });
    expect(differences(ROWS[0], judge.usual)).toEqual([]);
    expect(differences(ROWS[2], judge.usual)).toEqual([
      { name: 'dask', version: '2020.1.0', usual: '2026.8.0' },
      { name: 'numpy', version: undefined, usual: '2.0' }
    ]);
    expect(differences(ROWS[3], judge.usual)).toEqual([]);
  });

  it('should be the newer one of two that are as common', () => {
    const rows = ['2026.10.0', '2026.9.0'].map(dask => ({
      name: dask,
      status: said({ environment: { dask } })
    }));
    expect(usualVersions(rows)).toEqual({ dask: '2026.10.0' });
  });
});

describe('The filters', () => {
  it.each<[Filter, string, string[]]>([
    ['all', '', ['alice', 'bob', 'carol', 'dave']],
    ['all', ' A', ['alice', 'carol', 'dave']],
    ['help', '', ['bob']],
    ['stuck', '', ['alice', 'bob']],
    ['away', '', ['carol', 'dave']],
    ['different', '', ['carol']]
  ])('%s with “%s” should leave whom it says', (filter, search, names) => {
    const left = ROWS.filter(row => passes(row, filter, search, judge));
    expect(left.map(({ name }) => name)).toEqual(names);
  });
});

describe('Two ways to know', () => {
  it('should give one row a person, with the newer status and nobody else', () => {
    const old = said({ step: 0, reported: NOW - MINUTE });
    const [row, ...others] = mergeRows(
      [{ name: 'alice', server: 'running', status: old }],
      [
        { name: 'alice', status: said() },
        { name: 'mallory', status: said() }
      ]
    );
    expect(others).toEqual([]);
    expect(row).toEqual({ name: 'alice', server: 'running', status: said() });
    expect(mergeRows([row], [{ name: 'alice', status: old }])).toEqual([row]);
  });
});

describe('What is left of a class', () => {
  it('should count servers, clusters and what they cost', () => {
    const rows: IParticipant[] = [
      { ...ROWS[0], status: said({ cluster: 'running', spent: { EUR: 0.5 } }) },
      { ...ROWS[1], clusters: [{ name: 'x', status: 'RUNNING' }] },
      // The cluster of a stopped server went with it.
      { ...ROWS[2], status: said({ cluster: 'running', spent: { USD: 1 } }) },
      { ...ROWS[3], clusters: [] }
    ];
    expect(remains(rows)).toEqual({
      servers: ['alice', 'bob', 'dave'],
      clusters: ['alice', 'bob'],
      spent: { EUR: 0.5, USD: 1 },
      told: 2
    });
  });
});

describe('The table for other programs', () => {
  it('should have a line a person, and no formula', () => {
    const note = '=HYPERLINK("http://example.org")';
    const csv = classCsv(
      [{ name: '@alice', status: said({ help: true, note }) }, ROWS[3]],
      judge
    );
    const [head, alice, dave, end] = csv.split('\r\n');
    expect(head).toMatch(/^name,server,cluster,workers,/);
    expect(alice).toMatch(/^'@alice,,,,,1,3,1970-01-12T/);
    expect(alice).toContain(`,10,yes,"'=HYPERLINK(""http://example.org"")",`);
    expect(dave).toMatch(/^dave,starting,/);
    expect(dave.split(',')).toHaveLength(head.split(',').length);
    expect(end).toBe('');
  });
});

describe('What others wrote', () => {
  it.each([
    null,
    1,
    [],
    {},
    { since: 'now', reported: 1 },
    { since: null, reported: 1 }
  ])('should be no status where it is none: %j', data => {
    expect(readSaid(data)).toBeNull();
  });

  it('should lose what is of the wrong kind, and keep the rest', () => {
    const note = 'x'.repeat(1000);
    const data = {
      step: -1,
      of: '3',
      help: 'yes',
      note,
      environment: { dask: 1, numpy: '2.0' },
      workers: 1.5,
      spent: { EUR: '1', USD: 2 },
      since: 1,
      reported: 2
    };
    expect(readSaid(data, 500)).toEqual({
      step: 0,
      of: 0,
      help: false,
      note: note.slice(0, 500),
      environment: { numpy: '2.0' },
      spent: { USD: 2 },
      since: 1500,
      reported: 2500
    });
  });

  it('should be no table where a row has no name', () => {
    expect(readClass({ now: 1, participants: [{ name: 1 }] })).toBeNull();
    expect(readClass({ participants: [] })).toBeNull();
    const row = { name: 'a', server: 'odd', clusters: null, status: null };
    expect(readClass({ now: 1, participants: [row] })).toEqual([{ name: 'a' }]);
  });
});
