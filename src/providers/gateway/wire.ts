/**
 * The gateway's JSON, taken apart. Only what is named here goes further: the
 * certificate and the key of a cluster stay where they were read.
 */
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { IWorker } from '../../tokens';
import type { IGatewayAnswer, IGatewayReport } from '../kernel/protocolGateway';

/** What a scheduler says of itself while somebody looks. */
export interface ICounts {
  workers: number;
  threads: number;
  /** Tasks by what they do. */
  processing: number;
  waiting: number;
  memory: number;
  erred: number;
}

/** What stands in the form of an administrator. */
export interface IGatewayOption {
  field: string;
  label: string;
  default?: JSONValue;
  spec: JSONObject;
}

/**
 * One cluster, without certificate and key.
 *
 * @returns Null when it is none.
 */
export function readReport(data: unknown): IGatewayReport | null {
  const record = Private.object(data);
  const name = record?.name;
  const status = record?.status;
  const start = record?.start_time;
  if (
    typeof name !== 'string' ||
    !name ||
    typeof status !== 'string' ||
    typeof start !== 'number'
  ) {
    return null;
  }
  const stop = record?.stop_time;
  const route = record?.dashboard_route;
  return {
    name,
    status,
    start_time: start,
    stop_time: typeof stop === 'number' ? stop : null,
    options: Private.object(record?.options) ?? {},
    dashboard_route: typeof route === 'string' ? route : null
  };
}

/** The clusters of a list, which the gateway keys by name. Null: no list. */
export function readReports(data: unknown): IGatewayReport[] | null {
  const record = Private.object(data);
  if (!record) {
    return null;
  }
  const reports = Object.values(record).map(readReport);
  return reports.every(report => report !== null) ? reports : null;
}

/** The options of the administrator's form. Null: there are none to be read. */
export function readOptions(data: unknown): IGatewayOption[] | null {
  const options = Private.object(data)?.cluster_options;
  if (!Array.isArray(options)) {
    return null;
  }
  return options.flatMap(item => {
    const record = Private.object(item);
    const spec = Private.object(record?.spec);
    const field = record?.field;
    return typeof field === 'string' && spec
      ? [
          {
            field,
            label: typeof record?.label === 'string' ? record.label : field,
            default: record?.default,
            spec: Private.named(spec, ['type', 'min', 'max', 'options'])
          }
        ]
      : [];
  });
}

/** What the gateway did about a wish for workers. */
export function readAnswer(data: unknown): IGatewayAnswer {
  const record = Private.object(data);
  return {
    ok: record?.ok !== false,
    msg: typeof record?.msg === 'string' ? record.msg : null
  };
}

/** The numbers of `json/counts.json`; null when they cannot be read. */
export function readCounts(data: unknown): ICounts | null {
  const record = Private.object(data);
  const count = (name: string): number => {
    const value = record?.[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : 0;
  };
  return record && typeof record.workers === 'number'
    ? {
        workers: record.workers,
        threads: count('cores'),
        processing: count('processing'),
        waiting: count('waiting'),
        memory: count('memory'),
        erred: count('erred')
      }
    : null;
}

/** The workers of `json/identity.json`. */
export function readWorkers(data: unknown): IWorker[] {
  const workers = Private.object(Private.object(data)?.workers) ?? {};
  return Object.entries(workers).map(([address, value]) => {
    const worker = Private.object(value) ?? {};
    const metrics = Private.object(worker.metrics) ?? {};
    const spilled = Private.object(metrics.spilled_bytes);
    const tasks = Private.object(metrics.task_counts) ?? {};
    const number = (from: JSONObject, name: string): number => {
      const found = from[name];
      return typeof found === 'number' && Number.isFinite(found) ? found : 0;
    };
    const limit = number(worker, 'memory_limit');
    return {
      name: String(worker.name ?? address),
      address,
      status: String(worker.status ?? ''),
      threads: number(worker, 'nthreads'),
      cpu: number(metrics, 'cpu'),
      memory: number(metrics, 'memory'),
      ...(limit > 0 ? { memoryLimit: limit } : {}),
      ...(spilled ? { spilled: number(spilled, 'disk') } : {}),
      processing: number(tasks, 'executing'),
      stored: number(tasks, 'memory'),
      lastSeen: number(worker, 'last_seen') * 1000
    };
  });
}

namespace Private {
  export function object(value: unknown): JSONObject | undefined {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JSONObject)
      : undefined;
  }

  /** Of an object what is named. */
  export function named(object: JSONObject, names: string[]): JSONObject {
    return Object.fromEntries(
      Object.entries(object).filter(([name]) => names.includes(name))
    );
  }
}
