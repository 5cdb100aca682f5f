import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { kubernetesBackEnd } from '../kubernetes';
import { parseSession, sessionPath } from '../paths';
import type { IKubernetesDescription } from '../protocolBackEnds';
import type { ControllerSession } from '../session';

const trans = nullTranslator.load('jupyterlab_seasonal_monitor');
const TOLD: IKubernetesDescription = {
  namespace: 'ada',
  image: 'hub/image:3',
  missing: [],
  problem: null,
  hint: null,
  clusters: [],
  remarks: []
};
const LEFT = {
  id: 'ada/sm-a-1',
  kind: 'cluster',
  namespace: 'ada',
  name: 'sm-a-1',
  title: 'Rain',
  created: '',
  certain: true
};
const OTHER = {
  ...LEFT,
  id: 'lab/sm-b-2',
  namespace: 'lab',
  name: 'sm-b-2',
  certain: false
};
const GROUP = { ...LEFT, id: 'lab/workers/sm-c-3', kind: 'workers' };

/** A session whose controller says this. */
const answering = (told: IKubernetesDescription): ControllerSession =>
  ({ call: async () => told }) as unknown as ControllerSession;

describe('kubernetesBackEnd()', () => {
  const make = (told?: Partial<IKubernetesDescription>) =>
    kubernetesBackEnd().form(trans, [], 'py', told && { ...TOLD, ...told });
  const fields = (told?: Partial<IKubernetesDescription>) =>
    make(told).schema.properties as Record<string, JSONObject>;

  it('should name the image and the namespace that are used without a choice', () => {
    expect(fields({}).image.description).toContain('hub/image:3');
    expect(make({}).notes.join(' ')).toContain('ada');
  });

  it('should always end an idle cluster', () => {
    expect(fields().idleTimeout).toMatchObject({
      default: 15,
      exclusiveMinimum: 0
    });
  });

  it('should say what is missing, with the line that installs it', () => {
    const notes = make({ missing: ['dask-kubernetes'] }).notes;
    expect(notes.join(' ')).toContain('%pip install dask-kubernetes');
  });

  it('should say why no cluster can be made, and what to do', () => {
    const told = { problem: 'You may not create it.', hint: 'Ask for it.' };
    expect(make(told).notes).toEqual(['You may not create it.', 'Ask for it.']);
  });

  it('should offer clusters without a controller to be taken up', () => {
    expect(fields({}).attach).toBeUndefined();
    const told = { clusters: [LEFT, OTHER, GROUP] };
    const choices = fields(told).attach.oneOf as JSONObject[];
    expect(choices.map(choice => choice.const)).toEqual([LEFT.id, OTHER.id]);
    expect(choices[1].title).toContain('another machine');
    expect(make(told).notes.join(' ')).toContain('2 clusters of yours');
  });

  it('should accept names and sizes as they are usually written', () => {
    const { memory, namespace } = fields();
    expect(new RegExp(String(memory.pattern)).test('16 GiB')).toBe(true);
    const name = new RegExp(String(namespace.pattern));
    expect(['', 'team-a'].every(text => name.test(text))).toBe(true);
    expect(['Team', 'a_b', '-a'].some(text => name.test(text))).toBe(false);
  });

  it('should tell what is left, and why it may not be', async () => {
    const clusters = [
      { ...LEFT, created: '2026-11-26T08:00:00Z' },
      OTHER,
      GROUP
    ];
    const remarks = ['Only these namespaces were asked: ada.'];
    const told = await kubernetesBackEnd().leftovers?.(
      answering({ ...TOLD, clusters, remarks }),
      trans
    );
    const left = told?.items;
    expect(told?.remarks).toEqual(remarks);
    expect(left?.map(({ id, certain }) => [id, certain])).toEqual([
      [LEFT.id, true],
      [OTHER.id, false],
      [GROUP.id, true]
    ]);
    expect(left?.[1].detail).toContain('in the namespace lab');
    expect(left?.[2].detail).toContain('Its cluster is gone');
    expect(left?.map(({ since }) => since)).toEqual([
      Date.UTC(2026, 10, 26, 8),
      undefined,
      undefined
    ]);
    expect(left?.[0].doubt).toBeUndefined();
    expect(left?.[1].doubt).toContain('another machine');
  });

  it('should say why it cannot be asked, and not that nothing is left', async () => {
    const problem = { problem: 'You may not list it.', hint: 'Ask for it.' };
    await expect(
      kubernetesBackEnd().leftovers?.(answering({ ...TOLD, ...problem }), trans)
    ).rejects.toMatchObject({ message: problem.problem, hint: problem.hint });
    // Who may make none in the configured namespace can have some in another.
    const elsewhere = answering({ ...TOLD, ...problem, clusters: [OTHER] });
    const told = await kubernetesBackEnd().leftovers?.(elsewhere, trans);
    expect(told?.items.map(({ id }) => id)).toEqual([OTHER.id]);
    const missing = answering({ ...TOLD, missing: ['dask-kubernetes'] });
    await expect(
      kubernetesBackEnd().leftovers?.(missing, trans)
    ).rejects.toThrow('%pip install dask-kubernetes');
  });

  it('should find its sessions again as its own', () => {
    const path = sessionPath('kubernetes', 'abcdef12-0000');
    expect(parseSession({ type: 'dask-cluster', path })).toMatchObject({
      kind: 'kubernetes',
      id: 'abcdef12-0000'
    });
  });
});
