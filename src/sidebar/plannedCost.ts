import { plannedSize } from '../cluster/size';
import { formatCount } from '../cluster/units';
import type { IClusterRequest } from '../tokens';
import type { ISidebarServices } from './services';

type Services = Pick<
  ISidebarServices,
  'costs' | 'profiles' | 'registry' | 'language'
>;

/** What a cluster costs before it is there. */
interface IPlannedCost {
  /** How many workers that is for; the most of a cluster that adapts. */
  workers: number;
  /** As people read it; absent where no price is set. */
  perHour?: string;
}

/** `$1.20/h`, or nothing where it is not known. */
export function shortCost(
  request: IClusterRequest,
  services: Services
): string {
  const perHour = priced(request, services)?.perHour;
  return perHour ? services.language.trans.__('%1/h', perHour) : '';
}

/** In a sentence, what the cluster of a form would cost; empty before its size is known. */
export function describeCost(
  request: IClusterRequest,
  services: Services
): string {
  const { trans, locale } = services.language;
  const cost = priced(request, services);
  if (!cost) {
    return '';
  }
  const count = formatCount(cost.workers, locale);
  return cost.perHour
    ? trans._n(
        'About %2 an hour with %3 worker, by the prices that are set.',
        'About %2 an hour with %3 workers, by the prices that are set.',
        cost.workers,
        cost.perHour,
        count
      )
    : trans.__('No price is set for this: what it costs is not known.');
}

function priced(
  asked: IClusterRequest,
  { costs, profiles, registry }: Services
): IPlannedCost | null {
  if (!costs) {
    return null;
  }
  const request = profiles?.clamp(asked).request ?? asked;
  const { provider, options } = request;
  const machine = registry.get(provider)?.capacity?.();
  const {
    workers,
    threads = 1,
    memory
  } = plannedSize(options, profiles?.limits, machine);
  if (!workers) {
    return null;
  }
  const forecast = costs.forecast({
    provider,
    options,
    workers,
    threads,
    memory,
    seconds: 3600
  });
  return forecast ? { workers, perHour: forecast.text } : { workers };
}
