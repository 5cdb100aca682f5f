import type { JSONObject } from '@lumino/coreutils';
import validator from '@rjsf/validator-ajv8';
import { defaultValues } from '../metadata';
import { hasType, holdsSecret, validateValues } from '../validate';
import { template, trans } from './fixture';

function errors(change: JSONObject) {
  const one = template();
  return validateValues(
    one,
    { ...defaultValues(one), ...change },
    validator,
    trans
  );
}

describe('validateValues', () => {
  it('should find nothing wrong with the values of the template', () => {
    expect(errors({})).toEqual({});
  });

  it.each<[string, JSONObject, string, RegExp]>([
    ['an empty text', { catalog: '' }, 'catalog', /^Give a value\.$/],
    [
      'a key in an address',
      { catalog: 'https://example.org/stac?token=abc' },
      'catalog',
      /holds a key/
    ],
    [
      'text that is no dekad',
      { start: '2024-01-01' },
      'start',
      /such as 202401d1/
    ],
    ['a month that is none', { start: '202413d1' }, 'start', /as year, month/],
    [
      'an end before the start',
      { start: '202404d1' },
      'end',
      /before “First dekad” \(202404d1\)/
    ],
    ['too few edges', { area: [1, 2, null, 4] }, 'area', /all four edges/],
    [
      'an area west of the globe',
      { area: [-181, 0, 1, 1] },
      'area',
      /between -180 and 180/
    ],
    [
      'an area north of the pole',
      { area: [0, 0, 1, 91] },
      'area',
      /between -90 and 90/
    ],
    ['west after east', { area: [5, 0, 5, 1] }, 'area', /West must be less/],
    ['south after north', { area: [0, 2, 1, 1] }, 'area', /South must be less/],
    ['too little', { offset: -0.1 }, 'offset', /^Give 0 or more\.$/],
    ['too much', { n_dekads: 37 }, 'n_dekads', /^Give 36 or less\.$/],
    ['half a step', { n_dekads: 1.5 }, 'n_dekads', /whole number/],
    ['text for a number', { offset: '5' }, 'offset', /Write a number/],
    ['an empty list', { bands: [] }, 'bands', /at least 1 value/],
    ['a choice that is none', { method: 'x' }, 'method', /Choose one/]
  ])('should say what is wrong with %s', (_, change, name, words) => {
    const found = errors(change);
    expect(Object.keys(found)).toEqual([name]);
    expect(found[name].join(' ')).toMatch(words);
  });

  it('should ask for a value that is missing', () => {
    const one = template();
    const { offset, ...rest } = defaultValues(one);
    expect(offset).toBe(5);
    expect(validateValues(one, rest, validator, trans)).toEqual({
      offset: ['Give a value.']
    });
  });

  it('should let a value be empty that may be', () => {
    expect(errors({ limit: null })).toEqual({});
  });
});

describe('holdsSecret', () => {
  it.each([
    ['https://user:pass@example.org/', true],
    ['https://x.org/?sv=1&sig=abc%3D', true],
    ['s3://b/k?X-Amz-Signature=00', true],
    ['https://x.org/?api_key=1', true],
    ['https://x.org/#access_token=1', true],
    ['https://x.org/?collection=rfh&signal=1', false],
    ['data/key=1/token.json', false],
    ['C:\\data', false]
  ])('should judge %s', (text, secret) => {
    expect(holdsSecret(text)).toBe(secret);
  });
});

describe('hasType', () => {
  it('should tell JSON types apart', () => {
    expect(hasType(1, { type: 'integer' })).toBe(true);
    expect(hasType(1.5, { type: 'integer' })).toBe(false);
    expect(hasType(null, { type: ['number', 'null'] })).toBe(true);
    expect(hasType(null, { type: 'number' })).toBe(false);
    expect(
      hasType([1, 'a'], { type: 'array', items: { type: 'number' } })
    ).toBe(false);
  });
});
