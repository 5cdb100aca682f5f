import { plannedSize } from '../size';

const GIB = 2 ** 30;

describe('the size that is planned', () => {
  it('should be what the options of a machine of clouds say', () => {
    expect(plannedSize({ workers: 3, cores: 4, memory: '16 GiB' })).toEqual({
      workers: 3,
      threads: 4,
      memory: 16 * GIB
    });
  });

  it('should share a batch job among its workers', () => {
    expect(
      plannedSize({ workers: 4, cores: 8, processes: 2, memory: '8 GiB' })
    ).toEqual({ workers: 4, threads: 4, memory: 4 * GIB });
  });

  it('should read the names of a gateway, in GiB', () => {
    expect(
      plannedSize({ maximum: 6, worker_cores: 2, worker_memory: 4 })
    ).toEqual({ workers: 6, threads: 2, memory: 4 * GIB });
  });

  it('should share the machine where nothing is asked for', () => {
    expect(plannedSize({}, {}, { cores: 8, memory: 24 * GIB })).toEqual({
      workers: 2,
      most: 2,
      threads: 4,
      memory: 10 * GIB
    });
  });

  it('should be within the limits', () => {
    expect(
      plannedSize(
        { workers: 20, threads: 8, memory: '8 GiB' },
        { workers: 5, threadsPerWorker: 2, memoryPerWorker: '2 GiB' }
      )
    ).toEqual({ workers: 5, most: 5, threads: 2, memory: 2 * GIB });
  });

  it('should leave open how many workers there are where nobody says it', () => {
    expect(plannedSize({})).toEqual({});
  });
});
