import { ServerConnection } from '@jupyterlab/services';
import type { JupyterServer } from '@jupyterlab/testing';
import { startJupyter } from '../../__tests__/jupyterServer';
import { IRunningCluster, startCluster } from '../../notebook/__tests__/utils';
import { commonPlots } from '../plots';
import { hasGpu, probe } from '../probe';
import { reachDashboard } from '../url';
import { trans } from './utils';

describe('A real dashboard behind the real proxy', () => {
  let server: JupyterServer;
  let running: IRunningCluster;

  beforeAll(async () => {
    [running, server] = await Promise.all([startCluster(), startJupyter()]);
  }, 120_000);

  afterAll(async () => {
    await running.stop();
    await server.shutdown();
  }, 60_000);

  it('should list its plots, answer for each kind, and be missed when gone', async () => {
    const settings = ServerConnection.makeSettings();
    const context = { server: settings, trans };
    const reachOf = (dashboard: string) =>
      reachDashboard({ dashboard }, settings.baseUrl)!;
    const reach = reachOf(running.dashboard);
    const plots = await probe(reach, context);
    expect(plots.length).toBeGreaterThan(25);
    expect(plots.map(({ id }) => id)).toContain('individual-task-stream');
    const ids = plots.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(commonPlots(trans).map(({ id }) => id))
    );
    expect(await hasGpu(reach, plots, context)).toBe(false);
    for (const id of ['individual-task-stream', 'status']) {
      const page = await ServerConnection.makeRequest(
        `${reach.base}${id}`,
        {},
        settings
      );
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('bokeh');
    }
    await running.stop();
    await expect(probe(reach, context)).rejects.toThrow('No scheduler answers');
    await expect(
      probe(reachOf('http://10.99.0.1:1'), context)
    ).rejects.toMatchObject({
      hint: expect.stringContaining('host_allowlist')
    });
  }, 120_000);
});
