/**
 * The packages that a template needs, and what an environment lacks of them.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import { installLine } from './packages';

/** What an environment was found to have. */
export interface IPackageReport {
  /** The kernel's name as people see it. */
  environment: string;
  missing: string[];
}

/** What {@link Requirements} shows and tells. */
export interface IRequirementsProps {
  requires: string[];
  /** Asks the active notebook's kernel. Rejects in words. */
  onCheck: () => Promise<IPackageReport>;
  onCopy: (text: string) => void;
  trans: TranslationBundle;
}

/** The list, and a button that asks. */
export function Requirements(props: IRequirementsProps): JSX.Element {
  const { requires, trans } = props;
  const [state, setState] = React.useState<Private.IState>({});
  const check = async () => {
    if (state.busy) {
      return;
    }
    setState({ busy: true });
    try {
      setState({ report: await props.onCheck() });
    } catch (error) {
      setState({ error: Private.words(error) });
    }
  };
  const { report } = state;
  return (
    <details className="jp-TemplateRequirements">
      <summary>
        {trans._n(
          'Needs %1 Python package',
          'Needs %1 Python packages',
          requires.length
        )}
      </summary>
      <ul className="jp-TemplateRequirements-list">
        {requires.map(name => (
          <li key={name}>
            <code>{name}</code>
            {report?.missing.includes(name) && (
              <strong> {trans.__('missing')}</strong>
            )}
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="jp-mod-styled jp-mod-minimal"
        aria-disabled={state.busy === true}
        onClick={() => void check()}
      >
        {trans.__("Check the notebook's environment")}
      </button>
      <div role="status" className="jp-TemplateRequirements-report">
        {state.busy && trans.__('Asking the kernel…')}
        {state.error}
        {report &&
          report.missing.length === 0 &&
          trans.__('“%1” has all of them.', report.environment)}
        {report && report.missing.length > 0 && (
          <>
            <p>
              {trans._n(
                '“%2” lacks %1 package. Install it in that environment:',
                '“%2” lacks %1 packages. Install them in that environment:',
                report.missing.length,
                report.environment
              )}
            </p>
            <code>{installLine(report.missing)}</code>{' '}
            <button
              type="button"
              className="jp-mod-styled jp-mod-minimal"
              onClick={() => {
                props.onCopy(installLine(report.missing));
              }}
            >
              {trans.__('Copy')}
            </button>
          </>
        )}
      </div>
    </details>
  );
}

namespace Private {
  export interface IState {
    busy?: boolean;
    error?: string;
    report?: IPackageReport;
  }

  export function words(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
  }
}
