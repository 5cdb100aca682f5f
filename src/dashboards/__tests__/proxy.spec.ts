import { ServerConnection } from '@jupyterlab/services';
import { JupyterServer } from '@jupyterlab/testing';
import { IRunningCluster, startCluster } from '../../notebook/__tests__/utils';
import { hasGpu, probe } from '../probe';
import { proxiedDashboard } from '../url';
import { trans } from './utils';

describe('A real dashboard behind the real proxy', () => {
  const server = new JupyterServer();
  let running: IRunningCluster;

  beforeAll(async () => {
    [running] = await Promise.all([
      startCluster(),
      server.start({ configData: { ServerApp: { allow_root: true } } })
    ]);
  }, 120_000);

  afterAll(async () => {
    await running.stop();
    await server.shutdown();
  }, 60_000);

  it('should list its plots, answer for each kind, and be missed when gone', async () => {
    const settings = ServerConnection.makeSettings();
    const base = proxiedDashboard(running.dashboard, settings.baseUrl)!;
    const plots = await probe(base, settings, trans);
    expect(plots.length).toBeGreaterThan(25);
    expect(plots.map(({ id }) => id)).toContain('individual-task-stream');
    expect(await hasGpu(base, plots, settings, trans)).toBe(false);
    for (const id of ['individual-task-stream', 'status']) {
      const page = await ServerConnection.makeRequest(
        `${base}${id}`,
        {},
        settings
      );
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('bokeh');
    }
    await running.stop();
    await expect(probe(base, settings, trans)).rejects.toThrow(
      'No scheduler answers'
    );
    const elsewhere = proxiedDashboard('http://10.99.0.1:1', settings.baseUrl)!;
    await expect(probe(elsewhere, settings, trans)).rejects.toMatchObject({
      hint: expect.stringContaining('host_allowlist')
    });
  }, 120_000);
});
