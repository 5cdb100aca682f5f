import type { ISignal } from '@lumino/signaling';
import * as React from 'react';
import { formatMoney, isSet } from '../cost/money';
import type { IClusterCost, ICosts, ILack } from '../tokens';
import { Button } from './button';
import { ILanguage, useLanguage } from './language';
import { useNow, useValue } from './signals';

/** How often what a month has cost is added up, in ms; that asks nobody. */
const MONTH_CLOCK = 20_000;

/** The least time between two of them, in ms. */
const MONTH_PAUSE = 1000;

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

/**
 * What this month has cost until now; empty where nothing is spent, null where it
 * is not known.
 */
export function describeMonth(
  costs: ICosts | null,
  now: number,
  { trans, locale }: ILanguage
): string | null {
  const month = new Date(now).toISOString().slice(0, 7);
  const spent = costs?.total() ? costs.spent(month, now) : null;
  return (
    spent &&
    (isSet(spent)
      ? trans.__('%1 in this month (UTC)', formatMoney(spent, locale))
      : '')
  );
}

/**
 * What this month has cost, in words, as time goes on; empty where that is not known.
 *
 * @param other - What tells of changes where there are no costs.
 */
export function useMonth(
  costs: ICosts | null,
  other: ISignal<unknown, unknown>
): string {
  const language = useLanguage();
  const kept = React.useRef({ at: -Infinity, text: '' });
  const priced = useValue<unknown, unknown, boolean>(
    costs?.changed ?? other,
    () => !!costs?.total()
  );
  useNow(MONTH_CLOCK, priced);
  return useValue<unknown, unknown, string>(costs?.changed ?? other, () => {
    const now = Date.now();
    // A whole history is added up: not at each of many changes.
    if (priced && now - kept.current.at >= MONTH_PAUSE) {
      const text = describeMonth(costs, now, language);
      if (text !== null) {
        kept.current = { at: now, text };
      }
    }
    return priced ? kept.current.text : '';
  });
}

/** Where the reasons for a line are, and whether the Tab key goes there. */
export interface IReasonProps {
  /** Shows them; absent where nothing can, and they stand in the line. */
  onBasis?: () => void;
  tabIndex?: number;
}

/** The cost as a line; what it is based on as its tip, and at a click. */
export function CostLine({
  cost,
  ...reason
}: { cost: IClusterCost } & IReasonProps): JSX.Element {
  const language = useLanguage();
  const { trans } = language;
  return (
    <>
      <Line
        {...reason}
        text={describeCost(cost, language)}
        reasons={cost.basis}
        act={trans.__('Basis')}
        label={trans.__('Basis of this cost')}
      />
      {cost.warnings?.map(warning => (
        <div key={warning} className="jp-DaskCluster-budget">
          {warning}
        </div>
      ))}
    </>
  );
}

/** That it is not known what a cluster costs; why as its tip, and at a click. */
export function LackLine({
  lack,
  ...reason
}: { lack: ILack } & IReasonProps): JSX.Element {
  const { trans } = useLanguage();
  return (
    <Line
      {...reason}
      text={lack.short}
      reasons={[lack.text]}
      act={trans.__('Why?')}
      label={trans.__('Why? %1', lack.short)}
      lacks
    />
  );
}

/** A line with its reasons: a tip is for the mouse only. */
function Line(
  props: IReasonProps & {
    text: string;
    reasons: readonly string[];
    /** What the button says, and its whole name. */
    act: string;
    label: string;
    lacks?: boolean;
  }
): JSX.Element {
  const { text, reasons, act, label, lacks, onBasis, tabIndex } = props;
  return (
    <div className={`jp-DaskCluster-cost${lacks ? ' jp-mod-lack' : ''}`}>
      <span title={reasons.join('\n')}>{text}</span>
      {onBasis ? (
        <Button
          kind="link"
          tabIndex={tabIndex}
          aria-label={label}
          onClick={onBasis}
        >
          {act}
        </Button>
      ) : (
        <span className="jp-Dask-hidden">{reasons.join(' ')}</span>
      )}
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
