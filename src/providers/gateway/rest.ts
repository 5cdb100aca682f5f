/** A gateway on the page's own origin, asked by the page itself. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { ClusterError } from '../../tokens';
import { cancelled } from '../kernel/errors';
import type { IGatewayAnswer, IGatewayReport } from '../kernel/protocolGateway';
import {
  elsewhere,
  noGateway,
  refusal,
  silent,
  tooLarge,
  unauthorized
} from './refusals';
import { IAnswer, NoAnswer, parseObject, request } from './request';
import type { IGatewayTransport } from './transport';
import { readAnswer, readOptions, readReport, readReports } from './wire';
import type { IGatewayOption } from './wire';

/** The gateway itself waits at most 20 seconds, in ms. */
const TIMEOUT = 40_000;

/**
 * #### Notes
 * Cookies are never sent: the gateway takes its own cookie for the person who
 * was signed in before, and hands it on to schedulers, which run anybody's code.
 */
export class RestTransport implements IGatewayTransport {
  constructor(options: RestTransport.IOptions) {
    this._options = options;
    this._address = options.address.replace(/\/+$/, '');
  }

  readonly via = 'page';

  get isDisposed(): boolean {
    return this._end.signal.aborted;
  }

  async probe(): Promise<void> {
    const { status, text } = await this._fetch('GET', '/api/version', {}).catch(
      reason => {
        throw reason instanceof ClusterError && reason.code === 'protocol'
          ? noGateway(this._address, this._trans, reason.cause[0].message)
          : reason;
      }
    );
    if (status >= 500) {
      throw refusal(status, text, this._address, this._trans);
    }
    if (status !== 200 || !('version' in (parseObject(text) ?? {}))) {
      throw noGateway(this._address, this._trans, `HTTP ${status}`);
    }
  }

  async options(): Promise<IGatewayOption[]> {
    return this._read(await this._ask('GET', 'options'), readOptions);
  }

  async list(): Promise<IGatewayReport[]> {
    return this._read(await this._ask('GET', 'clusters/'), readReports);
  }

  async get(
    name: string,
    wait: boolean,
    signal?: AbortSignal
  ): Promise<IGatewayReport> {
    const path = Private.path(name, wait ? '?wait' : '');
    return this._read(await this._ask('GET', path, { signal }), readReport);
  }

  async create(options: JSONObject): Promise<string> {
    const answer = await this._ask('POST', 'clusters/', {
      body: { cluster_options: options }
    });
    const name = answer?.name;
    if (typeof name !== 'string' || !name) {
      throw noGateway(
        this._address,
        this._trans,
        this._trans.__('It gave the new cluster no name.')
      );
    }
    return name;
  }

  async scale(name: string, workers: number): Promise<IGatewayAnswer> {
    const body = { count: workers };
    const path = Private.path(name, '/scale');
    return readAnswer(await this._ask('POST', path, { body }));
  }

  async adapt(
    name: string,
    minimum: number,
    maximum: number
  ): Promise<IGatewayAnswer> {
    const body = { minimum, maximum, active: true };
    const path = Private.path(name, '/adapt');
    return readAnswer(await this._ask('POST', path, { body }));
  }

  async stop(name: string): Promise<void> {
    await this._ask('DELETE', Private.path(name));
  }

  async scheduler(
    name: string,
    page: 'counts' | 'identity'
  ): Promise<JSONObject | null> {
    const path = `/clusters/${encodeURIComponent(name)}/json/${page}.json`;
    try {
      // It needs no sign-in, so it gets none: it runs anybody's code.
      const { status, text } = await this._fetch('GET', path, {});
      return status === 200 ? parseObject(text) : null;
    } catch {
      return null;
    }
  }

  dashboard(route: string): string {
    return `${this._address}${route}`;
  }

  dispose(): void {
    this._end.abort();
  }

  private get _trans(): TranslationBundle {
    return this._options.trans;
  }

  private _read<T>(
    data: JSONObject | null,
    read: (data: unknown) => T | null
  ): T {
    const value = read(data);
    if (value === null) {
      const cause = this._trans.__('It sent something else than was expected.');
      throw noGateway(this._address, this._trans, cause);
    }
    return value;
  }

  /** Ask the gateway's API as this user. */
  private async _ask(
    method: string,
    path: string,
    { body, signal }: Private.IAskOptions = {}
  ): Promise<JSONObject | null> {
    const { status, text } = await this._fetch(method, `/api/v1/${path}`, {
      headers: {
        Authorization: this._options.authorization(),
        ...(body ? { 'Content-Type': 'application/json' } : {})
      },
      body: body && JSON.stringify(body),
      signal
    });
    if (status === 401) {
      throw unauthorized(await this._options.scopes(), this._trans);
    }
    if (status >= 400) {
      throw refusal(status, text, this._address, this._trans);
    }
    if (status === 204) {
      return null;
    }
    const data = parseObject(text);
    if (!data) {
      const cause = this._trans.__('It sent something else than JSON.');
      throw noGateway(this._address, this._trans, cause);
    }
    return data;
  }

  /** An answer with its whole text, or why there is none in words. */
  private async _fetch(
    method: string,
    path: string,
    init: RequestInit
  ): Promise<IAnswer> {
    try {
      return await request(
        `${this._address}${path}`,
        { ...init, method },
        this._options.timeout ?? TIMEOUT,
        init.signal,
        this._end.signal
      );
    } catch (error) {
      switch ((error as NoAnswer).reason) {
        case 'elsewhere':
          throw elsewhere(this._trans);
        case 'too-large':
          throw tooLarge(this._trans);
        case 'given-up':
          throw cancelled(this._trans);
        case 'late':
          throw silent(this._trans, this._trans.__('No answer came in time.'));
        default:
          throw silent(
            this._trans,
            this._trans.__('The request did not get through.')
          );
      }
    }
  }

  private readonly _options: RestTransport.IOptions;
  private readonly _address: string;
  private readonly _end = new AbortController();
}

export namespace RestTransport {
  export interface IOptions {
    /** The gateway's address. */
    address: string;
    /** The header by which the gateway knows the person. */
    authorization: () => string;
    /** How long an answer may take, in ms. */
    timeout?: number;
    /** The scopes of the page's token; null when the hub does not tell. */
    scopes: () => Promise<string[] | null>;
    trans: TranslationBundle;
  }
}

namespace Private {
  export interface IAskOptions {
    body?: JSONObject;
    signal?: AbortSignal;
  }

  export function path(name: string, rest = ''): string {
    return `clusters/${encodeURIComponent(name)}${rest}`;
  }
}
