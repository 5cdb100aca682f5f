import type { JupyterFrontEnd } from '@jupyterlab/application';
import { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Panel } from '@lumino/widgets';
import { DOMAIN, IClusterManager, ISnippets } from '../tokens';

/** "Dask: name" in the toolbar of each notebook. */
export function activate(
  app: JupyterFrontEnd,
  snippets: ISnippets,
  manager: IClusterManager,
  toolbars: IToolbarWidgetRegistry | null,
  translator: ITranslator | null
): void {
  const trans = (translator ?? nullTranslator).load(DOMAIN);
  const { commands } = app;
  toolbars?.addFactory<NotebookPanel>('Notebook', 'dask-cluster', panel => {
    const place = new Panel();
    void import('../notebook/toolbarItem').then(({ createToolbarItem }) => {
      if (!place.isDisposed) {
        place.addWidget(
          createToolbarItem({ panel, commands, snippets, manager, trans })
        );
      }
    });
    return place;
  });
}
