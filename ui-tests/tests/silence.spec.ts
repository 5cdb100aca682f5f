import type { WebSocket } from '@playwright/test';
import { expect, test } from '../helpers/fixtures';

/** How long a quiet cluster is listened to. */
const QUIET = 45_000;

test.setTimeout(240_000);

test('a quiet cluster sends nothing while its card is open, and its kernel idles', async ({
  page,
  sidebar,
  lab
}) => {
  const sockets: WebSocket[] = [];
  page.on('websocket', socket => sockets.push(socket));
  await sidebar.open();
  await sidebar.newCluster();
  const requests: string[] = [];
  const frames: string[] = [];
  // What the start itself still tells must have arrived.
  let last = Date.now();
  const listen = (payload: { payload: string | Buffer }): void => {
    last = Date.now();
    frames.push(payload.payload.toString().slice(0, 300));
  };
  for (const socket of sockets) {
    if (socket.url().includes('/api/kernels/')) {
      socket.on('framereceived', listen);
      socket.on('framesent', listen);
    }
  }
  await expect
    .poll(() => Date.now() - last > 10_000, { timeout: 60_000 })
    .toBe(true);
  page.on('request', request => {
    const path = new URL(request.url()).pathname;
    if (
      !/^(\/lab)?\/api\/(sessions|kernels|terminals|contents|kernelspecs|me|status|workspaces)/.test(
        path
      )
    ) {
      requests.push(request.url());
    }
  });
  frames.length = 0;
  const started = Date.now();
  await expect
    .poll(() => Date.now() - started > QUIET, { timeout: QUIET + 5_000 })
    .toBe(true);
  expect(frames).toEqual([]);
  expect(requests).toEqual([]);
  const kernels = (await (
    await fetch(`${lab.url}/api/kernels?no_track_activity=1`)
  ).json()) as Array<{ last_activity: string; execution_state: string }>;
  for (const kernel of kernels) {
    expect(kernel.execution_state).toBe('idle');
    expect(Date.parse(kernel.last_activity)).toBeLessThan(started);
  }
  await sidebar.stopAll();
});
