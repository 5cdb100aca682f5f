import type { ISignal } from '@lumino/signaling';

/**
 * Wait for a value that is on its way.
 *
 * @param read - Gives it, or null while it is not there.
 * @param changed - Emitted, any of them, when it may have come.
 * @param timeout - How long to wait, in ms.
 * @returns The value, or null when it did not come in time.
 */
export async function soon<T>(
  read: () => T | null,
  changed: ISignal<unknown, unknown> | ReadonlyArray<ISignal<unknown, unknown>>,
  timeout: number
): Promise<T | null> {
  const now = read();
  if (now !== null || timeout <= 0) {
    return now;
  }
  const signals = [changed].flat() as ISignal<unknown, unknown>[];
  return new Promise(resolve => {
    const end = (value: T | null): void => {
      signals.forEach(signal => signal.disconnect(look));
      clearTimeout(timer);
      resolve(value);
    };
    const look = (): void => {
      const value = read();
      if (value !== null) {
        end(value);
      }
    };
    const timer = setTimeout(() => end(null), timeout);
    signals.forEach(signal => signal.connect(look));
  });
}
