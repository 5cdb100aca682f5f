import { ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { describePlot } from '../plots';
import { followAddress, hasGpu, IProbeContext, probe } from '../probe';
import { proxied } from './utils';

const trans = nullTranslator.load('');
const BASE = 'http://127.0.0.1:8888/proxy/8787/';
const REMOTE = 'http://127.0.0.1:8888/proxy/10.0.0.7:8787/';

/** What distributed 2026.8 answers, in part. */
const PLOTS = {
  'Individual Task Stream': '/individual-task-stream',
  'Individual Workers Memory': '/individual-workers-memory',
  'Individual Workers Network Timeseries':
    '/individual-workers-network-timeseries',
  'Individual Cpu': '/individual-cpu',
  'Individual Profile': '/individual-profile',
  'Individual Gpu Memory': '/individual-gpu-memory',
  'Individual Cluster Map': '/statics/individual-cluster-map.html',
  Evil: 'https://evil.example/individual-x',
  Odd: 7
};

/** A server that answers by address. */
function answering(table: Record<string, [number, string]>): {
  context: IProbeContext;
  asked: string[];
} {
  const asked: string[] = [];
  const server = ServerConnection.makeSettings({
    baseUrl: 'http://127.0.0.1:8888/',
    fetch: async (input: RequestInfo | URL) => {
      const { url } = input as Request;
      asked.push(url);
      const known = Object.keys(table).find(path => url.startsWith(path));
      if (!known) {
        throw new TypeError('Failed to fetch');
      }
      const [status, body] = table[known];
      return new Response(body, { status });
    }
  });
  return { context: { server, trans }, asked };
}

const plotsAt = (base: string): string => `${base}individual-plots.json`;

describe('probe', () => {
  it('should group what the scheduler has, and drop what leads elsewhere', async () => {
    const { context } = answering({
      [plotsAt(BASE)]: [200, JSON.stringify(PLOTS)]
    });
    const plots = await probe(proxied(BASE), context);
    expect(plots.map(({ id, group }) => [group, id])).toEqual([
      ['Tasks', 'individual-task-stream'],
      ['Memory', 'individual-workers-memory'],
      ['Graphics processors', 'individual-gpu-memory'],
      ['Network and disk', 'statics/individual-cluster-map.html'],
      ['Network and disk', 'individual-workers-network-timeseries'],
      ['Profiling', 'individual-profile'],
      ['Workers', 'individual-cpu']
    ]);
    expect(describePlot('individual-cpu', trans).label).toBe('CPU');
    expect(describePlot('individual-task-stream', trans).label).toBe(
      'Task stream'
    );
  });

  it.each([
    [BASE, 404, 'no proxy', 'jupyter-server-proxy'],
    [REMOTE, 403, '10.0.0.7:8787', 'ServerProxy.host_allowlist'],
    [BASE, 403, 'not signed in', 'sign in'],
    [BASE, 500, 'No scheduler answers at 127.0.0.1:8787', 'start it again'],
    [BASE, 502, 'No scheduler answers', 'start it again'],
    [BASE, 599, 'No scheduler answers', 'start it again']
  ])(
    'should explain at %s an answer of %i',
    async (base, status, words, hint) => {
      const { context } = answering({ [plotsAt(base)]: [status, '<html>'] });
      await expect(probe(proxied(base), context)).rejects.toMatchObject({
        message: expect.stringContaining(words),
        hint: expect.stringContaining(hint)
      });
    }
  );

  it('should explain a missing Bokeh, a page that is none, and no server', async () => {
    const empty = answering({ [plotsAt(BASE)]: [200, '{}'] });
    await expect(probe(proxied(BASE), empty.context)).rejects.toMatchObject({
      code: 'missing-package',
      hint: expect.stringContaining('bokeh')
    });
    const login = answering({ [plotsAt(BASE)]: [200, '<html>login'] });
    await expect(probe(proxied(BASE), login.context)).rejects.toThrow(
      'is not a Dask dashboard'
    );
    const none = answering({});
    await expect(probe(proxied(BASE), none.context)).rejects.toMatchObject({
      code: 'not-responding'
    });
  });

  it('should say everything in at most 140 characters', async () => {
    for (const [base, status] of [
      [BASE, 404],
      [REMOTE, 403],
      [REMOTE, 500]
    ] as const) {
      const { context } = answering({ [plotsAt(base)]: [status, ''] });
      await probe(proxied(base), context).catch(error => {
        expect(`${error.message} ${error.hint}`.length).toBeLessThan(141);
      });
    }
    expect.assertions(3);
  });
});

describe('followAddress', () => {
  const OTHER = 'http://127.0.0.1:8888';

  /** A dashboard whose first page leads on, as a browser tells of it. */
  function leading(
    to: string | null,
    page = '<script src="static/js/bokeh.js"></script>'
  ): {
    context: IProbeContext;
    sent: Array<[string, RequestInit | undefined]>;
  } {
    const sent: Array<[string, RequestInit | undefined]> = [];
    const server = ServerConnection.makeSettings({
      baseUrl: `${OTHER}/`,
      fetch: async function (
        this: unknown,
        input: RequestInfo | URL,
        init?: RequestInit
      ) {
        // A browser's own is no method of anything but the window.
        if (this !== undefined) {
          throw new TypeError('Illegal invocation');
        }
        sent.push([String(input), init]);
        if (init?.redirect === 'manual') {
          return String(input).endsWith('.json')
            ? new Response('', { status: 404 })
            : Private.answer({ type: 'opaqueredirect', status: 0 });
        }
        if (to === null) {
          throw new TypeError('Failed to fetch');
        }
        return Private.answer({
          url: to,
          status: 200,
          text: async () => page
        });
      }
    });
    return { context: { server, trans }, sent };
  }

  it('should leave an address as it is where there are plots', async () => {
    const asked: string[] = [];
    const server = ServerConnection.makeSettings({
      baseUrl: `${OTHER}/`,
      fetch: async (input: RequestInfo | URL) => {
        asked.push(String(input));
        return new Response(JSON.stringify(PLOTS));
      }
    });
    const context = { server, trans };
    expect(await followAddress(BASE, context)).toBe(BASE);
    expect(asked).toEqual([plotsAt(BASE)]);
  });

  it('should follow a dashboard to its prefix', async () => {
    const { context } = leading(`${BASE}dask/status`);
    expect(await followAddress(BASE, context)).toBe(`${BASE}dask/`);
  });

  it('should say so where its scripts are not behind the proxy', async () => {
    const page = '<script type="text/javascript" src="/dask/static/js/x.js">';
    const { context } = leading(`${BASE}dask/status`, page);
    await expect(followAddress(BASE, context)).rejects.toMatchObject({
      message: expect.stringContaining('prefix'),
      hint: expect.stringContaining('without')
    });
  });

  it.each([
    `${OTHER}/proxy/8786/status`,
    `${OTHER}/login?next=%2Fproxy`,
    `${OTHER}/api/contents`
  ])('should not be led to %s of the same server', async to => {
    const { context } = leading(to);
    expect(await followAddress(BASE, context)).toBe(BASE);
  });

  it.each([null, 'https://evil.example/status', 'https://127.0.0.1:8888/x'])(
    'should say what to paste when it leads to %s',
    async to => {
      const { context } = leading(to);
      await expect(followAddress(BASE, context)).rejects.toMatchObject({
        message: expect.stringContaining('127.0.0.1:8787'),
        hint: expect.stringContaining('paste')
      });
    }
  );

  it('should send nothing but what a browser sends by itself', async () => {
    const { context, sent } = leading(null);
    await followAddress(BASE, context).catch(() => undefined);
    expect(sent).toHaveLength(3);
    for (const [, init] of sent) {
      expect(init).toMatchObject({
        credentials: 'same-origin',
        referrerPolicy: 'no-referrer'
      });
      expect(init).not.toHaveProperty('headers');
    }
  });

  it('should leave it to others to say that nothing answers', async () => {
    const { context } = answering({});
    expect(await followAddress(BASE, context)).toBe(BASE);
  });
});

describe('hasGpu', () => {
  const info = `${BASE}info/main/workers.html`;
  const gpu = [describePlot('individual-gpu-memory', trans)];

  it('should look at what the dashboard itself links to', async () => {
    const having = answering({ [info]: [200, '<a href="../../gpu">gpu</a>'] });
    expect(await hasGpu(proxied(BASE), gpu, having.context)).toBe(true);
    const lacking = answering({ [info]: [200, '<a href="../../status">'] });
    expect(await hasGpu(proxied(BASE), gpu, lacking.context)).toBe(false);
    expect(await hasGpu(proxied(BASE), gpu, answering({}).context)).toBe(false);
    expect(await hasGpu(proxied(BASE), [], having.context)).toBe(false);
    expect(having.asked).toHaveLength(1);
  });
});

namespace Private {
  /** An answer with what only a browser can give it. */
  export function answer(
    told: Partial<Pick<Response, 'type' | 'url' | 'status' | 'text'>>
  ): Response {
    return told as Response;
  }
}
