import type { KernelSpec } from '@jupyterlab/services';

/** Whether a kernel of the server's list speaks Python. */
export function isPythonSpec(spec: KernelSpec.ISpecModel | undefined): boolean {
  return spec?.language.toLowerCase() === 'python';
}
