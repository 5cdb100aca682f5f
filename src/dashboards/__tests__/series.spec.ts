import { nullTranslator } from '@jupyterlab/translation';
import { describeSeries, summarise, toColumns, toRows } from '../series';

const trans = nullTranslator.load('');
const HISTORY = [
  { time: 1000, workers: 2, memory: 1024 ** 3 },
  { time: 2000, workers: 4, cpu: 150 },
  { time: 3000, workers: 3, memory: 2 * 1024 ** 3, processing: 7 }
];

describe('A chart for those who do not see it', () => {
  it('should say now, least and most', () => {
    expect(describeSeries(HISTORY, 'workers', trans, 'en')).toBe(
      'Workers: now 3, between 2 and 4'
    );
    expect(describeSeries(HISTORY, 'memory', trans, 'en')).toBe(
      'Memory: now 2 GiB, between 1 GiB and 2 GiB'
    );
  });

  it('should not take what is not known for 0', () => {
    expect(summarise([{ time: 1 }], 'cpu')).toBeUndefined();
    expect(describeSeries([], 'processing', trans)).toContain('not known');
    expect(toColumns(HISTORY, 'cpu')).toEqual([
      [1, 2, 3],
      [null, 150, null]
    ]);
  });

  it('should hold the last value of a cluster that says nothing', () => {
    expect(toColumns(HISTORY, 'workers', 9000)).toEqual([
      [1, 2, 3, 9],
      [2, 4, 3, 3]
    ]);
    expect(toColumns([], 'workers', 9000)).toEqual([[], []]);
  });

  it('should list the newest first', () => {
    const rows = toRows(HISTORY, 'en');
    expect(rows[0].slice(1)).toEqual(['3', '', '2 GiB', '7']);
    expect(rows[1].slice(1)).toEqual(['4', '150%', '', '']);
  });
});
