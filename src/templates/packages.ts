/**
 * Asks a kernel which packages of a template it lacks. Only on a person's
 * click: nothing else in this room runs code.
 */
import type { Kernel } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { toPython } from '../cluster/literal';

/** How long a kernel may take to answer, in ms. */
const TIMEOUT = 15000;

/**
 * Run in its own namespace, so that it leaves no name behind. A requirement
 * that is installed in a version that does not fit counts as missing.
 */
const CHECK = `
import importlib.metadata as metadata
import re

missing = []
for requirement in requires:
    name = re.match(r"[A-Za-z0-9._-]+", requirement).group()
    found = next(iter(metadata.distributions(name=name)), None)
    if found is not None:
        try:
            from packaging.requirements import Requirement
        except ImportError:
            continue
        if Requirement(requirement).specifier.contains(found.version, prereleases=True):
            continue
    missing.append(requirement)
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
export async function missingPackages(
  kernel: Kernel.IKernelConnection,
  requires: string[],
  trans: TranslationBundle
): Promise<string[]> {
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
      missing: `(lambda names: (exec(${toPython(CHECK)}, names), names["missing"])[1])({"requires": ${toPython(requires)}})`
    }
  });
  let timer = 0;
  const late = new Promise<never>((resolve, reject) => {
    timer = window.setTimeout(() => {
      reject(
        new Error(
          trans.__(
            'The kernel did not answer within %1 s. Restart it and ask again.',
            TIMEOUT / 1000
          )
        )
      );
    }, TIMEOUT);
  });
  try {
    const { content } = await Promise.race([future.done, late]);
    const answer =
      content.status === 'ok' ? content.user_expressions?.missing : undefined;
    return Private.parse(answer, requires, trans);
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
  /** Reads the `repr` of the list; only requirements that were asked for. */
  export function parse(
    answer: unknown,
    requires: string[],
    trans: TranslationBundle
  ): string[] {
    const { data } = (answer ?? {}) as { data?: Record<string, unknown> };
    const text = data?.['text/plain'];
    if (typeof text !== 'string' || !/^\[.*\]$/s.test(text)) {
      throw new Error(
        trans.__(
          'The kernel could not say which packages it has. Is it a Python kernel?'
        )
      );
    }
    return requires.filter(
      name => text.includes(`'${name}'`) || text.includes(`"${name}"`)
    );
  }
}
