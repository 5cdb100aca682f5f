/**
 * Templates at an address: one notebook, or a JSON list of the addresses of
 * notebooks. Without a sign-in, and never run by themselves.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { ITemplateSource } from '../tokens';
import { brokenEntry, readTemplate } from './metadata';
import type { ICatalogueEntry } from './metadata';

/** Longer than this nobody waits, in ms. */
const TIMEOUT = 20_000;

/** A notebook without outputs is a hundredth of this, in bytes. */
const MAX_BYTES = 5_000_000;

/** As many as a list may name. */
const MAX_FILES = 200;

/**
 * The templates at an address. Addresses in a list are relative to it.
 *
 * @param address - Absolute, or relative to `base`.
 * @param base - The address of the page's server.
 */
export function onlineSource(
  address: string,
  base: string,
  trans: TranslationBundle
): ITemplateSource {
  return {
    id: address,
    load: async () => {
      const url = Private.url(address, base, trans);
      const content = await Private.fetchJson(url, trans);
      if (!Array.isArray(content)) {
        return [readTemplate(content as JSONObject, Private.name(url), trans)];
      }
      if (content.length > MAX_FILES) {
        throw new Error(
          trans.__('the list names %1 files, which is too many', content.length)
        );
      }
      return Promise.all(
        content.map(item => Private.read(String(item), url, trans))
      );
    }
  };
}

namespace Private {
  export function url(
    address: string,
    base: string | URL,
    trans: TranslationBundle
  ): URL {
    let parsed: URL;
    try {
      parsed = new URL(address, base);
    } catch {
      throw new Error(trans.__('“%1” is not an address', address));
    }
    if (!/^https?:$/.test(parsed.protocol) || parsed.username) {
      throw new Error(
        trans.__(
          '“%1” is not an http or https address without a sign-in',
          address
        )
      );
    }
    return parsed;
  }

  export async function read(
    address: string,
    list: URL,
    trans: TranslationBundle
  ): Promise<ICatalogueEntry> {
    try {
      const found = url(address, list, trans);
      const content = await fetchJson(found, trans);
      return readTemplate(content as JSONObject, name(found), trans);
    } catch (error) {
      return brokenEntry(
        address,
        trans.__(
          '“%1” could not be read: %2',
          address,
          error instanceof Error ? error.message : String(error)
        )
      );
    }
  }

  export async function fetchJson(
    from: URL,
    trans: TranslationBundle
  ): Promise<unknown> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT);
    try {
      // No cookie and no token: the address need not be this server's.
      const response = await fetch(from, {
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: abort.signal
      }).catch(() => null);
      if (!response) {
        throw new Error(
          trans.__(
            'it cannot be reached from this page, or does not allow it (CORS)'
          )
        );
      }
      if (!response.ok) {
        throw new Error(trans.__('it answers HTTP %1', response.status));
      }
      const text = await response.text();
      if (text.length > MAX_BYTES) {
        throw new Error(trans.__('it is larger than 5 MB'));
      }
      return parse(text, trans);
    } catch (error) {
      if (abort.signal.aborted) {
        throw new Error(trans.__('it does not answer in time'));
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  function parse(text: string, trans: TranslationBundle): unknown {
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch {
      content = null;
    }
    if (typeof content !== 'object' || content === null) {
      throw new Error(
        trans.__('it is neither a notebook nor a list of notebooks')
      );
    }
    return content;
  }

  export function name(from: URL): string {
    const file = from.pathname.slice(from.pathname.lastIndexOf('/') + 1);
    return decodeURIComponent(file).replace(/\.ipynb$/, '');
  }
}
