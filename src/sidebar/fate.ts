/** What becomes of a cluster when nobody does anything, in words. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { formatDuration, formatTime } from '../cluster/units';
import type { ILanguage } from '../components/language';
import { plainText } from '../plainText';
import type { ICluster, IProvider, IProviderRegistry } from '../tokens';

/** What is read of a cluster for this. */
export type IMortal = Pick<ICluster, 'capabilities' | 'snapshot'>;

/** What its provider's clusters survive. */
export type Survival = IProvider['survives'];

/** What ends a cluster first, as far as is known. */
export type FateKind =
  'foreign' | 'budget' | 'lifetime' | 'idle' | 'quiet' | 'server' | 'never';

/** What a cluster survives, by its provider. */
export function survivalOf(
  { provider, snapshot }: Pick<ICluster, 'provider' | 'snapshot'>,
  registry: Pick<IProviderRegistry, 'get'> | null
): Survival {
  const gateway = snapshot.connection?.kind === 'gateway';
  return registry?.get(provider)?.survives ?? (gateway ? 'server' : undefined);
}

/** What ends this cluster first. */
export function fateOf(
  { capabilities, snapshot }: IMortal,
  survives: Survival
): FateKind {
  if (!capabilities.stop) {
    return 'foreign';
  }
  const { stopsAt, stopsFor } = snapshot;
  return stopsAt !== undefined
    ? (stopsFor ?? 'idle')
    : quietMinutes(snapshot) !== undefined
      ? 'quiet'
      : survives === 'server'
        ? 'never'
        : 'server';
}

/** `rain stops in 18 min if nothing runs.`: the cluster's name, and what ends it. */
export function describeFate(
  cluster: IMortal,
  survives: Survival,
  { trans, locale }: ILanguage,
  now = Date.now()
): string {
  const { snapshot, capabilities } = cluster;
  const name = plainText(snapshot.name);
  const left = formatDuration(
    Math.max(0, (snapshot.stopsAt ?? now) - now),
    locale
  );
  const quiet = formatQuiet(snapshot, locale);
  switch (fateOf(cluster, survives)) {
    case 'foreign':
      return trans.__('%1 stays: it belongs to somebody else.', name);
    case 'budget':
      return capabilities.ends === 'page'
        ? trans.__(
            '%1 goes on past its budget while no page is open to stop it.',
            name
          )
        : trans.__('%1 stops in %2, when its budget is used up.', name, left);
    case 'lifetime':
      return trans.__('%1 stops in %2, even if tasks run.', name, left);
    case 'idle':
      return trans.__('%1 stops in %2 if nothing runs.', name, left);
    case 'quiet':
      return trans.__('%1 stops when nothing has run for %2.', name, quiet);
    case 'never':
      return trans.__('%1 goes on without the Jupyter server.', name);
    case 'server':
      return survives === 'kill'
        ? trans.__(
            '%1 stops with the Jupyter server, unless that is killed.',
            name
          )
        : trans.__('%1 stops with the Jupyter server.', name);
  }
}

/** What a cluster does when the Jupyter server is shut down. */
export function describeShutDown(
  cluster: IMortal,
  survives: Survival,
  language: ILanguage
): string {
  // No time of its own matters for what ends with the server now.
  return survives === 'server' || !cluster.capabilities.stop
    ? describeFate(cluster, survives, language)
    : language.trans.__(
        '%1 stops with the Jupyter server.',
        plainText(cluster.snapshot.name)
      );
}

/** Whether it goes on for ever when its person leaves, as far as is known. */
export function isEndless(cluster: IMortal, survives: Survival): boolean {
  const kind = fateOf(cluster, survives);
  return (
    kind === 'never' ||
    (kind === 'budget' && cluster.capabilities.ends === 'page')
  );
}

/** What a cluster does when the page is closed; empty for one of somebody else. */
export function describeClosing(
  cluster: IMortal,
  survives: Survival,
  { trans, locale }: ILanguage,
  now = Date.now()
): string {
  const { snapshot, capabilities } = cluster;
  const left = formatDuration(
    wholeMinutes((snapshot.stopsAt ?? now) - now),
    locale
  );
  const quiet = formatQuiet(snapshot, locale);
  switch (fateOf(cluster, survives)) {
    case 'foreign':
      return '';
    case 'budget':
      return capabilities.ends === 'page'
        ? trans.__('Close this page: it goes on past its budget.')
        : trans.__('Close this page: it stops in %1, for its budget.', left);
    case 'lifetime':
      return trans.__('Close this page: it stops in %1.', left);
    case 'idle':
      return trans.__('Close this page: it stops in %1 if idle.', left);
    case 'quiet':
      return trans.__('Close this page: it goes on until idle for %1.', quiet);
    case 'never':
      return trans.__('Close this page: it goes on without an end.');
    case 'server':
      return trans.__('Close this page: it goes on with the Jupyter server.');
  }
}

