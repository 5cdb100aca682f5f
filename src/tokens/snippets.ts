/** Connection code, and its way into notebooks. */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { ICluster } from './manager';
import { PACKAGE } from './names';

/** Connection code and where it goes. */
export interface ISnippets {
  /** The code that connects a notebook to a cluster. Throws a ClusterError. */
  code(cluster: ICluster): Promise<string>;
  /**
   * Put the code in the active notebook, console or editor; update the cell
   * that is already there. One undo. Throws a ClusterError in words.
   */
  connect(
    cluster: ICluster,
    options?: ISnippets.IConnectOptions
  ): Promise<ISnippets.Outcome>;
  /** Close the notebook's client, if it is one that was made here. */
  disconnect(notebook?: string): Promise<void>;
  /**
   * Drag the code from a card to a notebook, cell, console or editor. Call it
   * from a native `dragstart` (which it cancels) or a pointer event. Resolves when
   * the drag has ended.
   */
  drag(cluster: ICluster, event: MouseEvent): Promise<void>;
  /** How the notebook whose widget has this id is connected, as last known. */
  state(notebook: string): ISnippets.IState;
  /** Ask the notebook's kernel, after an act of the person. */
  refresh(notebook: string): Promise<void>;
  /**
   * Where the Dask client of the active notebook or console is connected to,
   * asked of its kernel now; null when it has none. Throws a ClusterError.
   */
  client(): Promise<ISnippets.IClient | null>;
  /** The key of the cluster that the active notebook is connected to. */
  readonly connected: string | null;
  /** `connected` or the `state` of any notebook changed. */
  readonly connectedChanged: ISignal<ISnippets, void>;
}

export namespace ISnippets {
  /** What a `connect` did; `attached` is a connection without a cell. */
  export type Outcome =
    'inserted' | 'updated' | 'attached' | 'cancelled' | 'no-target';

  export interface IConnectOptions {
    /** Run the cell or prompt at once; the setting decides when absent. */
    run?: boolean;
    /** The id of a notebook's widget; the active target when absent. */
    notebook?: string;
    /** False: connect the notebook's kernel and write nothing. */
    cell?: boolean;
    /**
     * With `cell: false`: ask nothing, and leave everything as it is where the
     * name `client` is taken. Rejects where versions differ.
     */
    keep?: boolean;
  }

  /** A Dask client as its kernel sees it. */
  export interface IClient {
    /** The scheduler's address. */
    address?: string;
    /** The dashboard's address. */
    dashboard?: string;
    /** The key of the cluster, if it is a listed one. */
    cluster?: string;
  }

  /** A notebook's connection. */
  export interface IState {
    /** The cluster's key; null when there is none, or none is known. */
    cluster: string | null;
    /**
     * `unknown`: its kernel was not asked since the page was loaded; `lost`: it
     * was connected, then the kernel or the cluster went.
     */
    status: 'unknown' | 'none' | 'connected' | 'lost';
  }
}

export const ISnippets = new Token<ISnippets>(
  `${PACKAGE}:ISnippets`,
  'Connection code for clusters, and its way into notebooks.'
);
