/** Terminal colour codes: a control character and what belongs to it. */
const ESCAPES = /\p{Cc}\[[0-9;?]*[A-Za-z]/gu;

/** Characters that cannot be seen or that turn the direction of others. */
const HIDDEN = /[\p{Cf}\p{Zl}\p{Zp}]/gu;

const BLANK = /[\p{Cc}\s]+/gu;

/**
 * Text of a cluster, a worker or an error as one line that shows what it is:
 * without control, zero-width and direction characters, and not too long.
 */
export function plainText(text: string, length = 64): string {
  const line = text
    .replace(ESCAPES, '')
    .replace(HIDDEN, '')
    .replace(BLANK, ' ')
    .trim();
  const characters = [...line];
  return characters.length > length
    ? `${characters.slice(0, length - 1).join('')}…`
    : line;
}

/** A line of a log: leading blanks are kept, it may be longer. */
export function plainLine(line: string, length = 2000): string {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  return indent + plainText(line, length);
}
