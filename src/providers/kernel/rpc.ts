/** Typed JSON-RPC 2.0 over one Jupyter comm. */
import type { Kernel } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  CancellationTokenSource,
  createMessageConnection,
  DataCallback,
  Disposable,
  Message,
  MessageConnection,
  MessageReader,
  MessageWriter,
  ParameterStructures,
  ProgressType
} from 'vscode-jsonrpc/browser';
import { asClusterError, cancelled, notResponding } from './errors';
import type { Events, IProgress, Requests } from './protocol';

/**
 * Calls a controller's methods and hears its events.
 *
 * #### Notes
 * It takes over the comm's callbacks. The comm must be open already.
 */
export class RpcClient implements IDisposable {
  constructor(options: RpcClient.IOptions) {
    this._trans = options.trans;
    this._comm = options.comm;
    this._reader = new Private.CommReader(options.comm);
    this._connection = createMessageConnection(
      this._reader,
      new Private.CommWriter(options.comm)
    );
    // Failures reach the callers; what nobody waits for needs no report.
    this._connection.onError(() => undefined);
    this._connection.onClose(() => this.dispose());
    this._connection.listen();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Call a method.
   *
   * @returns A promise that rejects with a ClusterError: as soon as the signal
   * aborts, when the time is over, or when the connection ends.
   */
  async call<K extends keyof Requests>(
    method: K,
    params: Requests[K]['params'],
    options: RpcClient.ICallOptions = {}
  ): Promise<Requests[K]['result']> {
    const { signal, timeout } = options;
    if (signal?.aborted) {
      throw cancelled(this._trans);
    }
    if (this._isDisposed) {
      throw notResponding(this._trans);
    }
    const source = new CancellationTokenSource();
    const reply = this._connection.sendRequest<Requests[K]['result']>(
      method,
      ParameterStructures.byName,
      params,
      source.token
    );
    let timer: ReturnType<typeof setTimeout> | undefined;
    let onAbort: (() => void) | undefined;
    const gaveUp = new Promise<never>((_, reject) => {
      onAbort = () => {
        source.cancel();
        reject(cancelled(this._trans));
      };
      signal?.addEventListener('abort', onAbort);
      this._rejections.add(reject);
      if (timeout !== undefined) {
        timer = setTimeout(() => {
          source.cancel();
          reject(notResponding(this._trans));
        }, timeout);
      }
      reply.then(
        () => this._rejections.delete(reject),
        () => this._rejections.delete(reject)
      );
    });
    try {
      return await Promise.race([reply, gaveUp]);
    } catch (reason) {
      throw asClusterError(reason, this._trans);
    } finally {
      clearTimeout(timer);
      if (onAbort) {
        signal?.removeEventListener('abort', onAbort);
      }
      source.dispose();
    }
  }

  /** Hear an event. Only one listener for each. */
  on<K extends keyof Events>(
    event: K,
    listener: (value: Events[K]) => void
  ): IDisposable {
    // JSON-RPC hands over the members of a list one by one.
    const handler = (...values: unknown[]): void =>
      listener((event === 'workersChanged' ? values : values[0]) as Events[K]);
    return new Private.Listening(
      this._connection.onNotification(event, handler)
    );
  }

  /** Hear the progress of the call that was made with this key. */
  onProgress(key: string, listener: (value: IProgress) => void): IDisposable {
    return new Private.Listening(
      this._connection.onProgress(Private.PROGRESS, key, listener)
    );
  }

  /** End the connection; calls that wait are rejected. */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    const rejections = [...this._rejections];
    this._rejections.clear();
    rejections.forEach(reject => reject(notResponding(this._trans)));
    this._reader.dispose();
    this._connection.dispose();
    if (!this._comm.isDisposed) {
      Private.close(this._comm);
    }
  }

  private _trans: TranslationBundle;
  private _comm: Kernel.IComm;
  private _reader: MessageReader;
  private _connection: MessageConnection;
  private _rejections = new Set<(reason: Error) => void>();
  private _isDisposed = false;
}

export namespace RpcClient {
  export interface IOptions {
    comm: Kernel.IComm;
    trans: TranslationBundle;
  }

  export interface ICallOptions {
    /** Aborting it cancels the request on the other side too. */
    signal?: AbortSignal;
    /** Milliseconds; none by default. */
    timeout?: number;
  }
}

namespace Private {
  export const PROGRESS = new ProgressType<IProgress>();

  /** What a comm receives, as messages. */
  export class CommReader
    extends AbstractMessageReader
    implements MessageReader
  {
    constructor(private _comm: Kernel.IComm) {
      super();
      this._comm.onClose = () => this.fireClose();
    }

    listen(callback: DataCallback): Disposable {
      this._comm.onMsg = message => {
        const data: unknown = message.content.data;
        callback(data as Message);
      };
      return {
        dispose: () => {
          this._comm.onMsg = () => undefined;
        }
      };
    }
  }

  /** Sends messages through a comm, which keeps their order. */
  export class CommWriter
    extends AbstractMessageWriter
    implements MessageWriter
  {
    constructor(private _comm: Kernel.IComm) {
      super();
    }

    async write(message: Message): Promise<void> {
      const data: unknown = message;
      this._comm.send(data as JSONObject);
    }

    end(): void {
      // The comm is closed by its owner.
    }
  }

  /** The library's disposable in the shape of the application's. */
  export class Listening implements IDisposable {
    constructor(private _inner: Disposable) {}

    get isDisposed(): boolean {
      return this._isDisposed;
    }

    dispose(): void {
      if (!this._isDisposed) {
        this._isDisposed = true;
        this._inner.dispose();
      }
    }

    private _isDisposed = false;
  }

  /** Tell the controller that this page leaves, if it can still be told. */
  export function close(comm: Kernel.IComm): void {
    try {
      comm.close();
    } catch {
      comm.dispose();
    }
  }
}
