import { plainLine, plainText } from '../plainText';
import type { ICluster } from '../tokens';

const EVENTS = 50;

/**
 * What is known of a cluster as plain text for whoever helps. Written in
 * English, as logs are; holds no connection, thus no address and no path.
 */
export function writeReport(cluster: ICluster, now: number): string {
  const { snapshot, environment, profile, provider, events } = cluster;
  const { name, state, since, created, options, versions } = snapshot;
  const time = (ms: number): string => new Date(ms).toISOString();
  const lines = [
    `Dask cluster: ${plainText(name)}`,
    `State: ${state} since ${time(since)}`,
    `Asked for: ${time(created)}`,
    `Report: ${time(now)}`,
    `Provider: ${provider}`,
    `Profile: ${plainText(profile ?? '-')}`,
    `Environment: ${plainText(environment ?? '-')}`,
    `Responding: ${cluster.responding}`,
    `Workers: ${JSON.stringify(snapshot.workers ?? {})}`,
    `Options: ${JSON.stringify(options ?? {})}`,
    `Versions: ${JSON.stringify(versions ?? {})}`
  ];
  const add = (title: string, rows: string[]): void => {
    if (rows.length > 0) {
      lines.push('', `${title}:`, ...rows.map(row => `  ${row}`));
    }
  };
  add(
    'Steps',
    (snapshot.steps ?? []).map(step =>
      plainText(`${step.id}: ${step.state} ${step.detail ?? ''}`, 200)
    )
  );
  add(
    'Cause',
    (snapshot.cause ?? []).map(({ kind, message, hint }) =>
      plainText([kind, message, hint].filter(Boolean).join(' | '), 1000)
    )
  );
  add(
    'Events',
    events
      .slice(-EVENTS)
      .map(event =>
        plainText(`${time(event.time)} ${event.level} ${event.text}`, 300)
      )
  );
  add(
    'Log',
    (snapshot.log ?? []).map(line => plainLine(line))
  );
  return `${lines.join('\n')}\n`;
}
