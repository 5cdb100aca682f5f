import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

export interface INumberFieldProps {
  label: string;
  /** The label is for those who listen only: a table's head shows it. */
  hidden?: boolean;
  unit?: string;
  value: number;
  minimum: number;
  maximum: number;
  trans: TranslationBundle;
  onChange: (value: number) => void;
}

/**
 * A number with bounds. What is typed stays as it is typed; it is taken as soon
 * as it is a number within the bounds.
 */
export function NumberField(props: INumberFieldProps): JSX.Element {
  const { label, hidden, unit, value, minimum, maximum, trans } = props;
  const id = React.useId();
  const [typed, setTyped] = React.useState(String(value));
  const [taken, setTaken] = React.useState(value);
  if (value !== taken) {
    // It was changed elsewhere.
    setTaken(value);
    setTyped(String(value));
  }
  const number = Number(typed);
  const wrong =
    typed.trim() === '' || !(number >= minimum && number <= maximum);
  return (
    <div className="jp-DaskCosts-field">
      <label htmlFor={id} className={hidden ? 'jp-DaskCosts-hidden' : ''}>
        {label}
      </label>
      <span className="jp-DaskCosts-input">
        <input
          id={id}
          className="jp-mod-styled"
          inputMode="decimal"
          value={typed}
          aria-invalid={wrong}
          aria-describedby={wrong ? `${id}-error` : undefined}
          onChange={event => {
            const text = event.target.value;
            const next = Number(text);
            setTyped(text);
            if (text.trim() !== '' && next >= minimum && next <= maximum) {
              setTaken(next);
              props.onChange(next);
            }
          }}
        />
        {unit ? <span>{unit}</span> : null}
      </span>
      {wrong ? (
        <span id={`${id}-error`} className="jp-DaskCosts-error">
          {trans.__('Write a number from %1 to %2.', minimum, maximum)}
        </span>
      ) : null}
    </div>
  );
}
