/** Asks a kernel how much disk and memory it has. Only on a person's click. */
import type { Kernel } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { evaluateIn } from '../templates/packages';

/** What a class needs at least, in bytes: copies and results; kernel and workers. */
export const LEAST = { disk: 2 ** 30, memory: 2 * 2 ** 30 };

/** What a kernel has, in bytes. */
export interface ISpace {
  /** Free on the disk of its folder. */
  disk: number;
  /** What it may use, or what the machine has where nothing bounds it. */
  memory: number;
}

/**
 * Run in its own namespace. The least of what the hub says, of what the groups of
 * the process allow (of both versions, and of those above), and of the machine.
 */
const SPACE = `
import os
import shutil

def read(path):
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return ""

def limits():
    yield os.environ.get("MEM_LIMIT", "")
    for line in read("/proc/self/cgroup").splitlines():
        kinds, path = line.split(":", 2)[1:]
        if kinds and "memory" not in kinds.split(","):
            continue
        root = "/sys/fs/cgroup/memory" if kinds else "/sys/fs/cgroup"
        name = "memory.limit_in_bytes" if kinds else "memory.max"
        while path.startswith("/") and path != "/":
            yield read(root + path + "/" + name)
            path = os.path.dirname(path)
        # In a container the path is the host's, and the group is mounted here.
        yield read(root + "/" + name)

def memory():
    told = [int(limit) for limit in limits() if limit.isdecimal() and int(limit) > 0]
    if hasattr(os, "sysconf"):
        told.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return min(told, default=None)

found = [shutil.disk_usage(".").free, memory()]
`;

/**
 * What a kernel has.
 *
 * @throws Error in words when the kernel does not say.
 */
export async function spaceOf(
  kernel: Kernel.IKernelConnection,
  trans: TranslationBundle
): Promise<ISpace> {
  const [disk, memory] = await evaluateIn(kernel, SPACE, [], trans);
  if (typeof disk !== 'number' || typeof memory !== 'number') {
    throw new Error(
      trans.__('The kernel could not say how much disk and memory it has.')
    );
  }
  return { disk, memory };
}
