import { KernelManager, KernelSpecManager } from '@jupyterlab/services';
import type { Kernel } from '@jupyterlab/services';
import { ContentsManager } from '@jupyterlab/services';
import type { JupyterServer } from '@jupyterlab/testing';
import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import validator from '@rjsf/validator-ajv8';
import { eventually } from '../../__tests__/eventually';
import { startJupyter } from '../../__tests__/jupyterServer';
import { ClusterManager } from '../../cluster/manager';
import { ProviderRegistry } from '../../cluster/registry';
import { ClusterError } from '../../tokens';
import { saveClass } from '../arrive';
import { packClass, unpackClass } from '../bundle';
import type { IWorkshop } from '../model';
import { preflight } from '../preflight';
import type { IPreflightOptions } from '../preflight';
import type { ClassService } from '../service';
import { Voice } from '../voice';
import { Hub, serviceOf as serviceIn, startHub } from './hubProgram';

const MINUTES = 240_000;
const trans = nullTranslator.load('');

const workshop: IWorkshop = {
  version: 1,
  id: 'rain',
  title: 'Rain',
  materials: [
    {
      notebook: 'day/one.ipynb',
      steps: [
        { id: 'a', title: 'A' },
        { id: 'b', title: 'B' }
      ]
    }
  ],
  profile: 'Small'
};
const TEXT = JSON.stringify(workshop);

const notebook = (source: string, kernel = 'python3'): JSONObject => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: kernel, display_name: kernel } },
  cells: [
    {
      cell_type: 'code',
      id: 'one',
      metadata: {},
      source,
      outputs: [{ output_type: 'stream', name: 'stdout', text: 'secret' }],
      execution_count: 3
    }
  ]
});

let server: JupyterServer;
let contents: ContentsManager;
let hub: Hub;

const serviceOf = (name: string): ClassService => serviceIn(hub, name);

beforeAll(async () => {
  [server, hub] = await Promise.all([startJupyter(), startHub()]);
  contents = new ContentsManager();
}, MINUTES);

afterAll(async () => {
  await Promise.all([server.shutdown(), hub.stop()]);
}, MINUTES);

const pack = (source: string) =>
  packClass(TEXT, async () => notebook(source), validator, trans);

describe('A class by a code', () => {
  it(
    'should come from its trainer to a participant, whose files stay as they are',
    async () => {
      const code = await serviceOf('trainer').publish(await pack('1 + 1'));
      expect(code).toMatch(/^[2-9A-HJKMNP-Z]{6}$/);
      const got = await serviceOf('alice').published(code);
      expect(got.author).toBe('trainer');
      expect(JSON.stringify(got)).not.toContain('secret');
      const bundle = unpackClass(got, validator, trans);
      const file = await saveClass(contents, 'rain-abc', bundle);
      expect(file).toBe('rain-abc/rain.workshop.json');
      expect((await contents.get(file)).content).toBe(TEXT);
      expect(await saveClass(contents, 'rain-abc', bundle)).toBe(file);

      // The trainer corrects it, under the same code.
      const again = await serviceOf('trainer').publish(await pack('2'), code);
      expect(again).toBe(code);
      const other = await serviceOf('alice').published(code);
      const next = unpackClass(other, validator, trans);
      expect(await saveClass(contents, 'rain-abc', next)).toBe(
        'rain-abc-2/rain.workshop.json'
      );
      const first = await contents.get('rain-abc/day/one.ipynb');
      expect(first.content.cells[0].source).toBe('1 + 1');
    },
    MINUTES
  );

  it('should be refused to others, in words', async () => {
    await expect(
      serviceOf('alice').publish(await pack('1'))
    ).rejects.toMatchObject({
      message: expect.stringMatching(/Only trainers/)
    });
    const code = await serviceOf('trainer').publish(await pack('1'));
    await expect(serviceOf('carol').published(code)).rejects.toMatchObject({
      message: expect.stringMatching(/not in the class/)
    });
    await expect(serviceOf('alice').published('ZZZZZZ')).rejects.toMatchObject({
      message: expect.stringMatching(/no class with this code/)
    });
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['its file is hostile', TEXT.replace('"id"', '"scheduler"'), {}],
    ['a notebook is missing', TEXT, {}],
    ['a notebook is none', TEXT, { 'day/one.ipynb': '{"nbformat":4}' }],
    ['a notebook is no text', TEXT, { 'day/one.ipynb': { nbformat: 4 } }],
    ['its notebooks are too large', TEXT, { 'day/one.ipynb': ' '.repeat(2e6) }]
  ])('should not be put down when %s', (_, text, notebooks) => {
    expect(() =>
      unpackClass(
        { workshop: text, notebooks: notebooks as never },
        validator,
        trans
      )
    ).toThrow(/Tell your trainer|Ask your trainer/);
  });

  it('should take only the notebooks that its file names', () => {
    const given = { 'day/one.ipynb': JSON.stringify(notebook('1')), x: '{}' };
    const { notebooks } = unpackClass(
      { workshop: TEXT, notebooks: given },
      validator,
      trans
    );
    expect([...notebooks.keys()]).toEqual(['day/one.ipynb']);
    expect(JSON.stringify([...notebooks.values()])).not.toContain('secret');
  });
});

