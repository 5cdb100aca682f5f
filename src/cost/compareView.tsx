import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { ICosts } from '../tokens';
import { Chart } from './compareChart';
import { Assumptions, WorkForm } from './compareInputs';
import type { CompareModel } from './compareModel';
import { BreakEvens, Results, Sensitivities } from './compareResults';
import { PriceNotes } from './priceNotes';

export interface ICompareViewProps {
  model: CompareModel;
  costs: ICosts;
  trans: TranslationBundle;
  locale?: string;
  /** Save as a notebook; resolves with what was done, in words. */
  onSave: () => Promise<string>;
  /** Open the table of prices. */
  onPrices: () => void;
}

/** What a month of work costs on each way to have a cluster, and why. */
export function CompareView(props: ICompareViewProps): JSX.Element {
  const { model, costs, trans, locale, onPrices } = props;
  return (
    <UseSignal signal={model.changed}>
      {() => {
        const comparison = model.value;
        const shared = { comparison, trans, locale };
        return (
          <div className="jp-DaskCosts-page">
            <h1>{trans.__('Own or rent a Dask cluster')}</h1>
            <p>
              {trans.__(
                'What a month of your work costs on each option, in money and in people’s hours. Open an option to see where each number comes from.'
              )}
            </p>
            <Acts {...props} />
            <PriceNotes table={costs.table} trans={trans} onPrices={onPrices} />
            <WorkForm model={model} {...shared} />
            <Results {...shared} />
            <BreakEvens {...shared} />
            <Chart {...shared} />
            <Sensitivities {...shared} />
            <Assumptions model={model} {...shared} />
          </div>
        );
      }}
    </UseSignal>
  );
}

/** The buttons, and what came of the last click. */
function Acts({ model, trans, onSave }: ICompareViewProps): JSX.Element {
  const [done, setDone] = React.useState('');
  const [failed, setFailed] = React.useState('');
  const [busy, setBusy] = React.useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    setDone('');
    setFailed('');
    try {
      setDone(await onSave());
    } catch (reason) {
      setFailed(
        trans.__(
          'The notebook was not saved: %1 Look whether you may write in the folder that the file browser shows.',
          reason instanceof Error ? reason.message : String(reason)
        )
      );
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="jp-DaskCosts-acts">
      <button
        type="button"
        className="jp-mod-styled jp-mod-accept"
        disabled={busy}
        onClick={() => void save()}
      >
        {trans.__('Save as notebook')}
      </button>
      <button
        type="button"
        className="jp-mod-styled"
        onClick={() => model.reset()}
      >
        {trans.__('Reset values')}
      </button>
      <span role="status">{done}</span>
      {failed ? (
        <span role="alert" className="jp-DaskCosts-error">
          {failed}
        </span>
      ) : null}
    </div>
  );
}
