import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ClusterError, IPlot } from '../tokens';
import { commonPlots, isGpuPlot, readPlots } from './plots';
import {
  belowPrefix,
  explainRefusal,
  explainSilence,
  isEarly,
  leadsElsewhere,
  missingBokeh,
  mixedContent,
  notADashboard
} from './refusals';
import { IReach, isMixed, placeOf, readAddress } from './url';

/** Longer than this the page does not wait, ms. */
const TIMEOUT = 15_000;

/** How long to wait before what is not there yet is asked again, ms. */
const PAUSE = 1_000;

/** What asking a dashboard needs. */
export interface IProbeContext {
  server: ServerConnection.ISettings;
  trans: TranslationBundle;
}

/**
 * Ask a dashboard what plots it has, which also tells whether it can be shown.
 *
 * @param reach - How the page gets at it. One that the page cannot read is only
 * asked for a sign of life, and has the plots that all schedulers have.
 * @param patience - For how long a dashboard may be missing because its
 * scheduler has just been started, in ms.
 *
 * @throws ClusterError in words: the proxy or gateway is missing or refuses, the
 * scheduler is gone, or it has no Bokeh.
 */
export async function probe(
  reach: IReach,
  context: IProbeContext,
  patience = 0
): Promise<IPlot[]> {
  const { server, trans } = context;
  if (isMixed(reach.base, server.baseUrl)) {
    throw mixedContent(trans);
  }
  if (reach.way === 'unread') {
    await Private.get(reach, 'health', context);
    return commonPlots(trans);
  }
  const deadline = Date.now() + patience;
  const path = 'individual-plots.json';
  let answer = await Private.get(reach, path, context);
  while (isEarly(reach, answer.status) && Date.now() < deadline) {
    await new Promise(resolve => setTimeout(resolve, PAUSE));
    answer = await Private.get(reach, path, context);
  }
  if (answer.status !== 200) {
    throw explainRefusal(reach, answer.status, trans);
  }
  let data: unknown;
  try {
    data = JSON.parse(answer.text);
  } catch {
    throw notADashboard(reach, trans);
  }
  const plots = readPlots(data, trans);
  if (plots.length === 0) {
    throw missingBokeh(trans);
  }
  return plots;
}

/**
 * Where the pages of a proxied dashboard are. One with a prefix has them below
 * it, and its first page leads there.
 *
 * @param base - The proxied address that a person gave.
 *
 * @throws ClusterError when it leads to what is not behind the proxy.
 */
export async function followAddress(
  base: string,
  context: IProbeContext
): Promise<string> {
  const { server, trans } = context;
  // As a method of anything but the window a browser refuses to call it.
  const { baseUrl, fetch } = server;
  // No header: it would go to wherever a redirect leads.
  const ask = (path: string, redirect: RequestRedirect): Promise<Response> =>
    Private.within(TIMEOUT, signal =>
      fetch(`${base}${path}`, {
        cache: 'no-store',
        credentials: 'same-origin',
        referrerPolicy: 'no-referrer',
        redirect,
        signal
      })
    );
  try {
    const plots = await ask('individual-plots.json', 'manual');
    const first = plots.status === 200 ? plots : await ask('', 'manual');
    if (first.type !== 'opaqueredirect') {
      return base;
    }
  } catch {
    // Whoever shows it says why there is no answer.
    return base;
  }
  // What leads to another origin fails, unless that lets pages read it.
  const end = await ask('', 'follow').catch(() => null);
  if (end === null || new URL(end.url).origin !== new URL(baseUrl).origin) {
    throw leadsElsewhere(base, trans);
  }
  const found = readAddress(end.url, baseUrl);
  if (found.kind !== 'proxied' || placeOf(found.base) !== placeOf(base)) {
    return base;
  }
  // Dask's own prefix stands before its scripts too, as if there were no proxy.
  const [, script] =
    /<script[^>]*\ssrc="(\/[^/"][^"]*)"/.exec(await end.text()) ?? [];
  if (script && !script.startsWith(new URL(found.base).pathname)) {
    throw belowPrefix(base, trans);
  }
  return found.base;
}

/**
 * Whether the scheduler's machine has graphics processors: only then does the
 * dashboard link to its own page about them.
 */
export async function hasGpu(
  reach: IReach,
  plots: readonly IPlot[],
  context: IProbeContext
): Promise<boolean> {
  if (!plots.some(plot => isGpuPlot(plot.id))) {
    return false;
  }
  try {
    const path = 'info/main/workers.html';
    const { status, text } = await Private.get(reach, path, context);
    return status === 200 && /href="[^"]*\bgpu"/.test(text);
  } catch (error) {
    if (error instanceof ClusterError) {
      return false;
    }
    throw error;
  }
}

namespace Private {
  /** What a dashboard answered; 0 stands for a redirect that is not followed. */
  export interface IAnswer {
    status: number;
    text: string;
  }

  type Request = (
    url: string,
    signal: AbortSignal,
    server: ServerConnection.ISettings
  ) => Promise<Response>;

  /**
   * As nobody: a gateway takes a cookie for its user, and passes all it is sent
   * on to the scheduler.
   */
  const ANONYMOUS: RequestInit = {
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer'
  };

  /** The one place where it is decided what a request carries. */
  const REQUESTS: Record<IReach['way'], Request> = {
    proxied: (url, signal, server) =>
      ServerConnection.makeRequest(url, { signal, cache: 'no-store' }, server),
    direct: (url, signal) =>
      fetch(url, { ...ANONYMOUS, signal, redirect: 'manual' }),
    // Redirects cannot be refused here; what comes of them is not read.
    unread: (url, signal) =>
      fetch(url, { ...ANONYMOUS, signal, mode: 'no-cors' })
  };

  export async function get(
    reach: IReach,
    path: string,
    { server, trans }: IProbeContext
  ): Promise<IAnswer> {
    try {
      return await within(TIMEOUT, async signal => {
        const request = REQUESTS[reach.way];
        const response = await request(`${reach.base}${path}`, signal, server);
        return { status: response.status, text: await response.text() };
      });
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      throw explainSilence(reach, reason, trans);
    }
  }

  /** Give something up that takes too long. */
  export async function within<T>(
    time: number,
    ask: (signal: AbortSignal) => Promise<T>
  ): Promise<T> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), time);
    try {
      return await ask(abort.signal);
    } finally {
      clearTimeout(timer);
    }
  }
}
