/** What runs of a template took here, beside what was predicted. */
import { formatCount, formatDuration } from '../../cluster/units';
import React from 'react';
import type { ISizingProps } from './sizing';

/** So many are shown. */
const SHOWN = 5;

/** How the estimate is calibrated, with a way back, and the last runs. */
export function PastRuns(props: ISizingProps): JSX.Element {
  const { model, trans, locale } = props;
  const { runs, problem, slowness } = model;
  const { count, factor } = model.calibration;
  const seconds = (value: number): string =>
    value < 10
      ? trans.__(
          '%1 sec',
          new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(
            value
          )
        )
      : formatDuration(1000 * value, locale);
  return (
    <>
      <p>
        {count === 0
          ? [
              trans.__(
                'Not calibrated: no run of this version was seen here. Times are for workers that are there and have nothing else to do.'
              ),
              slowness === undefined
                ? ''
                : trans.__(
                    'On this machine they are %1 times those of the machine of the estimates, as a short measurement says.',
                    new Intl.NumberFormat(locale, {
                      maximumSignificantDigits: 2
                    }).format(slowness)
                  )
            ]
              .filter(Boolean)
              .join(' ')
          : trans._n(
              'Calibrated by %1 run on this site: it took %2 times as long as predicted.',
              'Calibrated by %1 runs on this site: they took %2 times as long as predicted.',
              count,
              new Intl.NumberFormat(locale, {
                maximumSignificantDigits: 2
              }).format(factor)
            )}{' '}
        {count > 0 && (
          <button
            type="button"
            className="jp-mod-styled jp-mod-minimal"
            onClick={() => void model.reset()}
          >
            {trans.__('Forget these runs')}
          </button>
        )}
      </p>
      {problem && (
        <p role="alert">
          {trans.__('Runs could not be read or kept: %1', problem)}
        </p>
      )}
      {runs.length > 0 && (
        <details className="jp-TemplateSizing-runs">
          <summary>{trans.__('Predicted and measured')}</summary>
          <table className="jp-TemplateSizing-places">
            <thead>
              <tr>
                <th scope="col">{trans.__('When')}</th>
                <th scope="col">{trans.__('Threads')}</th>
                <th scope="col">{trans.__('Predicted')}</th>
                <th scope="col">{trans.__('Measured')}</th>
              </tr>
            </thead>
            <tbody>
              {runs.slice(0, SHOWN).map(run => (
                <tr key={run.at}>
                  <th scope="row">
                    {new Date(run.at).toLocaleString(locale, {
                      dateStyle: 'short',
                      timeStyle: 'short'
                    })}
                  </th>
                  <td>{formatCount(run.threads, locale)}</td>
                  <td>{seconds(run.predicted)}</td>
                  <td>{seconds(run.seconds)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  );
}
