import * as fc from 'fast-check';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatTime,
  parseBytes
} from '../units';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1024, '1 KiB'],
    [1.5 * 2 ** 30, '1.5 GiB'],
    [2 ** 50, '1 PiB']
  ])('should write %d as %s', (bytes, text) => {
    expect(formatBytes(bytes, 'en')).toBe(text);
  });

  it('should write nothing for what is not known', () => {
    expect(formatBytes(undefined)).toBe('');
    expect(formatBytes(NaN)).toBe('');
    expect(formatBytes(-1)).toBe('');
  });

  it('should follow the language', () => {
    expect(formatBytes(1.5 * 2 ** 30, 'fr')).toBe('1,5 GiB');
  });
});

describe('parseBytes', () => {
  it.each([
    ['1024', 1024],
    ['2 GiB', 2 ** 31],
    ['1.5GB', 1.5e9],
    ['500 M', 5e8],
    ['100 kB', 1e5]
  ])('should read %s', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(['', 'auto', '-1', '1e9', '2 GiBs', 'GiB'])(
    'should refuse %s',
    text => {
      expect(parseBytes(text)).toBeUndefined();
    }
  );

  it('should read back what is written, within its three digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), bytes => {
        const back = parseBytes(formatBytes(bytes, 'en').replace(/,/g, ''));
        expect(Math.abs((back ?? 0) - bytes)).toBeLessThanOrEqual(bytes * 0.01);
      })
    );
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 sec'],
    [12_400, '12 sec'],
    [61_000, '1 min 1 sec'],
    [3_600_000, '1 hr'],
    [90_061_000, '1 day 1 hr']
  ])('should write %d ms as %s', (ms, text) => {
    expect(formatDuration(ms, 'en')).toBe(text);
  });
});

describe('other formats', () => {
  it('should group counts and round shares', () => {
    expect(formatCount(12345, 'en')).toBe('12,345');
    expect(formatCount(undefined)).toBe('');
    expect(formatShare(0.424, 'en')).toBe('42%');
  });

  it('should give the date only on another day', () => {
    const noon = new Date(2026, 10, 23, 12, 0, 0).getTime();
    expect(formatTime(noon, 'en', noon)).not.toContain('2026');
    expect(formatTime(noon, 'en', noon + 86_400_000)).toContain('2026');
  });
});
