import { ServerConnection } from '@jupyterlab/services';
import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import type { AddressInfo } from 'net';
import { commonPlots } from '../plots';
import { hasGpu, probe } from '../probe';
import type { IReach } from '../url';
import { trans } from './utils';

const PLOTS = JSON.stringify({
  'Individual Task Stream': '/individual-task-stream',
  'Individual Gpu Memory': '/individual-gpu-memory'
});

describe('probe of a dashboard that is not behind the proxy', () => {
  let server: Server;
  /** What a gateway, or what is before it, was asked. */
  let asked: IncomingMessage[];
  let answer: (response: ServerResponse, path: string) => void;
  let reach: IReach;
  let fetched: jest.SpyInstance;

  const settings = (baseUrl: string): ServerConnection.ISettings =>
    ServerConnection.makeSettings({ baseUrl, token: 'the-token-of-the-page' });
  const context = { server: settings('http://127.0.0.1:8888/'), trans };
  const ask = (patience = 0) => probe(reach, context, patience);
  const say = (status: number, body: string, headers = {}) => {
    answer = response => response.writeHead(status, headers).end(body);
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request);
      answer(response, request.url!);
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const base = `http://127.0.0.1:${port}/services/dask-gateway/clusters/a1/`;
    reach = { base, way: 'direct' };
  });

  beforeEach(() => {
    asked = [];
    say(200, PLOTS);
    fetched = jest.spyOn(globalThis, 'fetch');
  });

  afterEach(() => fetched.mockRestore());

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  });

  const expectAnonymous = (): void => {
    expect(fetched.mock.calls.length).toBe(asked.length);
    for (const [, init] of fetched.mock.calls) {
      // What a browser obeys and Node, which has no cookies, need not.
      expect(init.credentials).toBe('omit');
      expect(init.referrerPolicy).toBe('no-referrer');
    }
    expect(asked.length).toBeGreaterThan(0);
    for (const { headers, url } of asked) {
      expect(headers).not.toHaveProperty('cookie');
      expect(headers).not.toHaveProperty('authorization');
      expect(headers).not.toHaveProperty('referer');
      expect(`${url} ${JSON.stringify(headers)}`).not.toContain('token');
    }
  };

  it('should list the plots and tell nobody who asks', async () => {
    const plots = await ask();
    expect(plots.map(({ id }) => id)).toEqual([
      'individual-task-stream',
      'individual-gpu-memory'
    ]);
    expect(await hasGpu(reach, plots, context)).toBe(false);
    expect(asked).toHaveLength(2);
    expectAnonymous();
  });

  it('should follow no redirect, and say that one has to sign in', async () => {
    answer = (response, path) =>
      path.endsWith('.json')
        ? response.writeHead(302, { location: '/hub/login' }).end()
        : response.end(PLOTS);
    await expect(ask()).rejects.toMatchObject({
      message: expect.stringContaining('only to who signs in'),
      hint: expect.stringContaining('new tab')
    });
    expect(asked).toHaveLength(1);
    expectAnonymous();
  });

  it.each([
    [401, 'only to who signs in', 'Small charts'],
    [403, 'only to who signs in', 'Small charts'],
    [404, 'knows no dashboard', 'just starting, or gone'],
    [500, 'cannot show this dashboard (HTTP 500)', 'administrator'],
    [502, 'gateway or the scheduler is down', 'in a minute'],
    [503, 'gateway or the scheduler is down', 'in a minute']
  ])('should explain an answer of %i', async (status, words, hint) => {
    say(status, '<html>no</html>', { 'content-type': 'text/html' });
    const error = await ask().catch(reason => reason);
    expect(error).toMatchObject({
      message: expect.stringContaining(words),
      hint: expect.stringContaining(hint),
      cause: [{ message: `HTTP ${status}` }]
    });
    expect(`${error.message} ${error.hint}`.length).toBeLessThan(141);
  });

  it.each(['<html>Sign in</html>', '{"a":', '\0\u0001\u0002', ''])(
    'should not take %j for a dashboard',
    async body => {
      say(200, body);
      await expect(ask()).rejects.toThrow('is not a Dask dashboard');
    }
  );

  it.each(['{}', '[]', 'null', '7', '{"a":"https://evil.example/x"}'])(
    'should find no plots in %s',
    async body => {
      say(200, body);
      await expect(ask()).rejects.toMatchObject({ code: 'missing-package' });
    }
  );

  it('should wait for a scheduler that has just been started', async () => {
    answer = response =>
      response.writeHead(asked.length < 2 ? 404 : 200).end(PLOTS);
    expect(await ask(60_000)).toHaveLength(2);
    expect(asked).toHaveLength(2);
  });

  it('should not wait where the answer will not change', async () => {
    say(403, '');
    await expect(ask(60_000)).rejects.toThrow('only to who signs in');
    expect(asked).toHaveLength(1);
  });

  it('should explain a connection that breaks, and none at all', async () => {
    answer = response => response.socket!.destroy();
    await expect(ask()).rejects.toMatchObject({
      code: 'not-responding',
      message: expect.stringContaining(new URL(reach.base).host)
    });
    const nowhere: IReach = { base: 'http://127.0.0.1:1/', way: 'direct' };
    await expect(probe(nowhere, context)).rejects.toMatchObject({
      code: 'not-responding'
    });
  });

  describe('on another origin', () => {
    it('should look for a sign of life and offer what all have', async () => {
      answer = response => response.end('ok');
      const plots = await probe({ ...reach, way: 'unread' }, context);
      expect(plots).toEqual(commonPlots(trans));
      expect(plots.length).toBeGreaterThan(25);
      expect(asked.map(({ url }) => url)).toEqual([
        '/services/dask-gateway/clusters/a1/health'
      ]);
      expectAnonymous();
    });

    it('should say when nothing is there', async () => {
      answer = response => response.socket!.destroy();
      await expect(
        probe({ ...reach, way: 'unread' }, context)
      ).rejects.toMatchObject({ code: 'not-responding' });
    });

    it('should not ask for what a browser would not show', async () => {
      const base = 'http://gateway.example/clusters/a1/';
      const secure = { server: settings('https://hub.example/'), trans };
      await expect(probe({ base, way: 'unread' }, secure)).rejects.toThrow(
        'no http page inside of an https page'
      );
      expect(asked).toEqual([]);
    });
  });
});
