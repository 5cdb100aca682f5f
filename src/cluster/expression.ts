/**
 * Arithmetic as text, which is Python too: the page computes by the same
 * formulas that it shows, that a saved notebook runs and that templates state.
 * Pure functions.
 *
 * #### Notes
 * Numbers, names, `+ - * / %`, brackets, and the functions `abs`, `ceil`,
 * `floor`, `max`, `min` and `where(condition, yes, no)`. Nothing is run: a text
 * is read into a tree. Python does the same in `seasonal_monitor/cost_model.py`.
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

  const FUNCTIONS = new Map<string, (...values: number[]) => number>([
    ['abs', Math.abs],
    ['ceil', Math.ceil],
    ['floor', Math.floor],
    ['max', Math.max],
    ['min', Math.min],
    ['where', (condition, yes, no) => (condition === 0 ? no : yes)]
  ]);

  /** How many values a function takes, where that is fixed. */
  const COUNTS: Record<string, number> = {
    abs: 1,
    ceil: 1,
    floor: 1,
    where: 3
  };

  const LONGEST = 500;

  const TOKEN =
    /\s*(?:(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.]))|([A-Za-z_]\w*)|([-+*/%(),]))/y;

  /** The rest with the sign of the divisor, as in Python. */
  function modulo(a: number, b: number): number {
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
  }

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
      if (_text.length > LONGEST) {
        throw new SyntaxError(
          `A formula may have ${LONGEST} characters, not ${_text.length}.`
        );
      }
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
        } else if (this._take('%')) {
          left = all([left, this._factor()], modulo);
        } else {
          return left;
        }
      }
    }

    private _factor(): Node {
      if (this._take('-')) {
        return all([this._factor()], value => -value);
      }
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
        const apply = FUNCTIONS.get(token);
        const parts = [this._sum()];
        while (this._take(',')) {
          parts.push(this._sum());
        }
        this._expect(')');
        if (!apply || (COUNTS[token] ?? parts.length) !== parts.length) {
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
