import type { JSONObject } from '@lumino/coreutils';
import type { IClusterSnapshot } from '../../tokens';
import { fewerWorkers } from '../fewer';

describe('fewerWorkers', () => {
  it.each<[JSONObject, JSONObject, JSONObject | null]>([
    [{ workers: 5 }, {}, { workers: 2 }],
    [{}, { workers: 4, threads: 1 }, { workers: 2 }],
    [{ minimum: 3, maximum: 4 }, {}, { maximum: 2, minimum: 2 }],
    [{ workers: 1 }, {}, null],
    [{}, {}, null]
  ])(
    'should halve what was asked for (%j) or made of it (%j)',
    (asked, made, fewer) => {
      const snapshot: Partial<IClusterSnapshot> = { options: made };
      const request = { provider: 'local', options: asked };
      expect(
        fewerWorkers({ request, snapshot: snapshot as IClusterSnapshot })
      ).toEqual(fewer);
    }
  );
});
