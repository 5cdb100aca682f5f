/**
 * Reads the `parameters` cell of a notebook as papermill does: one assignment
 * a line, `name: type = value  # help`. Unlike papermill it knows where
 * strings, brackets and comments end, so a value may hold `#`, `=` and line
 * breaks.
 */

/** One assignment of a `parameters` cell. Offsets count UTF-16 code units. */
export interface IParameterLine {
  name: string;
  /** The type as it is written, such as `list[float]`. */
  annotation?: string;
  /** The right-hand side as it is written. */
  value: string;
  /** The text of the comment that follows the value. */
  help?: string;
  /** Where the value starts and ends in the source. */
  start: number;
  end: number;
  /** The first line, from 0, and the one after the last. */
  line: number;
  lineEnd: number;
}

/**
 * The assignments of a cell, in their order. Lines that assign nothing are
 * passed over.
 */
export function parseParameters(source: string): IParameterLine[] {
  const found: IParameterLine[] = [];
  let offset = 0;
  let line = 0;
  while (offset < source.length) {
    const head = Private.match(source, offset);
    const start = head ? head.end : offset;
    const { code, end } = Private.statementEnd(source, start);
    const lineEnd = line + Private.countLines(source, offset, end);
    if (head) {
      const value = source.slice(start, code).trimEnd();
      const help = source.slice(code, end).replace(/^#\s*/, '').trim();
      found.push({
        name: head.name,
        ...(head.annotation ? { annotation: head.annotation } : {}),
        value,
        ...(help ? { help } : {}),
        start,
        end: start + value.length,
        line,
        lineEnd: lineEnd + 1
      });
    }
    offset = end + 1;
    line = lineEnd + 1;
  }
  return found;
}

/**
 * The source with other values. Names, order, types, comments and every other
 * line stay as they are.
 *
 * @param source - The cell's source.
 * @param values - Python expressions by parameter name.
 */
export function replaceValues(
  source: string,
  values: ReadonlyMap<string, string>
): string {
  let result = '';
  let offset = 0;
  for (const line of parseParameters(source)) {
    const value = values.get(line.name);
    if (value !== undefined) {
      result += source.slice(offset, line.start) + value;
      offset = line.end;
    }
  }
  return result + source.slice(offset);
}

namespace Private {
  const HEAD =
    /([A-Za-z_]\w*)[ \t]*(?::[ \t]*(["']?)([^=\n#"']+?)\2[ \t]*)?=(?!=)[ \t]*/y;

  /** The left-hand side at an offset that starts a line. */
  export function match(
    source: string,
    offset: number
  ): { name: string; annotation?: string; end: number } | null {
    HEAD.lastIndex = offset;
    const parts = HEAD.exec(source);
    return (
      parts && {
        name: parts[1],
        annotation: parts[3]?.trim(),
        end: HEAD.lastIndex
      }
    );
  }

  /**
   * Where a statement's code ends (at its comment or its line break) and where
   * its last line ends.
   */
  export function statementEnd(
    source: string,
    start: number
  ): { code: number; end: number } {
    let depth = 0;
    let offset = start;
    while (offset < source.length) {
      const char = source[offset];
      if (char === '"' || char === "'") {
        offset = stringEnd(source, offset);
      } else if (char === '#') {
        const end = lineEnd(source, offset);
        if (depth === 0) {
          return { code: offset, end };
        }
        offset = end;
      } else if (char === '\n' && depth === 0) {
        return { code: offset, end: offset };
      } else {
        if ('([{'.includes(char)) {
          depth += 1;
        } else if (')]}'.includes(char)) {
          depth = Math.max(0, depth - 1);
        }
        // A backslash joins the next line to this one.
        offset += char === '\\' ? 2 : 1;
      }
    }
    return { code: source.length, end: source.length };
  }

  /** The offset after a string literal that starts at an offset. */
  function stringEnd(source: string, start: number): number {
    const quote = source[start];
    const triple = source.startsWith(quote.repeat(3), start);
    const close = triple ? quote.repeat(3) : quote;
    let offset = start + close.length;
    while (offset < source.length) {
      if (source.startsWith(close, offset)) {
        return offset + close.length;
      }
      if (source[offset] === '\n' && !triple) {
        return offset;
      }
      offset += source[offset] === '\\' ? 2 : 1;
    }
    return source.length;
  }

  function lineEnd(source: string, offset: number): number {
    const end = source.indexOf('\n', offset);
    return end === -1 ? source.length : end;
  }

  export function countLines(
    source: string,
    start: number,
    end: number
  ): number {
    return source.slice(start, end).split('\n').length - 1;
  }
}
