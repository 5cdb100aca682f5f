/**
 * Where a dashboard is reached from the page. Pure functions.
 */

/** A dashboard, as far as its address tells. */
export type IAddress =
  | {
      /** Reached through this server's proxy; ends in a slash. */
      kind: 'proxied';
      base: string;
    }
  | {
      /** Of another origin: never framed, opened in a new tab at most. */
      kind: 'foreign';
      url: string;
    }
  | {
      /** Not an address that can be opened. */
      kind: 'refused';
      reason: 'scheme' | 'credentials' | 'syntax';
    };

/**
 * Where the page reaches the dashboard of a cluster that is listed here.
 *
 * @param dashboard - The address as the scheduler's owner sees it.
 * @param baseUrl - The Jupyter server's base URL, absolute.
 *
 * @returns The proxied address, ending in a slash; null when it has none.
 */
export function proxiedDashboard(
  dashboard: string | undefined,
  baseUrl: string
): string | null {
  if (dashboard === undefined) {
    return null;
  }
  const known = readAddress(dashboard, baseUrl);
  if (known.kind === 'proxied') {
    return known.base;
  }
  const url = known.kind === 'foreign' ? new URL(known.url) : null;
  if (url?.protocol !== 'http:') {
    return null;
  }
  const place = `${url.hostname}:${url.port || '80'}`;
  return `${Private.root(baseUrl)}proxy/${place}${Private.folder(url.pathname)}`;
}

/**
 * What an address that a person typed or a kernel told leads to.
 *
 * @param text - An absolute address, `host:port`, `:port`, `port`, or a path of
 * this server. The page's name at its end and anything from `?` on, where a
 * token may stand, are left out of a proxied address.
 * @param baseUrl - The Jupyter server's base URL, absolute.
 */
export function readAddress(text: string, baseUrl: string): IAddress {
  const url = Private.parse(Private.complete(text.trim(), baseUrl));
  if (!url) {
    return { kind: 'refused', reason: 'syntax' };
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { kind: 'refused', reason: 'scheme' };
  }
  if (url.username || url.password) {
    return { kind: 'refused', reason: 'credentials' };
  }
  const root = Private.root(baseUrl);
  const here = new URL(root);
  if (url.origin === here.origin && url.pathname.startsWith(here.pathname)) {
    const match = Private.PROXY.exec(url.pathname.slice(here.pathname.length));
    if (match) {
      const place = match[1].replace(Private.LOOPBACK_PLACE, '');
      return {
        kind: 'proxied',
        base: `${root}proxy/${place}${Private.folder(match[2] ?? '')}`
      };
    }
  } else if (url.protocol === 'http:' && Private.LOOPBACK.test(url.hostname)) {
    const port = url.port || '80';
    return {
      kind: 'proxied',
      base: `${root}proxy/${port}${Private.folder(url.pathname)}`
    };
  }
  return { kind: 'foreign', url: url.href };
}

/** The host or port behind a proxied address, for people: `10.0.0.5:8787`. */
export function placeOf(base: string): string {
  const match = /\/proxy\/([^/]+)\//.exec(base);
  const place = match ? decodeURIComponent(match[1]) : base;
  return /^\d+$/.test(place) ? `127.0.0.1:${place}` : place;
}

/** Whether only another host than this server's can be behind the address. */
export function isRemote(base: string): boolean {
  return !Private.LOOPBACK.test(placeOf(base).replace(/:\d+$/, ''));
}

namespace Private {
  export const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)$/;

  /** A loopback host before a port: the proxy's short form leaves it out. */
  export const LOOPBACK_PLACE = /^(localhost|127\.0\.0\.1):/;

  /** `proxy/<port>` or `proxy/<host>:<port>`, and the rest. */
  export const PROXY = /^proxy\/((?:[A-Za-z0-9.-]+:)?\d{1,5})(\/.*)?$/;

  /** The dashboard's own pages, which may stand at an address's end. */
  const PAGE =
    /\/(?:(?:statics\/)?individual-[\w.-]+|status|workers|tasks|system|profile|profile-server|graph|groups|gpu|hardware|shuffle|info|index\.html)?$/;

  /** Schemes that a host's name must not be taken for. */
  const SCHEME = /^(javascript|vbscript|data|blob|file|about|https?)$/i;

  export function parse(text: string): URL | null {
    try {
      return new URL(text);
    } catch {
      return null;
    }
  }

  export function root(baseUrl: string): string {
    return baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  }

  /** The path up to the dashboard's pages, with a slash at both ends. */
  export function folder(path: string): string {
    const trimmed = path.replace(/\/{2,}/g, '/').replace(PAGE, '');
    return `${trimmed.replace(/\/$/, '')}/`;
  }

  /** Fill in what people leave out of an address. */
  export function complete(text: string, baseUrl: string): string {
    if (/^:?\d{1,5}(\/|$)/.test(text)) {
      return `http://127.0.0.1:${text.replace(/^:/, '')}`;
    }
    if (text.startsWith('/') && !text.startsWith('//')) {
      return new URL(text, baseUrl).href;
    }
    const bare = /^([\w.-]+):\d{1,5}(\/|$)/.exec(text);
    return bare && !SCHEME.test(bare[1]) ? `http://${text}` : text;
  }
}