describe('What a participant’s page says', () => {
  it(
    'should reach the trainer once the person has joined, and not before',
    async () => {
      const run = {
        joining: 'no',
        workshop,
        done: new Set<string>()
      } as unknown as Record<string, unknown>;
      const changed = new Signal<object, void>(run);
      const manager = {
        clusters: [],
        stateChanged: new Signal<object, void>({})
      };
      let asked = 0;
      const voice = new Voice({
        run: Object.assign(run, { changed }) as never,
        manager: manager as never,
        service: () => {
          asked += 1;
          return serviceOf('bob');
        }
      });
      changed.emit();
      expect([asked, voice.connection]).toEqual([0, 'not-joined']);
      run.joining = 'joined';
      changed.emit();
      await eventually(() => expect(voice.connection).toBe('connected'));
      await voice.ask(true, 'My <b>plot</b> is empty');
      (run.done as Set<string>).add('a');
      changed.emit();
      const row = async () =>
        (await serviceOf('trainer').participants()).find(
          ({ name }) => name === 'bob'
        )?.status;
      await eventually(async () => {
        expect(await row()).toMatchObject({
          step: 1,
          of: 2,
          help: true,
          note: 'My <b>plot</b> is empty'
        });
      });
      await voice.ask(false);
      expect(await row()).toMatchObject({ help: false, note: '' });
      voice.dispose();
    },
    MINUTES
  );
});

