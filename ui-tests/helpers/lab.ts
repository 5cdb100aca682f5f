import { ChildProcess, spawn } from 'child_process';
import { createServer } from 'net';
import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { dirname, join, resolve } from 'path';

const ROOT = resolve(__dirname, '../..');

/** The Python environment in which everything of the project is installed. */
export const ENVIRONMENT = join(ROOT, '.venv');

/** A port of the loopback interface that nobody uses now. */
export async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object'
          ? done(address.port)
          : fail(new Error('no port'))
      );
    });
  });
}

/** A process of this machine, as /proc tells of it. */
export interface IProcess {
  pid: number;
  parent: number;
  command: string;
}

/** A real JupyterLab of the test's own, with folders of its own. */
export class Lab {
  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly options: Lab.IOptions
  ) {}

  /** Start one and wait until it answers. */
  static async start(options: Lab.IOptions = {}): Promise<Lab> {
    const folder = await mkdtemp(join(tmpdir(), 'seasonal-monitor-ui-'));
    const lab = new Lab(folder, await freePort(), options);
    await mkdir(lab.root, { recursive: true });
    await mkdir(join(folder, 'config', 'labconfig'), { recursive: true });
    await mkdir(join(folder, 'settings'), { recursive: true });
    const administrator = join(folder, 'administrator');
    if (options.overrides) {
      await mkdir(administrator);
      await writeFile(
        join(administrator, 'overrides.json'),
        JSON.stringify(options.overrides)
      );
    }
    for (const [plugin, values] of Object.entries(options.settings ?? {})) {
      const file = `${plugin.replace(':', '/')}.jupyterlab-settings`;
      const path = join(folder, 'settings', file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, JSON.stringify(values));
    }
    await writeFile(
      join(folder, 'jupyter_server_config.py'),
      [
        'from jupyterlab.galata import configure_jupyter_server',
        'configure_jupyter_server(c)',
        `c.ServerApp.port = ${lab.port}`,
        'c.JupyterNotebookApp.expose_app_in_browser = True',
        'c.ServerApp.ip = "127.0.0.1"',
        `c.ServerApp.root_dir = ${JSON.stringify(lab.root)}`,
        `c.LabApp.workspaces_dir = ${JSON.stringify(join(folder, 'workspaces'))}`,
        `c.LabApp.user_settings_dir = ${JSON.stringify(join(folder, 'settings'))}`,
        'c.ServerApp.allow_root = True',
        'c.LabApp.news_url = None',
        'c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"',
        ...(options.overrides
          ? [`c.LabApp.app_settings_dir = ${JSON.stringify(administrator)}`]
          : []),
        ...(options.token
          ? [`c.IdentityProvider.token = ${JSON.stringify(options.token)}`]
          : []),
        ...(options.config ?? [])
      ].join('\n')
    );
    // The question about news would cover what is looked at.
    await writeFile(
      join(folder, 'config', 'labconfig', 'page_config.json'),
      JSON.stringify({
        disabledExtensions: {
          '@jupyterlab/apputils-extension:announcements': true
        }
      })
    );
    await mkdir(join(folder, 'path', 'labextensions'), { recursive: true });
    await symlink(
      join(ROOT, 'jupyterlab_seasonal_monitor', 'labextension'),
      join(folder, 'path', 'labextensions', 'jupyterlab-seasonal-monitor')
    );
    await lab.spawn();
    return lab;
  }

  get root(): string {
    return join(this.folder, 'root');
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this._process?.pid ?? 0;
  }

  /** What the server has printed. */
  get log(): string {
    return this._log;
  }

  /** Start the server's process; again after {@link kill}. */
  async spawn(): Promise<void> {
    const bin = join(this.options.python ?? ENVIRONMENT, 'bin');
    const environment: NodeJS.ProcessEnv = {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      HOME: this.folder,
      JUPYTER_CONFIG_DIR: join(this.folder, 'config'),
      JUPYTER_DATA_DIR: join(this.folder, 'data'),
      JUPYTER_RUNTIME_DIR: join(this.folder, 'runtime'),
      JUPYTER_PATH: join(this.folder, 'path'),
      ...this.options.environment
    };
    const child = spawn(
      join(bin, 'python'),
      [
        '-m',
        this.options.application ?? 'jupyterlab',
        '--no-browser',
        `--config=${join(this.folder, 'jupyter_server_config.py')}`
      ],
      { cwd: this.root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] }
    );
    this._process = child;
    const read = (data: Buffer): void => {
      this._log += data.toString();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    const deadline = Date.now() + 90_000;
    while (!(await this.answers())) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`JupyterLab did not start:\n${this._log}`);
      }
      await new Promise(done => setTimeout(done, 200));
    }
  }

  /** Whether the server answers. */
  async answers(): Promise<boolean> {
    try {
      return (await this.ask('/api/status')).ok;
    } catch {
      return false;
    }
  }

  /** Ask the server as its owner does. */
  async ask(path: string, method = 'GET'): Promise<Response> {
    const { token } = this.options;
    return fetch(`${this.url}${path}`, {
      method,
      headers: token ? { Authorization: `token ${token}` } : {}
    });
  }

  /** When the server was last used by a person or a kernel. */
  async lastActivity(): Promise<number> {
    const reply = await this.ask('/api/status?no_track_activity=1');
    const status = (await reply.json()) as { last_activity: string };
    return Date.parse(status.last_activity);
  }

  /** The sessions that the server knows. */
  async sessions(): Promise<Lab.ISession[]> {
    const reply = await this.ask('/api/sessions?no_track_activity=1');
    return (await reply.json()) as Lab.ISession[];
  }

  /**
   * End all sessions and what they started, and forget how pages were arranged.
   *
   * A page that has just closed may have asked for a session that the server is
   * still starting, and lists later: hence nothing may be seen several times.
   */
  async reset(): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (let quiet = 0; quiet < 3;) {
      await this.endSessions();
      const sessions = await this.sessions();
      const processes = (await this.processes()).filter(
        ({ pid }) => pid !== this.pid
      );
      quiet = sessions.length + processes.length > 0 ? 0 : quiet + 1;
      if (Date.now() > deadline) {
        throw new Error(
          `The test before left something that does not end: ${JSON.stringify({ sessions, processes })}`
        );
      }
      await new Promise(done => setTimeout(done, 100));
    }
    await rm(join(this.folder, 'workspaces'), {
      recursive: true,
      force: true,
      maxRetries: 5,
      retryDelay: 200
    });
  }

  /** End the server at once, as a crash would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** End everything and remove the folders. */
  async stop(): Promise<void> {
    if (await this.answers()) {
      await this.endSessions();
    }
    await this.end('SIGTERM');
    await rm(this.folder, {
      recursive: true,
      force: true,
      maxRetries: 5,
      retryDelay: 200
    });
  }

  /** Processes of this server and of what it started. */
  async processes(): Promise<IProcess[]> {
    const all = await listProcesses(this.folder);
    return all;
  }

  /** The processes of the kernels that own clusters. */
  async controllers(): Promise<IProcess[]> {
    const ids = (await this.sessions())
      .filter(session => session.type === 'dask-cluster')
      .map(session => session.kernel.id);
    return (await this.processes()).filter(
      ({ command }) =>
        command.includes('ipykernel_launcher') &&
        ids.some(id => command.includes(id))
    );
  }

  private async endSessions(): Promise<void> {
    for (const session of await this.sessions()) {
      await this.ask(`/api/sessions/${session.id}`, 'DELETE').catch(
        () => undefined
      );
    }
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this._process;
    if (!child || child.exitCode !== null) {
      return;
    }
    await new Promise<void>(done => {
      const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
      child.once('exit', () => {
        clearTimeout(force);
        done();
      });
      child.kill(signal);
    });
  }

  private _process: ChildProcess | null = null;
  private _log = '';
}

