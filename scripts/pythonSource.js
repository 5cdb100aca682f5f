/**
 * A loader of webpack for Python that is sent to kernels: the same program without
 * the comments and docstrings, which are a quarter of it once compressed. All code
 * stays in its line and column, so that tracebacks tell the truth.
 */
const STRING = /[rRbBuUfF]{0,2}('''|"""|'|")/y;

/** The index behind a string that begins with these quotes before `start`. */
function endOfString(text, start, quotes) {
  for (let i = start; i < text.length; i += 1) {
    if (text[i] === '\\') {
      i += 1;
    } else if (text.startsWith(quotes, i)) {
      return i + quotes.length;
    }
  }
  throw new Error('A string does not end.');
}

/** Whether nothing but blanks stands between here and the end of the line. */
function endsLine(text, index) {
  return /^[ \t]*(#|\n|$)/.test(text.slice(index, index + 200));
}

function withoutComments(text) {
  let out = '';
  let depth = 0;
  for (let i = 0; i < text.length;) {
    const letter = text[i];
    if (letter === '#') {
      const end = text.indexOf('\n', i);
      out = out.replace(/[ \t]+$/, '');
      i = end < 0 ? text.length : end;
      continue;
    }
    STRING.lastIndex = i;
    const match = /\w/.test(text[i - 1] ?? '') ? null : STRING.exec(text);
    if (match) {
      const [start, quotes] = match;
      const end = endOfString(text, i + start.length, quotes);
      const string = text.slice(i, end);
      const alone =
        depth === 0 &&
        start === '"""' &&
        /(^|[^\\]\n)[ \t]*$/.test(out) &&
        endsLine(text, end);
      out += alone ? `""${'\n'.repeat(string.split('\n').length - 1)}` : string;
      i = end;
      continue;
    }
    depth += '([{'.includes(letter) ? 1 : ')]}'.includes(letter) ? -1 : 0;
    out += letter;
    i += 1;
  }
  return out;
}

module.exports = function (source) {
  return `module.exports = ${JSON.stringify(withoutComments(source))};`;
};
module.exports.withoutComments = withoutComments;
