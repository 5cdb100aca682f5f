import { createServer, IncomingMessage, Server } from 'http';
import type { AddressInfo } from 'net';
import { nullTranslator } from '@jupyterlab/translation';
import { ClusterError } from '../../../tokens';
import { GatewayProvider } from '../provider';
import { fieldsOf, GRANT, limitOf } from '../refusals';
import { Records } from '../records';
import { RestTransport } from '../rest';
import type { IGatewayTransport } from '../transport';
import { person } from './support';

const trans = nullTranslator.load('');
const TOKEN = 'a-very-secret-token';

describe('A gateway that answers badly', () => {
  let server: Server;
  let address: string;
  let answer: [number, string, Record<string, string>?] = [200, '{}'];
  let scopes: string[] | null = null;
  const asked: IncomingMessage[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request);
      const [status, body, headers] = answer;
      response.writeHead(status, headers);
      response.end(body);
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    address = `http://127.0.0.1:${port}/services/dask-gateway`;
  });

  afterAll(() => {
    server.close();
  });

  const transport = (): IGatewayTransport =>
    new RestTransport({
      address,
      authorization: () => `jupyterhub ${TOKEN}`,
      scopes: async () => scopes,
      trans
    });

  async function refused(act: Promise<unknown>): Promise<ClusterError> {
    const reason = await act.then(
      () => null,
      (error: unknown) => error
    );
    expect(reason).toBeInstanceOf(ClusterError);
    const error = reason as ClusterError;
    expect(
      JSON.stringify([error.message, error.cause, error.hint])
    ).not.toMatch(TOKEN);
    expect(error.message).not.toBe('');
    expect(error.hint).toBeTruthy();
    return error;
  }

  it.each<[string, [number, string, Record<string, string>?], string, RegExp]>([
    [
      '403',
      [403, '{"error":"User bob lacks permissions"}'],
      'unavailable',
      /somebody else/
    ],
    [
      '404',
      [404, '{"error":"Cluster x not found"}'],
      'not-found',
      /no such cluster/
    ],
    [
      '404 of something else',
      [404, '<html>'],
      'not-found',
      /is no Dask Gateway/
    ],
    [
      '409',
      [409, '{"error":"cluster x is not running"}'],
      'invalid',
      /not running/
    ],
    [
      '422',
      [422, '{"error":"cores must be <= 2"}'],
      'invalid',
      /refuses these options/
    ],
    [
      '500',
      [500, 'Server got itself in trouble'],
      'launch-failed',
      /could not do that/
    ],
    [
      '500 after a restart of the server',
      [
        500,
        '{"error":"Permission failure verifying user\'s JupyterHub API token"}'
      ],
      'unavailable',
      /does not know this page’s token/
    ],
    ['502', [502, ''], 'not-responding', /is down/],
    ['503', [503, '<html>'], 'not-responding', /is down/],
    ['HTML', [200, '<html>sign in</html>'], 'not-found', /is no Dask Gateway/],
    [
      'a list of something else',
      [200, '{"a": 1}'],
      'not-found',
      /is no Dask Gateway/
    ],
    ['an array', [200, '[]'], 'not-found', /is no Dask Gateway/],
    [
      'a redirect',
      [302, '', { Location: 'https://elsewhere.example/' }],
      'unavailable',
      /does not let this page reach/
    ]
  ])('should be put into words: %s', async (_, answered, code, words) => {
    answer = answered;
    const before = asked.length;
    const error = await refused(transport().list());
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
    expect(asked.length).toBe(before + 1);
  });

  it.each([200, 201, 403, 404, 409, 422, 500, 502])(
    'should hand nothing on of a cluster that comes with HTTP %s',
    async status => {
      const cluster = { name: 3, tls_cert: 'BEGIN C', tls_key: 'BEGIN K' };
      answer = [
        status,
        JSON.stringify({ error: 'no', a: cluster, ...cluster })
      ];
      const one = transport();
      for (const act of [one.list(), one.get('a', false), one.create({})]) {
        const { message, cause, log, fields, hint, stack } = await refused(act);
        expect(
          JSON.stringify([message, cause, log, fields, hint, stack])
        ).not.toMatch(/BEGIN|tls_/);
      }
    }
  );

  it('should name the grant that is missing, by the hub’s word', async () => {
    answer = [401, '{"error":"Authentication required"}'];
    scopes = ['access:servers!server=alice/'];
    const error = await refused(transport().list());
    expect(error.cause[0].message).toContain(GRANT);
    expect(error.hint).toMatch(/oauth_client_allowed_scopes/);
    scopes = null;
    expect((await refused(transport().list())).hint).toMatch(/Reload the page/);
  });

  it('should send its header and no cookie, and none at all to schedulers', async () => {
    answer = [200, '{}', { 'Set-Cookie': 'dask-gateway-1=x; Path=/' }];
    asked.length = 0;
    const one = transport();
    await one.list();
    await one.list();
    await one.scheduler('x', 'counts');
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([
      `jupyterhub ${TOKEN}`,
      `jupyterhub ${TOKEN}`,
      undefined
    ]);
    expect(asked.filter(({ headers }) => headers.cookie)).toEqual([]);
  });

  it('should say so when nobody listens', async () => {
    const one = new RestTransport({
      address: 'http://127.0.0.1:9/',
      authorization: () => '',
      scopes: async () => null,
      trans
    });
    expect((await refused(one.list())).code).toBe('not-responding');
  });

  describe('and the provider', () => {
    const provider = (
      more: Partial<GatewayProvider.IOptions> = {}
    ): GatewayProvider =>
      new GatewayProvider({
        page: transport,
        kernel: () => {
          throw new ClusterError('through a kernel');
        },
        activity: person(),
        isExplicit: false,
        isHub: true,
        records: new Records('test', null),
        idleTimeout: () => undefined,
        trans,
        ...more
      });

    it('should not be there on a hub without a gateway, and ask once', async () => {
      answer = [404, '<html>no such page</html>'];
      asked.length = 0;
      const one = provider();
      expect(one.creates).toBe(false);
      expect(await one.discover()).toEqual([]);
      expect(await one.profiles()).toEqual([]);
      expect(await one.discover()).toEqual([]);
      expect(one.creates).toBe(false);
      expect(asked).toHaveLength(1);
      expect((await refused(one.form())).message).toMatch(
        /has no Dask Gateway/
      );
      one.dispose();
    });

    it('should not take a hub that is down for one without clusters', async () => {
      answer = [503, ''];
      const one = provider();
      await expect(one.discover()).rejects.toThrow(/./);
      answer = [200, '{"version":"2026.3.0"}'];
      expect((await refused(one.discover())).message).toMatch(
        /no Dask Gateway/
      );
      one.dispose();
    });

    it('should go through a kernel where the page is sent away', async () => {
      answer = [302, '', { Location: '/hub/login' }];
      const one = provider();
      await expect(one.discover()).rejects.toThrow('through a kernel');
      one.dispose();
    });

    it('should tell whose the clusters are, and refuse the notebooks of others', async () => {
      answer = [
        200,
        JSON.stringify({
          version: '2026.3.0',
          a: { name: 'a', status: 'RUNNING', start_time: 1, tls_key: 'KEY' }
        })
      ];
      const list = transport();
      list.list = async () => [
        {
          name: 'a',
          status: 'RUNNING',
          start_time: 1,
          stop_time: null,
          options: {},
          dashboard_route: null
        }
      ];
      const one = provider({
        page: () => list,
        visitor: 'boss',
        host: 'alice'
      });
      const [driver] = await one.discover();
      expect(driver.snapshot.owner).toBe('boss');
      expect(driver.snapshot.connection?.refused).toBe(
        'This is a cluster of boss, and the server is that of alice.'
      );
      one.dispose();
    });
  });
});

describe('fieldsOf', () => {
  it('should find the option that a refusal names', () => {
    expect(fieldsOf('worker_cores must be <= 2.000000, got 99')).toEqual({
      worker_cores: 'worker_cores must be <= 2.000000, got 99'
    });
    expect(fieldsOf("Unknown fields ['a', 'b']")).toEqual({
      a: "Unknown fields ['a', 'b']",
      b: "Unknown fields ['a', 'b']"
    });
    expect(fieldsOf('something else')).toEqual({});
  });
});

describe('limitOf', () => {
  it('should read the number of workers that is allowed', () => {
    expect(
      limitOf(
        'Scale request of 99 workers would exceed resource limit of 4 workers. Scaling to 4 instead.'
      )
    ).toBe(4);
    expect(limitOf(null)).toBeUndefined();
    expect(limitOf('no')).toBeUndefined();
  });
});
