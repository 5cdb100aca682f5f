/**
 * The page of one template: what it is, its form, the cells that it would
 * give, and the two ways to get them.
 */
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ValidatorType } from '@rjsf/utils';
import React from 'react';
import { localeOf } from '../cluster/units';
import { ActionBar } from './actionBar';
import { EditBar } from './editBar';
import type { IEditActions } from './editBar';
import type { IFormContext } from './fields';
import { ParametersForm } from './form';
import type { NotebookTarget, Position } from './insert';
import type { ICatalogueEntry } from './metadata';
import type { TemplateModel } from './model';
import { Preview } from './preview';
import { Requirements } from './requirements';
import type { IPackageReport } from './requirements';
import type { SizingModel } from './sizing/model';
import { Sizing } from './sizing/sizing';

/** What the page can do; each rejects in words. */
export interface ITemplateActions {
  /** @returns what was done, in words. */
  insert: (position: Position) => Promise<string>;
  /** Drag the cells from where the event is. */
  drag: (event: MouseEvent) => void;
  /** @returns what was done, in words. */
  create: () => Promise<string>;
  /** Copy a link to this form. @returns what was done, in words. */
  link: () => Promise<string>;
  check: () => Promise<IPackageReport>;
  copy: (text: string) => void;
  /** Let the person choose a GeoJSON file, where there are files to choose from. */
  chooseOutline: IFormContext['chooseOutline'];
  /** For cells that stand in a notebook already, instead of the first two. */
  edit?: IEditActions;
}

/** What {@link TemplateView} shows. */
export interface ITemplateViewProps {
  model: TemplateModel;
  /** What it takes; null where the page cannot know. */
  sizing: SizingModel | null;
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
                    id={model.formId}
                    template={template}
                    values={model.values}
                    errors={model.errors}
                    validator={props.validator}
                    translator={translator}
                    chooseOutline={props.actions.chooseOutline}
                    onChange={values => {
                      model.setValues(values);
                    }}
                  />
                  {props.sizing && (
                    <Sizing
                      model={props.sizing}
                      trans={trans}
                      locale={localeOf(translator.languageCode)}
                    />
                  )}
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
              {props.actions.edit ? (
                <EditBar
                  model={model}
                  actions={props.actions.edit}
                  trans={trans}
                />
              ) : (
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
              )}
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
