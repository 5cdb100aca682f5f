import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { ITranslator } from '@jupyterlab/translation';
import { addClusterCommands } from '../sidebar/clusterCommands';
import { createServices } from '../sidebar/services';
import type {
  IClusterManager,
  ICosts,
  IProfiles,
  IProviderRegistry
} from '../tokens';

/** Add the commands that start, change and stop clusters. */
export function activate(
  app: JupyterFrontEnd,
  manager: IClusterManager,
  registry: IProviderRegistry,
  profiles: IProfiles | null,
  costs: ICosts | null,
  palette: ICommandPalette | null,
  translator: ITranslator | null
): void {
  const { commands, serviceManager } = app;
  const services = createServices({
    manager,
    registry,
    profiles,
    costs,
    translator,
    commands,
    kernelspecs: serviceManager.kernelspecs
  });
  const category = services.language.trans.__('Dask');
  for (const command of addClusterCommands(services)) {
    palette?.addItem({ command, category });
  }
}
