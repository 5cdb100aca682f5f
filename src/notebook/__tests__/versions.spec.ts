import { compareVersions } from '../versions';

const CLUSTER = {
  python: '3.12.4',
  dask: '2026.8.0',
  distributed: '2026.8.0',
  numpy: '2.1.0',
  platform: 'linux'
};

describe('compareVersions', () => {
  it('should be silent where everything that matters agrees', () => {
    expect(
      compareVersions(
        { ...CLUSTER, python: '3.12.9', platform: null, lz4: '4.0' },
        CLUSTER
      )
    ).toEqual([]);
  });

  it('should tell the minor version of Python before packages', () => {
    const found = compareVersions(
      { ...CLUSTER, python: '3.11.2', numpy: '1.26.4' },
      CLUSTER
    );
    expect(found.map(one => [one.package, one.severe])).toEqual([
      ['python', true],
      ['numpy', false]
    ]);
  });

  it('should miss what a client needs and nothing that it does not', () => {
    expect(compareVersions({ python: '3.12.1', numpy: null }, CLUSTER)).toEqual(
      [
        {
          package: 'distributed',
          notebook: null,
          cluster: '2026.8.0',
          severe: true
        },
        { package: 'dask', notebook: null, cluster: '2026.8.0', severe: true }
      ]
    );
  });
});
