import { ChildProcess, execFileSync, spawn } from 'child_process';
import { mkdtemp, rm } from 'fs/promises';
import { hostname, tmpdir } from 'os';
import { join, resolve } from 'path';
import { ENVIRONMENT } from './lab';

const SCRIPT = resolve(__dirname, '../../tests/controller/slurm.py');

/** A real SLURM of one node, which ends with the test. */
export class Slurm {
  private constructor(
    private readonly _folder: string,
    private readonly _process: ChildProcess
  ) {}

  /** Start one; in words why there can be none here. */
  static async start(): Promise<Slurm | string> {
    const folder = await mkdtemp(join(tmpdir(), 'sm-slurm-'));
    const child = spawn(join(ENVIRONMENT, 'bin', 'python'), [SCRIPT, folder], {
      stdio: ['pipe', 'pipe', 'pipe']
    });
    let said = '';
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString();
    });
    const slurm = new Slurm(folder, child);
    const isReady = await new Promise<boolean>(done => {
      child.stdout.on('data', () => done(true));
      child.once('exit', () => done(false));
    });
    if (!isReady) {
      await slurm.stop();
      return said.trim();
    }
    return slurm;
  }

  /** What a process needs to find it. */
  get environment(): Record<string, string> {
    return {
      SLURM_CONF: join(this._folder, 'slurm.conf'),
      PATH: `${process.env.PATH}:/usr/sbin`
    };
  }

  /**
   * Send a job that waits, as a controller of that host would have, which is dead:
   * no process has number 1 and began in that second.
   */
  sendFrom(host = hostname()): string {
    const name = `dask-sm.${host}.1.1.0123abcd`;
    return this.ask(
      'sbatch',
      '--parsable',
      '-p',
      'closed',
      '-J',
      name,
      '--wrap',
      'true'
    );
  }

  /** The ids of all jobs. */
  jobs(): string[] {
    return this.ask('squeue', '-h', '-o', '%i').split('\n').filter(Boolean);
  }

  async stop(): Promise<void> {
    if (this._process.exitCode === null) {
      const ended = new Promise(done => this._process.once('exit', done));
      this._process.stdin?.end();
      await ended;
    }
    await rm(this._folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private ask(command: string, ...args: string[]): string {
    const env = { ...process.env, ...this.environment };
    return execFileSync(command, args, { env, encoding: 'utf8' }).trim();
  }
}
