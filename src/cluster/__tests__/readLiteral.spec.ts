import * as fc from 'fast-check';
import { toPython } from '../literal';
import { readLiteral } from '../readLiteral';

describe('readLiteral', () => {
  it('should read back whatever was written as a literal', () => {
    const { value } = fc.letrec(tie => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'binary' }),
        fc.integer(),
        fc.double({ noDefaultInfinity: true, noNaN: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 })
      )
    }));
    fc.assert(
      fc.property(value, written => {
        expect(readLiteral(toPython(written as string))).toEqual(written);
      }),
      { numRuns: 2000 }
    );
  });

  it.each([
    ['(1, 2.5,)', [1, 2.5]],
    ['(1)', 1],
    ['(1,)', [1]],
    ['[]', []],
    ['[\'a\' "b"]', ['ab']],
    ['1_000', 1000],
    ['-.5e3', -500],
    ['"""two\nlines"""', 'two\nlines'],
    ['[\n  1,  # one\n  2,\n]', [1, 2]],
    ["'it\\'s \\x41\\u00e9'", "it's Aé"]
  ])('should read %s', (text, value) => {
    expect(readLiteral(text)).toEqual(value);
  });

  it.each([
    'today()',
    '1 + 1',
    '[1, name]',
    '{"a": 1}',
    'f"{x}"',
    'r"a"',
    '"open',
    '[1 2]',
    '[1',
    '[,]',
    '1e999',
    'float("nan")',
    '"\\N{BULLET}"',
    '"\\xg1"',
    '',
    '['.repeat(40) + ']'.repeat(40)
  ])('should not guess at %s', text => {
    expect(readLiteral(text)).toBeUndefined();
  });
});
