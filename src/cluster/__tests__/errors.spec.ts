import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { ServerConnection } from '@jupyterlab/services';
import { toastText } from '../../sidebar/change';
import { ClusterError } from '../../tokens';
import { inWords, messageOf, toClusterError } from '../errors';

const ROOT = join(__dirname, '../..');

const loop: Record<string, unknown> = {};
loop.loop = loop;

/** What code can throw, also that of others, and what is said of it. */
const FAULTS: Array<[string, unknown, string]> = [
  ['an error', new Error('The disk is full.'), 'The disk is full.'],
  ['an error without words', new TypeError(), 'TypeError'],
  ['text', 'The disk is full.', 'The disk is full.'],
  ['a message in an object', { message: 'No such kernel' }, 'No such kernel'],
  ['an object', { code: 503 }, '{"code":503}'],
  ['an object in an object', { message: { code: 503 } }, '{"code":503}'],
  ['an empty object', {}, '{}'],
  ['a list', ['a', 1], '["a",1]'],
  ['a loop', loop, 'object'],
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a number', 404, '404'],
  ['a symbol', Symbol('x'), 'Symbol(x)'],
  ['an abort', new DOMException('Aborted', 'AbortError'), 'Aborted'],
  ['a lost network', new TypeError('Failed to fetch'), 'Failed to fetch'],
  [
    'a refusal of the server',
    new ServerConnection.ResponseError(
      new Response('', { status: 403, statusText: 'Forbidden' }),
      'Forbidden'
    ),
    'Forbidden'
  ],
  [
    'an error of ours',
    new ClusterError('There is no such cluster.', { hint: 'Start one.' }),
    'There is no such cluster. Start one.'
  ],
  [
    'markup',
    new Error('<img src=x onerror=alert(1)>'),
    '<img src=x onerror=alert(1)>'
  ],
  ['an event', new Event('error'), '{"isTrusted":false}'],
  ['what cannot be text', Object.create(null), '{}']
];

describe('The twenty faults', () => {
  it.each(FAULTS)('%s should be told in words', (_, fault, words) => {
    expect(inWords(fault)).toBe(words);
    expect(messageOf(fault)).not.toMatch(/^$|\[object/);
    expect(toClusterError(fault).message).toBe(messageOf(fault));
    expect(toastText(fault)).not.toMatch(/^$|\[object/);
  });

  it('should be twenty', () => {
    expect(FAULTS).toHaveLength(20);
  });
});

describe('Every error of ours', () => {
  it('should say what to do next', () => {
    const silent: string[] = [];
    for (const name of readdirSync(ROOT, {
      encoding: 'utf8',
      recursive: true
    })) {
      if (!/\.tsx?$/.test(name) || name.includes('__tests__')) {
        continue;
      }
      const text = readFileSync(join(ROOT, name), 'utf8');
      for (const made of text.split('new ClusterError(').slice(1)) {
        const call = Private.upToItsEnd(made);
        // What is wrapped anew in words of the page, and what nobody shows.
        const inner =
          name === 'cluster/errors.ts' || name === 'notebook/kernel.ts';
        if (!inner && !/\bhint\b|'cancelled'/.test(call)) {
          silent.push(`${name}: ${call.trim()}`);
        }
      }
    }
    expect(silent).toEqual([]);
  });
});

namespace Private {
  /** The text of a call up to its closing bracket. */
  export function upToItsEnd(text: string): string {
    let depth = 1;
    for (let place = 0; place < text.length; place++) {
      depth += { '(': 1, ')': -1 }[text[place]] ?? 0;
      if (depth === 0) {
        return text.slice(0, place);
      }
    }
    return text;
  }
}
