import type { TranslationBundle } from '@jupyterlab/translation';
import { formatBytes, formatCount, formatTime } from '../cluster/units';
import type { ISample } from '../tokens';

/** What is charted. */
export type Quantity = 'workers' | 'cpu' | 'memory' | 'processing';

export const QUANTITIES: readonly Quantity[] = [
  'workers',
  'cpu',
  'memory',
  'processing'
];

/** The least, the greatest and the last value that is known. */
export interface ISummary {
  minimum: number;
  maximum: number;
  last: number;
}

/** What a quantity is called, with its unit where the values have none. */
export function labelOf(quantity: Quantity, trans: TranslationBundle): string {
  return {
    workers: trans.__('Workers'),
    cpu: trans.__('CPU (100% is one core)'),
    memory: trans.__('Memory'),
    processing: trans.__('Running tasks')
  }[quantity];
}

/** A value as people read it; empty when it is not known. */
export function formatValue(
  quantity: Quantity,
  value: number | undefined,
  locale?: string
): string {
  if (value === undefined) {
    return '';
  }
  switch (quantity) {
    case 'memory':
      return formatBytes(value, locale);
    case 'cpu':
      return `${formatCount(value, locale)}%`;
    default:
      return formatCount(value, locale);
  }
}

/** Undefined when no value is known. */
export function summarise(
  history: readonly ISample[],
  quantity: Quantity
): ISummary | undefined {
  const values = history
    .map(sample => sample[quantity])
    .filter((value): value is number => value !== undefined);
  return values.length === 0
    ? undefined
    : {
        minimum: Math.min(...values),
        maximum: Math.max(...values),
        last: values[values.length - 1]
      };
}

/** A chart's content in one sentence, for those who do not see it. */
export function describeSeries(
  history: readonly ISample[],
  quantity: Quantity,
  trans: TranslationBundle,
  locale?: string
): string {
  const label = labelOf(quantity, trans);
  const found = summarise(history, quantity);
  if (!found) {
    return trans.__('%1: not known yet', label);
  }
  const [now, least, most] = [found.last, found.minimum, found.maximum].map(
    value => formatValue(quantity, value, locale)
  );
  return trans.__('%1: now %2, between %3 and %4', label, now, least, most);
}

/**
 * Times in seconds and values, as the chart wants them. A gap stays a gap.
 *
 * @param until - Up to when the last value holds, in ms: a cluster that is
 * quiet sends nothing, and is as it was.
 */
export function toColumns(
  history: readonly ISample[],
  quantity: Quantity,
  until?: number
): [number[], (number | null)[]] {
  const last = history[history.length - 1];
  const samples =
    last && until !== undefined && until > last.time
      ? [...history, { ...last, time: until }]
      : history;
  return [
    samples.map(sample => sample.time / 1000),
    samples.map(sample => sample[quantity] ?? null)
  ];
}

/** The least height of a chart's scale, so that little looks like little. */
export const SCALE: Readonly<Record<Quantity, number>> = {
  workers: 2,
  cpu: 100,
  memory: 1024 ** 2,
  processing: 2
};

/** The samples as rows of text, newest first. */
export function toRows(
  history: readonly ISample[],
  locale?: string
): string[][] {
  return [...history]
    .reverse()
    .map(sample => [
      formatTime(sample.time, locale),
      ...QUANTITIES.map(quantity =>
        formatValue(quantity, sample[quantity], locale)
      )
    ]);
}
