/**
 * Links that open a template's form with values in it. Everything that a link
 * says comes from outside: it is read here, and refused in words. Pure.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { deepLink, withoutQuery } from '../deepLink';
import { LINK } from '../early';
import { isTemplateId } from './metadata';

/** What a link asks for. */
export interface ITemplateLink {
  template: string;
  /** By parameter name; whether they fit is for the form to say. */
  values: JSONObject;
}

/** Longer ones do not come from our button. */
const LONGEST = 8000;

/**
 * The address that opens a template's form.
 *
 * @param values - All of them, so that it means the same whatever the form of
 * the person who opens it held before.
 * @param server - The address of a Jupyter server, with its base path.
 * @param app - The path of the application below that, such as `lab`.
 * @param hub - Path and, where users have domains of their own, host of the hub,
 * which sends everybody to a server of their own.
 */
export function writeLink(
  { template, values }: ITemplateLink,
  server: string,
  app: string,
  hub: { prefix: string; host: string } = { prefix: '', host: '' }
): string {
  return deepLink(
    { [LINK]: template, [`${LINK}-values`]: JSON.stringify(values) },
    { server, app, hub }
  );
}

/**
 * What the query of an address asks for.
 *
 * @param search - As in `location.search`.
 * @throws Error in words when it cannot be used.
 */
export function readLink(
  search: string,
  trans: TranslationBundle
): ITemplateLink {
  if (search.length > LONGEST) {
    throw new Error(
      trans.__('This link is too long. Ask for a new one by “Copy link”.')
    );
  }
  const query = new URLSearchParams(search);
  const template = query.get(LINK) ?? '';
  if (!isTemplateId(template)) {
    throw new Error(
      trans.__(
        'This link does not name a template. Ask for a new one by “Copy link”.'
      )
    );
  }
  const values = Private.parse(query.get(`${LINK}-values`) ?? '{}');
  if (!values || typeof values !== 'object' || Array.isArray(values)) {
    throw new Error(
      trans.__(
        'The values in this link cannot be read; part of it may be missing. Ask for a new one by “Copy link”.'
      )
    );
  }
  return { template, values };
}

/** An address that says the same otherwise, but names no template. */
export function withoutLink(href: string): string {
  return withoutQuery(href, [LINK, `${LINK}-values`]);
}

namespace Private {
  export function parse(text: string): JSONValue | undefined {
    try {
      return JSON.parse(text) as JSONValue;
    } catch {
      // What is not JSON has no value.
      return undefined;
    }
  }
}
