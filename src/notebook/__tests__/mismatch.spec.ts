import { Dialog } from '@jupyterlab/apputils';
import { waitForDialog } from '@jupyterlab/testing';
import { closeDialogs, violations } from '../../sidebar/__tests__/support';
import { confirmMismatch } from '../mismatch';
import { trans } from './utils';

describe('The question about different versions', () => {
  afterEach(() => Dialog.flush());

  it('should be accessible, and connect nothing by Escape', async () => {
    const asked = confirmMismatch(
      [
        {
          package: 'python',
          notebook: '3.11.2',
          cluster: '3.12.4',
          severe: true
        },
        { package: 'numpy', notebook: null, cluster: '2.1.0', severe: false }
      ],
      trans
    );
    await waitForDialog();
    const dialog = document.querySelector('.jp-Dialog')!;
    expect(dialog.querySelectorAll('tbody tr')).toHaveLength(2);
    expect(dialog.textContent).toContain('not installed');
    expect(await violations(dialog)).toEqual([]);
    await closeDialogs();
    expect(await asked).toBe(false);
  });
});
