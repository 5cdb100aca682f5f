import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IPriceTable } from '../tokens';
import { ageInDays, datesOf, describePrices } from './prices';

/** Prices older than this are called old, in days. */
const OLD = 180;

/** How old the prices are, and which rows cannot be used. */
export function PriceNotes(props: {
  table: IPriceTable;
  trans: TranslationBundle;
  /** Open the table. */
  onPrices: () => void;
}): JSX.Element {
  const { table, trans, onPrices } = props;
  const dates = datesOf(table.prices);
  const age = dates ? ageInDays(dates.oldest, Date.now()) : 0;
  return (
    <div className="jp-DaskCosts-prices">
      <p>
        {describePrices(table.prices, trans)}{' '}
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          onClick={onPrices}
        >
          {trans.__('Open the prices…')}
        </button>
      </p>
      {age > OLD ? (
        <p className="jp-DaskCosts-warning">
          {trans._n(
            'The oldest price is %1 day old.',
            'The oldest price is %1 days old.',
            age
          )}
        </p>
      ) : null}
      {table.problems.length > 0 ? (
        <div className="jp-DaskCosts-warning" role="alert">
          <p>
            {trans._n(
              '%1 row of the prices and budgets cannot be used:',
              '%1 rows of the prices and budgets cannot be used:',
              table.problems.length
            )}
          </p>
          <ul>
            {table.problems.map(({ row, text }) => (
              <li key={`${row} ${text}`}>{text}</li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  );
}
