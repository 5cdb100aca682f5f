import * as React from 'react';
import type { ICause } from '../tokens';
import { useLanguage } from './language';
import { plainLine, plainText } from '../plainText';

/** Log lines shown; the report holds all. */
const LINES = 50;

export interface IFailureProps {
  cause: readonly ICause[];
  log: readonly string[];
}

/** Why something went wrong: plain words and the next step, then the rest. */
export function Failure({ cause, log }: IFailureProps): JSX.Element {
  const { trans } = useLanguage();
  const [first, ...rest] = cause;
  const hint = cause.find(link => link.hint)?.hint;
  return (
    <div className="jp-DaskFailure">
      <p className="jp-DaskFailure-message">
        {first
          ? plainText(first.message, 300)
          : trans.__('The reason is not known.')}
      </p>
      {hint ? (
        <p className="jp-DaskFailure-hint">{plainText(hint, 300)}</p>
      ) : null}
      {rest.length > 0 || log.length > 0 ? (
        <details className="jp-DaskFailure-details">
          <summary>{trans.__('What happened')}</summary>
          {rest.length > 0 ? (
            <ol className="jp-DaskFailure-causes">
              {rest.map((link, index) => (
                <li key={index}>
                  {plainText(link.message, 500)}
                  {link.kind ? (
                    <code className="jp-DaskFailure-kind">
                      {plainText(link.kind)}
                    </code>
                  ) : null}
                </li>
              ))}
            </ol>
          ) : null}
          {log.length > 0 ? (
            <pre
              className="jp-DaskFailure-log"
              role="group"
              tabIndex={0}
              aria-label={trans.__('Last log lines')}
            >
              {log
                .slice(-LINES)
                .map(line => plainLine(line))
                .join('\n')}
            </pre>
          ) : null}
        </details>
      ) : null}
    </div>
  );
}
