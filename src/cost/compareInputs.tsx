import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { byTask } from '../tasks';
import type { Group } from './compare/assumptions';
import { IKind, kinds } from './compare/kinds';
import { PIXEL } from './compare/work';
import type { CompareModel, IComparison } from './compareModel';
import { isCurrency } from './money';
import { NumberField } from './numberField';

export interface IInputsProps {
  model: CompareModel;
  comparison: IComparison;
  trans: TranslationBundle;
  locale?: string;
}

const MOST = 1e12;

/** The month's work, as templates or as hours. */
export function WorkForm(props: IInputsProps): JSX.Element {
  const { model, comparison, trans } = props;
  const { work } = comparison.input;
  const id = React.useId();
  const modes = {
    templates: trans.__('Templates, areas, periods and users'),
    hours: trans.__('Core-hours and gigabytes')
  };
  const field = (
    label: string,
    name: 'coreHours' | 'gigabytes' | 'peakCoreHours' | 'peakHours' | 'users',
    unit: string,
    minimum = 0
  ): JSX.Element => (
    <NumberField
      label={label}
      unit={unit}
      value={work[name]}
      minimum={minimum}
      maximum={MOST}
      trans={trans}
      onChange={value => model.setWork({ [name]: value })}
    />
  );
  return (
    <section className="jp-DaskCosts-section" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{trans.__('The work of a month')}</h2>
      <fieldset className="jp-DaskCosts-modes">
        <legend>{trans.__('What is known of it')}</legend>
        {(['templates', 'hours'] as const).map(mode => (
          <label key={mode}>
            <input
              type="radio"
              name={`${id}-mode`}
              checked={work.mode === mode}
              onChange={() => model.setWork({ mode })}
            />
            {modes[mode]}
          </label>
        ))}
      </fieldset>
      {work.mode === 'templates' ? (
        <Items {...props} />
      ) : (
        <div className="jp-DaskCosts-fields">
          {field(
            trans.__('Core-hours a month'),
            'coreHours',
            trans.__('hours')
          )}
          {field(trans.__('Gigabytes read a month'), 'gigabytes', 'GB')}
        </div>
      )}
      <div className="jp-DaskCosts-fields">
        {field(
          trans.__('Core-hours of the greatest peak'),
          'peakCoreHours',
          trans.__('hours')
        )}
        {field(
          trans.__('Hours in which the peak must be done'),
          'peakHours',
          trans.__('hours'),
          0.1
        )}
        {field(trans.__('People who use it'), 'users', '')}
        <Place {...props} />
      </div>
    </section>
  );
}

