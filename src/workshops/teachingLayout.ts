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
 * can replace. Going back closes these plots, also when they were open already, and moves
 * nothing else: what a person opened meanwhile stays where it is. What there is to go back
 * to is kept over a reload, which brings the plots back by itself.
 */
export class TeachingLayout {
  constructor(private _options: TeachingLayout.IOptions) {
    const { storage, key } = _options;
    const { plots, left, right } = Private.read(storage, key);
    this._plots = plots;
    this._left = left;
    this._right = right;
  }

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
      this._keep();
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
    const { storage, key } = this._options;
    storage?.removeItem(key);
  }

  private _keep(): void {
    const { storage, key } = this._options;
    const kept: Private.IKept = {
      plots: this._plots,
      left: this._left,
      right: this._right
    };
    try {
      storage?.setItem(key, JSON.stringify(kept));
    } catch {
      // A full storage: then going back takes one click more after a reload.
    }
  }

  private _find(id: string): { close(): void } | undefined {
    return [...this._options.shell.widgets('main')].find(
      widget => widget.id === id
    );
  }

  private _plots: readonly string[];
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
    /** Where it is kept what to go back to; null where the browser keeps nothing. */
    storage: Storage | null;
    /** Under which name; of one workspace, since another has other plots. */
    key: string;
    trans: TranslationBundle;
  }
}

namespace Private {
  export interface IKept {
    plots: readonly string[];
    left?: string | null;
    right?: string | null;
  }

  /** What an earlier page kept; nothing of what is not as this writes it. */
  export function read(storage: Storage | null, key: string): IKept {
    const side = (value: unknown): string | null | undefined =>
      typeof value === 'string' || value === null ? value : undefined;
    try {
      const { plots, left, right } = JSON.parse(
        storage?.getItem(key) ?? '{}'
      ) as Record<string, unknown>;
      return {
        plots: Array.isArray(plots)
          ? plots.filter((id): id is string => typeof id === 'string')
          : [],
        left: side(left),
        right: side(right)
      };
    } catch {
      return { plots: [] };
    }
  }
}