export namespace Lab {
  export interface IOptions {
    /** The Python environment that serves the page; the project's by default. */
    python?: string;
    application?: 'jupyterlab' | 'notebook';
    /** Lines of Python for the server's configuration. */
    config?: string[];
    /** What an administrator's overrides.json says. */
    overrides?: object;
    /** What the person has set, by the names of the plugins. */
    settings?: Record<string, object>;
    environment?: Record<string, string>;
    /** What the server wants of everybody; nothing without it. */
    token?: string;
  }

  export interface ISession {
    id: string;
    name: string;
    type: string;
    kernel: { id: string; name: string };
  }
}

/**
 * Processes whose environment names the folder: a server's kernels, schedulers
 * and workers inherit it, wherever they were moved in the process tree.
 */
async function listProcesses(folder: string): Promise<IProcess[]> {
  const { readdir } = await import('fs/promises');
  const found: IProcess[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) {
      continue;
    }
    try {
      const environment = await readFile(`/proc/${entry}/environ`, 'utf8');
      if (!environment.includes(folder)) {
        continue;
      }
      const stat = await readFile(`/proc/${entry}/stat`, 'utf8');
      if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')) {
        continue;
      }
      const command = await readFile(`/proc/${entry}/cmdline`, 'utf8');
      found.push({
        pid: Number(entry),
        parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]),
        command: command.replaceAll('\0', ' ').trim()
      });
    } catch {
      continue;
    }
  }
  return found;
}
