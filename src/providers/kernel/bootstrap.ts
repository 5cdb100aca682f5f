/** The code that puts the controller into a kernel. */
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { toPython } from '../../cluster/literal';
import { ClusterError } from '../../tokens';
import { BOOTSTRAP, MODULES } from './sources';

/**
 * The extension's version, which the controller reports as its own. A test
 * compares it with package.json.
 */
export const VERSION = '0.1.0';

/**
 * What is executed in a kernel: it imports the controller, once, from the text
 * that comes with the request, and leaves no name behind.
 *
 * #### Notes
 * The text is in the request's metadata: IPython takes a literal of this length
 * apart in a good twentieth of a second.
 *
 * @param begin - Whether a cluster of this machine is wanted, now or soon: the
 * controller then begins to import Dask before it has imported itself.
 */
export function bootstrapCode(begin = false): string {
  const parent = '__import__("IPython").get_ipython().kernel.get_parent()';
  const version = toPython(VERSION);
  return `${BOOTSTRAP}\ninstall(${parent}["metadata"]["modules"], ${version}, ${toPython(begin)})\n`;
}

/** Execute the bootstrap; rejects with the kernel's reason. */
export async function boot(
  kernel: Kernel.IKernelConnection,
  trans: TranslationBundle,
  begin: boolean
): Promise<void> {
  let content: KernelMessage.IExecuteReplyMsg['content'];
  try {
    const future = kernel.requestExecute(
      {
        code: bootstrapCode(begin),
        silent: true,
        store_history: false,
        allow_stdin: false,
        stop_on_error: true
      },
      true,
      { modules: MODULES }
    );
    content = (await future.done).content;
  } catch {
    // The kernel is gone, of which its status tells.
    return;
  }
  if (content.status !== 'ok') {
    const { ename, evalue } = content as KernelMessage.IReplyErrorContent;
    throw new ClusterError(
      trans.__('The controller could not be started in this kernel.'),
      {
        code: 'launch-failed',
        cause: [{ message: `${ename}: ${evalue}`, kind: ename }],
        hint: trans.__('It needs Python 3.10 or later: choose another one.')
      }
    );
  }
}
