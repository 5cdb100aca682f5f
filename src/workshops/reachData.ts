/** Asks a kernel which data it cannot reach. Only on a person's click. */
import type { Kernel } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { askKernel } from '../templates/packages';

/** How long a kernel may take to answer, in ms. */
const TIMEOUT = 60_000;

/**
 * Run in its own namespace. Addresses are only asked for their head, all at once;
 * one that answers anything but that it is not there, or not for us, is reached.
 */
const REACH = `
import concurrent.futures
import os
import urllib.error
import urllib.request

def is_reached(place):
    if place.startswith("https://"):
        request = urllib.request.Request(place, method="HEAD")
        try:
            urllib.request.urlopen(request, timeout=10).close()
        except urllib.error.HTTPError as error:
            return error.code not in (401, 403, 404, 410) and error.code < 500
        return True
    if "://" in place:
        import fsspec
        system, path = fsspec.core.url_to_fs(place)
        return system.exists(path)
    return os.path.exists(place)

def attempt(place):
    try:
        return is_reached(place)
    except Exception:
        return False

pool = concurrent.futures.ThreadPoolExecutor(20)
found = [place for place, reached in zip(asked, pool.map(attempt, asked)) if not reached]
`;

/**
 * Those of some addresses and paths that a kernel does not reach.
 *
 * @throws Error in words when the kernel does not say.
 */
export function unreachedData(
  kernel: Kernel.IKernelConnection,
  places: string[],
  trans: TranslationBundle
): Promise<string[]> {
  return askKernel(kernel, REACH, places, trans, TIMEOUT);
}
