/**
 * How the same cluster is made without this extension. Pure functions.
 */
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { IClusterSnapshot } from '../tokens';
import { isPythonIdentifier, PythonValue, toPython } from './literal';

/** A class of Dask's, what it is called with, and how many workers it gets. */
export interface IRecipe {
  module: string;
  name: string;
  kwargs: JSONObject;
  workers?: number;
  /** Instead of `workers`. */
  adapt?: { minimum: number; maximum: number };
}

/**
 * How a cluster was made, with as many workers as are wanted now.
 *
 * @returns Null for one that somebody else made, and for a provider whose
 * clusters no class of Dask's makes as they are.
 */
export function recipeOf(cluster: {
  provider: string;
  snapshot: Pick<IClusterSnapshot, 'connection' | 'options' | 'workers'>;
}): IRecipe | null {
  const { connection, options, workers } = cluster.snapshot;
  const make = Private.MAKERS.get(cluster.provider);
  if (!make || !options) {
    return null;
  }
  const { minimum, maximum, wanted } = { ...options, ...workers };
  const count = wanted ?? options.workers;
  return {
    ...make(options, connection),
    ...(typeof minimum === 'number' && typeof maximum === 'number'
      ? { adapt: { minimum, maximum } }
      : typeof count === 'number'
        ? { workers: count }
        : {})
  };
}

/** Python that makes the cluster and a client of it. */
export function recipeAsPython(recipe: IRecipe): string {
  const { module, name, kwargs, workers, adapt } = recipe;
  const call = (verb: string, values: JSONObject): string =>
    `${verb}(${Private.args(values).join(', ')})`;
  const lines = Object.keys(kwargs).length
    ? [
        `cluster = ${name}(`,
        ...Private.args(kwargs).map(arg => `    ${arg},`),
        ')'
      ]
    : [`cluster = ${name}()`];
  return [
    ...(module === 'distributed'
      ? [`from distributed import Client, ${name}`]
      : [`from ${module} import ${name}`, 'from distributed import Client']),
    '',
    ...lines,
    ...(adapt ? [call('cluster.adapt', adapt)] : []),
    ...(workers === undefined ? [] : [`cluster.scale(${toPython(workers)})`]),
    'client = Client(cluster)',
    'client',
    ''
  ].join('\n');
}

/**
 * The section of a Dask configuration file by which dask-labextension makes such
 * clusters; this extension reads it as a profile.
 */
export function recipeAsYaml(recipe: IRecipe): string {
  const { module, name, kwargs, workers, adapt } = recipe;
  return `${Private.yaml({
    labextension: {
      factory: { module, class: name, args: [], kwargs },
      default: {
        workers: workers ?? adapt?.minimum ?? null,
        adapt: adapt ?? null
      }
    }
  }).join('\n')}\n`;
}

namespace Private {
  type Maker = (
    options: JSONObject,
    connection: IClusterSnapshot['connection']
  ) => IRecipe;

  export const MAKERS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
    [
      'local',
      ({ threads, memory }, connection) => ({
        module: 'distributed',
        name: 'LocalCluster',
        kwargs: known({
          n_workers: 0,
          threads_per_worker: threads,
          memory_limit: typeof memory === 'number' ? size(memory) : memory,
          dashboard_address: '127.0.0.1:0',
          security: connection?.credentials === undefined ? undefined : true
        })
      })
    ],
    [
      'gateway',
      ({ workers, minimum, maximum, ...options }, connection) => ({
        module: 'dask_gateway',
        name: 'GatewayCluster',
        kwargs: known({
          address: connection?.gateway,
          proxy_address: connection?.gatewayProxy,
          auth: connection?.gatewayAuth,
          ...options
        })
      })
    ]
  ]);

  /** What has a value. */
  function known(
    values: Record<string, JSONValue | undefined | null>
  ): JSONObject {
    const kept: JSONObject = {};
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined && value !== null) {
        kept[name] = value;
      }
    }
    return kept;
  }

  /** Bytes as Dask reads them, without a loss. */
  function size(bytes: number): string | number {
    for (const [unit, power] of [
      ['GiB', 30],
      ['MiB', 20]
    ] as const) {
      if (bytes > 0 && bytes % 2 ** power === 0) {
        return `${bytes / 2 ** power} ${unit}`;
      }
    }
    return bytes;
  }

  /** Arguments of a call; names that Python cannot spell go in a dict. */
  export function args(values: JSONObject): string[] {
    const spelt: string[] = [];
    const others: Record<string, PythonValue> = {};
    for (const [name, value] of Object.entries(values)) {
      if (isPythonIdentifier(name)) {
        spelt.push(`${name}=${toPython(value as PythonValue)}`);
      } else {
        others[name] = value as PythonValue;
      }
    }
    const rest = Object.keys(others).length ? [`**${toPython(others)}`] : [];
    return [...spelt, ...rest];
  }

  /** Lines of YAML; texts and lists as in JSON, which is YAML too. */
  export function yaml(values: JSONObject, indent = ''): string[] {
    return Object.entries(values).flatMap(([name, value]) => {
      const key = /^[a-z_]+$/.test(name) ? name : text(name);
      return isObject(value) && Object.keys(value).length > 0
        ? [`${indent}${key}:`, ...yaml(value, `${indent}  `)]
        : [`${indent}${key}: ${text(value)}`];
    });
  }

  function isObject(value: JSONValue | undefined): value is JSONObject {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }

  /** JSON in ASCII, so that no line break of Unicode stands in it. */
  function text(value: JSONValue | undefined): string {
    return JSON.stringify(value ?? null).replace(
      /[^\x20-\x7e]/g,
      character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    );
  }
}
