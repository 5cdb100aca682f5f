import { nullTranslator } from '@jupyterlab/translation';
import * as fc from 'fast-check';
import { mergeLayouts, orderPanes, shippedLayouts } from '../layouts';

const trans = nullTranslator.load('');
const [A, B, C] = ['a', 'b', 'c'].map(name => `individual-${name}`);

describe('orderPanes', () => {
  it('should put a pane after the one that it refers to', () => {
    const placed = orderPanes({
      name: 'x',
      plots: {
        [A]: { mode: 'split-right', ref: B },
        [B]: { mode: 'split-bottom', ref: C },
        [C]: { mode: 'split-right', ref: null }
      }
    });
    expect(placed.map(({ plot }) => plot)).toEqual([C, B, A]);
    expect(placed[2]).toEqual({ plot: A, mode: 'split-right', ref: B });
  });

  it('should break circles and drop what is no plot', () => {
    const placed = orderPanes({
      name: 'x',
      plots: {
        [A]: { mode: 'split-right', ref: B },
        [B]: { mode: 'split-right', ref: A },
        [C]: { mode: 'somewhere', ref: 'individual-none' },
        'javascript:1': { mode: 'split-right' }
      }
    });
    expect(placed.map(({ plot }) => plot).sort()).toEqual([A, B, C]);
    expect(placed.filter(({ ref }) => ref === null)).toHaveLength(2);
    expect(placed.find(({ plot }) => plot === C)!.mode).toBe('tab-after');
  });

  it('should never refer to a pane that comes later', () => {
    const plots = fc.dictionary(
      fc.constantFrom(A, B, C, 'individual-d', 'individual-e'),
      fc.record({
        mode: fc.constant('split-right'),
        ref: fc.option(fc.constantFrom(A, B, C, 'individual-d', 'elsewhere'))
      })
    );
    fc.assert(
      fc.property(plots, given => {
        const placed = orderPanes({ name: 'x', plots: given });
        expect(placed.map(({ plot }) => plot).sort()).toEqual(
          Object.keys(given).sort()
        );
        placed.forEach(({ ref }, index) => {
          const before = placed.slice(0, index).map(({ plot }) => plot);
          expect(ref === null || before.includes(ref)).toBe(true);
        });
      })
    );
  });
});

describe('mergeLayouts', () => {
  it("should add a person's layouts and let one replace ours", () => {
    const shipped = shippedLayouts(trans);
    const own = {
      Compute: { [A]: { mode: 'tab-after' } },
      Mine: { [B]: { mode: 'split-left', ref: null } },
      broken: 3
    };
    const merged = mergeLayouts(shipped, own);
    expect(merged.map(({ name }) => name)).toEqual([
      'Compute',
      'Memory',
      'Teaching',
      'Mine'
    ]);
    expect(Object.keys(merged[0].plots)).toEqual([A]);
    expect(mergeLayouts(shipped, 'nonsense')).toEqual(shipped);
  });
});
