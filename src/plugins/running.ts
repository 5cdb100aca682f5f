import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IRunningSessionManagers } from '@jupyterlab/running';
import type { ITranslator } from '@jupyterlab/translation';
import { createLanguage } from '../components/language';
import { RunningClusters } from '../sidebar/running';
import type { IClusterManager, ICosts } from '../tokens';

/** List the clusters among what runs. */
export function activate(
  app: JupyterFrontEnd,
  manager: IClusterManager,
  running: IRunningSessionManagers | null,
  costs: ICosts | null,
  translator: ITranslator | null
): void {
  running?.add(
    new RunningClusters({
      manager,
      costs,
      commands: app.commands,
      language: createLanguage(translator)
    })
  );
}
