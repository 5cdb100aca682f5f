import { applyUpdate, Doc, encodeStateAsUpdate } from 'yjs';

/** Let two documents of one notebook hear what the other has not heard yet. */
export function meet(one: object, other: object): void {
  const [first, second] = [one, other].map(
    notebook => (notebook as { ydoc: Doc }).ydoc
  );
  const [fromFirst, fromSecond] = [first, second].map(doc =>
    encodeStateAsUpdate(doc)
  );
  applyUpdate(second, fromFirst);
  applyUpdate(first, fromSecond);
}
