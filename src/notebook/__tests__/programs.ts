/**
 * Programs that tests need beside a Jupyter server. It knows nothing of the test
 * runner: browser tests use it too.
 */
import { spawn } from 'child_process';
import { createInterface } from 'readline';

/** A real dask-gateway-server in a process of its own, and a user of it. */
export interface IRunningGateway {
  address: string;
  /** Python of an environment with its client. */
  python: string;
  /** Make a cluster with one worker; resolves with its name when it runs. */
  create(): Promise<string>;
  /** What the gateway says of a cluster. */
  status(name: string): Promise<string>;
  end(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Start a gateway, at a path of its own if there is a prefix. */
export async function startGateway(
  user: string,
  prefix = ''
): Promise<IRunningGateway> {
  const root = `${__dirname}/../../..`;
  const { told, stop } = await startProgram(
    `${root}/tests/controller/gateway_server.py`,
    prefix
  );
  const { address, python } = told;
  const api = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${address}/api/v1/clusters/${path}`, {
      method,
      headers: { Authorization: `Basic ${btoa(`${user}:`)}` },
      body: body && JSON.stringify(body)
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${response.status} ${text}`);
    }
    return text ? JSON.parse(text) : {};
  };
  return {
    address,
    python,
    create: async () => {
      const { name } = await api('POST', '', { cluster_options: {} });
      while ((await api('GET', `${name}?wait`)).status === 'PENDING') {
        continue;
      }
      await api('POST', `${name}/scale`, { count: 1 });
      return name;
    },
    status: async name => (await api('GET', name)).status,
    end: name => api('DELETE', name),
    stop
  };
}

/**
 * Start a Python program that prints a line of JSON and ends with its input.
 *
 * @returns What it told, and what writes a line to it or ends it.
 */
export async function startProgram(
  path: string,
  ...args: string[]
): Promise<{
  told: Record<string, string>;
  say: (line: string) => void;
  stop: () => Promise<void>;
}> {
  const child = spawn('python', [path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit']
  });
  const ended = new Promise<void>(resolve => child.on('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void ended.then(() => reject(new Error(`${path} did not start`)));
  });
  return {
    told: JSON.parse(line),
    say: text => child.stdin.write(`${text}\n`),
    stop: () => {
      child.stdin.end();
      return ended;
    }
  };
}
