/**
 * Where and how a dashboard is reached from the page. Pure functions.
 */
import type { IClusterSnapshot } from '../tokens';

/** How the page gets at a dashboard; what is done about it follows from this. */
export interface IReach {
  /** What the paths of plots are put behind; ends in a slash. */
  readonly base: string;
  /**
   * `proxied`: through this server, with the person's cookie.
   * `direct`: at its own address on the page's origin, as nobody.
   * `unread`: as `direct`, on another origin, whose answers no page can read.
   */
  readonly way: 'proxied' | 'direct' | 'unread';
}

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
 * How the page gets at the dashboard of a cluster that is listed here.
 *
 * @param snapshot - The cluster as its provider tells of it. A gateway's
 * cluster tells the address for browsers, any other one that of its host.
 * @param baseUrl - The Jupyter server's base URL, absolute.
 *
 * @returns Null when it has none, or none that can be shown.
 */
export function reachDashboard(
  snapshot: Pick<IClusterSnapshot, 'connection' | 'dashboard'>,
  baseUrl: string
): IReach | null {
  const { connection, dashboard } = snapshot;
  if (dashboard === undefined) {
    return null;
  }
  return connection?.kind === 'gateway'
    ? Private.outside(dashboard, baseUrl)
    : Private.inside(dashboard, baseUrl);
}

/** What holds for a frame with a dashboard. */
export interface IFrameRules {
  /** The frame's `sandbox`. */
  sandbox: string;
  /** The browser sends no cookie with anything that the frame loads. */
  anonymous: boolean;
  /** Its address also opens in a browser tab of its own. */
  ownTab: boolean;
  /** The page cannot find out whether the frame shows anything. */
  blind: boolean;
}

/**
 * What holds for a frame with a dashboard, by how the page gets at it.
 *
 * #### Notes
 * Only what comes through the proxy is of the page's origin, since Bokeh's
 * websocket needs the cookie there; it is the person's own code. The dashboard of
 * a gateway's cluster needs no cookie, and the whole hub is of its origin.
 */
export function frameRules({ way }: IReach): IFrameRules {
  const closed = {
    sandbox: 'allow-scripts',
    anonymous: true,
    ownTab: true,
    blind: false
  };
  return {
    proxied: {
      sandbox: 'allow-scripts allow-same-origin',
      anonymous: false,
      ownTab: false,
      blind: false
    },
    direct: closed,
    unread: { ...closed, blind: true }
  }[way];
}

/** Whether two addresses are of the same dashboard, whatever page they name. */
export function isSameDashboard(
  one: string,
  other: string,
  baseUrl: string
): boolean {
  const [first, second] = [one, other].map(text => {
    const address = readAddress(text, baseUrl);
    return address.kind === 'foreign'
      ? Private.home(new URL(address.url))
      : address.kind === 'proxied'
        ? address.base
        : null;
  });
  return first !== null && first === second;
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
  const path = Private.pathBehind(new URL(root), url);
  if (path !== null) {
    const match = Private.PROXY.exec(path);
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

/** The host of a dashboard that is reached without the proxy. */
export function hostOf(base: string): string {
  return new URL(base).host;
}

/** Whether the browser keeps a page from showing this address inside it. */
export function isMixed(base: string, baseUrl: string): boolean {
  const url = new URL(base);
  return (
    new URL(baseUrl).protocol === 'https:' &&
    url.protocol === 'http:' &&
    !Private.LOOPBACK.test(url.hostname) &&
    !url.hostname.endsWith('.localhost')
  );
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

  /** The end of a base URL that a hub gives a user's server. */
  const USER = /user\/[^/]+\/$/;

  /** The dashboard's own pages, which may stand at an address's end. */
  const PAGE =
    /\/(?:(?:statics\/)?individual-[\w.-]+|status|workers|tasks|system|profile|profile-server|graph|groups|gpu|hardware|shuffle|info|index\.html)?$/;

  /** Schemes that a host's name must not be taken for. */
  const SCHEME = /^(javascript|vbscript|data|blob|file|about|https?)$/i;

  /** A dashboard that the host of the server, or one beside it, can reach. */
  export function inside(dashboard: string, baseUrl: string): IReach | null {
    const known = readAddress(dashboard, baseUrl);
    if (known.kind === 'proxied') {
      return { base: known.base, way: 'proxied' };
    }
    const url = known.kind === 'foreign' ? new URL(known.url) : null;
    // The proxy is for what is behind the server, not for the server itself.
    if (url?.protocol !== 'http:' || url.origin === new URL(baseUrl).origin) {
      return null;
    }
    const place = `${url.hostname}:${url.port || '80'}`;
    const base = `${root(baseUrl)}proxy/${place}${folder(url.pathname)}`;
    return { base, way: 'proxied' };
  }

  /** A dashboard that the browser can reach. */
  export function outside(dashboard: string, baseUrl: string): IReach | null {
    const url = parse(dashboard);
    if (!url || !/^https?:$/.test(url.protocol) || url.username) {
      return null;
    }
    const near = url.origin === new URL(baseUrl).origin;
    return { base: home(url), way: near ? 'direct' : 'unread' };
  }

  /** Where a dashboard's pages are, without what else an address can hold. */
  export function home(url: URL): string {
    return `${url.origin}${folder(url.pathname)}`;
  }

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

  /**
   * What an address says behind the server's base URL, or null when it is of
   * another server. The http address of an https page is meant to lead on to it,
   * and a hub leads `user-redirect` on to each user's own server.
   */
  export function pathBehind(here: URL, url: URL): string | null {
    const onwards =
      here.protocol === 'https:' &&
      url.protocol === 'http:' &&
      url.hostname === here.hostname &&
      (url.port === '' || url.port === here.port);
    if (url.origin !== here.origin && !onwards) {
      return null;
    }
    const redirect = here.pathname.replace(USER, 'hub/user-redirect/');
    return (
      [here.pathname, redirect]
        .filter(start => url.pathname.startsWith(start))
        .map(start => url.pathname.slice(start.length))[0] ?? null
    );
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
