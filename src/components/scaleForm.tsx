import { addIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { formatCount } from '../cluster/units';
import type { IClusterSnapshot } from '../tokens';
import { Button } from './button';
import { useLanguage } from './language';
import { parseBounds, parseCount } from './workerCount';

/** What a person asks for. */
export type Scale = { workers: number } | { minimum: number; maximum: number };

export interface IScaleFormProps {
  workers: IClusterSnapshot['workers'];
  /** Whether the cluster can follow its load by itself. */
  canAdapt: boolean;
  /** What the owner said to the last try, in words. */
  refusal?: string;
  onApply: (scale: Scale) => void;
  onCancel: () => void;
  /**
   * Told of each change, with null while something is wrong. Given where the
   * buttons stand elsewhere, such as in a dialog.
   */
  onChange?: (scale: Scale | null) => void;
}

/** A stepper for the number of workers, or bounds between which it moves. */
export function ScaleForm(props: IScaleFormProps): JSX.Element {
  const { workers, canAdapt, refusal, onApply, onCancel, onChange } = props;
  const { trans, locale } = useLanguage();
  const adaptive = workers?.maximum !== undefined;
  const start = workers?.wanted ?? workers?.ready ?? 0;
  const [follow, setFollow] = React.useState(adaptive);
  const [count, setCount] = React.useState(String(start));
  const [minimum, setMinimum] = React.useState(String(workers?.minimum ?? 0));
  const [maximum, setMaximum] = React.useState(
    String(workers?.maximum ?? workers?.limit ?? Math.max(start, 1))
  );
  const limit = workers?.limit;
  const parsed = parseCount(count, limit, trans);
  const bounds = parseBounds(minimum, maximum, limit, trans);
  const messages = 'messages' in bounds ? bounds.messages : {};
  const counted = 'value' in parsed ? { workers: parsed.value } : null;
  const bounded = 'minimum' in bounds ? bounds : null;
  const wanted: Scale | null = follow ? bounded : counted;
  const told = JSON.stringify(wanted);
  React.useEffect(() => {
    onChange?.(JSON.parse(told));
  }, [onChange, told]);
  const apply = (event: React.FormEvent): void => {
    event.preventDefault();
    if (wanted) {
      onApply(wanted);
    }
  };
  return (
    <form
      className="jp-DaskScale"
      aria-label={trans.__('Scale')}
      noValidate
      onSubmit={apply}
      onKeyDown={event => {
        event.stopPropagation();
        if (event.key === 'Escape') {
          onCancel();
        }
      }}
    >
      {follow ? (
        <>
          <CountField
            label={trans.__('Fewest workers')}
            text={minimum}
            message={messages.minimum}
            limit={limit}
            autoFocus
            onChange={setMinimum}
          />
          <CountField
            label={trans.__('Most workers')}
            text={maximum}
            message={messages.maximum}
            limit={limit}
            onChange={setMaximum}
          />
        </>
      ) : (
        <CountField
          label={trans.__('Workers')}
          text={count}
          message={'message' in parsed ? parsed.message : undefined}
          limit={limit}
          autoFocus
          onChange={setCount}
        />
      )}
      {canAdapt ? (
        <label className="jp-DaskScale-follow">
          <input
            type="checkbox"
            checked={follow}
            onChange={event => setFollow(event.target.checked)}
          />
          {trans.__('Follow the load')}
        </label>
      ) : null}
      {limit === undefined ? null : (
        <p className="jp-DaskScale-limit">
          {trans._n(
            'Up to %2 worker here.',
            'Up to %2 workers here.',
            limit,
            formatCount(limit, locale)
          )}
        </p>
      )}
      {refusal ? (
        <p className="jp-DaskField-error" role="alert">
          {refusal}
        </p>
      ) : null}
      {onChange ? null : (
        <div className="jp-DaskScale-buttons">
          <Button kind="quiet" onClick={onCancel}>
            {trans.__('Close')}
          </Button>
          <Button kind="primary" type="submit" disabled={!wanted}>
            {trans.__('Apply')}
          </Button>
        </div>
      )}
    </form>
  );
}

interface ICountFieldProps {
  label: string;
  text: string;
  message?: string;
  limit?: number;
  autoFocus?: boolean;
  onChange: (text: string) => void;
}

function CountField(props: ICountFieldProps): JSX.Element {
  const { label, text, message, limit, autoFocus, onChange } = props;
  const { trans } = useLanguage();
  const id = React.useId();
  const input = React.useRef<HTMLInputElement>(null);
  React.useLayoutEffect(() => {
    if (autoFocus) {
      input.current?.focus();
      input.current?.select();
    }
  }, [autoFocus]);
  const step = (by: number): void => {
    const next = Math.max(0, (Number.parseInt(text, 10) || 0) + by);
    onChange(String(limit === undefined ? next : Math.min(next, limit)));
  };
  return (
    <div className="jp-DaskField">
      <label htmlFor={id}>{label}</label>
      <span className="jp-DaskStepper">
        <Button
          kind="quiet"
          aria-label={trans.__('One less: %1', label)}
          onClick={() => step(-1)}
        >
          <span aria-hidden="true">−</span>
        </Button>
        <input
          ref={input}
          id={id}
          className="jp-mod-styled"
          inputMode="numeric"
          autoComplete="off"
          value={text}
          aria-invalid={message !== undefined}
          aria-describedby={message ? `${id}-message` : undefined}
          onChange={event => onChange(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
              event.preventDefault();
              step(event.key === 'ArrowUp' ? 1 : -1);
            }
          }}
        />
        <Button
          kind="quiet"
          icon={addIcon}
          aria-label={trans.__('One more: %1', label)}
          onClick={() => step(1)}
        />
      </span>
      {message ? (
        <p id={`${id}-message`} className="jp-DaskField-error" role="alert">
          {message}
        </p>
      ) : null}
    </div>
  );
}
