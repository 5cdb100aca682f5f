/**
 * Arithmetic as text, which is Python too: the page computes by the same
 * formulas that it shows and that the saved notebook runs. Pure functions.
 *
 * #### Notes
 * Numbers, names, `+ - * /`, brackets, and the functions `ceil`, `max` and
 * `min`. The text is this project's, never a person's.
 */

/** What names stand for; one that is not known is absent. */
export type Values = Readonly<Record<string, number | undefined>>;

/**
 * The value of a formula.
 *
 * @returns Undefined when a name in it is not known.
 * @throws SyntaxError when it is no formula.
 */
export function evaluate(formula: string, values: Values): number | undefined {
  return Private.parsed(formula).value(values);
}

/** The names in a formula, each once. */
export function namesIn(formula: string): string[] {
  return [...Private.parsed(formula).names];
}

namespace Private {
  export interface IParsed {
    value: (values: Values) => number | undefined;
    names: ReadonlySet<string>;
  }

  type Node = (values: Values) => number | undefined;

  const FUNCTIONS: Record<string, (...values: number[]) => number> = {
    ceil: Math.ceil,
    max: Math.max,
    min: Math.min
  };

  const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|([-+*/(),]))/y;

  const known = new Map<string, IParsed>();

  export function parsed(formula: string): IParsed {
    let found = known.get(formula);
    if (!found) {
      found = new Parser(formula).parse();
      known.set(formula, found);
    }
    return found;
  }

  /** A node that is known when all its parts are. */
  function all(parts: Node[], combine: (...values: number[]) => number): Node {
    return values => {
      const found: number[] = [];
      for (const part of parts) {
        const value = part(values);
        if (value === undefined) {
          return undefined;
        }
        found.push(value);
      }
      return combine(...found);
    };
  }

  class Parser {
    constructor(private _text: string) {
      TOKEN.lastIndex = 0;
      const { length } = _text.trimEnd();
      while (TOKEN.lastIndex < length) {
        const at = TOKEN.lastIndex;
        const match = TOKEN.exec(_text);
        if (!match) {
          throw new SyntaxError(`Not a formula at ${at}: ${_text}`);
        }
        this._tokens.push(match[1] ?? match[2] ?? match[3]);
      }
    }

    parse(): IParsed {
      const value = this._sum();
      if (this._tokens.length > 0) {
        throw this._error();
      }
      return { value, names: this._names };
    }

    private _sum(): Node {
      let left = this._product();
      for (;;) {
        if (this._take('+')) {
          left = all([left, this._product()], (a, b) => a + b);
        } else if (this._take('-')) {
          left = all([left, this._product()], (a, b) => a - b);
        } else {
          return left;
        }
      }
    }

    private _product(): Node {
      let left = this._factor();
      for (;;) {
        if (this._take('*')) {
          left = all([left, this._factor()], (a, b) => a * b);
        } else if (this._take('/')) {
          left = all([left, this._factor()], (a, b) => a / b);
        } else {
          return left;
        }
      }
    }

    private _factor(): Node {
      if (this._take('(')) {
        const inner = this._sum();
        this._expect(')');
        return inner;
      }
      const token = this._tokens.shift();
      if (token === undefined || !/^\w/.test(token)) {
        throw this._error();
      }
      if (/^\d/.test(token)) {
        const number = Number(token);
        return () => number;
      }
      if (this._take('(')) {
        const apply = FUNCTIONS[token];
        const parts = [this._sum()];
        while (this._take(',')) {
          parts.push(this._sum());
        }
        this._expect(')');
        if (!apply) {
          throw this._error();
        }
        return all(parts, apply);
      }
      this._names.add(token);
      return values => values[token];
    }

    private _take(token: string): boolean {
      if (this._tokens[0] === token) {
        this._tokens.shift();
        return true;
      }
      return false;
    }

    private _expect(token: string): void {
      if (!this._take(token)) {
        throw this._error();
      }
    }

    private _error(): SyntaxError {
      return new SyntaxError(`Not a formula: ${this._text}`);
    }

    private _tokens: string[] = [];
    private _names = new Set<string>();
  }
}
