import { test as base, expect } from '@playwright/test';
import { ChildProcess, execFileSync, spawn } from 'child_process';
import { existsSync } from 'fs';
import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { freePort } from '../helpers/lab';

const BIN = resolve(__dirname, '../../.venvs/lite/bin');

base.skip(
  !existsSync(join(BIN, 'python')),
  'needs its environment of environments/: run `make setup`'
);

let folder: string;
let server: ChildProcess;
let url: string;

/** A real JupyterLite with the extension, as files that a plain server of files gives. */
base.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seasonal-monitor-lite-'));
  const site = join(folder, 'site');
  execFileSync(join(BIN, 'jupyter'), ['lite', 'build', '--output-dir', site], {
    cwd: folder,
    env: { ...process.env, HOME: folder },
    stdio: 'pipe'
  });
  const port = await freePort();
  url = `http://127.0.0.1:${port}/lab/index.html`;
  server = spawn(
    join(BIN, 'python'),
    ['-m', 'http.server', `${port}`, '--bind', '127.0.0.1', '-d', site],
    { stdio: 'ignore' }
  );
  await expect
    .poll(() =>
      fetch(url).then(
        reply => reply.ok,
        () => false
      )
    )
    .toBe(true);
});

base.afterAll(async () => {
  server?.kill();
  await rm(folder, { recursive: true, force: true });
});

base(
  'JupyterLite says that clusters need a server, and templates can be inserted',
  async ({ page }) => {
    const errors: string[] = [];
    page.on('pageerror', error => errors.push(String(error.stack)));
    page.on('console', message => {
      const text = message.text();
      if (message.type() === 'error' && text.includes('seasonal-monitor')) {
        errors.push(text);
      }
    });
    await page.goto(url);
    await page.getByRole('tab', { name: 'Dask clusters' }).click();
    const panel = page.locator('#jp-left-stack');
    await expect(panel).toContainText('Clusters need a Jupyter server');
    await expect(
      panel.getByRole('button', { name: 'New cluster', exact: true })
    ).toHaveCount(0);
    await panel.getByText('Rainfall anomaly', { exact: true }).click();
    await page.getByRole('button', { name: 'New notebook' }).click();
    await expect(page.locator('.jp-Notebook')).toContainText('baseline_start');
    await page.screenshot({ path: 'test-results/lite.png' });
    expect(errors).toEqual([]);
  }
);
