import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { History, ICosts } from '../tokens';
import { formatHours, periods } from './history';
import { formatMoney, isSet } from './money';
import { PriceNotes } from './priceNotes';

export interface IHistoryViewProps {
  costs: ICosts;
  trans: TranslationBundle;
  locale?: string;
  onExport: () => Promise<void>;
  onCompare: () => void;
  /** Open the table of prices. */
  onPrices: () => void;
}

/** What clusters have cost, by month or by day. */
export function HistoryView(props: IHistoryViewProps): JSX.Element {
  const { costs, trans, onExport, onCompare, onPrices } = props;
  const [by, setBy] = React.useState<'day' | 'month'>('month');
  const [history, setHistory] = React.useState<History | null>(null);
  const [tries, setTries] = React.useState(0);
  const id = React.useId();
  React.useEffect(() => {
    let gone = false;
    void costs.history().then(read => {
      if (!gone) {
        setHistory(read);
      }
    });
    return () => {
      gone = true;
    };
  }, [costs, tries]);
  const choices = { month: trans.__('Months'), day: trans.__('Days') };
  return (
    <div className="jp-DaskCosts-page">
      <h1>{trans.__('Dask costs')}</h1>
      <div className="jp-DaskCosts-acts">
        <fieldset className="jp-DaskCosts-modes">
          <legend>{trans.__('Sums over')}</legend>
          {(['month', 'day'] as const).map(choice => (
            <label key={choice}>
              <input
                type="radio"
                name={`${id}-by`}
                checked={by === choice}
                onChange={() => setBy(choice)}
              />
              {choices[choice]}
            </label>
          ))}
        </fieldset>
        <button
          type="button"
          className="jp-mod-styled"
          onClick={() => setTries(tries + 1)}
        >
          {trans.__('Refresh')}
        </button>
        <button
          type="button"
          className="jp-mod-styled"
          onClick={() => void onExport()}
        >
          {trans.__('Export as CSV')}
        </button>
        <button type="button" className="jp-mod-styled" onClick={onCompare}>
          {trans.__('Own or rent…')}
        </button>
      </div>
      {costs.problem ? (
        <p role="alert" className="jp-DaskCosts-warning">
          {costs.problem}
        </p>
      ) : null}
      {history ? (
        <Periods {...props} history={history} by={by} />
      ) : (
        <p role="status">{trans.__('Reading what was kept…')}</p>
      )}
      <PriceNotes table={costs.table} trans={trans} onPrices={onPrices} />
      <p>
        {trans.__(
          'Days are days of UTC. A cluster counts from the start of its workers to their end, at the price that was set when it was last counted. Not counted: machines while they start, disks, storage, network, and clusters that were made outside of this page.'
        )}
      </p>
    </div>
  );
}

function Periods(
  props: IHistoryViewProps & { history: History; by: 'day' | 'month' }
): JSX.Element {
  const { history, by, trans, locale } = props;
  const rows = periods(history, by);
  if (rows.length === 0) {
    return (
      <p role="status">
        {trans.__('No cluster was counted yet. Start one from the sidebar.')}
      </p>
    );
  }
  const hours = (seconds: number): string => formatHours(seconds, locale);
  const count = new Intl.NumberFormat(locale);
  const heads = [
    by === 'day' ? trans.__('Day (UTC)') : trans.__('Month (UTC)'),
    trans.__('Clusters'),
    trans.__('Worker-hours'),
    trans.__('Core-hours'),
    trans.__('Cost'),
    trans.__('Note')
  ];
  return (
    <div className="jp-DaskCosts-scroller">
      <table className="jp-DaskCosts-table">
        <thead>
          <tr>
            {heads.map(head => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => {
            const notes = [
              row.unpriced > 0
                ? trans._n(
                    '%1 without a price.',
                    '%1 without a price.',
                    row.unpriced
                  )
                : '',
              row.open > 0
                ? trans._n(
                    'The end of %1 was not seen: it may have cost more.',
                    'The ends of %1 were not seen: they may have cost more.',
                    row.open
                  )
                : ''
            ];
            return (
              <tr key={row.period}>
                <th scope="row">{row.period}</th>
                <td className="jp-mod-number">{count.format(row.clusters)}</td>
                <td className="jp-mod-number">{hours(row.workers)}</td>
                <td className="jp-mod-number">{hours(row.cores)}</td>
                <td className="jp-mod-number">
                  {isSet(row.cost)
                    ? formatMoney(row.cost, locale)
                    : trans.__('no price set')}
                </td>
                <td>{notes.filter(Boolean).join(' ')}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
