import type { IWorkshop } from '../model';
import { CHECK_MIME, checkedSteps, copyPath, readChecks } from '../copies';

const output = (data: unknown) => ({
  output_type: 'display_data',
  data: { [CHECK_MIME]: data },
  metadata: {}
});

describe('The self-checks of a notebook', () => {
  it('should be taken from outputs, the last of a step winning', () => {
    const notebook = {
      cells: [
        { outputs: [output({ step: 'a', passed: true })] },
        { outputs: [output({ step: 'b', passed: true })] },
        { outputs: [output({ step: 'b', passed: false })] }
      ]
    };
    expect([...checkedSteps(notebook as never)]).toEqual([
      ['a', true],
      ['b', false]
    ]);
  });

  it('should tick only by the value true', () => {
    expect(readChecks([output({ step: 'a', passed: 'no' })]).get('a')).toBe(
      false
    );
  });

  it.each([
    ['nothing', undefined],
    ['no list', { data: 1 }],
    ['odd outputs', [null, 1, output(null), output({ step: 3 }), {}]]
  ])('should not mind %s', (_, outputs) => {
    expect(readChecks(outputs).size).toBe(0);
  });
});

describe('The place of a copy', () => {
  it('should be one name in the folder of the workshop', () => {
    expect(copyPath({ id: 'class' } as IWorkshop, 'day 1/a.ipynb')).toBe(
      'class/day 1-a.ipynb'
    );
  });
});
