import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { fieldId } from './form';
import { parameterNames } from './metadata';
import type { TemplateModel } from './model';

/** The acts of a template's page, one at a time. */
export interface IActs {
  /** Said by `aria-disabled`: a button that is `disabled` would lose the focus. */
  busy: boolean;
  /** Do something with the values; goes to the first wrong one if there is one. */
  run: (action: () => Promise<string>) => void;
  /** Forget what came of the last act. */
  clear: () => void;
  /** What came of it, in words. */
  outcome: JSX.Element;
}

/** What the buttons of a template's page share. */
export function useActs(model: TemplateModel, trans: TranslationBundle): IActs {
  const [state, setState] = React.useState<Private.IOutcome>({});
  const wrong = Object.keys(model.errors).length;
  const act = async (action: () => Promise<string>) => {
    if (!model.isValid) {
      setState({});
      Private.focusFirstError(model);
      return;
    }
    setState({ busy: true });
    try {
      setState({ done: await action() });
    } catch (error) {
      setState({
        failed: error instanceof Error ? error.message : String(error)
      });
    }
  };
  const busy = state.busy === true;
  return {
    busy,
    run: action => {
      if (!busy) {
        void act(action);
      }
    },
    clear: () => setState({}),
    outcome: (
      <>
        <p className="jp-TemplateView-status" role="status">
          {wrong > 0 &&
            trans._n(
              '%1 value is not right yet.',
              '%1 values are not right yet.',
              wrong
            )}
          {wrong === 0 && state.done}
        </p>
        {state.failed && (
          <p className="jp-TemplateView-failed" role="alert">
            {state.failed}
          </p>
        )}
      </>
    )
  };
}

namespace Private {
  export interface IOutcome {
    busy?: boolean;
    done?: string;
    failed?: string;
  }

  /** Take the person to the first field that is wrong. */
  export function focusFirstError(model: TemplateModel): void {
    const { template, formId, errors } = model;
    const name = parameterNames(template).find(key => errors[key]);
    const field = name && document.getElementById(fieldId(formId, name));
    if (field) {
      const input = field.matches('input, select')
        ? field
        : field.querySelector<HTMLElement>('input, select');
      input?.focus();
    }
  }
}
