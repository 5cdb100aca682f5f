/** Addresses that open something of ours in the page of whoever follows them. */
import { PageConfig } from '@jupyterlab/coreutils';

/** Where the application of this page is. */
export interface IPlace {
  /** The address of the Jupyter server, with its base path. */
  server: string;
  /** The path of the application below that, such as `lab`. */
  app: string;
  /**
   * Path and, where users have domains of their own, host of the hub, which
   * sends everybody to a server of their own.
   */
  hub?: { prefix: string; host: string };
}

/** The address that says something to the application of a place. */
export function deepLink(
  query: Record<string, string>,
  { server, app, hub }: IPlace
): string {
  const path = app.replace(/^\/+/, '');
  const address = hub?.prefix
    ? new URL(
        `${hub.prefix.replace(/\/*$/, '/')}user-redirect/${path}`,
        hub.host || server
      )
    : new URL(path, server.replace(/\/*$/, '/'));
  for (const [name, value] of Object.entries(query)) {
    address.searchParams.set(name, value);
  }
  return address.href;
}

/** An address that says the same otherwise, but not what has these names. */
export function withoutQuery(href: string, names: readonly string[]): string {
  const address = new URL(href);
  for (const name of names) {
    address.searchParams.delete(name);
  }
  return address.href;
}

/**
 * Where this page is.
 *
 * @param baseUrl - That of the server's settings.
 */
export function placeOfPage(baseUrl: string): IPlace {
  const { href, pathname } = new URL(baseUrl);
  const app = PageConfig.getOption('appUrl');
  return {
    server: href,
    app: app.startsWith(pathname) ? app.slice(pathname.length) : app,
    hub: {
      prefix: PageConfig.getOption('hubPrefix'),
      host: PageConfig.getOption('hubHost')
    }
  };
}
