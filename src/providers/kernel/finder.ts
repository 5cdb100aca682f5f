/** Looks for Dask clusters in the kernels of open documents. */
import type { Kernel, Session } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import source from '../../../jupyterlab_seasonal_monitor/notebook_clusters.py';
import { PythonValue, toPython } from '../../cluster/literal';
import { ClusterError, SESSION_TYPE } from '../../tokens';

/** How long a kernel may take to answer, in ms; one that computes does. */
const TIMEOUT = 4000;

/** A cluster, or a client of one, in the kernel of a document. */
export interface IFound {
  /** The kernel's id. */
  kernel: string;
  /** The kernelspec's name. */
  environment: string;
  /** The document's name. */
  document: string;
  /** The scheduler's address. */
  address: string;
  /** The variable's name; empty when it has none. */
  name: string;
  /** The class, such as `LocalCluster` or `Client`. */
  kind: string;
  dashboard: string | null;
  workers: number | null;
  /** Whether the kernel can change the number of workers. */
  scalable: boolean;
  /** Whether the kernel has credentials that the scheduler asks for. */
  secure: boolean;
}

/** What was found, and the documents whose kernels did not answer. */
export interface IFindings {
  found: IFound[];
  silent: string[];
}

/** What is needed to reach the kernels of documents. */
export interface IKernelAccess {
  sessions: Session.IManager;
  kernels: Kernel.IManager;
  /** The Python kernelspecs' names. */
  environments: readonly string[];
  trans: TranslationBundle;
}

/**
 * Ask every open Python kernel which clusters it has. Nothing is asked before,
 * and nothing is kept afterwards.
 */
export async function findClusters(access: IKernelAccess): Promise<IFindings> {
  const found = new Map<string, IFound>();
  const silent: string[] = [];
  const asked = new Set<string>();
  const asks: Promise<void>[] = [];
  for (const { kernel, name, path, type } of access.sessions.running()) {
    if (
      !kernel ||
      type === SESSION_TYPE ||
      asked.has(kernel.id) ||
      !access.environments.includes(kernel.name)
    ) {
      continue;
    }
    asked.add(kernel.id);
    const document = name || path.split('/').pop() || path;
    asks.push(
      callInKernel(access, kernel, 'find', []).then(
        text => {
          for (const item of Private.parse(text)) {
            if (!found.has(item.address)) {
              found.set(item.address, {
                ...item,
                document,
                kernel: kernel.id,
                environment: kernel.name
              });
            }
          }
        },
        () => {
          silent.push(document);
        }
      )
    );
  }
  await Promise.all(asks);
  return { found: [...found.values()], silent };
}

/**
 * Call a function of `notebook_clusters.py` in a kernel, silently.
 *
 * @returns What it returned, out of base64. Rejects with a ClusterError when
 * the kernel does not answer in time or the function fails.
 */
export async function callInKernel(
  access: Pick<IKernelAccess, 'kernels' | 'trans'>,
  model: Kernel.IModel,
  name: 'find' | 'scale' | 'adapt' | 'credentials',
  values: PythonValue[]
): Promise<string> {
  const { kernels, trans } = access;
  const connection = kernels.connectTo({ model, handleComms: false });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const call = `${name}(${values.map(toPython).join(', ')})`;
    const future = connection.requestExecute({
      code: '',
      silent: true,
      store_history: false,
      allow_stdin: false,
      stop_on_error: false,
      user_expressions: { result: Private.expression(call) }
    });
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new ClusterError(trans.__('The kernel of the notebook is busy.'), {
              code: 'not-responding',
              hint: trans.__('Try again when its cell has finished.')
            })
          ),
        TIMEOUT
      );
    });
    const { content } = await Promise.race([future.done, late]);
    const result = (content as { user_expressions?: { result?: unknown } })
      .user_expressions?.result;
    return Private.read(result, trans);
  } finally {
    clearTimeout(timer);
    connection.dispose();
  }
}

namespace Private {
  /** An expression that defines what it needs and leaves nothing behind. */
  export function expression(call: string): string {
    const code = toPython(`${source}\n_result = ${call}\n`);
    const names = toPython({ __name__: '_seasonal_monitor_find' });
    return `(lambda names: (exec(${code}, names), names["_result"])[1])(${names})`;
  }

  /** The text that a user expression gave, which is the repr of base64. */
  export function read(result: unknown, trans: TranslationBundle): string {
    const { status, data, ename, evalue } = (result ?? {}) as {
      status?: string;
      data?: Record<string, unknown>;
      ename?: string;
      evalue?: string;
    };
    if (status !== 'ok') {
      throw new ClusterError(
        trans.__('The kernel of the notebook refused this.'),
        {
          cause: [{ message: `${ename ?? ''}: ${evalue ?? ''}`, kind: ename }],
          hint: trans.__('Look whether a cell of it fails too.')
        }
      );
    }
    const text = String(data?.['text/plain'] ?? '').replace(/^'|'$/g, '');
    const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  }

  type Item = Omit<IFound, 'document' | 'kernel' | 'environment'>;

  /** What `find` told; rows of another shape are left out. */
  export function parse(text: string): Item[] {
    const rows: unknown = JSON.parse(text);
    return (Array.isArray(rows) ? rows : []).filter(
      (row): row is Item =>
        typeof row?.address === 'string' && typeof row?.kind === 'string'
    );
  }
}
