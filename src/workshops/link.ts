/**
 * Links that open the page of a workshop, by the path of its file or by a code.
 * What a link says comes from outside: it is refused in words, and nothing but
 * a page follows from it. Pure.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { WORKSHOP_LINK } from '../early';
import { WORKSHOP_EXTENSION } from './model';

/** What a link asks for: a file of the server, or a class by its code. */
export type WorkshopLink = { path: string } | { code: string };

/** The parameters of the address of a link. */
export function linkQuery(link: WorkshopLink): Record<string, string> {
  return 'path' in link
    ? { [WORKSHOP_LINK]: link.path }
    : { [`${WORKSHOP_LINK}-code`]: link.code };
}

/**
 * What the query of an address asks for.
 *
 * @param search - As in `location.search`.
 * @throws Error in words when it cannot be used.
 */
export function readWorkshopLink(
  search: string,
  trans: TranslationBundle
): WorkshopLink {
  const query = new URLSearchParams(search.slice(0, 2000));
  const given = query.get(`${WORKSHOP_LINK}-code`);
  if (given !== null) {
    const code = readCode(given);
    if (code === null) {
      throw new Error(
        trans.__(
          'The code in this link cannot be one of a workshop. Ask your trainer for a new link.'
        )
      );
    }
    return { code };
  }
  const path = query.get(WORKSHOP_LINK) ?? '';
  if (!Private.isPath(path)) {
    throw new Error(
      trans.__(
        'This link does not name a workshop file. Ask your trainer for a new link.'
      )
    );
  }
  return { path };
}

/**
 * A code as it was read out and typed: small and large letters, blanks and
 * dashes do not matter.
 *
 * @returns Null when it cannot be one.
 */
export function readCode(text: string): string | null {
  const code = text
    .slice(0, 40)
    .replace(/[\s-]+/g, '')
    .toUpperCase();
  return /^[2-9A-HJKMNP-Z]{6}$/.test(code) ? code : null;
}

/** A code as it is read out. */
export function showCode(code: string): string {
  return `${code.slice(0, 3)}-${code.slice(3)}`;
}

/** The parameters that an address loses once its link was followed. */
export const LINK_NAMES = [WORKSHOP_LINK, `${WORKSHOP_LINK}-code`];

namespace Private {
  /** A workshop file below the root of the server: no way up and no drive. */
  export function isPath(path: string): boolean {
    return (
      path.length <= 500 &&
      path.endsWith(WORKSHOP_EXTENSION) &&
      /^[^/\\:\p{Cc}\p{Cf}][^\\:\p{Cc}\p{Cf}]*$/u.test(path) &&
      path.split('/').every(part => !['', '.', '..'].includes(part))
    );
  }
}
