import * as React from 'react';
import type { IStep } from '../tokens';
import { useLanguage } from './language';
import { plainText } from '../plainText';

export interface IStartStepsProps {
  steps: readonly IStep[];
}

/** How far a start is, step by step. */
export function StartSteps({ steps }: IStartStepsProps): JSX.Element {
  const { trans } = useLanguage();
  const labels: Record<string, string> = {
    kernel: trans.__('Kernel'),
    packages: trans.__('Packages'),
    scheduler: trans.__('Scheduler'),
    workers: trans.__('Workers')
  };
  const states: Record<IStep['state'], string> = {
    waiting: trans.__('waiting'),
    active: trans.__('in progress'),
    done: trans.__('done'),
    failed: trans.__('failed')
  };
  const signs: Record<IStep['state'], string> = {
    waiting: '○',
    active: '◐',
    done: '✓',
    failed: '✕'
  };
  return (
    <ol className="jp-DaskSteps" aria-label={trans.__('Steps of the start')}>
      {steps.map(({ id, state, detail }) => (
        <li key={id} className={`jp-DaskSteps-step jp-mod-${state}`}>
          <span className="jp-DaskSteps-sign" aria-hidden="true">
            {signs[state]}
          </span>
          <span>{labels[id] ?? plainText(id)}</span>
          <span className="jp-DaskSteps-detail">
            {detail ? plainText(detail) : states[state]}
          </span>
        </li>
      ))}
    </ol>
  );
}
