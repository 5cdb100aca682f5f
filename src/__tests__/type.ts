/** Type into a field or choose in it, as React notices it. */
export function type(
  field: HTMLInputElement | HTMLSelectElement,
  value: string
): void {
  const prototype = Object.getPrototypeOf(field) as object;
  const { set } = Object.getOwnPropertyDescriptor(prototype, 'value')!;
  set!.call(field, value);
  const kind = field instanceof HTMLSelectElement ? 'change' : 'input';
  field.dispatchEvent(new Event(kind, { bubbles: true }));
}