/** Templates with area, periods and users. */
function Items({
  model,
  comparison,
  trans,
  locale
}: IInputsProps): JSX.Element {
  const { items } = comparison.input.work;
  const all = React.useMemo(() => kinds(trans), [trans]);
  const kindOf = (id: string): IKind | undefined =>
    all.find(kind => kind.id === id);
  const used = all.filter(({ id }) => items.some(({ kind }) => kind === id));
  const format = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const count = (value: number): string => format.format(value);
  const heads = [
    trans.__('Template'),
    trans.__('Area (km²)'),
    trans.__('Pixel (m)'),
    trans.__('Periods a month'),
    trans.__('Users')
  ];
  return (
    <>
      <div className="jp-DaskCosts-scroller">
        <table className="jp-DaskCosts-table">
          <thead>
            <tr>
              {heads.map(head => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {items.map((item, index) => {
              const cell = (
                head: number,
                name: 'area' | 'pixel' | 'periods' | 'users',
                value = 0,
                [minimum, maximum]: readonly [number, number] = [0, MOST]
              ): JSX.Element => (
                <td>
                  <NumberField
                    hidden
                    label={`${heads[head]}, ${index + 1}`}
                    value={value}
                    minimum={minimum}
                    maximum={maximum}
                    trans={trans}
                    onChange={next => model.setItem(index, { [name]: next })}
                  />
                </td>
              );
              return (
                <tr key={index}>
                  <td>
                    <select
                      className="jp-mod-styled"
                      aria-label={`${heads[0]}, ${index + 1}`}
                      value={item.kind}
                      onChange={event =>
                        model.setItem(index, { kind: event.target.value })
                      }
                    >
                      {byTask(all, trans).map(([task, members]) => (
                        <optgroup key={task} label={task}>
                          {members.map(kind => (
                            <option key={kind.id} value={kind.id}>
                              {kind.label}
                            </option>
                          ))}
                        </optgroup>
                      ))}
                    </select>
                  </td>
                  {cell(1, 'area', item.area)}
                  {cell(
                    2,
                    'pixel',
                    item.pixel ?? Math.round(kindOf(item.kind)?.pixel ?? 0),
                    PIXEL
                  )}
                  {cell(3, 'periods', item.periods)}
                  {cell(4, 'users', item.users)}
                  <td>
                    <button
                      type="button"
                      className="jp-mod-styled jp-mod-minimal"
                      aria-label={trans.__('Remove row %1', index + 1)}
                      onClick={() => model.removeItem(index)}
                    >
                      {trans.__('Remove')}
                    </button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <button
        type="button"
        className="jp-mod-styled"
        onClick={() => model.addItem()}
      >
        {trans.__('Add a template')}
      </button>
      {used.length > 0 ? (
        <details className="jp-DaskCosts-sources">
          <summary>
            {trans.__('How fast templates are, and who says so')}
          </summary>
          <p>
            {trans.__(
              'A period is one dekad, of Sentinel-2 ten days, of templates over years one run; all else is as the template comes. The time to open files comes on top.'
            )}
          </p>
          <ul>
            {used.map(kind => (
              <li key={kind.id}>
                {trans.__(
                  '%1: %2 pixels a second of one core, with %3 dates read for each; %4, %5',
                  kind.label,
                  count(kind.rate),
                  count(kind.steps),
                  kind.source,
                  kind.date
                )}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}

/** The region of the clouds and the currency of one's own numbers. */
function Place({ model, comparison, trans }: IInputsProps): JSX.Element {
  const { region, currency } = comparison.input;
  const id = React.useId();
  const [typed, setTyped] = React.useState(currency);
  const regions = [...new Set([...model.regions, region])];
  const wrong = !isCurrency(typed);
  return (
    <>
      <div className="jp-DaskCosts-field">
        <label htmlFor={`${id}-region`}>
          {trans.__('Region of the prices')}
        </label>
        <select
          id={`${id}-region`}
          className="jp-mod-styled"
          value={region}
          onChange={event => model.setPlace({ region: event.target.value })}
        >
          {regions.map(name => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div className="jp-DaskCosts-field">
        <label htmlFor={`${id}-currency`}>
          {trans.__('Currency of your own numbers')}
        </label>
        <input
          id={`${id}-currency`}
          className="jp-mod-styled"
          value={typed}
          aria-invalid={wrong}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
          onChange={event => {
            const code = event.target.value.toUpperCase();
            setTyped(code);
            if (isCurrency(code)) {
              model.setPlace({ currency: code });
            }
          }}
        />
        {wrong ? (
          <span id={`${id}-wrong`} className="jp-DaskCosts-error">
            {trans.__('Write a code such as USD or EUR.')}
          </span>
        ) : null}
      </div>
    </>
  );
}

/** All assumptions, each with its source, to be changed. */
export function Assumptions(props: IInputsProps): JSX.Element {
  const { model, comparison, trans } = props;
  const { assumptions, input, sheet } = comparison;
  const groups: Record<Group, string> = {
    work: trans.__('About the work'),
    machines: trans.__('About machines of your own'),
    cloud: trans.__('About the clouds'),
    people: trans.__('About people’s hours')
  };
  const sources = new Map(sheet.numbers.map(item => [item.name, item]));
  return (
    <section className="jp-DaskCosts-section">
      <h2>{trans.__('Assumptions')}</h2>
      <p>
        {trans.__(
          'Nobody has measured these for your site: change what you know better.'
        )}
      </p>
      {(Object.keys(groups) as Group[]).map(group => (
        <details key={group}>
          <summary>{groups[group]}</summary>
          <div className="jp-DaskCosts-scroller">
            <table className="jp-DaskCosts-table">
              <thead>
                <tr>
                  <th scope="col">{trans.__('Assumption')}</th>
                  <th scope="col">{trans.__('Value')}</th>
                  <th scope="col">{trans.__('Source')}</th>
                  <th scope="col">{trans.__('Date')}</th>
                </tr>
              </thead>
              <tbody>
                {assumptions
                  .filter(item => item.group === group)
                  .map(item => (
                    <tr key={item.name}>
                      <th scope="row">{item.label}</th>
                      <td>
                        <NumberField
                          hidden
                          label={item.label}
                          unit={sources.get(item.name)?.currency ?? item.unit}
                          value={input.changed[item.name] ?? item.value}
                          minimum={item.minimum}
                          maximum={item.maximum}
                          trans={trans}
                          onChange={value =>
                            model.setAssumption(item.name, value)
                          }
                        />
                      </td>
                      <td>{sources.get(item.name)?.source}</td>
                      <td>{sources.get(item.name)?.date || '–'}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        </details>
      ))}
    </section>
  );
}
