/** The question of who shuts down or logs out while clusters run. */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import * as React from 'react';
import { formatCount } from '../cluster/units';
import type { ILanguage } from '../components/language';
import type { ICluster, ICosts } from '../tokens';
import { describeRate } from './confirm';

export interface ILeavingQuestion {
  /** The server goes on, and only the person leaves. */
  logsOut: boolean;
  clusters: readonly ICluster[];
  /** What becomes of each, one sentence each. */
  fates: readonly string[];
  costs: Pick<ICosts, 'of'> | null;
  language: ILanguage;
}

/** Name each cluster and what becomes of it; Cancel is the default. */
export async function askToLeave({
  logsOut,
  clusters,
  fates,
  costs,
  language
}: ILeavingQuestion): Promise<'leave' | 'stop' | 'stay'> {
  const { trans, locale } = language;
  const count = clusters.length;
  const number = formatCount(count, locale);
  const leave = logsOut ? trans.__('Log out') : trans.__('Shut down');
  const stop = trans.__('Stop all…');
  const { button } = await showDialog({
    title: logsOut
      ? trans._n(
          'Log out while %2 cluster runs?',
          'Log out while %2 clusters run?',
          count,
          number
        )
      : trans._n(
          'Shut down while %2 cluster runs?',
          'Shut down while %2 clusters run?',
          count,
          number
        ),
    body: (
      <div>
        <ul>
          {fates.map((fate, index) => (
            <li key={clusters[index].key}>{fate}</li>
          ))}
        </ul>
        <p>{describeRate(costs, clusters, language)}</p>
      </div>
    ),
    defaultButton: 0,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.createButton({ label: stop, actions: ['stop'] }),
      Dialog.warnButton({ label: leave, actions: ['leave'] })
    ]
  });
  return button.actions.includes('leave')
    ? 'leave'
    : button.actions.includes('stop')
      ? 'stop'
      : 'stay';
}
