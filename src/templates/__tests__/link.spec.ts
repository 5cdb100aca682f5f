import * as fc from 'fast-check';
import type { JSONObject } from '@lumino/coreutils';
import { readLink, withoutLink, writeLink } from '../link';
import { trans } from './fixture';

const SERVER = 'https://hub.example.org/user/ada/';

describe('writeLink', () => {
  const link = { template: 'rain-demo', values: { start: '202401d1' } };

  it('should lead to the application of the server', () => {
    expect(writeLink(link, SERVER, 'lab')).toBe(
      'https://hub.example.org/user/ada/lab?seasonal-template=rain-demo&seasonal-template-values=%7B%22start%22%3A%22202401d1%22%7D'
    );
  });

  it('should lead everybody to a server of their own through a hub', () => {
    const address = writeLink(link, SERVER, '/lab', {
      prefix: '/hub/',
      host: ''
    });
    expect(address).toMatch(
      /^https:\/\/hub\.example\.org\/hub\/user-redirect\/lab\?seasonal-template=/
    );
    expect(address).not.toContain('ada');
  });

  it('should lead to the host of the hub where users have domains of their own', () => {
    const address = writeLink(
      link,
      'https://ada.example.org/user/ada/',
      'lab',
      {
        prefix: '/hub/',
        host: 'https://example.org'
      }
    );
    expect(address).toMatch(
      /^https:\/\/example\.org\/hub\/user-redirect\/lab\?/
    );
  });

  it('should be read as it was written, whatever the values are', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1, maxLength: 8 }),
          fc.oneof(fc.string({ maxLength: 20 }), fc.integer(), fc.boolean()),
          { maxKeys: 5 }
        ),
        values => {
          // A name of the language's own does not survive as a key.
          fc.pre(
            !(
              '__proto__' in values && Object.keys(values).includes('__proto__')
            )
          );
          const written = {
            template: 'rain-demo',
            values: { ...values } as JSONObject
          };
          const { search } = new URL(writeLink(written, SERVER, 'lab'));
          expect(JSON.stringify(readLink(search, trans))).toBe(
            JSON.stringify(written)
          );
        }
      ),
      { numRuns: 100 }
    );
  });
});

describe('readLink', () => {
  it('should need no values', () => {
    expect(readLink('?a=1&seasonal-template=spi', trans)).toEqual({
      template: 'spi',
      values: {}
    });
  });

  it.each<[string, string, RegExp]>([
    ['no template', '?seasonal-template=', /does not name a template/],
    ['a path', '?seasonal-template=../../etc', /does not name a template/],
    ['markup', '?seasonal-template=<img src=x>', /does not name a template/],
    [
      'half of its values',
      '?seasonal-template=spi&seasonal-template-values={"a":',
      /cannot be read/
    ],
    [
      'a list of values',
      '?seasonal-template=spi&seasonal-template-values=[1]',
      /cannot be read/
    ],
    [
      'far too much',
      `?seasonal-template=spi&seasonal-template-values="${'x'.repeat(9000)}"`,
      /too long/
    ]
  ])('should refuse a link with %s, in words', (_, search, words) => {
    expect(() => readLink(search, trans)).toThrow(words);
  });
});

describe('withoutLink', () => {
  it('should leave the rest of an address as it is', () => {
    const link = 'seasonal-template=spi&seasonal-template-values=%7B%7D';
    expect(
      withoutLink(`https://hub.example/user/a/lab/tree/x.ipynb?reset&${link}#b`)
    ).toBe('https://hub.example/user/a/lab/tree/x.ipynb?reset=#b');
    expect(withoutLink(`https://hub.example/lab?${link}`)).toBe(
      'https://hub.example/lab'
    );
  });
});
