import { ChildProcess, spawn } from 'child_process';
import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { ENVIRONMENT } from './lab';

const SERVE = resolve(__dirname, '../../tests/controller/serve.py');

/** What clusters run on, as tests/controller/serve.py starts it. */
export class BackEnd {
  private constructor(
    readonly folder: string,
    private readonly process: ChildProcess,
    /** Variables with which Jupyter finds it. */
    readonly environment: Record<string, string>,
    /** Why it cannot be started here. */
    readonly skip?: string
  ) {}

  static async start(
    kind: 'slurm' | 'kubernetes' | 'coiled' | 'amazon'
  ): Promise<BackEnd> {
    const folder = await mkdtemp(join(tmpdir(), 'sm-ui-'));
    const child = spawn(
      join(ENVIRONMENT, 'bin', 'python'),
      [SERVE, kind, folder],
      { stdio: ['pipe', 'pipe', 'pipe'] }
    );
    let printed = '';
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    const line = await new Promise<string>((done, fail) => {
      child.stdout.on('data', (data: Buffer) => {
        printed += data.toString();
        if (printed.includes('\n')) {
          done(printed);
        }
      });
      child.once('exit', () => fail(new Error(`${kind}: ${errors}`)));
    });
    const { environment = {}, skip } = JSON.parse(line) as {
      environment?: Record<string, string>;
      skip?: string;
    };
    return new BackEnd(folder, child, environment, skip);
  }

  /** Ask for what serve.py can answer. */
  async ask<T>(question: string): Promise<T> {
    const { stdin, stdout } = this.process;
    const answer = new Promise<string>(done => {
      let printed = '';
      const read = (data: Buffer): void => {
        printed += data.toString();
        if (printed.includes('\n')) {
          stdout?.off('data', read);
          done(printed);
        }
      };
      stdout?.on('data', read);
    });
    stdin?.write(`${question}\n`);
    return (JSON.parse(await answer) as { answer: T }).answer;
  }

  async stop(): Promise<void> {
    const { process: child } = this;
    if (child.exitCode === null) {
      const over = new Promise(done => child.once('exit', done));
      child.stdin?.end();
      await over;
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