/** How many end in which way, in one sentence. */
export function countFates(
  kinds: readonly FateKind[],
  { trans }: ILanguage
): string {
  return trans._n(
    'Of %1 cluster ends: %2.',
    'Of %1 clusters end: %2.',
    kinds.length,
    countEnds(kinds, trans)
  );
}

/** What all clusters do when the page is closed, in numbers. */
export function describeAllClosing(
  kinds: readonly FateKind[],
  { trans }: ILanguage
): string {
  return trans._n(
    'Closing this page stops none. Of %1 cluster ends: %2.',
    'Closing this page stops none. Of %1 clusters end: %2.',
    kinds.length,
    countEnds(kinds, trans)
  );
}

/** `2 with the Jupyter server, 1 when idle` */
function countEnds(
  kinds: readonly FateKind[],
  trans: TranslationBundle
): string {
  const number = (...wanted: FateKind[]): number =>
    kinds.filter(kind => wanted.includes(kind)).length;
  const [timed, quiet] = [
    number('lifetime', 'budget'),
    number('idle', 'quiet')
  ];
  const [server, never] = [number('server'), number('never')];
  const foreign = number('foreign');
  return [
    server > 0 ? trans.__('%1 with the Jupyter server', server) : '',
    quiet > 0 ? trans.__('%1 when idle', quiet) : '',
    timed > 0 ? trans.__('%1 at a set time', timed) : '',
    never + foreign > 0 ? trans.__('%1 not by itself', never + foreign) : ''
  ]
    .filter(Boolean)
    .join(', ');
}

/** When a cluster ends by itself, and what it does without the server, in sentences. */
export function describeEnd(
  cluster: IMortal,
  survives: Survival,
  { trans, locale }: ILanguage,
  now = Date.now()
): string[] {
  const { snapshot, capabilities } = cluster;
  const { stopsAt = now } = snapshot;
  const time = formatTime(stopsAt, locale);
  const left = formatDuration(wholeMinutes(stopsAt - now), locale);
  const quiet = formatQuiet(snapshot, locale);
  const never = trans.__('It does not stop by itself.');
  const first = {
    foreign: trans.__('It belongs to somebody else.'),
    budget:
      capabilities.ends === 'page'
        ? trans.__(
            'Stops at %1 (in %2), when its budget is used up, if a page of yours is open then.',
            time,
            left
          )
        : trans.__(
            'Stops at %1 (in %2), when its budget is used up.',
            time,
            left
          ),
    lifetime: trans.__('Stops at %1 (in %2), even if tasks run.', time, left),
    idle: trans.__('Stops at %1 (in %2) if nothing runs.', time, left),
    quiet: trans.__('Stops when nothing has run for %1.', quiet),
    server: never,
    never
  };
  const kind = fateOf(cluster, survives);
  const sentences = [first[kind]];
  if (kind !== 'foreign') {
    sentences.push(
      survives === 'server'
        ? trans.__('It goes on without the Jupyter server.')
        : survives === 'kill'
          ? trans.__(
              'It is stopped when the Jupyter server is shut down, but not when that is killed.'
            )
          : trans.__('It ends with the Jupyter server.')
    );
  }
  return sentences;
}

/** A time in whole minutes, so that a text does not change each second. */
export function wholeMinutes(ms: number): number {
  return Math.max(60_000, Math.floor(ms / 60_000) * 60_000);
}

/** After how many minutes without a task it ends, where that is known. */
function quietMinutes({
  options,
  idleTimeout
}: ICluster['snapshot']): number | undefined {
  const known = idleTimeout === undefined ? undefined : idleTimeout / 60;
  return [known, options?.idleTimeout, options?.idle].find(
    (value): value is number => typeof value === 'number' && value > 0
  );
}

/** The same as a person reads it. */
function formatQuiet(
  snapshot: ICluster['snapshot'],
  locale: string | undefined
): string {
  return formatDuration((quietMinutes(snapshot) ?? 0) * 60_000, locale);
}
