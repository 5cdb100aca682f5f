import { ChildProcess, spawn } from 'child_process';
import { readdirSync, readFileSync } from 'fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'fs/promises';
import { createServer, Server } from 'net';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { expect, Page } from '@playwright/test';
import { ENVIRONMENT, freePort } from './lab';

const ROOT = resolve(__dirname, '../..');
/** The hub's ports follow each other. */
const PORTS = 5;

/** The JupyterHub of `make hub`, in a folder and on ports of the test's own. */
export class Hub {
  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly host: string
  ) {}

  /**
   * Start one and wait until it and its gateway answer.
   *
   * @param users - Whose servers will run; JupyterLab's application is shown to
   * tests in their pages.
   */
  static async start(
    users: string[],
    { config = [], server = [], host = '' }: Hub.IOptions = {}
  ): Promise<Hub> {
    const folder = await mkdtemp(join(tmpdir(), 'seasonal-monitor-hub-'));
    for (const user of users) {
      const config = join(folder, 'homes', user, '.jupyter');
      await mkdir(config, { recursive: true });
      await writeFile(
        join(config, 'jupyter_server_config.py'),
        ['c.LabApp.expose_app_in_browser = True', ...server].join('\n')
      );
    }
    // Templates are tested elsewhere; making their data takes long.
    const sampleData = join(folder, 'sample-data');
    await mkdir(sampleData);
    await writeFile(join(sampleData, 'catalog.json'), '{}');
    const deployed = join(ROOT, 'deploy', 'jupyterhub_config.py');
    await writeFile(
      join(folder, 'config.py'),
      [`load_subconfig(${JSON.stringify(deployed)})`, ...config].join('\n')
    );
    const hub = new Hub(folder, await Private.freePorts(), host);
    await hub.run();
    return hub;
  }

  get url(): string {
    return `http://${this.host || '127.0.0.1'}:${this.port}`;
  }

  /** Press Ctrl-C, wait until all has ended, and remove the folder. */
  async stop(): Promise<void> {
    await this.ended(child => child.kill('SIGINT'));
    // Servers that were to outlive the hub.
    this.kill('');
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /**
   * End the hub with its services and its proxy, as an administrator does, and start
   * it again. Servers go on where `cleanup_servers` is false.
   */
  async restartHub(): Promise<void> {
    await this.ended(() => this.kill('-m jupyterhub -f', 'SIGTERM'));
    await this.run();
  }

  /** End those of its processes whose command has these words. */
  kill(words: string, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): void {
    for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        if (
          command.replaceAll('\0', ' ').includes(words) &&
          environment.includes(this.folder)
        ) {
          process.kill(Number(pid), signal);
        }
      } catch {
        // It has ended meanwhile, or is somebody else's.
      }
    }
  }

  /** What the hub has written. */
  async log(): Promise<string> {
    return readFile(join(this.folder, 'hub.log'), 'utf8');
  }

  /**
   * Sign in by the hub's form, and wait until JupyterLab is there.
   *
   * @param server - Whose server is opened, by default one's own.
   */
  async signIn(page: Page, name: string, server = name): Promise<void> {
    const next = encodeURIComponent(`/user/${server}/lab`);
    const isOwn = server === name;
    await page.goto(`${this.url}/hub/login${isOwn ? '' : `?next=${next}`}`);
    await Private.fillIn(page, name);
    if (!isOwn) {
      await page.getByRole('button', { name: 'Authorize' }).click();
    }
    await page.waitForURL(`**/user/${server}/lab**`, { timeout: 240_000 });
    await Hub.isReady(page);
  }

  /** Follow a link to one's own server, as somebody who has to sign in first. */
  async follow(page: Page, name: string, link: string): Promise<void> {
    await page.goto(link);
    await Private.fillIn(page, name);
    await page.waitForURL(`**/user/${name}/lab**`, { timeout: 240_000 });
    await Hub.isReady(page);
  }

  /** Stop the server and start it again, by the hub's page. */
  async restart(page: Page): Promise<void> {
    await page.goto(`${this.url}/hub/home`);
    await page.getByRole('button', { name: 'Stop My Server' }).click();
    const start = page.getByRole('button', { name: 'Start My Server' });
    await expect(start).toBeVisible({ timeout: 120_000 });
    await start.click();
    await page.waitForURL('**/user/*/lab**', { timeout: 240_000 });
    await Hub.isReady(page);
  }

  /** Sign out by the hub's page. */
  async signOut(page: Page): Promise<void> {
    await page.goto(`${this.url}/hub/logout`);
    await expect(page.getByLabel('Username')).toBeVisible();
  }

  /** JupyterLab and the sidebar are drawn. */
  static async isReady(page: Page): Promise<void> {
    await page
      .locator('#jupyterlab-splash')
      .waitFor({ state: 'detached', timeout: 120_000 });
    await expect(page.getByRole('tab', { name: 'Dask clusters' })).toBeVisible({
      timeout: 120_000
    });
  }

  /** Do something that ends it, and wait until it has ended. */
  private async ended(act: (child: ChildProcess) => void): Promise<void> {
    const child = this._process;
    if (child && child.exitCode === null) {
      await new Promise<void>(done => {
        child.once('exit', () => done());
        act(child);
      });
    }
  }

  /** Start it in its folder and on its ports, and wait until it is ready. */
  private async run(): Promise<void> {
    const child = spawn(
      join(ENVIRONMENT, 'bin', 'python'),
      [
        join(ROOT, 'scripts', 'hub.py'),
        `--port=${this.port}`,
        `--host=${this.host}`,
        `--folder=${this.folder}`,
        `--config=${join(this.folder, 'config.py')}`,
        `--sample-data=${join(this.folder, 'sample-data')}`
      ],
      {
        env: { ...process.env, HOME: this.folder },
        stdio: ['ignore', 'pipe', 'pipe']
      }
    );
    this._process = child;
    let printed = '';
    child.stderr.on('data', (data: Buffer) => (printed += data.toString()));
    await new Promise<void>((done, fail) => {
      child.stdout.on('data', (data: Buffer) => {
        printed += data.toString();
        if (printed.includes('JupyterHub is ready')) {
          done();
        }
      });
      child.once('exit', () => fail(new Error(printed)));
    });
  }

  private _process: ChildProcess | null = null;
}

export namespace Hub {
  export interface IOptions {
    /** Lines of Python after the configuration of `deploy/`. */
    config?: string[];
    /** Lines of Python for the configuration of the users' servers. */
    server?: string[];
    /** Below which name each user has a domain; empty where none has. */
    host?: string;
  }
}

namespace Private {
  /** The hub's form, in which any password will do. */
  export async function fillIn(page: Page, name: string): Promise<void> {
    await page.getByLabel('Username').fill(name);
    await page.getByLabel('Password').fill('any');
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** The first of as many ports in a row that nobody uses now. */
  export async function freePorts(): Promise<number> {
    for (;;) {
      const first = await freePort();
      const taken: Server[] = [];
      try {
        for (let port = first; port < first + PORTS; port++) {
          taken.push(await listen(port));
        }
        return first;
      } catch {
        continue;
      } finally {
        await Promise.all(
          taken.map(server => new Promise(done => server.close(done)))
        );
      }
    }
  }

  function listen(port: number): Promise<Server> {
    return new Promise((done, fail) => {
      const server = createServer();
      server.once('error', fail);
      server.listen(port, '127.0.0.1', () => done(server));
    });
  }
}
