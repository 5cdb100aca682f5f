import { formatCount } from '../cluster/units';
import type { ILanguage } from '../components/language';
import { addMoney, formatMoney, isSet } from '../cost/money';
import type { ICluster, ICosts } from '../tokens';

/** What these clusters cost in an hour, in words; empty where costs are not counted. */
export function describeRate(
  costs: Pick<ICosts, 'of'> | null,
  clusters: readonly ICluster[],
  { trans, locale }: ILanguage,
  now = Date.now()
): string {
  if (!costs) {
    return '';
  }
  const known = clusters.map(cluster => costs.of(cluster, now));
  const perHour = addMoney(...known.map(cost => cost?.perHour ?? {}));
  const unpriced = known.filter(cost => !cost).length;
  const parts: string[] = [];
  if (isSet(perHour)) {
    parts.push(trans.__('They cost %1 an hour.', formatMoney(perHour, locale)));
  }
  if (unpriced > 0) {
    parts.push(
      trans._n(
        'No price is set for %1 cluster.',
        'No price is set for %1 clusters.',
        unpriced
      )
    );
  }
  return parts.join(' ');
}

/** What stopping these clusters would lose, in words; empty when nothing. */
export function describeLoss(
  clusters: readonly ICluster[],
  { trans, locale }: ILanguage
): string {
  let running = 0;
  let held = 0;
  for (const { tasks } of clusters.map(cluster => cluster.snapshot)) {
    running += (tasks?.processing ?? 0) + (tasks?.waiting ?? 0);
    held += tasks?.memory ?? 0;
  }
  const parts: string[] = [];
  if (running > 0) {
    parts.push(
      trans._n(
        '%2 unfinished task will be lost.',
        '%2 unfinished tasks will be lost.',
        running,
        formatCount(running, locale)
      )
    );
  }
  if (held > 0) {
    parts.push(
      trans._n(
        '%2 result in memory will be lost.',
        '%2 results in memory will be lost.',
        held,
        formatCount(held, locale)
      )
    );
  }
  return parts.join(' ');
}
