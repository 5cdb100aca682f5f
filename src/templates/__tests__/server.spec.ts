import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { ServiceManager } from '@jupyterlab/services';
import { type JupyterServer, signalToPromise } from '@jupyterlab/testing';
import type { INotebookContent } from '@jupyterlab/nbformat';
import { startJupyter } from '../../__tests__/jupyterServer';
import { createNotebook, pythonKernel } from '../create';
import { fillNotebook } from '../fill';
import { askKernel, installLine, missingPackages } from '../packages';
import { template, trans } from './fixture';

let server: JupyterServer;
let services: ServiceManager;

beforeAll(async () => {
  server = await startJupyter();
  services = new ServiceManager({ standby: 'never' });
  await services.ready;
}, 60000);

afterAll(async () => {
  await services.sessions.shutdownAll();
  services.dispose();
  await server.shutdown();
}, 60000);

describe('createNotebook', () => {
  const content = () => fillNotebook(template(), { offset: 7 });

  async function names(folder: string): Promise<string[]> {
    const model = await services.contents.get(folder);
    return (model.content as { name: string }[]).map(file => file.name).sort();
  }

  async function newFolder(): Promise<string> {
    return (await services.contents.newUntitled({ type: 'directory' })).path;
  }

  it('should save the notebook under the name of its template', async () => {
    const folder = await newFolder();
    const made = content();
    const path = await createNotebook(
      services.contents,
      folder,
      'rain-demo',
      made
    );
    expect(path).toBe(`${folder}/rain-demo.ipynb`);
    const saved = (await services.contents.get(path))
      .content as INotebookContent;
    expect(saved.cells.map(cell => cell.metadata.seasonal_monitor)).toEqual(
      made.cells.map(cell => cell.metadata.seasonal_monitor)
    );
    expect(await names(folder)).toEqual(['rain-demo.ipynb']);
  });

  it('should count on where the name is taken, and overwrite nothing', async () => {
    const folder = await newFolder();
    const paths: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      paths.push(
        await createNotebook(services.contents, folder, 'a', content())
      );
    }
    expect(paths).toEqual(
      ['a', 'a-1', 'a-2'].map(name => `${folder}/${name}.ipynb`)
    );
    expect(await names(folder)).toEqual(['a-1.ipynb', 'a-2.ipynb', 'a.ipynb']);
  });

  it('should take another name when somebody takes the first in the meantime', async () => {
    const folder = await newFolder();
    await createNotebook(services.contents, folder, 'a', content());
    const late = Object.assign(
      Object.create(services.contents) as typeof services.contents,
      {
        get: async (path: string) => ({
          ...(await services.contents.get(path)),
          content: []
        })
      }
    );
    expect(await createNotebook(late, folder, 'a', content())).toBe(
      `${folder}/a-1.ipynb`
    );
    expect(await names(folder)).toEqual(['a-1.ipynb', 'a.ipynb']);
  });

  it('should leave no file behind when it cannot be saved', async () => {
    const folder = await newFolder();
    const broken = { ...content(), nbformat: 'x' } as unknown;
    await expect(
      createNotebook(services.contents, folder, 'a', broken as INotebookContent)
    ).rejects.toThrow();
    expect(await names(folder)).toEqual([]);
  });

  it('should say so when the folder is gone', async () => {
    await expect(
      createNotebook(services.contents, 'gone', 'a', content())
    ).rejects.toThrow(/gone/);
  });
});

describe('pythonKernel', () => {
  it("should find the server's Python", () => {
    expect(pythonKernel(services.kernelspecs.specs)?.name).toBe('python3');
  });

  it('should pass over a default that is not Python', () => {
    const spec = (name: string, language: string) => ({
      ...services.kernelspecs.specs!.kernelspecs.python3!,
      name,
      language
    });
    const kernelspecs = {
      ir: spec('ir', 'R'),
      two: spec('two', 'python'),
      three: spec('three', 'python')
    };
    expect(pythonKernel({ default: 'ir', kernelspecs })?.name).toBe('two');
    expect(pythonKernel({ default: 'three', kernelspecs })?.name).toBe('three');
    expect(pythonKernel({ default: 'ir', kernelspecs: {} })).toBeUndefined();
    expect(pythonKernel(null)).toBeUndefined();
  });
});

describe('missingPackages', () => {
  let kernel: Kernel.IKernelConnection;

  /** The value of a Python expression, as text. */
  async function evaluate(expression: string): Promise<string> {
    const future = kernel.requestExecute({
      code: '',
      silent: true,
      user_expressions: { value: expression }
    });
    const { content } = await future.done;
    const { user_expressions: found } = content as KernelMessage.IExecuteReply;
    return String(
      (found.value as { data: Record<string, string> }).data['text/plain']
    );
  }

  /** The page hears of the end of an execution a moment after its reply. */
  async function idle(): Promise<void> {
    while (kernel.status !== 'idle') {
      await signalToPromise(kernel.statusChanged);
    }
  }

  beforeEach(idle);

  beforeAll(async () => {
    kernel = await services.kernels.startNew({ name: 'python3' });
    await kernel.info;
  }, 60000);

  afterAll(async () => {
    await kernel.shutdown();
    kernel.dispose();
  });

  it('should name what is not there, and what is too old', async () => {
    expect(
      await missingPackages(
        kernel,
        [
          'ipykernel',
          'ipykernel>=5',
          'ipykernel>=999',
          'surely-not.installed',
          'IPyKernel',
          'traitlets[test]>4'
        ],
        trans
      )
    ).toEqual(['ipykernel>=999', 'surely-not.installed']);
    await idle();
    expect(await missingPackages(kernel, ['ipykernel'], trans)).toEqual([]);
  });

  it('should leave no variable and no history behind', async () => {
    const state =
      '(sorted(k for k in globals() if not k.startswith("_i")), get_ipython().execution_count)';
    const before = await evaluate(state);
    await idle();
    await missingPackages(kernel, ['ipykernel', 'nothing-of-this'], trans);
    expect(await evaluate(state)).toBe(before);
  });

  it('should not wait behind cells that run', async () => {
    const busy = kernel.requestExecute({
      code: 'import time\nwhile True:\n    time.sleep(0.1)'
    });
    await new Promise<void>(resolve => {
      busy.onIOPub = message => {
        if (message.header.msg_type === 'execute_input') {
          resolve();
        }
      };
    });
    await expect(missingPackages(kernel, ['ipykernel'], trans)).rejects.toThrow(
      /busy/
    );
    await kernel.interrupt();
    await busy.done;
  });

  it('should wait for as long as it was told, and no longer', async () => {
    const slow = 'import time\ntime.sleep(5)\nfound = asked';
    await expect(askKernel(kernel, slow, ['a'], trans, 100)).rejects.toThrow(
      'did not answer within 0.1 s'
    );
    await idle();
    // Longer than it may take where nothing is said.
    const slower = slow.replace('5', '16');
    expect(await askKernel(kernel, slower, ['a'], trans, 240_000)).toEqual([
      'a'
    ]);
  }, 300_000);

  it('should say so when the kernel answers something else', async () => {
    const future = kernel.requestExecute({
      code: 'import builtins\nreal = builtins.exec\nbuiltins.exec = lambda *a: 1/0'
    });
    await future.done;
    await idle();
    await expect(missingPackages(kernel, ['ipykernel'], trans)).rejects.toThrow(
      /could not say/
    );
  });
});

describe('installLine', () => {
  it('should quote what a shell would take apart', () => {
    expect(installLine(['odc-stac', 'xarray>=2024.1'])).toBe(
      'pip install odc-stac "xarray>=2024.1"'
    );
  });
});
