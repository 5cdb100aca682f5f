import { nullTranslator } from '@jupyterlab/translation';
import { createServer, Server, ServerResponse } from 'http';
import type { AddressInfo } from 'net';
import type { IGatewayReport } from '../../kernel/protocolGateway';
import { RestTransport } from '../rest';
import { start } from './fakes';
import { providerOver } from './support';

const trans = nullTranslator.load('');

describe('An answer that does not end', () => {
  let server: Server;
  let answer: (response: ServerResponse) => void;

  beforeAll(async () => {
    server = createServer((_, response) => answer(response));
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const PART = ' '.repeat(2 ** 16);

  const rest = (timeout: number): RestTransport => {
    const { port } = server.address() as AddressInfo;
    return new RestTransport({
      address: `http://127.0.0.1:${port}`,
      authorization: () => 'jupyterhub x',
      scopes: async () => null,
      timeout,
      trans
    });
  };

  const list = (timeout = 500): Promise<unknown> => rest(timeout).list();

  it('should be given up in time, in words', async () => {
    answer = response => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write('{"a":');
    };
    await expect(list()).rejects.toMatchObject({
      code: 'not-responding',
      cause: [{ message: 'No answer came in time.' }]
    });
  });

  it('should be given up when it grows too large, in words', async () => {
    let sent = 0;
    answer = response => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      const more = (): void => {
        if (!response.destroyed) {
          sent += PART.length;
          response.write(PART, more);
        }
      };
      more();
    };
    await expect(list(60_000)).rejects.toMatchObject({
      code: 'protocol',
      message: 'The answer of Dask Gateway is too large to be read.',
      cause: [{ message: 'It is larger than 4 MiB.' }],
      hint: expect.stringMatching(/administrator/)
    });
    expect(sent).toBeGreaterThanOrEqual(4 * 2 ** 20);
    expect(sent).toBeLessThan(64 * 2 ** 20);
  });

  it('should be read whole as long as it is not too large', async () => {
    const name = 'é'.repeat(1000);
    const clusters = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [
        `${index}`,
        { name, status: 'RUNNING', start_time: 1 }
      ])
    );
    answer = response => response.end(JSON.stringify(clusters));
    const reports = (await list(60_000)) as IGatewayReport[];
    expect(reports).toHaveLength(1000);
    expect(new Set(reports.map(one => one.name))).toEqual(new Set([name]));
  });

  it('should be no gateway where nothing but a large file is', async () => {
    answer = response => response.end(PART.repeat(65));
    await expect(rest(60_000).probe()).rejects.toMatchObject({
      code: 'not-found'
    });
  });

  it('should be told when it breaks off', async () => {
    answer = response => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"a":');
      setTimeout(() => response.destroy(), 50);
    };
    await expect(list()).rejects.toMatchObject({ code: 'not-responding' });
  });
});

describe('A start that is given up while its request is on its way', () => {
  it('should be told with its name when it cannot be stopped', async () => {
    const begun = start();
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.method === 'POST') {
        begun.abort.abort();
        response.writeHead(201);
        response.end('{"name": "abc"}');
      } else if (request.method === 'DELETE') {
        response.writeHead(503);
        response.end();
      } else {
        response.end('{"version": "2026.3.0"}');
      }
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const provider = providerOver(
      new RestTransport({
        address: `http://127.0.0.1:${port}`,
        authorization: () => 'jupyterhub x',
        scopes: async () => null,
        trans
      })
    );
    await expect(
      provider.create({ provider: 'gateway', options: {} }, begun)
    ).rejects.toMatchObject({
      code: 'left-over',
      cause: [
        {
          message:
            'The gateway could not be told to stop abc: The hub or its gateway is down.'
        }
      ]
    });
    expect(asked.slice(1)).toEqual([
      'POST /api/v1/clusters/',
      'DELETE /api/v1/clusters/abc'
    ]);
    provider.dispose();
    server.closeAllConnections();
    server.close();
  });
});
