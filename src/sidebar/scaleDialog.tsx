import { Dialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { LanguageProvider } from '../components/language';
import { plainText } from '../plainText';
import { Scale, ScaleForm } from '../components/scaleForm';
import type { ICluster } from '../tokens';
import { FormDialog } from '../formDialog';
import type { ISidebarServices } from './services';
import '../../style/base.css';
import '../../style/card.css';

/** Ask for a number of workers; null when it shall stay. */
export async function askForScale(
  { language }: Pick<ISidebarServices, 'language'>,
  cluster: ICluster
): Promise<Scale | null> {
  const { trans } = language;
  let wanted: Scale | null = null;
  const dialog = new FormDialog<unknown>({
    title: trans.__('Scale %1', plainText(cluster.snapshot.name)),
    body: ReactWidget.create(
      <LanguageProvider value={language}>
        <ScaleForm
          workers={cluster.snapshot.workers}
          canAdapt={cluster.capabilities.adapt}
          onApply={() => dialog.accept()}
          onCancel={() => dialog.reject()}
          onChange={scale => {
            wanted = scale;
          }}
        />
      </LanguageProvider>
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Scale') })
    ],
    accepts: () => wanted !== null,
    focusNodeSelector: 'input'
  });
  const { button } = await dialog.launch();
  return button.accept ? wanted : null;
}
