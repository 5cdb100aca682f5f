import { spawnSync } from 'child_process';
import * as fc from 'fast-check';
import {
  isPythonIdentifier,
  PythonValue,
  toPython,
  toPythonFloat,
  toPythonIdentifier
} from '../literal';

/** Strings that have broken such encoders. */
const VECTORS = [
  '',
  "'",
  '"',
  '"""',
  "'''",
  '\\',
  'ends with \\',
  '\\"',
  '\n',
  '\r\n',
  '\0',
  '\u0085',
  '\u2028',
  '\u2029',
  'a\u0085#\u2028!touch /tmp/x',
  '\ud800',
  '\udfff\ud800',
  '\u{1f600}',
  '\u202eevil\u2066',
  '\ufeff',
  '%run x.py',
  '%%bash\nls',
  '!ls',
  '?',
  'help?',
  'help??',
  '>>> 1',
  'In [1]: 1',
  '${x} {x} {{x}} %s %(x)s',
  '"+__import__("os").getcwd()+"',
  '\\N{BULLET} \\u0041 \\x41 \\101'
];

/** Any string of UTF-16 code units, with the dangerous ones often. */
const text = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code)),
    fc.constantFrom(...'"\'\\\n\r\t%!?#{}$\0\u0085\u2028\u2029\u202e ')
  )
});

/** What one Python makes of many cells: null, or what is wrong. */
function problems(cells: { code: string; expected: string }[]): unknown {
  const script = `
import ast, json, sys
from IPython.core.inputtransformer2 import TransformerManager
manager = TransformerManager()
wrong = []
for cell in json.load(sys.stdin):
    for code in (cell["code"], "value = " + cell["code"]):
        if manager.transform_cell(code) != code + "\\n":
            wrong.append(["altered", code])
        if len(ast.parse(code).body) != 1:
            wrong.append(["statements", code])
    if ast.literal_eval(cell["code"]) != json.loads(cell["expected"]):
        wrong.append(["value", cell["code"]])
json.dump(wrong[:5], sys.stdout)
`;
  const { stdout, stderr } = spawnSync('python', ['-c', script], {
    input: JSON.stringify(cells),
    encoding: 'utf-8',
    maxBuffer: 2 ** 26
  });
  return stdout ? JSON.parse(stdout) : stderr;
}

describe('toPython()', () => {
  it.each([
    [null, 'None'],
    [true, 'True'],
    [false, 'False'],
    [0, '0'],
    [-0, '-0.0'],
    [-7, '-7'],
    [0.1, '0.1'],
    [1e21, '1e+21'],
    [12345678901234567890n, '12345678901234567890'],
    [NaN, 'float("nan")'],
    [Infinity, 'float("inf")'],
    [-Infinity, 'float("-inf")'],
    ['', '""'],
    ['é', '"\\xe9"'],
    ['\u2028', '"\\u2028"'],
    ['\ud800', '"\\ud800"'],
    ['\u{1f600}', '"\\U0001f600"'],
    ['a"b\\c\n', '"a\\"b\\\\c\\n"'],
    [[], '[]'],
    [[1, ['a'], null], '[1, ["a"], None]'],
    [{}, '{}'],
    [{ b: 1, a: [true], gone: undefined }, '{"b": 1, "a": [True]}']
  ])('should write %p as %s', (value, code) => {
    expect(toPython(value as PythonValue)).toBe(code);
  });

  it('should refuse what has no literal', () => {
    const refused: unknown[] = [
      undefined,
      () => 1,
      Symbol('x'),
      new Date(),
      new Map(),
      [undefined]
    ];
    for (const value of refused) {
      expect(() => toPython(value as PythonValue)).toThrow(TypeError);
    }
  });

  it('should refuse a value that holds itself', () => {
    const value: PythonValue[] = [];
    value.push(value);
    expect(() => toPython(value)).toThrow(/nested/);
  });

  it('should write any string as printable ASCII on one line', () => {
    fc.assert(
      fc.property(text, value => {
        expect(toPython(value)).toMatch(/^"[ -~]*"$/);
      }),
      { numRuns: 20000, examples: VECTORS.map(vector => [vector]) }
    );
  });

  it('should mean the same to Python, and nothing more to IPython', () => {
    const seed = Date.now();
    const values = [...VECTORS, ...fc.sample(text, { seed, numRuns: 60_000 })];
    const cells = values.map(value => ({
      code: toPython(value),
      expected: JSON.stringify(value)
    }));
    // The seed makes the same strings again.
    expect({ seed, wrong: problems(cells) }).toEqual({ seed, wrong: [] });
  }, 300_000);

  it('should mean the same to Python for nested values', () => {
    const seed = Date.now();
    const values = fc.sample(
      fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }),
      { seed, numRuns: 500 }
    );
    const cells = values.map(value => ({
      code: toPython(value as PythonValue),
      expected: JSON.stringify(value)
    }));
    expect({ seed, wrong: problems(cells) }).toEqual({ seed, wrong: [] });
  }, 60000);
});

describe('toPythonFloat()', () => {
  it.each([
    [2, '2.0'],
    [-3, '-3.0'],
    [0.5, '0.5'],
    [-0, '-0.0'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [NaN, 'float("nan")'],
    [-Infinity, 'float("-inf")']
  ])('should write %p as %s', (value, code) => {
    expect(toPythonFloat(value)).toBe(code);
  });
});

describe('toPythonIdentifier()', () => {
  it.each(['x', '_', 'start_date', 'A9', 'match', 'case', 'type', 'print'])(
    'should accept %s',
    name => {
      expect(toPythonIdentifier(name)).toBe(name);
    }
  );

  it.each([
    '',
    '9a',
    'a b',
    'a-b',
    'é',
    'a\n',
    'a=1;b',
    'None',
    'class',
    'await',
    '__debug__',
    'x'.repeat(65)
  ])('should refuse %p', name => {
    expect(isPythonIdentifier(name)).toBe(false);
    expect(() => toPythonIdentifier(name)).toThrow(TypeError);
  });

  it('should know every keyword of Python', () => {
    const { stdout } = spawnSync(
      'python',
      ['-c', 'import keyword; print(*keyword.kwlist)'],
      { encoding: 'utf-8' }
    );
    const keywords = stdout.trim().split(' ');
    expect(keywords.length).toBeGreaterThan(30);
    expect(keywords.filter(isPythonIdentifier)).toEqual([]);
  });
});
