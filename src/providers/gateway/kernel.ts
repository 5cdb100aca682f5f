/** A gateway that the page cannot reach, asked by a kernel of the server. */
import type { Session } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { Environments } from '../kernel/environments';
import { sessionPath } from '../kernel/paths';
import type { Requests } from '../kernel/protocol';
import type {
  IGatewayAnswer,
  IGatewayPlace,
  IGatewayReport
} from '../kernel/protocolGateway';
import type { RpcClient } from '../kernel/rpc';
import { ControllerSession } from '../kernel/session';
import type { IGatewayTransport } from './transport';
import { readOptions } from './wire';
import type { IGatewayOption } from './wire';

/** All pages of a server share one kernel, whose path they all know. */
const ID = 'main';

/**
 * #### Notes
 * The kernel owns no cluster. One that nobody asked for ten minutes ends by
 * itself; the next request starts another.
 */
export class KernelTransport implements IGatewayTransport {
  constructor(options: KernelTransport.IOptions) {
    this._options = options;
  }

  readonly via = 'kernel';

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  async probe(): Promise<void> {
    await this._connected();
  }

  async options(): Promise<IGatewayOption[]> {
    return readOptions(await this._call('gatewayOptions', {})) ?? [];
  }

  async list(): Promise<IGatewayReport[]> {
    return this._call('gatewayList', {});
  }

  async get(
    name: string,
    wait: boolean,
    signal?: AbortSignal
  ): Promise<IGatewayReport> {
    return this._call('gatewayGet', { name, wait }, { signal });
  }

  async create(options: JSONObject): Promise<string> {
    return (await this._call('gatewayCreate', { options })).name;
  }

  async scale(name: string, workers: number): Promise<IGatewayAnswer> {
    return this._call('gatewayScale', { name, workers });
  }

  async adapt(
    name: string,
    minimum: number,
    maximum: number
  ): Promise<IGatewayAnswer> {
    return this._call('gatewayAdapt', { name, minimum, maximum });
  }

  async stop(name: string): Promise<void> {
    await this._call('gatewayStop', { name });
  }

  async scheduler(
    name: string,
    page: 'counts' | 'identity'
  ): Promise<JSONObject | null> {
    return (await this._call('gatewayScheduler', { name, page })).data;
  }

  dashboard(route: string): string {
    const { dashboards, address } = this._place ?? {
      dashboards: '',
      address: ''
    };
    const base = new URL(dashboards || address, this._options.base).href;
    return `${base.replace(/\/+$/, '')}${route}`;
  }

  dispose(): void {
    this._isDisposed = true;
    void this._session?.then(
      session => session.dispose(),
      () => undefined
    );
  }

  private async _call<K extends keyof Requests>(
    method: K,
    params: Requests[K]['params'],
    options: RpcClient.ICallOptions = {}
  ): Promise<Requests[K]['result']> {
    return (await this._connected()).call(method, params, options);
  }

  /** The kernel, which knows where the gateway is and who is signed in. */
  private _connected(): Promise<ControllerSession> {
    this._session ??= this._start().catch(reason => {
      this._session = null;
      throw reason;
    });
    return this._session;
  }

  private async _start(): Promise<ControllerSession> {
    const { sessions, environments, trans, address } = this._options;
    const path = sessionPath('gateway', ID);
    const environment = await environments.resolve();
    await sessions.refreshRunning();
    const known = [...sessions.running()].find(model => model.path === path);
    const session = known
      ? ControllerSession.join(known, { sessions, trans })
      : await ControllerSession.start({
          sessions,
          trans,
          path,
          name: trans.__('Dask Gateway'),
          environment
        });
    const forget = (): void => {
      this._session = null;
    };
    session.lost.connect(forget);
    try {
      this._place = await session.call('gatewayConnect', {
        address: address ?? null
      });
    } catch (reason) {
      await session.shutdown().catch(() => undefined);
      throw reason;
    }
    return session;
  }

  private readonly _options: KernelTransport.IOptions;
  private _session: Promise<ControllerSession> | null = null;
  private _place: IGatewayPlace | null = null;
  private _isDisposed = false;
}

export namespace KernelTransport {
  export interface IOptions {
    sessions: Session.IManager;
    environments: Environments;
    /** The gateway's address where the kernels' environment does not tell it. */
    address?: string;
    /** The address of the page's server. */
    base: string;
    trans: TranslationBundle;
  }
}
