/**
 * A short mark of a code's content, by which an edit by a person is told from
 * a change of white space by a formatter.
 *
 * @returns Eight hexadecimal digits (FNV-1a over all but white space).
 */
export function fingerprint(code: string): string {
  let hash = 0x811c9dc5;
  for (const character of code.replace(/\s/g, '')) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
