/** A field for an amount that may be left empty. */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

/** What {@link AmountField} shows and tells. */
export interface IAmountFieldProps {
  label: string;
  value: number | undefined;
  /** What holds while it is empty. */
  hint?: number;
  trans: TranslationBundle;
  onChange: (value: number | undefined) => void;
}

/**
 * What is typed stays as it is typed; it is taken as soon as it is a number
 * above 0, or empty.
 */
export function AmountField(props: IAmountFieldProps): JSX.Element {
  const { label, value, hint, trans } = props;
  const id = React.useId();
  const shown = value === undefined ? '' : String(value);
  const [typed, setTyped] = React.useState(shown);
  const [taken, setTaken] = React.useState(shown);
  if (shown !== taken) {
    // It was changed elsewhere.
    setTaken(shown);
    setTyped(shown);
  }
  const isRight = (text: string): boolean =>
    text.trim() === '' || (Number(text) > 0 && Number.isFinite(Number(text)));
  return (
    <div className="jp-TemplateSizing-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="jp-mod-styled"
        inputMode="decimal"
        value={typed}
        placeholder={hint === undefined ? undefined : String(hint)}
        aria-invalid={!isRight(typed)}
        aria-describedby={isRight(typed) ? undefined : `${id}-error`}
        onChange={({ target }) => {
          const text = target.value;
          setTyped(text);
          if (isRight(text)) {
            const next = text.trim() === '' ? undefined : Number(text);
            setTaken(next === undefined ? '' : String(next));
            props.onChange(next);
          }
        }}
      />
      {!isRight(typed) && (
        <span id={`${id}-error`} className="jp-TemplateSizing-error">
          {trans.__('Write a number above 0, or nothing.')}
        </span>
      )}
    </div>
  );
}
