/**
 * The rows of a class: put together, judged and filtered. Pure functions.
 */
import { csvText } from '../cost/history';
import { addMoney } from '../cost/money';
import type { Money } from '../tokens';
import type { IParticipant, ISaid } from './serviceWire';

/** What the table can be narrowed to. */
export type Filter = 'all' | 'help' | 'stuck' | 'away' | 'different';

/** What a row is judged by. */
export interface IJudge {
  /** Somebody who is on one step for so many minutes is stuck. */
  minutes: number;
  /** ms since the epoch. */
  now: number;
  /** By package the version that most have. */
  usual: Record<string, string>;
}

/** Rows with what others tell of the same people; the newer status wins. */
export function mergeRows(
  rows: readonly IParticipant[],
  others: readonly IParticipant[]
): IParticipant[] {
  const told = new Map(others.map(other => [other.name, other]));
  return rows.map(row => {
    const other = told.get(row.name);
    const status = [row.status, other?.status]
      .filter((said): said is ISaid => said !== undefined)
      .sort((a, b) => b.reported - a.reported)[0];
    return { ...other, ...row, ...(status ? { status } : {}) };
  });
}

/** By package the version that most people have; the newer of two as common. */
export function usualVersions(
  rows: readonly IParticipant[]
): Record<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const { status } of rows) {
    for (const [name, version] of Object.entries(status?.environment ?? {})) {
      const of = counts.get(name) ?? new Map<string, number>();
      counts.set(name, of.set(version, (of.get(version) ?? 0) + 1));
    }
  }
  const { compare } = new Intl.Collator('en', { numeric: true });
  return Object.fromEntries(
    [...counts].map(([name, versions]) => {
      const sorted = [...versions].sort(
        ([a, x], [b, y]) => y - x || compare(b, a)
      );
      return [name, sorted[0][0]];
    })
  );
}

/** Packages of which somebody has another version than most, or none. */
export function differences(
  { status }: IParticipant,
  usual: Record<string, string>
): Array<{ name: string; version?: string; usual: string }> {
  const own = status?.environment ?? {};
  // Who has told of no package has told nothing of the environment.
  return Object.keys(own).length === 0
    ? []
    : Object.keys(usual)
        .filter(name => own[name] !== usual[name])
        .map(name => ({ name, version: own[name], usual: usual[name] }));
}

/** For how long somebody has been on the same step, in ms; 0 for who is not stuck. */
export function stuckFor(
  { status, server }: IParticipant,
  { minutes, now }: Pick<IJudge, 'minutes' | 'now'>
): number {
  if (!status || status.step >= status.of) {
    return 0;
  }
  const since = now - status.since;
  const isThere = server === undefined || server === 'running';
  return isThere && since >= minutes * 60_000 ? since : 0;
}

/** Whether a row is among those that the filter leaves. */
export function passes(
  row: IParticipant,
  filter: Filter,
  search: string,
  judge: IJudge
): boolean {
  const words = search.trim().toLowerCase();
  if (words && !row.name.toLowerCase().includes(words)) {
    return false;
  }
  switch (filter) {
    case 'help':
      return row.status?.help === true;
    case 'stuck':
      return stuckFor(row, judge) > 0;
    case 'away':
      return row.server !== undefined && row.server !== 'running';
    case 'different':
      return differences(row, judge.usual).length > 0;
    default:
      return true;
  }
}

/** What is still there of a class, and what it cost. */
export interface IRemains {
  /** Whose servers run. */
  servers: string[];
  /** Who has a cluster, as the gateway or they themselves say. */
  clusters: string[];
  spent: Money;
  /** How many have told what they spent. */
  told: number;
}

export function remains(rows: readonly IParticipant[]): IRemains {
  const told = rows.flatMap(({ status }) =>
    status?.spent ? [status.spent] : []
  );
  const names = (which: (row: IParticipant) => boolean): string[] =>
    rows.filter(which).map(({ name }) => name);
  return {
    servers: names(
      ({ server }) => server !== undefined && server !== 'stopped'
    ),
    clusters: names(hasCluster),
    spent: addMoney(...told),
    told: told.length
  };
}

/** Whether somebody has a cluster, as far as it is known. */
export function hasCluster({
  clusters,
  server,
  status
}: IParticipant): boolean {
  if (clusters && clusters.length > 0) {
    return true;
  }
  // What a server had went with it.
  return (
    server !== 'stopped' &&
    status?.cluster !== undefined &&
    !OVER.includes(status.cluster)
  );
}

/** All rows as a table for other programs, with times in UTC. */
export function classCsv(rows: readonly IParticipant[], judge: IJudge): string {
  const time = (ms: number | undefined): string =>
    ms === undefined ? '' : new Date(ms).toISOString();
  const lines = rows.map(row => {
    const { name, server, lastActivity, clusters, status } = row;
    return [
      csvText(name),
      server ?? '',
      csvText(status?.cluster ?? ''),
      status?.workers ?? '',
      clusters ? clusters.length : '',
      status?.step ?? '',
      status?.of ?? '',
      time(status?.since),
      time(status?.reported),
      time(lastActivity),
      Math.round(stuckFor(row, judge) / 60_000),
      status ? (status.help ? 'yes' : 'no') : '',
      csvText(status?.note ?? ''),
      csvText(
        differences(row, judge.usual)
          .map(one => `${one.name} ${one.version ?? '-'} (${one.usual})`)
          .join('; ')
      ),
      csvText(
        Object.entries(status?.spent ?? {})
          .map(([currency, amount]) => `${amount.toFixed(6)} ${currency}`)
          .join('; ')
      )
    ];
  });
  return [COLUMNS, ...lines].map(cells => `${cells.join(',')}\r\n`).join('');
}

/** States in which there is no cluster. */
const OVER = ['', 'stopped', 'failed', 'lost'];

const COLUMNS = [
  'name',
  'server',
  'cluster',
  'workers',
  'gateway_clusters',
  'step',
  'of',
  'on_step_since_utc',
  'reported_utc',
  'last_activity_utc',
  'stuck_minutes',
  'wants_help',
  'note',
  'unusual_versions',
  'spent'
];
