/**
 * One request as a page makes it of a hub's services: without cookies, never
 * followed to another address, in time, and of a size that a page can bear.
 */
import type { JSONObject } from '@lumino/coreutils';
import { readBody } from './body';

/** A whole answer. */
export interface IAnswer {
  status: number;
  text: string;
}

/** Why there is no answer. */
export class NoAnswer extends Error {
  constructor(readonly reason: NoAnswer.Reason) {
    super(reason);
  }
}

export namespace NoAnswer {
  export type Reason =
    /** It leads to another address. */
    | 'elsewhere'
    | 'too-large'
    /** Somebody gave it up. */
    | 'given-up'
    /** It did not come in time. */
    | 'late'
    /** The request did not get through. */
    | 'lost';
}

/**
 * Ask for an answer with its whole text. Rejects with {@link NoAnswer}.
 *
 * @param timeout - How long it may take, in ms.
 * @param signals - Each gives it up.
 */
export async function request(
  url: string,
  init: RequestInit,
  timeout: number,
  ...signals: Array<AbortSignal | null | undefined>
): Promise<IAnswer> {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  const timer = setTimeout(stop, timeout);
  signals.forEach(signal => signal?.addEventListener('abort', stop));
  if (signals.some(signal => signal?.aborted)) {
    stop();
  }
  try {
    const response = await fetch(url, {
      ...init,
      signal: abort.signal,
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'manual',
      referrerPolicy: 'no-referrer'
    });
    if (Private.leads(response)) {
      throw new NoAnswer('elsewhere');
    }
    const text = await readBody(response);
    if (text === null) {
      throw new NoAnswer('too-large');
    }
    return { status: response.status, text };
  } catch (reason) {
    if (reason instanceof NoAnswer) {
      throw reason;
    }
    if (signals.some(signal => signal?.aborted)) {
      throw new NoAnswer('given-up');
    }
    throw new NoAnswer(abort.signal.aborted ? 'late' : 'lost');
  } finally {
    clearTimeout(timer);
    signals.forEach(signal => signal?.removeEventListener('abort', stop));
  }
}

/** A JSON object, or null. */
export function parseObject(text: string): JSONObject | null {
  try {
    const data = JSON.parse(text) as JSONObject | null;
    return typeof data === 'object' && !Array.isArray(data) ? data : null;
  } catch {
    return null;
  }
}

namespace Private {
  /** Whether an answer leads to another address. */
  export function leads({ type, status }: Response): boolean {
    return type === 'opaqueredirect' || (status >= 300 && status < 400);
  }
}
