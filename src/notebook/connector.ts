import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Clipboard, Dialog, showDialog } from '@jupyterlab/apputils';
import type { ISessionContext } from '@jupyterlab/apputils';
import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel, KernelSpec } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import { isPythonSpec } from '../python';
import {
  ClusterError,
  ICluster,
  IClusterManager,
  IConnection,
  ISnippets
} from '../tokens';
import type { Connections } from './connections';
import { insert } from './insert';
import { ask, IClientState, isPython } from './kernel';
import { confirmMismatch } from './mismatch';
import { explain, mismatch, missingGateway, notPython } from './reasons';
import { connectionCode } from './snippet';
import { findTarget, ITarget, ITrackers, targetOf } from './target';
import { compareVersions, IMismatch } from './versions';

/** How long a silent question may take, ms; a busy kernel takes longer. */
const QUESTION = 2_000;

/** How long making a client may take, ms. */
const CONNECTING = 20_000;

/** Puts connection code into documents and asks their kernels. */
export class Connector {
  constructor(options: Connector.IOptions) {
    this._options = options;
    this._trans = options.trans;
  }

  /** The code that connects to a cluster. */
  code(cluster: ICluster): string {
    return connectionCode(this._connection(cluster), cluster.snapshot.name);
  }

  /** See {@link ISnippets.connect}; `run` is decided here. */
  async connect(
    cluster: ICluster,
    options: ISnippets.IConnectOptions & { run: boolean }
  ): Promise<ISnippets.Outcome> {
    const code = this.code(cluster);
    const keep = options.keep ?? false;
    let target = this._target(options.notebook);
    if (!target) {
      const offer = await this._offerNotebook(cluster, code);
      if (!(offer instanceof NotebookPanel)) {
        return offer;
      }
      target = { kind: 'notebook', widget: offer };
    }
    const mismatches = await this._compare(target, cluster);
    if (mismatches.length > 0) {
      if (keep) {
        throw mismatch(mismatches, this._trans);
      }
      if (!(await confirmMismatch(mismatches, this._trans))) {
        return 'cancelled';
      }
    }
    if (target.kind === 'notebook' && options.cell === false) {
      await this._attach(target.widget, cluster, keep);
      return 'attached';
    }
    const { outcome, index } = insert(target, cluster.key, code, this._trans);
    if (options.run) {
      await this._run(target, index);
    }
    return outcome;
  }

  /** Close the notebook's client. */
  async disconnect(notebook?: string): Promise<void> {
    const target = this._target(notebook);
    if (target?.kind !== 'notebook') {
      return;
    }
    const key = this._options.connections.get(target.widget.id).cluster;
    const connection = key
      ? this._options.manager.get(key)?.snapshot.connection
      : undefined;
    const kernel = await this._pythonKernel(target.widget);
    const state = await this._ask(() =>
      ask(
        kernel,
        'disconnect',
        { address: connection?.address ?? '' },
        CONNECTING
      )
    );
    this._note(target.widget, state);
  }

  /** Ask what the notebook's client is connected to. Never throws. */
  async refresh(panel: NotebookPanel): Promise<void> {
    const kernel = panel.sessionContext.session?.kernel;
    if (!kernel || kernel.status !== 'idle' || !(await isPython(kernel))) {
      return;
    }
    try {
      this._note(panel, await ask(kernel, 'inspect', {}, QUESTION));
    } catch (error) {
      if (!(error instanceof ClusterError)) {
        throw error;
      }
    }
  }

  /** See {@link ISnippets.client}. */
  async client(): Promise<ISnippets.IClient | null> {
    const target = this._target();
    const kernel = target && Private.kernelOf(target);
    if (!kernel) {
      throw new ClusterError(
        this._trans.__('No notebook or console with a kernel is open.'),
        {
          code: 'unavailable',
          hint: this._trans.__('Open the notebook that uses Dask.')
        }
      );
    }
    if (!(await this._ask(() => isPython(kernel)))) {
      throw notPython(this._trans);
    }
    const state = await this._ask(() => ask(kernel, 'inspect', {}, QUESTION));
    return state.address === undefined
      ? null
      : {
          address: state.address,
          dashboard: state.dashboard ?? undefined,
          cluster: this._clusterOf(state)?.key
        };
  }

  private _connection(cluster: ICluster): IConnection {
    const { connection, name } = cluster.snapshot;
    if (!connection) {
      throw new ClusterError(
        this._trans.__('The cluster "%1" cannot be connected to yet.', name),
        {
          code: 'unavailable',
          hint: this._trans.__('Wait until it is running, or start it again.')
        }
      );
    }
    if (connection.refused) {
      throw new ClusterError(connection.refused, {
        code: 'unavailable',
        hint: this._trans.__(
          'Use a notebook of your own server, or start another cluster.'
        )
      });
    }
    return connection;
  }

  private _target(notebook?: string): ITarget | null {
    const { shell, trackers, recent } = this._options;
    const panel = notebook
      ? trackers.notebooks?.find(one => one.id === notebook)
      : undefined;
    return panel
      ? targetOf(panel, trackers)
      : findTarget(shell, trackers, recent());
  }

  /** Connect a notebook's kernel and write nothing. */
  private async _attach(
    panel: NotebookPanel,
    cluster: ICluster,
    keep: boolean
  ): Promise<void> {
    const connection = { ...this._connection(cluster), keep };
    const kernel = await this._pythonKernel(panel);
    const state = await this._ask(
      () => ask(kernel, 'connect', connection, CONNECTING),
      connection.kind
    );
    this._note(panel, state);
  }

