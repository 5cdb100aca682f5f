import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import type { TemplateModel } from './model';
import { useActs } from './useActs';

/** What can be done with cells that stand in a notebook. */
export interface IEditActions {
  /** The notebook's name. */
  readonly name: string;
  /** The version of the template from which the cells are. */
  readonly version: string;
  /** Parameters that have an expression in place of a value. */
  readonly byHand: readonly string[];
  /** Write the values of the form. @returns what was done, in words. */
  change: () => Promise<string>;
  /** Bring the cells to the template's version. @returns what was done. */
  update: () => Promise<string>;
}

/** The buttons for cells that were inserted before. */
export function EditBar(props: {
  model: TemplateModel;
  actions: IEditActions;
  trans: TranslationBundle;
}): JSX.Element {
  const { model, actions, trans } = props;
  const { busy, run, outcome } = useActs(model, trans);
  const noteId = React.useId();
  const changeButton = React.useRef<HTMLButtonElement>(null);
  const { version } = model.template;
  const older = actions.version !== version;
  return (
    <footer className="jp-TemplateView-actions">
      <div className="jp-TemplateView-buttons">
        <button
          ref={changeButton}
          type="button"
          className="jp-mod-styled jp-mod-accept"
          aria-disabled={busy}
          aria-describedby={noteId}
          onClick={() => run(actions.change)}
        >
          {trans.__('Change the parameters')}
        </button>
        {older && (
          <button
            type="button"
            className="jp-mod-styled"
            aria-disabled={busy}
            aria-describedby={noteId}
            onClick={() =>
              run(async () => {
                const done = await actions.update();
                // This button goes, and the focus would go with it.
                changeButton.current?.focus();
                return done;
              })
            }
          >
            {trans.__('Update to version %1', version)}
          </button>
        )}
      </div>
      <p className="jp-TemplateView-reason" id={noteId}>
        {older
          ? trans.__(
              'The cells in “%1” are of version %2. An update keeps what you changed.',
              actions.name,
              actions.version
            )
          : trans.__('The cells are in “%1”.', actions.name)}
        {actions.byHand.length > 0 &&
          ` ${trans.__(
            'These have an expression that stays unless you change them here: %1.',
            actions.byHand.join(', ')
          )}`}
      </p>
      {outcome}
    </footer>
  );
}
