import type { ILabShell } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ClusterError } from '../tokens';
import type { IClusterManager, IDashboards } from '../tokens';

const SIDEBAR = 'jp-dask-clusters';

/**
 * The sidebar, a notebook and two plots of its cluster side by side, and back.
 *
 * #### Notes
 * The plots are those of the layout of dashboards with this name, which a person
 * can replace. Going back closes these plots, also when they were open already, such as
 * after a reload, and moves nothing else: what a person opened meanwhile stays where it is.
 */
export class TeachingLayout {
  constructor(private _options: TeachingLayout.IOptions) {}

  /** Whether it is shown. */
  get isShown(): boolean {
    return this._plots.some(id => this._find(id) !== undefined);
  }

  /**
   * Show it.
   *
   * @returns What is missing and how to get it, in words; empty when all is there.
   */
  async show(): Promise<string> {
    const { shell, manager, dashboards, notebooks, trans } = this._options;
    const { leftArea, rightArea } = shell.saveLayout();
    this._left ??= leftArea?.currentWidget?.id ?? null;
    this._right ??= rightArea?.currentWidget?.id ?? null;
    shell.activateById(SIDEBAR);
    shell.collapseRight();
    const notebook = notebooks?.currentWidget ?? null;
    const missing: string[] = [];
    if (notebook) {
      shell.activateById(notebook.id);
    } else {
      missing.push(
        trans.__('Open a notebook, which then stands beside the plots.')
      );
    }
    const cluster = manager.current;
    if (cluster && dashboards) {
      try {
        this._plots = await dashboards.openLayout(
          cluster,
          trans.__('Teaching')
        );
      } catch (error) {
        if (!(error instanceof ClusterError)) {
          throw error;
        }
        missing.push(`${error.message} ${error.hint ?? ''}`.trim());
      }
      if (notebook) {
        shell.activateById(notebook.id);
      }
    } else if (dashboards) {
      missing.push(
        trans.__('Start a cluster; then choose Teaching Layout again.')
      );
    } else {
      missing.push(trans.__('Dashboards are switched off here.'));
    }
    return missing.join(' ');
  }

  /** Close its plots, and show the sidebars that were shown. */
  hide(): void {
    const { shell } = this._options;
    for (const id of this._plots) {
      this._find(id)?.close();
    }
    if (this._left === null) {
      shell.collapseLeft();
    } else if (this._left !== undefined) {
      shell.activateById(this._left);
    }
    if (typeof this._right === 'string') {
      shell.activateById(this._right);
    }
    this._plots = [];
    this._left = undefined;
    this._right = undefined;
  }

  private _find(id: string): { close(): void } | undefined {
    return [...this._options.shell.widgets('main')].find(
      widget => widget.id === id
    );
  }

  private _plots: readonly string[] = [];
  /** What the sidebars showed before; null for a closed one. */
  private _left: string | null | undefined;
  private _right: string | null | undefined;
}

export namespace TeachingLayout {
  export interface IOptions {
    shell: ILabShell;
    manager: IClusterManager;
    dashboards: IDashboards | null;
    notebooks: INotebookTracker | null;
    trans: TranslationBundle;
  }
}
