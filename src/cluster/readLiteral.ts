/**
 * Reads Python literals back: the other way round of `literal.ts`, for values
 * that a person may have changed in a cell.
 */
import type { JSONValue } from '@lumino/coreutils';

/**
 * The value of a Python literal: None, True, False, numbers, plain strings,
 * lists and tuples of these.
 *
 * @returns The value, a tuple as a list; undefined for anything else, such as
 * an expression, a name, a dict or a number that JSON has not.
 */
export function readLiteral(text: string): JSONValue | undefined {
  const reader = new Private.Reader(text);
  const value = reader.value();
  return reader.isAtEnd ? value : undefined;
}

namespace Private {
  const NUMBER = /[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
  const WORD = /[A-Za-z_]\w*/y;
  const BLANK = /(?:\s|#[^\n]*\n)*/y;

  const WORDS: ReadonlyMap<string, JSONValue> = new Map<string, JSONValue>([
    ['None', null],
    ['True', true],
    ['False', false]
  ]);

  const SHORT: Readonly<Record<string, string>> = {
    n: '\n',
    r: '\r',
    t: '\t',
    a: '\x07',
    b: '\b',
    f: '\f',
    v: '\v',
    '\\': '\\',
    "'": "'",
    '"': '"',
    '\n': ''
  };

  /** How many hexadecimal digits follow a backslash and this letter. */
  const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

  /** Nested deeper than this is no parameter. */
  const DEPTH = 16;

  /** Walks over a text once; after something unknown it is not at its end. */
  export class Reader {
    constructor(private _text: string) {}

    get isAtEnd(): boolean {
      this._take(BLANK);
      return !this._failed && this._offset === this._text.length;
    }

    value(depth = 0): JSONValue | undefined {
      this._take(BLANK);
      const char = this._text[this._offset];
      if (depth > DEPTH || char === undefined) {
        return this._fail();
      }
      if (char === '[' || char === '(') {
        return this._items(char === '[' ? ']' : ')', depth);
      }
      if (char === '"' || char === "'") {
        return this._strings();
      }
      const number = this._take(NUMBER);
      if (number) {
        const value = Number(number.replace(/_/g, ''));
        return Number.isFinite(value) ? value : this._fail();
      }
      const word = this._take(WORD);
      return WORDS.has(word) ? WORDS.get(word) : this._fail();
    }

    private _items(close: string, depth: number): JSONValue | undefined {
      this._offset += 1;
      const items: JSONValue[] = [];
      let comma = false;
      for (;;) {
        this._take(BLANK);
        if (this._text[this._offset] === close) {
          this._offset += 1;
          // One value in brackets without a comma is that value.
          return close === ')' && items.length === 1 && !comma
            ? items[0]
            : items;
        }
        if (items.length > 0 && !comma) {
          return this._fail();
        }
        const item = this.value(depth + 1);
        if (item === undefined || this._failed) {
          return this._fail();
        }
        items.push(item);
        this._take(BLANK);
        comma = this._text[this._offset] === ',';
        this._offset += comma ? 1 : 0;
      }
    }

    /** Strings that stand one after the other are one string. */
    private _strings(): string | undefined {
      let result = '';
      while (/["']/.test(this._text[this._offset] ?? '')) {
        const part = this._string();
        if (part === undefined) {
          return undefined;
        }
        result += part;
        this._take(BLANK);
      }
      return result;
    }

    private _string(): string | undefined {
      const quote = this._text[this._offset];
      const triple = this._text.startsWith(quote.repeat(3), this._offset);
      const close = triple ? quote.repeat(3) : quote;
      this._offset += close.length;
      let result = '';
      while (!this._text.startsWith(close, this._offset)) {
        const char = this._text[this._offset];
        if (char === undefined || (char === '\n' && !triple)) {
          return this._fail();
        }
        this._offset += 1;
        if (char !== '\\') {
          result += char;
          continue;
        }
        const escaped = this._escaped();
        if (escaped === undefined) {
          return this._fail();
        }
        result += escaped;
      }
      this._offset += close.length;
      return result;
    }

    private _escaped(): string | undefined {
      const letter = this._text[this._offset] ?? '';
      this._offset += 1;
      const digits = DIGITS[letter];
      if (digits === undefined) {
        return SHORT[letter];
      }
      const hex = this._text.slice(this._offset, this._offset + digits);
      const code = /^[0-9a-f]+$/i.test(hex) ? parseInt(hex, 16) : Infinity;
      if (hex.length !== digits || code > 0x10ffff) {
        return undefined;
      }
      this._offset += digits;
      return String.fromCodePoint(code);
    }

    private _take(pattern: RegExp): string {
      pattern.lastIndex = this._offset;
      const [found] = pattern.exec(this._text) ?? [''];
      this._offset += found.length;
      return found;
    }

    private _fail(): undefined {
      this._failed = true;
      return undefined;
    }

    private _offset = 0;
    private _failed = false;
  }
}
