import { Page } from '@playwright/test';

/**
 * What the pages of a browser ask of other origins from now on, images and frames
 * included. The list grows while a test goes on.
 */
export function requestsOutside(page: Page, url: string): string[] {
  const { host } = new URL(url);
  const outside: string[] = [];
  const look = (address: string): void => {
    const asked = new URL(address);
    if (/^(?:http|ws)s?:$/.test(asked.protocol) && asked.host !== host) {
      outside.push(address);
    }
  };
  page.context().on('request', request => look(request.url()));
  page.on('websocket', socket => look(socket.url()));
  return outside;
}
