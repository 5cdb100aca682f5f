/** The checks before a class, on a click: ticks in words. */
import * as React from 'react';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import type { ICheck } from './preflight';

const MARKS = { good: '✓', bad: '✗', unknown: '?' };

export interface IChecksProps {
  /** Looks; nothing is started. */
  look: () => Promise<ICheck[]>;
}

/** A button, and what was found. */
export function Checks({ look }: IChecksProps): JSX.Element {
  const { trans } = useLanguage();
  const [found, setFound] = React.useState<ICheck[] | null>(null);
  const [busy, setBusy] = React.useState(false);
  const words = {
    good: trans.__('fine'),
    bad: trans.__('not yet'),
    unknown: trans.__('not known yet')
  };
  const check = (): void => {
    setBusy(true);
    void look()
      .then(setFound)
      .finally(() => setBusy(false));
  };
  return (
    <section aria-label={trans.__('Does it work here?')}>
      <h2>{trans.__('Does it work here?')}</h2>
      <div className="jp-Workshop-acts">
        <Button disabled={busy} onClick={check}>
          {found ? trans.__('Check again') : trans.__('Check')}
        </Button>
        <span role="status">
          {busy
            ? trans.__('Looking…')
            : found
              ? trans.__('Checked. Nothing was started.')
              : trans.__('Looks at this server, and starts nothing.')}
        </span>
      </div>
      {found ? (
        <ul className="jp-Workshop-steps">
          {found.map(({ label, state, text }) => (
            <li key={label}>
              <span aria-hidden="true">{MARKS[state]}</span>{' '}
              <strong>
                {label} ({words[state]}):
              </strong>{' '}
              {plainText(text, 400)}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
