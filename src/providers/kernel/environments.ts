/** The environments in which a controller can run: Python kernels. */
import type { KernelSpec } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isPythonSpec } from '../../python';
import { ClusterError, IEnvironment } from '../../tokens';

/** Reads the server's list of kernels, which the page has already. */
export class Environments {
  constructor(options: Environments.IOptions) {
    this._kernelspecs = options.kernelspecs;
    this._active = options.activeKernel;
    this._trans = options.trans;
  }

  /** The Python kernels, in the order of their labels. */
  async list(): Promise<IEnvironment[]> {
    await this._kernelspecs.ready;
    const specs = this._kernelspecs.specs?.kernelspecs ?? {};
    return Object.values(specs)
      .filter(isPythonSpec)
      .map(spec => ({ name: spec!.name, label: spec!.display_name }))
      .sort((a, b) => a.label.localeCompare(b.label));
  }

  /**
   * The active notebook's kernel if it is Python, else the server's default,
   * else any.
   */
  async preferred(): Promise<string | undefined> {
    const names = (await this.list()).map(item => item.name);
    return [this._active(), this._kernelspecs.specs?.default, ...names].find(
      name => name !== undefined && names.includes(name)
    );
  }

  /**
   * The environment that was asked for, or the preferred one. Rejects with a
   * ClusterError when there is none.
   */
  async resolve(name?: string): Promise<string> {
    const trans = this._trans;
    if (!name) {
      const preferred = await this.preferred();
      if (!preferred) {
        throw new ClusterError(trans.__('This server has no Python kernel.'), {
          code: 'not-found',
          hint: trans.__('Install ipykernel in an environment with Dask.')
        });
      }
      return preferred;
    }
    const environments = await this.list();
    if (!environments.some(item => item.name === name)) {
      throw new ClusterError(
        trans.__('There is no Python kernel named %1.', name),
        {
          code: 'not-found',
          hint: trans.__('Choose another environment.')
        }
      );
    }
    return name;
  }

  private _kernelspecs: KernelSpec.IManager;
  private _active: () => string | undefined;
  private _trans: TranslationBundle;
}

export namespace Environments {
  export interface IOptions {
    kernelspecs: KernelSpec.IManager;
    /** The kernelspec of the active notebook. */
    activeKernel: () => string | undefined;
    trans: TranslationBundle;
  }
}
