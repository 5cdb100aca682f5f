import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { guarded } from '../guard';
import { LazyProvider } from '../providers/kernel/lazy';
import { DOMAIN, IClusterManager, IProviderRegistry } from '../tokens';

/** Show schedulers that somebody else started, and find those of notebooks. */
export function activate(
  app: JupyterFrontEnd,
  registry: IProviderRegistry,
  manager: IClusterManager,
  notebooks: INotebookTracker | null,
  palette: ICommandPalette | null,
  translator: ITranslator | null
): void {
  const { commands, serviceManager } = app;
  const { kernels, kernelspecs, sessions } = serviceManager;
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const addCommand = guarded(commands, trans);
  const environments = {
    kernelspecs,
    trans,
    activeKernel: () =>
      notebooks?.currentWidget?.sessionContext.session?.kernel?.name
  };
  registry.add(
    new LazyProvider({
      id: 'scheduler',
      label: trans.__('Existing scheduler'),
      caption: trans.__('A Dask scheduler that somebody else started'),
      rank: 900,
      creates: false,
      sessions,
      kind: 'scheduler',
      load: async changed => {
        const { createSchedulerProvider } =
          await import('../providers/kernel/scheduler');
        return createSchedulerProvider({
          ...environments,
          sessions,
          kernels,
          changed
        });
      }
    })
  );
  addCommand(CommandIDs.connectScheduler, {
    label: trans.__('Connect to Existing Dask Scheduler…'),
    caption: trans.__('Show a scheduler by its address or scheduler file'),
    isVisible: () => !manager.readOnly,
    isEnabled: () => !manager.readOnly,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      const view = await import('../sidebar/connectScheduler');
      await view.connectScheduler(manager, trans);
    }
  });
  addCommand(CommandIDs.findClusters, {
    label: trans.__('Find Dask Clusters in Open Notebooks…'),
    caption: trans.__('Ask the open kernels which clusters they have'),
    isVisible: () => !manager.readOnly,
    isEnabled: () => !manager.readOnly,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      const [view, { findClusters }, { Environments }] = await Promise.all([
        import('../sidebar/connectScheduler'),
        import('../providers/kernel/finder'),
        import('../providers/kernel/environments')
      ]);
      const list = await new Environments(environments).list();
      const names = list.map(item => item.name);
      const find = () =>
        findClusters({ sessions, kernels, environments: names, trans });
      await view.findAndShow(manager, find, trans);
    }
  });
  const category = trans.__('Dask');
  palette?.addItem({ command: CommandIDs.connectScheduler, category });
  palette?.addItem({ command: CommandIDs.findClusters, category });
}
