/**
 * The one way in which a value enters Python code. Everything comes out as
 * printable ASCII on one line: IPython splits a cell at U+0085 and U+2028 too,
 * so a literal that is right for Python can still be rewritten by IPython if
 * such a character stands in it as itself.
 */

/** What can be written as a literal. */
export type PythonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue | undefined };

/**
 * Write a value as a Python expression: a literal, except for infinity and
 * NaN, which Python has no literal for.
 *
 * @param value - Integers become `int`, other numbers `float`, arrays `list`,
 * objects `dict` in their order. Members that are `undefined` are left out.
 * @returns ASCII text without a line break.
 *
 * @throws TypeError for anything else, and for nesting deeper than 64.
 */
export function toPython(value: PythonValue): string {
  return Private.encode(value, 0);
}

/**
 * Write a number as a Python `float`, also when it is whole: `2` gives `2.0`.
 */
export function toPythonFloat(value: number): string {
  if (Number.isNaN(value)) {
    return 'float("nan")';
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? 'float("inf")' : 'float("-inf")';
  }
  if (Object.is(value, -0)) {
    return '-0.0';
  }
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/**
 * Whether a name can stand in generated code as a variable's name: ASCII, at
 * most 64 characters, not a keyword.
 */
export function isPythonIdentifier(name: string): boolean {
  return (
    /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) && !Private.KEYWORDS.has(name)
  );
}

/**
 * A name for generated code, unchanged.
 *
 * @throws TypeError when it is not a {@link isPythonIdentifier | identifier}.
 */
export function toPythonIdentifier(name: string): string {
  if (!isPythonIdentifier(name)) {
    throw new TypeError(`${toPython(name)} is not a Python identifier`);
  }
  return name;
}

namespace Private {
  /** Words that cannot be assigned to. Soft keywords such as `match` can. */
  export const KEYWORDS: ReadonlySet<string> = new Set(
    (
      'False None True __debug__ and as assert async await break class ' +
      'continue def del elif else except finally for from global if import ' +
      'in is lambda nonlocal not or pass raise return try while with yield'
    ).split(' ')
  );

  const DEPTH = 64;

  const SHORT: Readonly<Record<string, string>> = {
    '"': '\\"',
    '\\': '\\\\',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t'
  };

  export function encode(value: PythonValue, depth: number): string {
    if (depth > DEPTH) {
      throw new TypeError('The value is nested too deeply for a literal');
    }
    if (value === null) {
      return 'None';
    }
    switch (typeof value) {
      case 'string':
        return quote(value);
      case 'number':
        return Number.isInteger(value) && !Object.is(value, -0)
          ? String(value)
          : toPythonFloat(value);
      case 'bigint':
        return String(value);
      case 'boolean':
        return value ? 'True' : 'False';
      case 'object':
        return isList(value) ? list(value, depth) : dict(value, depth);
      default:
        throw new TypeError(`A ${typeof value} cannot be written as a literal`);
    }
  }

  function isList(value: object): value is readonly PythonValue[] {
    return Array.isArray(value);
  }

  function list(value: readonly PythonValue[], depth: number): string {
    const items = Array.from(value, item => encode(item, depth + 1));
    return `[${items.join(', ')}]`;
  }

  function dict(
    value: { readonly [key: string]: PythonValue | undefined },
    depth: number
  ): string {
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      throw new TypeError('Only plain objects can be written as a literal');
    }
    const items: string[] = [];
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) {
        items.push(`${quote(key)}: ${encode(item, depth + 1)}`);
      }
    }
    return `{${items.join(', ')}}`;
  }

  /** Iterates code points: a pair gives one escape, a lone surrogate its own. */
  function quote(text: string): string {
    let result = '"';
    for (const character of text) {
      result += SHORT[character] ?? escape(character);
    }
    return `${result}"`;
  }

  function escape(character: string): string {
    const code = character.codePointAt(0)!;
    if (code >= 0x20 && code < 0x7f) {
      return character;
    }
    if (code <= 0xff) {
      return `\\x${code.toString(16).padStart(2, '0')}`;
    }
    return code <= 0xffff
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : `\\U${code.toString(16).padStart(8, '0')}`;
  }
}
