import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';
import '../../style/notebook.css';
import type { IMismatch } from './versions';

interface IMismatchTableProps {
  mismatches: readonly IMismatch[];
  trans: TranslationBundle;
}

/** The versions that differ between a notebook and a cluster. */
export function MismatchTable(props: IMismatchTableProps): React.ReactElement {
  const { mismatches, trans } = props;
  return (
    <div className="jp-DaskMismatch">
      <p>
        {trans.__(
          'Work that this notebook sends can fail on the cluster. Start a cluster in the environment of this notebook to be safe.'
        )}
      </p>
      <table className="jp-DaskMismatch-table">
        <thead>
          <tr>
            <th scope="col">{trans.__('Package')}</th>
            <th scope="col">{trans.__('Notebook')}</th>
            <th scope="col">{trans.__('Cluster')}</th>
          </tr>
        </thead>
        <tbody>
          {mismatches.map(one => (
            <tr key={one.package}>
              <th scope="row">{one.package}</th>
              <td>{one.notebook ?? trans.__('not installed')}</td>
              <td>{one.cluster}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Show what differs; resolves true if the person connects all the same. */
export async function confirmMismatch(
  mismatches: readonly IMismatch[],
  trans: TranslationBundle
): Promise<boolean> {
  const result = await showDialog({
    title: trans.__('Different versions in notebook and cluster'),
    body: <MismatchTable mismatches={mismatches} trans={trans} />,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Connect anyway') })
    ],
    defaultButton: 0
  });
  return result.button.accept;
}
