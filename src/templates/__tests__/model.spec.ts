import { StateDB } from '@jupyterlab/statedb';
import type { JSONObject } from '@lumino/coreutils';
import validator from '@rjsf/validator-ajv8';
import { defaultValues } from '../metadata';
import { TemplateModel } from '../model';
import { template, trans } from './fixture';

const KEY = 'jupyterlab-seasonal-monitor:template:rain-demo';

async function open(state: StateDB, values?: JSONObject) {
  const model = new TemplateModel({
    template: template(),
    state,
    values,
    validator,
    trans
  });
  await model.ready;
  return model;
}

function change(model: TemplateModel, values: JSONObject) {
  model.setValues({ ...model.values, ...values });
}

describe('TemplateModel', () => {
  let state: StateDB;

  beforeEach(() => {
    state = new StateDB();
  });

  it("should start with the template's values", async () => {
    const model = await open(state);
    expect(model.values).toEqual(defaultValues(template()));
    expect(model.isValid).toBe(true);
    expect(model.notice).toBe('');
  });

  it('should signal a change, and only a change', async () => {
    const model = await open(state);
    let count = 0;
    model.changed.connect(() => {
      count += 1;
    });
    change(model, { offset: 7 });
    change(model, { offset: 7 });
    expect(count).toBe(1);
  });

  it('should keep values over a reload, also those that are not right', async () => {
    change(await open(state), { offset: -7, method: 'score' });
    expect(await state.fetch(KEY)).toEqual({ offset: -7, method: 'score' });
    const again = await open(state);
    expect(again.values.offset).toBe(-7);
    expect(again.isValid).toBe(false);
    again.reset();
    expect(await state.fetch(KEY)).toBeUndefined();
  });

  it('should let given values win over kept ones', async () => {
    change(await open(state), { offset: 7, n_dekads: 3 });
    const model = await open(state, { offset: 8 });
    expect([model.values.offset, model.values.n_dekads]).toEqual([8, 3]);
    model.offer({ n_dekads: 9 });
    expect(model.values.n_dekads).toBe(9);
  });

  it('should never keep a key', async () => {
    const model = await open(state);
    change(model, { catalog: 'https://x.org/?token=abc', offset: 6 });
    expect(JSON.stringify(await state.toJSON())).not.toContain('abc');
    expect(await state.fetch(KEY)).toEqual({ offset: 6 });
  });

  it.each<[string, JSONObject[string]]>([
    ['a list', [1]],
    ['text', 'x'],
    ['values of other types', { offset: 'x', gone: 1 }]
  ])(
    'should open with defaults and say so when the state is %s',
    async (_, stored) => {
      await state.save(KEY, stored);
      const model = await open(state);
      expect(model.values).toEqual(defaultValues(template()));
      expect(model.notice).toMatch(/were left out/);
    }
  );

  it('should name what does not fit, also names of the language', async () => {
    const model = await open(state);
    model.offer(
      JSON.parse(
        '{"offset": 7, "__proto__": {"x": 1}, "constructor": "x", "gone": 1}'
      )
    );
    expect(model.values).toEqual({ ...defaultValues(template()), offset: 7 });
    expect(model.notice).toMatch(/left out: __proto__, constructor, gone\.$/);
  });

  it('should open when the state cannot be read, and say when it cannot be written', async () => {
    state.fetch = () => Promise.reject(new Error('gone'));
    state.save = () => Promise.reject(new Error('gone'));
    const model = await open(state);
    expect(model.isValid).toBe(true);
    const told = new Promise<void>(resolve => {
      model.changed.connect(() => {
        if (model.notice) {
          resolve();
        }
      });
    });
    change(model, { offset: 7 });
    await told;
    expect(model.notice).toMatch(/could not be kept/);
  });

  it('should mark changed and wrong lines in the preview', async () => {
    const model = await open(state);
    expect(model.preview()[1].lines?.some(line => line.mark)).toBe(false);
    change(model, { offset: 7, n_dekads: 99 });
    const cells = model.preview();
    expect(cells.map(cell => cell.type)).toEqual([
      'markdown',
      'code',
      'code',
      'code'
    ]);
    expect(cells[1].lines?.filter(line => line.mark)).toEqual([
      {
        text: 'offset: float = 7.0  # added to both sides of the ratio [mm]',
        mark: 'changed'
      },
      {
        text: 'n_dekads: int = 1  # accumulation [dekads]',
        mark: 'invalid'
      }
    ]);
  });

  it('should be quiet after it was disposed', async () => {
    const model = await open(state);
    model.dispose();
    model.dispose();
    change(model, { offset: 9 });
    expect(await state.fetch(KEY)).toBeUndefined();
  });
});
