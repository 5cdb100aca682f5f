import { Dialog, showErrorMessage } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { inWords } from '../cluster/errors';
import { LanguageProvider } from '../components/language';
import type { IClusterRequest } from '../tokens';
import { FormDialog } from '../formDialog';
import { ClusterForm, IClusterFormHandle } from './clusterForm';
import type { ISidebarServices } from './services';
import '../../style/base.css';
import '../../style/form.css';

/**
 * Show the form for a new cluster.
 *
 * @param start - What the form is filled with.
 * @returns null when the person cancels.
 */
export async function askForCluster(
  services: ISidebarServices,
  start: IClusterRequest
): Promise<IClusterRequest | null> {
  const { language, profiles } = services;
  const { trans } = language;
  const handle: IClusterFormHandle = {
    result: null,
    check: () => {
      handle.isEarly = true;
      return false;
    },
    accept: () => dialog.accept(),
    isEarly: false
  };
  const dialog = new FormDialog<unknown>({
    title: trans.__('New cluster'),
    body: ReactWidget.create(
      <LanguageProvider value={language}>
        <ClusterForm services={services} start={start} handle={handle} />
      </LanguageProvider>
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Start') })
    ],
    accepts: () => handle.check(),
    focusNodeSelector: 'input, select'
  });
  const { button } = await dialog.launch();
  const { result } = handle;
  if (!button.accept || !result) {
    return null;
  }
  const { request, saveAs } = result;
  if (!saveAs || !profiles) {
    return { ...request, profile: undefined };
  }
  const { provider, environment, options } = request;
  try {
    await profiles.save({ name: saveAs, provider, environment, options });
    profiles.remember(saveAs);
  } catch (reason) {
    void showErrorMessage(
      trans.__('The profile was not saved'),
      inWords(reason)
    );
  }
  return { ...request, profile: saveAs };
}
