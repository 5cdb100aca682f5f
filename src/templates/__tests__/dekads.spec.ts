import fc from 'fast-check';
import {
  dekadInWords,
  dekadLabel,
  dekadOfYearInWords,
  isDekad,
  isDekadOfYear,
  parseDekad
} from '../dekads';

describe('a dekad', () => {
  it('should be written and read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9999 * 36 + 35 }), step => {
        expect(parseDekad(dekadLabel(step))).toBe(step);
      })
    );
    expect(dekadLabel(parseDekad('202412d3')! + 1)).toBe('202501d1');
    for (const wrong of ['202413d1', '202401d4', '2024-01-01', '']) {
      expect(parseDekad(wrong)).toBeNull();
    }
  });

  it('should be said in days, to the end of its month', () => {
    const words = (label: string) => dekadInWords(parseDekad(label)!, 'en');
    expect(words('202403d1')).toMatch(/^March 1\D+10, 2024$/);
    expect(words('202402d3')).toMatch(/^February 21\D+29, 2024$/);
    expect(words('202302d3')).toMatch(/^February 21\D+28, 2023$/);
    expect(dekadOfYearInWords(18, 'en')).toMatch(/^June 21\D+30$/);
  });

  it('should be known by what its parameter accepts', () => {
    const pattern = '^\\d{4}(0[1-9]|1[0-2])d[123]$';
    expect(isDekad({ type: 'string', pattern })).toBe(true);
    expect(isDekad({ type: 'string', pattern: '.*' })).toBe(false);
    expect(isDekad({ type: 'string', pattern: '(' })).toBe(false);
    expect(isDekad({ type: 'string' })).toBe(false);
    const number = { type: 'integer', minimum: 1, maximum: 36 };
    expect(
      isDekadOfYear({ ...number, title: 'First dekad of the season' })
    ).toBe(true);
    expect(isDekadOfYear({ ...number, title: 'Accumulation [dekads]' })).toBe(
      false
    );
  });
});
