import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { Position } from './insert';
import type { TemplateModel } from './model';
import { useActs } from './useActs';
import type { ITemplateActions } from './view';

/** The buttons, why one of them is off, and what came of the last click. */
export function ActionBar(props: {
  model: TemplateModel;
  name: string;
  problem: string;
  actions: ITemplateActions;
  trans: TranslationBundle;
}): JSX.Element {
  const { model, name, problem, actions, trans } = props;
  const [position, setPosition] = React.useState<Position>('below');
  const { busy, run, clear, outcome } = useActs(model, trans);
  const reasonId = React.useId();
  const whereId = React.useId();
  return (
    <footer className="jp-TemplateView-actions">
      <div className="jp-TemplateView-buttons">
        <span className="jp-TemplateView-where">
          <label htmlFor={whereId}>{trans.__('Insert')}</label>
          <select
            id={whereId}
            className="jp-mod-styled"
            value={position}
            onChange={event => {
              setPosition(event.target.value as Position);
            }}
          >
            <option value="above">{trans.__('above the active cell')}</option>
            <option value="below">{trans.__('below the active cell')}</option>
            <option value="end">{trans.__('at the end')}</option>
          </select>
        </span>
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          disabled={problem !== ''}
          aria-disabled={busy}
          aria-describedby={reasonId}
          onClick={() => run(() => actions.insert(position))}
        >
          {trans.__('Insert in this notebook')}
        </button>
        <span
          className="jp-TemplateView-drag"
          draggable
          title={trans.__('Drag the cells to a place in a notebook')}
          onDragStart={event => {
            actions.drag(event.nativeEvent);
          }}
        >
          {trans.__('⠿ or drag')}
        </span>
        <button
          type="button"
          className="jp-mod-styled"
          aria-disabled={busy}
          onClick={() => run(actions.create)}
        >
          {trans.__('New notebook')}
        </button>
        <button
          type="button"
          className="jp-mod-styled"
          aria-disabled={busy}
          title={trans.__('A link that opens this form with these values')}
          onClick={() => run(actions.link)}
        >
          {trans.__('Copy link')}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          onClick={() => {
            clear();
            model.reset();
          }}
        >
          {trans.__('Reset values')}
        </button>
      </div>
      <p className="jp-TemplateView-reason" id={reasonId}>
        {problem || trans.__('This notebook is “%1”.', name)}
      </p>
      {outcome}
    </footer>
  );
}
