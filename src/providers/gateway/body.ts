/** The body of an answer, of a size that a page can bear. */

/**
 * Bytes of an answer that are read; the controller reads as many
 * (`controller/gateway.py`). A list of a thousand clusters is less.
 */
export const LARGEST = 4 * 2 ** 20;

/**
 * The text of an answer.
 *
 * @returns Null when it is larger than `most` bytes; the rest is not read.
 */
export async function readBody(
  response: Response,
  most = LARGEST
): Promise<string | null> {
  const reader = response.body?.getReader();
  if (!reader) {
    return '';
  }
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return text + decoder.decode();
    }
    size += value.byteLength;
    if (size > most) {
      void reader.cancel().catch(() => undefined);
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
