/** A package whose versions differ, in the order of {@link compareVersions}. */
export interface IMismatch {
  package: string;
  /** Null where it is not installed. */
  notebook: string | null;
  cluster: string;
  /** Work is likely to fail, and not only to warn. */
  severe: boolean;
}

/** Without these in the notebook no client can be made. */
const NEEDED = ['distributed', 'dask'];

/** Of these the major and minor number have to agree, of all others all. */
const MINOR_ONLY = ['python'];

/** What is compared, most telling first. */
const COMPARED = [
  'python',
  'distributed',
  'dask',
  'cloudpickle',
  'msgpack',
  'numpy',
  'pandas',
  'lz4',
  'toolz'
];

/**
 * Where a notebook's kernel and a cluster differ in what takes part in sending
 * work and results.
 *
 * @param notebook - Versions by package; null for what is not installed.
 * @param cluster - The same of the cluster; what it does not tell is skipped.
 */
export function compareVersions(
  notebook: Record<string, string | null>,
  cluster: Record<string, string>
): IMismatch[] {
  const mismatches: IMismatch[] = [];
  for (const name of COMPARED) {
    const wanted = cluster[name];
    const found = notebook[name] ?? null;
    if (wanted === undefined || same(name, found, wanted)) {
      continue;
    }
    if (found === null && !NEEDED.includes(name)) {
      continue;
    }
    mismatches.push({
      package: name,
      notebook: found,
      cluster: wanted,
      severe: MINOR_ONLY.includes(name) || NEEDED.includes(name)
    });
  }
  return mismatches;
}

function same(name: string, found: string | null, wanted: string): boolean {
  if (found === null) {
    return false;
  }
  return MINOR_ONLY.includes(name)
    ? minor(found) === minor(wanted)
    : found === wanted;
}

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
