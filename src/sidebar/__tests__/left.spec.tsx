import { Notification } from '@jupyterlab/apputils';
import { FakeProvider } from '../../cluster/__tests__/fakes';
import { CommandIDs } from '../../commands';
import { ClusterError, ILeftover, ILeftovers } from '../../tokens';
import { createLeftRunning } from '../leftPanel';
import { eventually, names, Stage, violations } from './support';

const JOB: ILeftover = {
  id: '7',
  kind: 'SLURM job',
  title: 'Job 7',
  detail: 'Waits in the queue fast.',
  certain: true
};
const DOUBTFUL: ILeftover = {
  ...JOB,
  id: '8',
  title: 'Job 8',
  certain: false,
  doubt: 'Its controller ran on node4.'
};

/** A provider with things left, which counts how often it is asked. */
class LeavingProvider extends FakeProvider {
  constructor(id: string) {
    super();
    Object.defineProperty(this, 'id', { value: id });
  }

  readonly survives = 'kill';
  items: ILeftover[] = [];
  error: ClusterError | null = null;
  asked = 0;
  removals: string[][] = [];

  remarks: string[] = [];

  async leftovers(): Promise<ILeftovers> {
    this.asked += 1;
    if (this.error) {
      throw this.error;
    }
    return { items: this.items, remarks: this.remarks };
  }

  async removeLeftovers(ids: readonly string[]): Promise<string[]> {
    this.removals.push([...ids]);
    const gone = this.items.filter(({ id }) => ids.includes(id));
    this.items = this.items.filter(item => !gone.includes(item));
    return gone.map(({ id }) => id);
  }
}

describe('What is left running', () => {
  let stage: Stage;
  let slurm: LeavingProvider;
  let cloud: LeavingProvider;

  beforeEach(() => {
    stage = new Stage();
    slurm = new LeavingProvider('slurm');
    cloud = new LeavingProvider('cloud');
    stage.registry.add(slurm);
    stage.registry.add(cloud);
  });

  afterEach(() => {
    Notification.dismiss();
    stage.dispose();
  });

  const open = async (): Promise<HTMLElement> => {
    const tab = createLeftRunning(stage.services);
    const node = await stage.attach(tab);
    await tab.content.model.ask();
    await eventually(() => expect(node.textContent).toContain('left over'));
    return node;
  };
  const part = (node: HTMLElement, provider: string): string =>
    node.querySelector(`[data-provider=${provider}]`)?.textContent ?? '';
  const press = (node: ParentNode, name: string): void => {
    const found = [...node.querySelectorAll('button')].find(
      button =>
        (button.getAttribute('aria-label') ?? button.textContent) === name
    );
    found!.click();
  };

  it('should name every provider: what is left, that nothing is, or why it cannot be asked', async () => {
    slurm.items = [JOB, DOUBTFUL];
    cloud.error = new ClusterError('The cloud refuses.', { hint: 'Sign in.' });
    const node = await open();
    expect(part(node, 'slurm')).toContain('Job 7');
    expect(part(node, 'slurm')).toContain('Its controller ran on node4.');
    expect(part(node, 'cloud')).toContain('The cloud refuses. Sign in.');
    expect(part(node, 'fake')).toContain('Nothing can be left here');
    cloud.error = null;
    press(node, 'Refresh');
    await eventually(() =>
      expect(part(node, 'cloud')).toContain('Nothing is left here.')
    );
    expect(slurm.asked).toBe(2);
    expect(await violations(node.querySelector('.jp-DaskLeft')!)).toEqual([]);
  });

  it('should say what was not asked, and not that nothing is left then', async () => {
    cloud.remarks = ['Only the region x was asked.'];
    const node = await open();
    expect(part(node, 'cloud')).toContain('Nothing else was found.');
    expect(part(node, 'cloud')).toContain('Only the region x was asked.');
    expect(part(node, 'cloud')).not.toContain('Nothing is left here.');
  });

  it('should not say that nothing is left where that cannot be listed', async () => {
    Object.defineProperty(cloud, 'leftovers', { value: undefined });
    const node = await open();
    expect(part(node, 'cloud')).toContain('cannot be listed');
  });

  it('should say of each cluster what ends it, and of which nobody knows', async () => {
    await stage.find(
      { name: 'rain', stopsAt: Date.now() + 18.5 * 60_000 },
      {
        name: 'busy',
        tasks: { processing: 3, waiting: 1, memory: 0, erred: 0 }
      },
      { name: 'quiet', options: { idleTimeout: 30 } }
    );
    const node = await open();
    const row = (index: number): string =>
      node.querySelectorAll('tbody tr')[index].textContent ?? '';
    expect(row(0)).toMatch(/Stops at .* \(in 18 min.*\) if nothing runs\./);
    expect(row(1)).toContain('4 tasks to do');
    expect(row(1)).toContain('It does not stop by itself.');
    expect(row(1)).toContain('It ends with the Jupyter server.');
    expect(row(2)).toContain('Stops when nothing has run for 30 min.');
    expect(node.querySelector('[role=status]')?.textContent).toContain(
      '3 clusters'
    );
    press(node, 'quiet');
    expect(stage.executed).toEqual([
      [CommandIDs.showDetails, { cluster: stage.manager.clusters[2].key }]
    ]);
  });

  it('should remove what is ticked, and tick only what is surely nobody’s', async () => {
    slurm.items = [JOB, DOUBTFUL];
    cloud.items = [{ ...JOB, id: 'a', title: 'Role a' }];
    const node = await open();
    press(node, 'Clean up…');
    await eventually(() =>
      expect(document.querySelectorAll('.jp-DaskLeft-form input')).toHaveLength(
        3
      )
    );
    const boxes = [
      ...document.querySelectorAll<HTMLInputElement>('.jp-DaskLeft-form input')
    ];
    expect(boxes.map(box => box.checked)).toEqual([true, false, true]);
    const dialog = document.querySelector<HTMLElement>('.jp-Dialog')!;
    expect(dialog.textContent).toContain('2 will be removed.');
    expect(dialog.textContent).toContain('Its controller ran on node4.');
    boxes[2].click();
    await eventually(() =>
      expect(dialog.textContent).toContain('1 will be removed.')
    );
    press(dialog, 'Remove');
    await eventually(() => expect(part(node, 'slurm')).not.toContain('Job 7'));
    expect([slurm.removals, cloud.removals]).toEqual([[['7']], []]);
    expect(part(node, 'slurm')).toContain('Job 8');
    // Only whom it concerns is asked again.
    expect([slurm.asked, cloud.asked]).toEqual([2, 1]);
  });

  it('should offer no act where one can only watch', async () => {
    slurm.items = [JOB];
    await stage.find({ name: 'rain' });
    stage.manager.readOnly = true;
    const node = await open();
    expect(names(node)).toEqual(['Refresh', 'rain']);
  });

  it('should ask a provider that comes while it is open', async () => {
    const node = await open();
    const late = new LeavingProvider('late');
    late.items = [JOB];
    stage.registry.add(late);
    await eventually(() => expect(part(node, 'late')).toContain('Job 7'));
  });
});
