import type { ISignal } from '@lumino/signaling';
import * as React from 'react';

/**
 * What `read` gives, drawn again when the signal tells of a change and the
 * value is another one.
 *
 * @param read - Gives the same object as long as nothing changed.
 */
export function useValue<S, A, T>(signal: ISignal<S, A>, read: () => T): T {
  const subscribe = React.useCallback(
    (changed: () => void) => {
      const slot = (): void => changed();
      signal.connect(slot);
      return () => {
        signal.disconnect(slot);
      };
    },
    [signal]
  );
  return React.useSyncExternalStore(subscribe, read);
}

/**
 * The time, moving on while `running` and while the page is seen; a timer of the
 * page alone.
 *
 * @param step - ms between two readings.
 */
export function useNow(step: number, running: boolean): number {
  const [now, setNow] = React.useState(Date.now);
  React.useEffect(() => {
    if (!running) {
      return;
    }
    setNow(Date.now());
    const look = (): void => {
      if (document.visibilityState === 'visible') {
        setNow(Date.now());
      }
    };
    const timer = window.setInterval(look, step);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [step, running]);
  return now;
}
