import type { Kernel, KernelMessage } from '@jupyterlab/services';
import source from '../../jupyterlab_seasonal_monitor/notebook_client.py';
import { toPython, PythonValue } from '../cluster/literal';
import { ClusterError, IConnection } from '../tokens';

/** What a kernel is asked, with what goes in and comes out. */
export interface IVerbs {
  versions: { options: IEmpty; result: Record<string, string | null> };
  inspect: { options: IEmpty; result: IClientState };
  connect: {
    options: IConnection & { keep: boolean };
    result: IClientState;
  };
  disconnect: { options: { address: string }; result: IClientState };
}

type IEmpty = Record<string, never>;

/** The Dask client of a kernel. */
export interface IClientState {
  /** Whether the name `client` is bound to anything. */
  taken: boolean;
  /** The scheduler's address. */
  address?: string;
  /** The name of the cluster object that the client came from. */
  cluster?: string;
  /** The dashboard's address as the kernel sees it. */
  dashboard?: string | null;
}

/** Stands in front of the line that carries a result. */
const MARK = 'seasonal-monitor-result:';

/**
 * Ask a kernel silently: no history entry, and no name left but `client`.
 *
 * @param timeout - Milliseconds to wait for the answer; a busy kernel answers
 * when it is done with what it runs.
 *
 * @throws ClusterError `not-responding` after the time, `error` with the
 * exception's text if the code raised.
 */
export async function ask<K extends keyof IVerbs>(
  kernel: Kernel.IKernelConnection,
  verb: K,
  options: IVerbs[K]['options'],
  timeout: number
): Promise<IVerbs[K]['result']> {
  const future = kernel.requestExecute(
    {
      code: askingCode(verb, options),
      silent: true,
      store_history: false,
      stop_on_error: false
    },
    true
  );
  let text = '';
  future.onIOPub = message => {
    if (Private.isStdout(message)) {
      text += message.content.text;
    }
  };
  try {
    const reply = await Private.within(future.done, timeout);
    const { content } = reply;
    if (content.status === 'error') {
      throw new ClusterError(`${content.ename}: ${content.evalue}`, {
        cause: [{ message: content.evalue, kind: content.ename }]
      });
    }
    const line = text.split('\n').find(one => one.startsWith(MARK));
    if (content.status !== 'ok' || line === undefined) {
      throw new ClusterError('The kernel gave no answer.', {
        code: 'not-responding'
      });
    }
    return JSON.parse(line.slice(MARK.length));
  } finally {
    future.dispose();
  }
}

/** The one statement that {@link ask} executes. */
export function askingCode<K extends keyof IVerbs>(
  verb: K,
  options: IVerbs[K]['options']
): string {
  const given: PythonValue = { ...options, mark: MARK };
  const call = `main(USER, ${toPython(verb)}, ${toPython(given)})`;
  const module = '{"__name__": "seasonal_monitor_notebook", "USER": globals()}';
  return `exec(${toPython(`${source}\n${call}\n`)}, ${module})`;
}

/**
 * Whether the kernel speaks Python; asks it only what it said at its start.
 *
 * @param timeout - Milliseconds to wait for a kernel that starts.
 *
 * @throws ClusterError `not-responding` after the time.
 */
export async function isPython(
  kernel: Kernel.IKernelConnection,
  timeout = Private.INFO_TIMEOUT
): Promise<boolean> {
  const info = await Private.within(kernel.info, timeout);
  return info.language_info.name === 'python';
}

namespace Private {
  /** A kernel that starts needs some seconds, ms. */
  export const INFO_TIMEOUT = 30_000;

  export function isStdout(
    message: KernelMessage.IIOPubMessage
  ): message is KernelMessage.IStreamMsg {
    return (
      message.header.msg_type === 'stream' &&
      (message as KernelMessage.IStreamMsg).content.name === 'stdout'
    );
  }

  /** The promise, or an error in words after some milliseconds. */
  export async function within<T>(
    promise: Promise<T>,
    timeout: number
  ): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new ClusterError('The kernel did not answer in time.', {
              code: 'not-responding'
            })
          ),
        timeout
      );
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