  /**
   * Where the target's kernel and the cluster differ; nothing where that
   * cannot be known at once. A kernel that is busy, or slow to start, is not
   * waited for. Throws where the kernel speaks another language, or lacks what
   * the cluster is reached with.
   */
  private async _compare(
    target: ITarget,
    cluster: ICluster
  ): Promise<IMismatch[]> {
    const { versions, connection } = cluster.snapshot;
    const gateway = connection?.kind === 'gateway';
    const kernel = Private.kernelOf(target);
    const spec = Private.specOf(target);
    if (spec && !isPythonSpec(spec)) {
      throw notPython(this._trans);
    }
    if (!(versions || gateway) || !kernel || kernel.status === 'busy') {
      return [];
    }
    try {
      if (!(await isPython(kernel, QUESTION))) {
        throw notPython(this._trans);
      }
      const found = await ask(kernel, 'versions', {}, QUESTION);
      if (gateway && found['dask-gateway'] === null) {
        throw missingGateway(this._trans);
      }
      return compareVersions(found, versions ?? {});
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'not-responding') {
        return [];
      }
      throw error;
    }
  }

  private async _pythonKernel(
    panel: NotebookPanel
  ): Promise<Kernel.IKernelConnection> {
    await panel.sessionContext.ready;
    const kernel = panel.sessionContext.session?.kernel;
    if (!kernel) {
      throw new ClusterError(this._trans.__('The notebook has no kernel.'), {
        code: 'unavailable',
        hint: this._trans.__('Choose a kernel for it first.')
      });
    }
    if (!(await this._ask(() => isPython(kernel)))) {
      throw notPython(this._trans);
    }
    return kernel;
  }

  /** Ask a kernel something; what it could not do is told in words. */
  private async _ask<T>(
    question: () => Promise<T>,
    kind?: IConnection['kind']
  ): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof ClusterError)) {
        throw error;
      }
      throw explain(error, kind, this._trans);
    }
  }

  private _note(panel: NotebookPanel, state: IClientState): void {
    const cluster = this._clusterOf(state);
    this._options.connections.set(panel, cluster?.key ?? null);
  }

  /** The listed cluster that a client is connected to. */
  private _clusterOf(state: IClientState): ICluster | undefined {
    return this._options.manager.clusters.find(one =>
      Private.matches(one.snapshot.connection, state)
    );
  }

  private async _run(target: ITarget, index?: number): Promise<void> {
    if (target.kind === 'console') {
      await target.widget.console.execute(true);
    } else if (target.kind === 'notebook' && index !== undefined) {
      const { content, sessionContext } = target.widget;
      await sessionContext.ready;
      const cell = content.widgets[index];
      await NotebookActions.runCells(content, [cell], sessionContext);
    }
  }

  /** There is nowhere to write to: offer a notebook, or the code itself. */
  private async _offerNotebook(
    cluster: ICluster,
    code: string
  ): Promise<NotebookPanel | 'cancelled' | 'no-target'> {
    const { commands } = this._options;
    const trans = this._trans;
    const create = 'notebook:create-new';
    const buttons = [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.createButton({ label: trans.__('Copy code'), actions: ['copy'] })
    ];
    if (commands.hasCommand(create)) {
      buttons.push(Dialog.okButton({ label: trans.__('New notebook') }));
    }
    const { button } = await showDialog({
      title: trans.__('No notebook is open'),
      body: trans.__(
        'The connection code goes to a notebook, a console or a Python file.'
      ),
      buttons
    });
    if (!button.accept) {
      return 'cancelled';
    }
    if (button.actions.includes('copy')) {
      Clipboard.copyToSystem(code);
      return 'no-target';
    }
    const opened: unknown = await commands.execute(create, {
      kernelName: cluster.environment
    });
    if (!(opened instanceof NotebookPanel)) {
      // Notebook 7 opens it in another browser tab.
      return 'no-target';
    }
    await opened.context.ready;
    return opened;
  }

  private readonly _options: Connector.IOptions;
  private readonly _trans: TranslationBundle;
}

export namespace Connector {
  export interface IOptions {
    shell: JupyterFrontEnd.IShell;
    commands: JupyterFrontEnd['commands'];
    manager: IClusterManager;
    connections: Connections;
    trackers: ITrackers;
    /** The widgets that had the focus, most recent first. */
    recent: () => readonly Widget[];
    trans: TranslationBundle;
  }
}

namespace Private {
  export function kernelOf(target: ITarget): Kernel.IKernelConnection | null {
    return contextOf(target)?.session?.kernel ?? null;
  }

  /** The kernel of the target in the page's own list of kernels. */
  export function specOf(target: ITarget): KernelSpec.ISpecModel | undefined {
    const specs = contextOf(target)?.specsManager.specs?.kernelspecs;
    return specs?.[kernelOf(target)?.name ?? ''];
  }

  function contextOf(target: ITarget): ISessionContext | null {
    return target.kind === 'editor' ? null : target.widget.sessionContext;
  }

  export function matches(
    connection: IConnection | undefined,
    state: IClientState
  ): boolean {
    return connection?.kind === 'gateway'
      ? connection.address === state.cluster
      : connection !== undefined && connection.address === state.address;
  }
}
