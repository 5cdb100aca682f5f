import { Dialog } from '@jupyterlab/apputils';
import {
  acceptDialog,
  dismissDialog,
  waitForDialog
} from '@jupyterlab/testing';
import { nullTranslator } from '@jupyterlab/translation';
import type { IFound } from '../../providers/kernel/finder';
import type { IClusterManager, IClusterRequest } from '../../tokens';
import { connectScheduler, findAndShow } from '../connectScheduler';

const trans = nullTranslator.load('jupyterlab_seasonal_monitor');

const FOUND: IFound = {
  kernel: 'k',
  environment: 'python3',
  document: '<img src=x onerror=alert(1)>.ipynb',
  address: 'tcp://127.0.0.1:1234',
  name: 'mine',
  kind: 'LocalCluster',
  dashboard: null,
  workers: 2,
  scalable: true,
  secure: false
};

describe('connecting to existing schedulers', () => {
  let requests: IClusterRequest[];
  let manager: IClusterManager;

  const inputs = (): HTMLInputElement[] => [
    ...document.querySelectorAll<HTMLInputElement>('.jp-Dialog input')
  ];

  beforeEach(() => {
    requests = [];
    manager = {
      clusters: [],
      create: (request: IClusterRequest) => requests.push(request)
    } as unknown as IClusterManager;
  });

  afterEach(() => Dialog.flush());

  it.each([
    ['tcp://10.0.0.5:8786', { address: 'tcp://10.0.0.5:8786' }],
    ['scheduler.local:8786', { address: 'scheduler.local:8786' }],
    ['/shared/scheduler.json', { file: '/shared/scheduler.json' }]
  ])('should show %s', async (where, options) => {
    const shown = connectScheduler(manager, trans);
    await waitForDialog(document.body, 20_000);
    inputs()[0].value = where;
    await acceptDialog(document.body, 20_000);
    await shown;
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ provider: 'scheduler', options });
  });

  it('should name its fields, and say what is wrong without closing', async () => {
    const shown = connectScheduler(manager, trans);
    await waitForDialog(document.body, 20_000);
    expect(inputs().map(input => input.labels![0].textContent)).toEqual([
      'Address or scheduler file',
      'Credentials file (optional)',
      'Name (optional)'
    ]);
    for (const wrong of ['', 'javascript:alert(1)', 'http://x', 'name']) {
      inputs()[0].value = wrong;
      document.querySelector<HTMLElement>('.jp-mod-accept')!.click();
      expect(inputs()[0].getAttribute('aria-invalid')).toBe('true');
      expect(document.querySelector('[role=alert]')!.textContent).toMatch(/\./);
    }
    await dismissDialog(document.body, 20_000);
    expect(await shown).toBeNull();
    expect(requests).toEqual([]);
  });

  it('should show what the person chose of what was found, as text', async () => {
    const other = { ...FOUND, address: 'tls://127.0.0.1:9', name: '' };
    const shown = findAndShow(
      manager,
      async () => ({ found: [FOUND, other], silent: ['busy.ipynb'] }),
      trans
    );
    await waitForDialog(document.body, 20_000);
    expect(document.querySelector('.jp-Dialog img')).toBeNull();
    expect(document.querySelector('.jp-Dialog')!.textContent).toContain(
      'busy.ipynb'
    );
    inputs()[1].checked = false;
    await acceptDialog(document.body, 20_000);
    await shown;
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      environment: 'python3',
      options: { address: FOUND.address, ownerKernel: 'k', scalable: true }
    });
  });

  it('should leave out what is shown already, and say when nothing is left', async () => {
    const known = {
      ...manager,
      clusters: [{ snapshot: { connection: { address: FOUND.address } } }]
    } as unknown as IClusterManager;
    const shown = findAndShow(
      known,
      async () => ({ found: [FOUND], silent: [] }),
      trans
    );
    await waitForDialog(document.body, 20_000);
    expect(document.querySelector('.jp-Dialog-header')!.textContent).toContain(
      'No other clusters'
    );
    await acceptDialog(document.body, 20_000);
    expect(await shown).toBeNull();
  });
});