describe('The checks before a class', () => {
  let kernels: KernelManager;
  let kernel: Kernel.IKernelConnection;
  const options = (): IPreflightOptions => ({
    file: 'check/rain.workshop.json',
    manager: { refusal: () => null },
    contents,
    kernelspecs: new KernelSpecManager(),
    kernel: null,
    plan: { sentences: [], problem: '', request: undefined },
    dashboards: async () => '',
    trans
  });
  const look = async (
    value: Partial<IWorkshop>,
    more: Partial<IPreflightOptions> = {}
  ) =>
    Object.fromEntries(
      (
        await preflight({ ...workshop, ...value }, { ...options(), ...more })
      ).map(({ label, state, text }) => [label, `${state} ${text}`])
    );
  const put = async (name: string, content: JSONObject) => {
    for (const path of ['check', 'check/day']) {
      await contents.save(path, { type: 'directory', path });
    }
    const path = `check/day/${name}`;
    await contents.save(path, { type: 'notebook', format: 'json', content });
  };

  beforeAll(async () => {
    kernels = new KernelManager();
    kernel = await kernels.startNew({ name: 'python3' });
    await kernel.info;
    await eventually(() => expect(kernel.status).toBe('idle'));
  }, MINUTES);

  afterAll(async () => {
    await kernel.shutdown();
    kernels.dispose();
  });

  it('should say what is missing without a kernel', async () => {
    await put('one.ipynb', notebook('1', 'ir-none'));
    expect(
      await look({ data: ['gone', 'day', 'https://example.org/x'] })
    ).toEqual({
      Environment: expect.stringMatching(/^bad .*no kernel “ir-none”/),
      Data: expect.stringMatching(/^bad Not reached: gone\./),
      'Disk and memory': expect.stringMatching(/^unknown Only a kernel can/),
      Limits: expect.stringMatching(/^good/),
      Dashboards: expect.stringMatching(/^good/)
    });
    await put('one.ipynb', notebook('import no_such_package'));
    expect(
      await look(
        { data: ['/tmp'] },
        { plan: { sentences: [], problem: 'No profile.' } }
      )
    ).toEqual({
      Environment: expect.stringMatching(/^unknown .*no_such_package/),
      Data: expect.stringMatching(/^unknown Only a kernel can reach \/tmp/),
      'Disk and memory': expect.stringMatching(/^unknown/),
      Limits: 'bad No profile.',
      Dashboards: expect.stringMatching(/^good/)
    });
    expect(
      await look({ materials: [{ notebook: 'gone.ipynb' }] })
    ).toMatchObject({
      Environment: expect.stringMatching(/^bad .*“gone.ipynb”/)
    });
  });

  it('should say that a budget is used up, before somebody joins', async () => {
    const registry = new ProviderRegistry();
    const manager = new ClusterManager({ registry, trans });
    const request = { provider: 'local', profile: 'Small', options: {} };
    const plan = { sentences: [], problem: '', request };
    const limits = async (): Promise<string> =>
      (await look({}, { manager, plan })).Limits;
    expect(await limits()).toMatch(/^good .*no budget is used up/);
    const guard = manager.guard(() => {
      throw new ClusterError('The budget of May is used up.', {
        hint: 'Ask for more.'
      });
    });
    expect(await limits()).toBe(
      'bad The budget of May is used up. Ask for more.'
    );
    guard.dispose();
    manager.readOnly = true;
    expect(await limits()).toMatch(/^bad Clusters can only be watched here/);
  });

  it(
    'should ask a kernel that is open for packages and data',
    async () => {
      await put('one.ipynb', notebook('import no_such_package, numpy'));
      const bad = await look(
        { data: ['/tmp', '/no/such"\'\u2028path', 's3://no-such/bucket'] },
        { kernel }
      );
      expect(bad.Environment).toMatch(/^bad .*lacks no_such_package\./);
      expect(bad.Data).toMatch(/^bad Not reached: \/no\/such.*s3:/s);
      expect(bad.Data).not.toContain('/tmp');
      await put('one.ipynb', notebook('import numpy'));
      expect(await look({ data: ['/tmp'] }, { kernel })).toMatchObject({
        Environment: expect.stringMatching(/^good .*packages are there/),
        Data: expect.stringMatching(/^good/)
      });
    },
    MINUTES
  );

  it(
    'should say what disk and memory a kernel has, and what is too little',
    async () => {
      await put('one.ipynb', notebook('1'));
      const space = async (): Promise<string> =>
        (await look({}, { kernel }))['Disk and memory'];
      const run = async (code: string): Promise<void> => {
        await kernel.requestExecute({ code }).done;
        await eventually(() => expect(kernel.status).toBe('idle'));
      };
      expect(await space()).toMatch(
        /^good .*GiB are free on the disk, and your server may use .*GiB/
      );
      // As a hub says it, and in a folder whose disk has no room.
      await run(
        'import os\nhere = os.getcwd()\nos.environ["MEM_LIMIT"] = str(2**30)\nos.chdir("/proc")'
      );
      expect(await space()).toMatch(
        /^bad Only 0\D.* are free .*Delete.* only 1\D.*GiB of memory; a class needs about 2\D.*larger/
      );
      await run('del os.environ["MEM_LIMIT"]\nos.chdir(here)');
      expect(await space()).toMatch(/^good/);
    },
    MINUTES
  );
});
