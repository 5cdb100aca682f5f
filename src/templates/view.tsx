/**
 * The page of one template: what it is, its form, the cells that it would
 * give, and the two ways to get them.
 */
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ValidatorType } from '@rjsf/utils';
import React from 'react';
import { fieldId, ParametersForm } from './form';
import type { NotebookTarget, Position } from './insert';
import { parameterNames } from './metadata';
import type { ICatalogueEntry } from './metadata';
import type { TemplateModel } from './model';
import { Preview } from './preview';
import { Requirements } from './requirements';
import type { IPackageReport } from './requirements';

/** What the page can do; each rejects in words. */
export interface ITemplateActions {
  /** @returns what was done, in words. */
  insert: (position: Position) => Promise<string>;
  /** @returns what was done, in words. */
  create: () => Promise<string>;
  check: () => Promise<IPackageReport>;
  copy: (text: string) => void;
}

/** What {@link TemplateView} shows. */
export interface ITemplateViewProps {
  model: TemplateModel;
  target: NotebookTarget;
  actions: ITemplateActions;
  validator: ValidatorType;
  rendermime: IRenderMimeRegistry | null;
  translator: ITranslator;
}

/** The whole page. */
export function TemplateView(props: ITemplateViewProps): JSX.Element {
  const { model, target, translator } = props;
  const trans = translator.load('jupyterlab_seasonal_monitor');
  const { template } = model;
  return (
    <div className="jp-TemplateView">
      <Header template={template} trans={trans} />
      {template.problem !== undefined ? (
        <div className="jp-TemplateView-problem" role="alert">
          <strong>{trans.__('This template cannot be used.')}</strong>
          <p>{template.problem}</p>
        </div>
      ) : (
        <UseSignal signal={model.changed}>
          {() => (
            <>
              <div className="jp-TemplateView-columns">
                <section
                  className="jp-TemplateView-form"
                  aria-label={trans.__('Parameters')}
                >
                  {model.notice && (
                    <p className="jp-TemplateView-notice" role="status">
                      {model.notice}
                    </p>
                  )}
                  <ParametersForm
                    template={template}
                    values={model.values}
                    errors={model.errors}
                    validator={props.validator}
                    translator={translator}
                    onChange={values => {
                      model.setValues(values);
                    }}
                  />
                  <Requirements
                    requires={template.requires}
                    trans={trans}
                    onCheck={props.actions.check}
                    onCopy={props.actions.copy}
                  />
                </section>
                <section
                  className="jp-TemplateView-preview"
                  aria-label={trans.__('Preview')}
                >
                  <Preview
                    cells={model.preview()}
                    rendermime={props.rendermime}
                    trans={trans}
                  />
                </section>
              </div>
              <UseSignal signal={target.changed}>
                {() => (
                  <ActionBar
                    model={model}
                    name={target.name}
                    problem={target.problem}
                    actions={props.actions}
                    trans={trans}
                  />
                )}
              </UseSignal>
            </>
          )}
        </UseSignal>
      )}
    </div>
  );
}

function Header(props: {
  template: ICatalogueEntry;
  trans: TranslationBundle;
}): JSX.Element {
  const { template, trans } = props;
  const tags = [...template.tags, ...(template.products ?? [])];
  return (
    <header className="jp-TemplateView-header">
      <h1 className="jp-TemplateView-title">
        {template.title}
        {template.version && (
          <span className="jp-TemplateView-version">
            {trans.__('version %1', template.version)}
          </span>
        )}
      </h1>
      {template.problem === undefined && <p>{template.description}</p>}
      {tags.length > 0 && (
        <ul className="jp-TemplateView-tags" aria-label={trans.__('Tags')}>
          {Array.from(new Set(tags), tag => (
            <li key={tag}>{tag}</li>
          ))}
        </ul>
      )}
    </header>
  );
}

/** The buttons, why one of them is off, and what came of the last click. */
function ActionBar(props: {
  model: TemplateModel;
  name: string;
  problem: string;
  actions: ITemplateActions;
  trans: TranslationBundle;
}): JSX.Element {
  const { model, name, problem, actions, trans } = props;
  const [position, setPosition] = React.useState<Position>('below');
  const [outcome, setOutcome] = React.useState<Private.IOutcome>({});
  const reasonId = React.useId();
  const whereId = React.useId();
  const wrong = Object.keys(model.errors).length;
  const run = async (action: () => Promise<string>) => {
    if (!model.isValid) {
      setOutcome({});
      Private.focusFirstError(model);
      return;
    }
    setOutcome({ busy: true });
    try {
      setOutcome({ done: await action() });
    } catch (error) {
      setOutcome({
        failed: error instanceof Error ? error.message : String(error)
      });
    }
  };
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
          disabled={problem !== '' || outcome.busy === true}
          aria-describedby={reasonId}
          onClick={() => void run(() => actions.insert(position))}
        >
          {trans.__('Insert in this notebook')}
        </button>
        <button
          type="button"
          className="jp-mod-styled"
          disabled={outcome.busy === true}
          onClick={() => void run(actions.create)}
        >
          {trans.__('New notebook')}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-minimal"
          onClick={() => {
            setOutcome({});
            model.reset();
          }}
        >
          {trans.__('Reset values')}
        </button>
      </div>
      <p className="jp-TemplateView-reason" id={reasonId}>
        {problem || trans.__('This notebook is “%1”.', name)}
      </p>
      <p className="jp-TemplateView-status" role="status">
        {wrong > 0 &&
          trans._n(
            '%1 value is not right yet.',
            '%1 values are not right yet.',
            wrong
          )}
        {wrong === 0 && outcome.done}
      </p>
      {outcome.failed && (
        <p className="jp-TemplateView-failed" role="alert">
          {outcome.failed}
        </p>
      )}
    </footer>
  );
}

namespace Private {
  export interface IOutcome {
    busy?: boolean;
    done?: string;
    failed?: string;
  }

  /** Take the person to the first field that is wrong. */
  export function focusFirstError(model: TemplateModel): void {
    const { template, errors } = model;
    const name = parameterNames(template).find(key => errors[key]);
    const field = name && document.getElementById(fieldId(template, name));
    if (field) {
      const input = field.matches('input, select')
        ? field
        : field.querySelector<HTMLElement>('input, select');
      input?.focus();
    }
  }
}
