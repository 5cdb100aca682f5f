import * as React from 'react';
import { formatMoney, isSet } from '../cost/money';
import type { IClusterCost, ICosts, ILack } from '../tokens';
import { Button } from './button';
import { ILanguage, useLanguage } from './language';

/** What a cluster costs, in one line. */
export function describeCost(
  { perHour, soFar }: IClusterCost,
  { trans, locale }: ILanguage
): string {
  const total = trans.__('%1 so far', formatMoney(soFar, locale));
  return isSet(perHour)
    ? trans.__('%1/h · %2', formatMoney(perHour, locale), total)
    : total;
}

/** What all clusters cost in an hour; empty where no price is set. */
export function describeTotal(
  costs: ICosts | null,
  { trans, locale }: ILanguage
): string {
  const total = costs?.total();
  if (!total) {
    return '';
  }
  const perHour = trans.__('%1/h', formatMoney(total.perHour, locale));
  return total.unpriced > 0
    ? trans._n(
        '%2 + %1 without a price',
        '%2 + %1 without a price',
        total.unpriced,
        perHour
      )
    : perHour;
}

/** The cost as a line; what it is based on as its tip. */
export function CostLine({ cost }: { cost: IClusterCost }): JSX.Element {
  return (
    <>
      <div className="jp-DaskCluster-cost" title={cost.basis.join('\n')}>
        {describeCost(cost, useLanguage())}
      </div>
      {cost.warnings?.map(warning => (
        <div key={warning} className="jp-DaskCluster-budget">
          {warning}
        </div>
      ))}
    </>
  );
}

/** That it is not known what a cluster costs; why as its tip. */
export function LackLine({ lack }: { lack: ILack }): JSX.Element {
  return (
    <div className="jp-DaskCluster-cost jp-mod-lack" title={lack.text}>
      {lack.short}
    </div>
  );
}

/** The cost and what it is based on, for the details. */
export function CostBasis({
  cost,
  lack,
  onPrices
}: {
  cost: IClusterCost | null;
  lack: ILack | null;
  /** Open the table of prices; absent where it cannot be changed here. */
  onPrices?: () => void;
}): JSX.Element {
  const language = useLanguage();
  const { trans } = language;
  return (
    <section className="jp-DaskCostBasis">
      <h3>{trans.__('Cost')}</h3>
      {cost ? (
        <>
          <p>{describeCost(cost, language)}</p>
          <ul>
            {cost.basis.map(sentence => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      ) : (
        <p>{lack?.text}</p>
      )}
      {onPrices ? (
        <Button kind="link" onClick={onPrices}>
          {trans.__('Open the prices…')}
        </Button>
      ) : null}
    </section>
  );
}
