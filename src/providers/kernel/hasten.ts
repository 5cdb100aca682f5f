import type { Kernel } from '@jupyterlab/services';

/** How long a new kernel may be silent, in ms, before it is asked again. */
const PATIENCE = 45;

/** How often it is asked. */
const TIMES = 4;

/**
 * Let a new kernel be heard soon.
 *
 * #### Notes
 * The server passes nothing on until it has heard the kernel itself, in all the
 * places where it listens. It makes the kernel speak, but often before it
 * listens, and again half a second later. Each further connection makes the
 * kernel speak once more.
 */
export function hasten(kernel: Kernel.IKernelConnection): void {
  const others: Kernel.IKernelConnection[] = [];
  let timer = 0;
  const ask = (): void => {
    others.push(kernel.clone({ handleComms: false }));
    if (others.length === TIMES) {
      clearInterval(timer);
    }
  };
  const connected = (): void => {
    if (kernel.connectionStatus === 'connected') {
      kernel.connectionStatusChanged.disconnect(connected);
      timer = window.setInterval(ask, PATIENCE);
    }
  };
  const heard = (): void => {
    clearInterval(timer);
    others.forEach(other => other.dispose());
  };
  kernel.connectionStatusChanged.connect(connected);
  connected();
  kernel.info.then(heard, heard);
  kernel.disposed.connect(heard);
}
