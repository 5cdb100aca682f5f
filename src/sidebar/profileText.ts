import { formatCount } from '../cluster/units';
import type { ILanguage } from '../components/language';
import type { IProfile } from '../tokens';
import type { ISidebarServices } from './services';

/** A profile's size and environment in one line, or what it is good for. */
export function describeProfile(
  profile: IProfile,
  services: Pick<ISidebarServices, 'language' | 'environmentLabel'>
): string {
  const { language } = services;
  const { trans } = language;
  const { threads, memory } = profile.options;
  const parts = [describeSize(profile, language)];
  if (typeof threads === 'number') {
    parts.push(trans._n('%1 thread each', '%1 threads each', threads));
  }
  if (typeof memory === 'string' && memory !== 'auto') {
    parts.push(trans.__('%1 each', memory));
  }
  if (profile.environment) {
    parts.push(services.environmentLabel(profile.environment));
  }
  const known = parts.filter(Boolean);
  return known.length > 0 ? known.join(' · ') : (profile.description ?? '');
}

function describeSize(
  { options }: IProfile,
  { trans, locale }: ILanguage
): string {
  const { workers, minimum, maximum } = options;
  if (typeof maximum === 'number') {
    return trans.__(
      '%1 to %2 workers',
      formatCount(typeof minimum === 'number' ? minimum : 0, locale),
      formatCount(maximum, locale)
    );
  }
  return typeof workers === 'number'
    ? trans._n('%2 worker', '%2 workers', workers, formatCount(workers, locale))
    : '';
}
