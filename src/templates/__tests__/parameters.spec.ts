import { parseParameters, replaceValues } from '../parameters';
import { PARAMETERS } from './fixture';

describe('parseParameters', () => {
  it('should read name, type, value and help of each line in order', () => {
    expect(
      parseParameters(PARAMETERS).map(line => [
        line.name,
        line.annotation,
        line.value,
        line.help
      ])
    ).toEqual([
      [
        'catalog',
        'str',
        '"sample-data/catalog.json"',
        'path or address of a STAC catalogue'
      ],
      [
        'area',
        'list[float]',
        '[33.0, -5.0, 42.0, 5.0]',
        'west, south, east, north [deg]'
      ],
      ['start', 'str', '"202401d1"', 'first dekad'],
      ['end', 'str', '"202403d3"', 'last dekad'],
      ['offset', 'float', '5.0', 'added to both sides of the ratio [mm]'],
      ['n_dekads', 'int', '1', 'accumulation [dekads]'],
      ['bands', 'list[str]', '["rfh", "rfq"]', undefined],
      ['limit', 'float', 'None', 'leave out what is above [mm]'],
      ['method', 'str', '"ratio"', undefined],
      ['dry_run', 'bool', 'False', 'only print what would be done']
    ]);
  });

  it('should not take a # or = inside a string for a comment or a second assignment', () => {
    const [line] = parseParameters('a = "x#y=\\"z#" # help = me');
    expect(line.value).toBe('"x#y=\\"z#"');
    expect(line.help).toBe('help = me');
  });

  it('should read values over several lines', () => {
    const source =
      'a = [\n  1,  # one ]\n  2,\n]  # help\nb = """x\n# y\n"""\nc = 1';
    expect(
      parseParameters(source).map(({ name, line, lineEnd, value }) => [
        name,
        line,
        lineEnd,
        value
      ])
    ).toEqual([
      ['a', 0, 4, '[\n  1,  # one ]\n  2,\n]'],
      ['b', 4, 7, '"""x\n# y\n"""'],
      ['c', 7, 8, '1']
    ]);
  });

  it('should pass over lines that assign nothing', () => {
    expect(
      parseParameters('"""doc = 1"""\n\n# x = 1\nprint(y)\na == 1\n  b = 2\n')
    ).toEqual([]);
  });

  it.each(['', 'x =', '"', "'''", '((', 'a = "', 'a = \\'])(
    'should come to an end on the broken source %j',
    source => {
      expect(Array.isArray(parseParameters(source))).toBe(true);
    }
  );
});

describe('replaceValues', () => {
  it('should change only the values', () => {
    const source = '# c\na: int = 1  # one\n\nb = "x" # two\nprint(a)\n';
    expect(replaceValues(source, new Map([['b', '"y"']]))).toBe(
      '# c\na: int = 1  # one\n\nb = "y" # two\nprint(a)\n'
    );
  });

  it('should give back the source when nothing changes', () => {
    expect(replaceValues(PARAMETERS, new Map())).toBe(PARAMETERS);
  });
});
