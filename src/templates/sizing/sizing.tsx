/**
 * What a template takes, before a start: bytes, memory, chunks, and time and
 * cost on each profile, with a recommendation; and what runs here took.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import React from 'react';
import { formatBytes, formatCount, formatDuration } from '../../cluster/units';
import { AmountField } from './amountField';
import type { IEstimate, IRow } from './estimate';
import type { SizingModel } from './model';
import { PastRuns } from './pastRuns';
import { chunkText, reasonText, rowNote } from './words';

/** What {@link Sizing} shows. */
export interface ISizingProps {
  model: SizingModel;
  trans: TranslationBundle;
  locale?: string;
}

/** The whole section; nothing for a template without a cost model. */
export function Sizing(props: ISizingProps): JSX.Element | null {
  const { model, trans } = props;
  const id = React.useId();
  return (
    <UseSignal signal={model.changed}>
      {() => {
        const { estimate } = model;
        if (estimate === '') {
          return null;
        }
        return (
          <section className="jp-TemplateSizing" aria-labelledby={id}>
            <h2 id={id}>{trans.__('What it takes')}</h2>
            {typeof estimate === 'string' ? (
              <p className="jp-TemplateSizing-none" role="status">
                {trans.__('No estimate: %1', estimate)}
              </p>
            ) : (
              <Facts {...props} estimate={estimate} />
            )}
            {model.cost && <Wishes {...props} />}
            {typeof estimate !== 'string' && (
              <Places {...props} estimate={estimate} />
            )}
            <PastRuns {...props} />
          </section>
        );
      }}
    </UseSignal>
  );
}

interface IEstimateProps extends ISizingProps {
  estimate: IEstimate;
}

function Facts({ estimate, trans, locale }: IEstimateProps): JSX.Element {
  const { work, bytes, memory, chunkPx, chunks, tasks } = estimate;
  const facts: [string, string][] = [
    [
      trans.__('To read'),
      trans.__(
        '%1: %2 dates of %3 × %4 pixels',
        formatBytes(bytes, locale),
        formatCount(work.reads, locale),
        formatCount(work.width, locale),
        formatCount(work.height, locale)
      )
    ],
    [
      trans.__('Chunks'),
      trans.__(
        '%1 of %2 px, %3 tasks',
        formatCount(chunks, locale),
        formatCount(chunkPx, locale),
        formatCount(tasks, locale)
      )
    ],
    [
      trans.__('Memory per worker'),
      trans.__('%1 or more for one thread', formatBytes(memory, locale))
    ]
  ];
  return (
    <dl className="jp-TemplateSizing-facts">
      {facts.map(([name, text]) => (
        <React.Fragment key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}

function Wishes({ model, trans }: ISizingProps): JSX.Element {
  const { wishes, cost } = model;
  return (
    <div className="jp-TemplateSizing-wishes">
      <AmountField
        label={trans.__('To be done within (minutes)')}
        value={wishes.minutes}
        trans={trans}
        onChange={minutes => model.wish({ minutes })}
      />
      <AmountField
        label={
          cost?.unit === 'metre'
            ? trans.__('Size of a pixel (metres)')
            : trans.__('Size of a pixel (degrees)')
        }
        hint={Number(cost?.resolution) || undefined}
        value={wishes.resolution}
        trans={trans}
        onChange={resolution => model.wish({ resolution })}
      />
      {cost?.area === null && (
        <AmountField
          label={trans.__('Area (square kilometres)')}
          value={wishes.squareKm}
          trans={trans}
          onChange={squareKm => model.wish({ squareKm })}
        />
      )}
    </div>
  );
}

function Places(props: IEstimateProps): JSX.Element {
  const { model, estimate, trans, locale } = props;
  const { rows, best, advice } = estimate;
  const [outcome, setOutcome] = React.useState('');
  const start = (row: IRow): void => {
    try {
      setOutcome(model.start(row));
    } catch (error) {
      setOutcome(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      {rows.length > 0 && (
        <table className="jp-TemplateSizing-places">
          <thead>
            <tr>
              <th scope="col">{trans.__('Where')}</th>
              <th scope="col">{trans.__('Workers')}</th>
              <th scope="col">{trans.__('Time')}</th>
              <th scope="col">{trans.__('Cost')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr
                key={`${row.place.profile ? 'profile' : 'cluster'} ${row.place.name}`}
                className={row === best?.row ? 'jp-mod-best' : undefined}
              >
                <th scope="row">
                  {row.place.name}
                  <small>{rowNote(row, trans)}</small>
                </th>
                <td>{formatCount(row.workers, locale)}</td>
                <td>
                  {formatDuration(1000 * Math.max(1, row.seconds), locale)}
                </td>
                <td>{row.cost?.text ?? trans.__('no price set')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {best && (
        <p className="jp-TemplateSizing-reason">
          {reasonText(best, estimate, trans, locale)}
        </p>
      )}
      {advice && (
        <p className="jp-TemplateSizing-reason">
          {chunkText(advice, estimate, trans, locale)}{' '}
          {model.cost?.chunk && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              onClick={() => model.setChunk(advice.px)}
            >
              {trans.__('Use %1 px', advice.px)}
            </button>
          )}
        </p>
      )}
      {best?.row.place.profile && model.canStart && !model.hasCluster && (
        <button
          type="button"
          className="jp-mod-styled"
          onClick={() => start(best.row)}
        >
          {trans._n(
            'Start “%2” with %1 worker',
            'Start “%2” with %1 workers',
            best.row.workers,
            best.row.place.name
          )}
        </button>
      )}
      <p className="jp-TemplateSizing-outcome" role="status">
        {outcome}
      </p>
    </>
  );
}
