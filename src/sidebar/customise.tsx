import { Dialog, showErrorMessage } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { inWords } from '../cluster/errors';
import { LanguageProvider } from '../components/language';
import type {
  ClusterState,
  ICluster,
  IClusterManager,
  IClusterRequest
} from '../tokens';
import type { IStateChange } from './notifier';
import { FormDialog } from '../formDialog';
import { ClusterForm, IClusterFormHandle } from './clusterForm';
import type { ISidebarServices } from './services';
import '../../style/base.css';
import '../../style/form.css';

/**
 * Show the form for a new cluster.
 *
 * @param start - What the form is filled with.
 * @param refused - What was wrong with it, by field.
 * @returns null when the person cancels.
 */
export async function askForCluster(
  services: ISidebarServices,
  start: IClusterRequest,
  refused?: Readonly<Record<string, string>>
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
        <ClusterForm
          services={services}
          start={start}
          refused={refused}
          handle={handle}
        />
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

/**
 * Show the form and start what it says; where that is refused for a field, show it
 * again, as it was, with the refusal beside the field.
 *
 * @param create - Starts what was asked for.
 */
export async function createByForm(
  services: ISidebarServices,
  create: (request: IClusterRequest) => ICluster,
  start: IClusterRequest,
  refused?: Readonly<Record<string, string>>
): Promise<void> {
  const { manager } = services;
  const request = await askForCluster(services, start, refused);
  if (!request) {
    return;
  }
  const cluster = create(request);
  const onState = (_: IClusterManager, change: IStateChange): void => {
    if (change.cluster !== cluster || !isDecided(change.to)) {
      return;
    }
    manager.stateChanged.disconnect(onState);
    // The start must have ended before its card is taken away.
    setTimeout(() => {
      // Nobody is torn from another dialog: the card says it, too.
      if (cluster.refused && !document.querySelector('.jp-Dialog')) {
        void manager.stop(cluster.key);
        void createByForm(services, create, request, cluster.refused);
      }
    });
  };
  manager.stateChanged.connect(onState);
}

/** Whether a start has succeeded, failed or been given up. */
function isDecided(state: ClusterState): boolean {
  return state !== 'queued' && state !== 'starting';
}
