/** Schedulers that somebody else started. */
import type { Kernel, Session } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import {
  ClusterError,
  IClusterDriver,
  IClusterRequest,
  IProviderForm,
  IStart
} from '../../tokens';
import { KernelClusters } from './clusters';
import type { IOwner } from './driver';
import { Environments } from './environments';
import { callInKernel } from './finder';
import type { IProviderCore } from './lazy';

/**
 * Shows schedulers by their address or file, each through a controller kernel.
 * Stopping one only forgets it. One that was found in a notebook's kernel is
 * scaled there.
 *
 * #### Notes
 * Options: `address` or `file`, `credentials`; `ownerKernel`, the id of the
 * kernel in which it was found, `scalable`, whether that kernel can scale it,
 * and `secure`, whether it has the credentials.
 */
export class SchedulerProvider implements IProviderCore {
  constructor(options: SchedulerProvider.IOptions) {
    this._sessions = options.sessions;
    this._kernels = options.kernels;
    this._environments = options.environments;
    this._trans = options.trans;
    this._clusters = new KernelClusters({
      sessions: options.sessions,
      trans: options.trans,
      kind: 'scheduler',
      ownerOf: (kernel, address) => this._owner(kernel, address)
    });
    this._clusters.changed.connect(options.changed);
  }

  async form(): Promise<IProviderForm> {
    const trans = this._trans;
    return {
      schema: {
        type: 'object',
        additionalProperties: false,
        properties: {
          address: {
            type: 'string',
            title: trans.__('Address'),
            description: trans.__('Such as tcp://10.0.0.5:8786.')
          },
          file: {
            type: 'string',
            title: trans.__('Scheduler file'),
            description: trans.__(
              'A path on the server, instead of an address.'
            )
          },
          credentials: {
            type: 'string',
            title: trans.__('Credentials file'),
            description: trans.__(
              'A PEM file on the server with authority, certificate and key, for tls:// addresses.'
            )
          }
        }
      },
      environments: await this._environments.list(),
      environment: await this._environments.preferred(),
      notes: []
    };
  }

  async create(
    request: IClusterRequest,
    start: IStart
  ): Promise<IClusterDriver> {
    const { ownerKernel, scalable, secure, ...rest } = request.options;
    const options: JSONObject = {};
    for (const [name, value] of Object.entries(rest)) {
      if (value !== '' && value !== undefined) {
        options[name] = value;
      }
    }
    const model = typeof ownerKernel === 'string' && this._kernel(ownerKernel);
    if (model && secure === true && !options.credentials) {
      options.credentials = await callInKernel(this, model, 'credentials', [
        String(options.address)
      ]);
    }
    return this._clusters.create({
      start,
      options,
      launcher: 'scheduler',
      name: request.name?.trim() || this._trans.__('Dask scheduler'),
      profile: request.profile,
      environment: await this._environments.resolve(
        request.environment ?? (model ? model.name : undefined)
      ),
      owner: model && scalable === true ? model.id : undefined
    });
  }

  async discover(refresh: boolean): Promise<IClusterDriver[]> {
    if (refresh) {
      await this._sessions.refreshRunning();
    }
    return this._clusters.discover();
  }

  get kernels(): Kernel.IManager {
    return this._kernels;
  }

  get trans(): TranslationBundle {
    return this._trans;
  }

  /** The kernel of an open document. */
  private _kernel(id: string): Kernel.IModel | undefined {
    return [...this._sessions.running()].find(
      session => session.kernel?.id === id
    )?.kernel as Kernel.IModel | undefined;
  }

  private _owner(id: string, address: string): IOwner {
    const call = async (
      name: 'scale' | 'adapt',
      ...values: number[]
    ): Promise<void> => {
      const model = this._kernel(id);
      const answer = model
        ? await callInKernel(this, model, name, [address, ...values])
        : 'gone';
      if (answer) {
        throw new ClusterError(
          this._trans.__('The notebook that made this cluster has it no more.'),
          {
            code: 'not-found',
            hint: this._trans.__('Find it again, or forget this card.')
          }
        );
      }
    };
    return {
      scale: workers => call('scale', workers),
      adapt: (minimum, maximum) => call('adapt', minimum, maximum)
    };
  }

  private _sessions: Session.IManager;
  private _kernels: Kernel.IManager;
  private _environments: Environments;
  private _trans: TranslationBundle;
  private _clusters: KernelClusters;
}

/** A provider with all that belongs to it. */
export function createSchedulerProvider(
  options: Environments.IOptions &
    Omit<SchedulerProvider.IOptions, 'environments'>
): SchedulerProvider {
  return new SchedulerProvider({
    ...options,
    environments: new Environments(options)
  });
}

export namespace SchedulerProvider {
  export interface IOptions {
    sessions: Session.IManager;
    kernels: Kernel.IManager;
    environments: Environments;
    /** Called when there may be other clusters than before. */
    changed: () => void;
    trans: TranslationBundle;
  }
}
