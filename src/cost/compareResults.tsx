import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { comparable, IOptionResult } from './compare/compare';
import { namesIn } from '../cluster/expression';
import type { IComparison } from './compareModel';
import { formatAmount, formatMoney } from './money';

export interface IResultsProps {
  comparison: IComparison;
  trans: TranslationBundle;
  locale?: string;
}

/** One row for each option; a row opens to show how its numbers come about. */
export function Results(props: IResultsProps): JSX.Element {
  const { comparison, trans, locale } = props;
  const { results, best } = comparison;
  const most = Math.max(
    ...results.map(result => comparable(result) ?? 0),
    1e-9
  );
  const [opened, setOpened] = React.useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string): void => {
    const next = new Set(opened);
    if (!next.delete(id)) {
      next.add(id);
    }
    setOpened(next);
  };
  return (
    <div className="jp-DaskCosts-scroller">
      <table className="jp-DaskCosts-table jp-DaskCosts-results">
        <caption>
          {trans.__('What a month costs on each option, with people’s hours')}
        </caption>
        <thead>
          <tr>
            <th scope="col">{trans.__('Option')}</th>
            <th scope="col">{trans.__('Bill')}</th>
            <th scope="col">{trans.__('People’s hours')}</th>
            <th scope="col">{trans.__('In all')}</th>
            <td className="jp-DaskCosts-legend">
              <span className="jp-mod-bill">{trans.__('Bill')}</span>{' '}
              <span className="jp-mod-people">{trans.__('People')}</span>
            </td>
            <th scope="col">{trans.__('Can it do the work?')}</th>
          </tr>
        </thead>
        <tbody>
          {results.map(result => {
            const { id, label } = result.option;
            const isOpen = opened.has(id);
            const isBest = id === best?.option.id;
            return (
              <React.Fragment key={id}>
                <tr className={isBest ? 'jp-mod-best' : ''} data-option={id}>
                  <th scope="row">
                    <button
                      type="button"
                      className="jp-DaskCosts-open"
                      aria-expanded={isOpen}
                      onClick={() => toggle(id)}
                    >
                      {label}
                    </button>
                    {isBest ? (
                      <span className="jp-DaskCosts-mark">
                        {trans.__('cheapest that can do it')}
                      </span>
                    ) : null}
                  </th>
                  <td className="jp-mod-number">
                    {result.bill
                      ? formatMoney(result.bill, locale)
                      : trans.__('no price set')}
                  </td>
                  <td className="jp-mod-number">
                    {new Intl.NumberFormat(locale, {
                      maximumFractionDigits: 1
                    }).format(result.hours)}
                  </td>
                  <td className="jp-mod-number">
                    {result.total
                      ? formatMoney(result.total, locale)
                      : trans.__('no price set')}
                  </td>
                  <td className="jp-DaskCosts-bar">
                    <Bar result={result} most={most} />
                  </td>
                  <td>{result.limits.join(' ') || trans.__('yes')}</td>
                </tr>
                {isOpen ? (
                  <tr>
                    <td colSpan={6}>
                      <Origin {...props} result={result} />
                    </td>
                  </tr>
                ) : null}
              </React.Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Bill and people as lengths; the cells beside it tell the same in numbers. */
function Bar(props: {
  result: IOptionResult;
  most: number;
}): JSX.Element | null {
  const { result, most } = props;
  const total = comparable(result);
  if (total === undefined) {
    return null;
  }
  const people = Object.values(result.people)[0] ?? 0;
  const percent = (amount: number): string =>
    `${Math.max(0, Math.min(100, (100 * amount) / most))}%`;
  return (
    <div aria-hidden="true" className="jp-DaskCosts-bars">
      <span
        className="jp-mod-bill"
        style={{ width: percent(total - people) }}
      />
      <span className="jp-mod-people" style={{ width: percent(people) }} />
    </div>
  );
}

/** Where an option's numbers come from: formulas, numbers, sources, dates. */
function Origin(props: IResultsProps & { result: IOptionResult }): JSX.Element {
  const { comparison, trans, locale, result } = props;
  const { option, lines, missing } = result;
  const numbers = new Map(
    comparison.sheet.numbers.map(item => [item.name, item])
  );
  const quantities = new Map(
    comparison.sheet.quantities.map(item => [item.name, item])
  );
  const used = follow(
    [
      ...lines.flatMap(line => line.names),
      `setup_${option.hours}`,
      `upkeep_${option.hours}`,
      'setup_months',
      'hour_price'
    ],
    name => quantities.get(name)?.formula
  );
  const number = (value: number | undefined): string =>
    value === undefined
      ? trans.__('no price set')
      : new Intl.NumberFormat(locale, { maximumSignificantDigits: 6 }).format(
          value
        );
  return (
    <div className="jp-DaskCosts-origin">
      {missing.length > 0 ? <p role="note">{missing.join('; ')}</p> : null}
      <ul>
        {option.notes.map(note => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <h3>{trans.__('The bill')}</h3>
      <table className="jp-DaskCosts-table">
        <tbody>
          {lines.map(({ label, formula, amount, currency }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className="jp-mod-number">
                {amount === undefined || currency === undefined
                  ? trans.__('no price set')
                  : formatAmount(amount, currency, locale)}
              </td>
              <td>
                <code>{formula}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{trans.__('The numbers in it')}</h3>
      <table className="jp-DaskCosts-table">
        <thead>
          <tr>
            <th scope="col">{trans.__('Name')}</th>
            <th scope="col">{trans.__('What it is')}</th>
            <th scope="col">{trans.__('Value')}</th>
            <th scope="col">{trans.__('Source or formula')}</th>
            <th scope="col">{trans.__('Date')}</th>
          </tr>
        </thead>
        <tbody>
          {used.map(name => {
            const known = numbers.get(name);
            const derived = quantities.get(name);
            return (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>{known?.label ?? derived?.label}</td>
                <td className="jp-mod-number">
                  {number(comparison.values[name])}{' '}
                  {known?.currency
                    ? known.unit.includes('-') || known.unit === 'hour'
                      ? `${known.currency}/${known.unit}`
                      : known.currency
                    : (known?.unit ?? derived?.unit)}
                </td>
                <td>
                  {derived ? <code>{derived.formula}</code> : known?.source}
                </td>
                <td>{known?.date || '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The names and all names in their formulas, each once. */
function follow(
  names: readonly string[],
  formulaOf: (name: string) => string | undefined
): string[] {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (!seen.has(name)) {
      seen.add(name);
      const formula = formulaOf(name);
      if (formula) {
        namesIn(formula).forEach(visit);
      }
    }
  };
  names.forEach(visit);
  return [...seen];
}

/** From how much work on another option is cheaper. */
export function BreakEvens(props: IResultsProps): JSX.Element {
  const { comparison, trans, locale } = props;
  const { breakEvens, best, values } = comparison;
  const hours = (value: number | undefined): string =>
    new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(
      value ?? 0
    );
  return (
    <section className="jp-DaskCosts-section">
      <h2>{trans.__('From where on another option is cheaper')}</h2>
      <p>
        {best
          ? trans.__(
              'With your %1 core-hours a month the cheapest that can do the work is: %2.',
              hours(values.work_hours),
              best.option.label
            )
          : trans.__('No option that has a price can do this work.')}
      </p>
      {breakEvens.length > 0 ? (
        <ul>
          {breakEvens.map(({ coreHours, below, above }) => (
            <li key={coreHours}>
              {trans.__(
                'At %1 core-hours a month: below it %2, above it %3.',
                hours(coreHours),
                below,
                above
              )}
            </li>
          ))}
        </ul>
      ) : (
        <p>
          {trans.__(
            'From a hundredth to a thousand times this work the same option stays the cheapest.'
          )}
        </p>
      )}
    </section>
  );
}

/** What half and double of each assumption would do. */
export function Sensitivities(props: IResultsProps): JSX.Element {
  const { comparison, trans, locale } = props;
  const { sensitivities, best, sheet } = comparison;
  const change = (amount: number): string =>
    `${amount > 0 ? '+' : ''}${formatAmount(amount, sheet.currency, locale)}`;
  const number = (value: number): string =>
    new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 }).format(
      value
    );
  return (
    <section className="jp-DaskCosts-section">
      <h2>{trans.__('Which assumptions matter')}</h2>
      {best ? (
        <div className="jp-DaskCosts-scroller">
          <table className="jp-DaskCosts-table">
            <caption>
              {trans.__(
                'Change of the total of “%1” when an assumption is half or double, and what is then the cheapest',
                best.option.label
              )}
            </caption>
            <thead>
              <tr>
                <th scope="col">{trans.__('Assumption')}</th>
                <th scope="col">{trans.__('Half')}</th>
                <th scope="col">{trans.__('Change')}</th>
                <th scope="col">{trans.__('Cheapest then')}</th>
                <th scope="col">{trans.__('Double')}</th>
                <th scope="col">{trans.__('Change')}</th>
                <th scope="col">{trans.__('Cheapest then')}</th>
              </tr>
            </thead>
            <tbody>
              {sensitivities.map(item => (
                <tr key={item.name}>
                  <th scope="row">{item.label}</th>
                  {([0, 1] as const).map(end => (
                    <React.Fragment key={end}>
                      <td className="jp-mod-number">
                        {number(end === 0 ? item.low : item.high)}
                      </td>
                      <td className="jp-mod-number">
                        {change(item.change[end])}
                      </td>
                      <td>{item.cheapest[end] || '–'}</td>
                    </React.Fragment>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <p>{trans.__('Nothing can be said without a price.')}</p>
      )}
    </section>
  );
}
