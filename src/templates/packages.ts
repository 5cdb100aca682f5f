/**
 * Asks a kernel which packages of a template it lacks. Only on a person's
 * click: nothing else in this room runs code.
 */
import type { Kernel } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONValue } from '@lumino/coreutils';
import { toPython } from '../cluster/literal';
import { readLiteral } from '../cluster/readLiteral';

/** How long a kernel may take to answer, in ms. */
const TIMEOUT = 15000;

/**
 * Run in its own namespace, so that it leaves no name behind. A requirement
 * that is installed in a version that does not fit counts as missing.
 */
const CHECK = `
import importlib.metadata as metadata
import re

found = []
for requirement in asked:
    name = re.match(r"[A-Za-z0-9._-]+", requirement).group()
    installed = next(iter(metadata.distributions(name=name)), None)
    if installed is not None:
        try:
            from packaging.requirements import Requirement
        except ImportError:
            continue
        if Requirement(requirement).specifier.contains(installed.version, prereleases=True):
            continue
    found.append(requirement)
`;

/**
 * The requirements that a kernel's environment does not meet.
 *
 * @param kernel - An idle Python kernel. Its history and its variables stay as
 * they are.
 * @param requires - Requirements as pip writes them.
 *
 * @throws Error in words when the kernel is busy, is not Python or does not
 * answer within 15 s.
 */
export function missingPackages(
  kernel: Kernel.IKernelConnection,
  requires: string[],
  trans: TranslationBundle
): Promise<string[]> {
  return askKernel(kernel, CHECK, requires, trans);
}

/** The same for modules that cannot be imported; none of them is. */
const FIND = `
import importlib.util

def is_there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False

found = [name for name in asked if not is_there(name)]
`;

/** Which of some top-level modules a kernel does not find; see above. */
export function missingModules(
  kernel: Kernel.IKernelConnection,
  modules: string[],
  trans: TranslationBundle
): Promise<string[]> {
  return askKernel(kernel, FIND, modules, trans);
}

/**
 * Which of some texts a program in a kernel finds wanting.
 *
 * @param program - Python that reads the list `asked` and makes a list `found` of
 * some of its texts. It runs in a namespace of its own.
 * @param timeout - How long the kernel may take, in ms.
 *
 * @throws Error in words when the kernel is busy, is not Python or does not
 * answer in time.
 */
export async function askKernel(
  kernel: Kernel.IKernelConnection,
  program: string,
  asked: string[],
  trans: TranslationBundle,
  timeout = TIMEOUT
): Promise<string[]> {
  const found = await evaluateIn(kernel, program, asked, trans, timeout);
  return asked.filter(name => found.includes(name));
}

/**
 * The list `found` that a program makes in a kernel; else as {@link askKernel},
 * which takes only texts that were asked for.
 */
export async function evaluateIn(
  kernel: Kernel.IKernelConnection,
  program: string,
  asked: string[],
  trans: TranslationBundle,
  timeout = TIMEOUT
): Promise<JSONValue[]> {
  if (kernel.status === 'busy') {
    throw new Error(
      trans.__('The kernel is busy. Ask again when its cells have finished.')
    );
  }
  const future = kernel.requestExecute({
    code: '',
    silent: true,
    store_history: false,
    stop_on_error: false,
    user_expressions: {
      found: `(lambda names: (exec(${toPython(program)}, names), names["found"])[1])({"asked": ${toPython(asked)}})`
    }
  });
  let timer = 0;
  const late = new Promise<never>((resolve, reject) => {
    timer = window.setTimeout(() => {
      reject(
        new Error(
          trans.__(
            'The kernel did not answer within %1 s. Restart it and ask again.',
            timeout / 1000
          )
        )
      );
    }, timeout);
  });
  try {
    const { content } = await Promise.race([future.done, late]);
    const answer =
      content.status === 'ok' ? content.user_expressions?.found : undefined;
    return Private.parse(answer, trans);
  } finally {
    window.clearTimeout(timer);
    future.dispose();
  }
}

/** The line that installs packages. */
export function installLine(requires: string[]): string {
  const names = requires.map(name =>
    /^[\w.-]+$/.test(name) ? name : `"${name}"`
  );
  return `pip install ${names.join(' ')}`;
}

namespace Private {
  /** Reads the `repr` of the list. */
  export function parse(
    answer: unknown,
    trans: TranslationBundle
  ): JSONValue[] {
    const { data } = (answer ?? {}) as { data?: Record<string, unknown> };
    const text = data?.['text/plain'];
    if (typeof text !== 'string' || !/^\[.*\]$/s.test(text)) {
      throw new Error(
        trans.__('The kernel could not say what it has. Is it a Python kernel?')
      );
    }
    const found = readLiteral(text);
    return Array.isArray(found) ? found : [];
  }
}
