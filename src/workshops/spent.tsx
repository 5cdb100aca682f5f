/** What the cluster of a participant has cost. */
import * as React from 'react';
import { useLanguage } from '../components/language';
import { useNow } from '../components/signals';
import { formatMoney } from '../cost/money';
import type { Voice } from './voice';

/** So far, where a price is known; nothing without a cluster of the class. */
export function Spent({ voice }: { voice: Voice }): JSX.Element | null {
  const { trans, locale } = useLanguage();
  useNow(10_000, true);
  const { spent } = voice;
  if (spent === null) {
    return null;
  }
  return (
    <p>
      {spent
        ? trans.__(
            'Your cluster has cost %1 so far.',
            formatMoney(spent, locale)
          )
        : trans.__(
            'What your cluster costs is not known: no price is set for it.'
          )}
    </p>
  );
}
