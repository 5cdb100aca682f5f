import { NotebookModel } from '@jupyterlab/notebook';
import type { JSONObject } from '@lumino/coreutils';
import { fillCells } from '../fill';
import { insertCells } from '../insert';
import { changeValues, findInserted, updateInserted } from '../inserted';
import { readTemplate } from '../metadata';
import { notebook, template, trans } from './fixture';

/** A notebook with somebody's own cells around an inserted template. */
function inserted(values: JSONObject = { offset: 7 }): NotebookModel {
  const model = new NotebookModel();
  model.sharedModel.insertCells(
    0,
    ['first', 'last'].map(source => ({ cell_type: 'code', source }))
  );
  insertCells(model.sharedModel, fillCells(template(), values), 'below', 0);
  model.sharedModel.clearUndoHistory();
  return model;
}

const sources = (model: NotebookModel): string[] =>
  model.sharedModel.cells.map(cell => cell.getSource());

/** The template at another version, with other cells. */
function newer(change: (cells: JSONObject[]) => JSONObject[] = cells => cells) {
  const content = notebook();
  const metadata = content.metadata as JSONObject;
  return readTemplate(
    {
      ...content,
      cells: change(content.cells as JSONObject[]),
      metadata: {
        ...metadata,
        seasonal_monitor: {
          ...(metadata.seasonal_monitor as JSONObject),
          version: '2.0.0'
        }
      }
    },
    'rain-demo',
    trans
  );
}

describe('findInserted', () => {
  it('should tell the values that the cell has now', () => {
    const model = inserted();
    const cell = model.sharedModel.cells[2];
    cell.setSource(
      cell
        .getSource()
        .replace('"202401d1"', 'today()')
        .replace('n_dekads: int = 1', 'n_dekads: int = 3')
    );
    const [found] = findInserted(model.sharedModel);
    expect(found).toMatchObject({
      template: 'rain-demo',
      version: '1.2.0',
      byHand: ['start']
    });
    expect(found.values).toMatchObject({ offset: 7, n_dekads: 3 });
    expect(found.values.start).toBeUndefined();
  });

  it('should put the template of the active cell first', () => {
    const model = inserted();
    insertCells(model.sharedModel, fillCells(template(), {}), 'end', 0);
    const all = findInserted(model.sharedModel);
    expect(all).toHaveLength(2);
    const last = model.sharedModel.cells.length - 1;
    expect(findInserted(model.sharedModel, last)[0]).toEqual(all[1]);
    expect(findInserted(model.sharedModel, 0)).toEqual(all);
  });

  it('should find nothing in a notebook of somebody’s own', () => {
    expect(findInserted(new NotebookModel().sharedModel)).toEqual([]);
  });
});

describe('changeValues', () => {
  it('should write what changed and nothing else, as one undo step', () => {
    const model = inserted();
    const cell = model.sharedModel.cells[2];
    const before = cell
      .getSource()
      .replace('"202401d1"', 'today()')
      .replace('# last dekad', '# my own remark');
    cell.setSource(before);
    model.sharedModel.clearUndoHistory();
    const [{ insertion, values }] = findInserted(model.sharedModel);
    const index = changeValues(model.sharedModel, insertion, template(), {
      ...values,
      offset: 2,
      area: [1, 2, 3, 4]
    });
    expect(index).toBe(2);
    expect(cell.getSource()).toBe(
      before
        .replace('offset: float = 7.0', 'offset: float = 2.0')
        .replace('[33.0, -5.0, 42.0, 5.0]', '[1.0, 2.0, 3.0, 4.0]')
    );
    expect(findInserted(model.sharedModel)[0].values).toMatchObject({
      offset: 2
    });
    model.sharedModel.undo();
    expect(cell.getSource()).toBe(before);
    expect(model.sharedModel.canUndo()).toBe(false);
  });

  it('should say so when the cell is gone', () => {
    const model = inserted();
    const [{ insertion }] = findInserted(model.sharedModel);
    model.sharedModel.deleteCell(2);
    expect(() =>
      changeValues(model.sharedModel, insertion, template(), {})
    ).toThrow(RangeError);
  });
});

describe('updateInserted', () => {
  it('should renew cells, keep what a person changed and the values, as one undo step', () => {
    const model = inserted();
    const [, title, parameters, load] = model.sharedModel.cells;
    load.setSource('my_own(loading)');
    parameters.setSource(
      parameters.getSource().replace('"202401d1"', 'today()')
    );
    model.sharedModel.clearUndoHistory();
    const before = sources(model);
    const [{ insertion }] = findInserted(model.sharedModel);
    const extra = { cell_type: 'code', id: 'extra', source: 'new()' };
    const next = newer(cells => [
      { ...cells[0], source: '# Another title' },
      {
        ...cells[1],
        source: `${String([cells[1].source].flat().join(''))}\nlater: int = 1`
      },
      { ...cells[2], source: 'load_better()' },
      extra,
      ...cells.slice(3)
    ]);
    expect(updateInserted(model.sharedModel, insertion, next)).toEqual({
      updated: 3,
      kept: 1
    });
    expect(sources(model)).toEqual([
      'first',
      '# Another title',
      expect.stringMatching(/start: str = today\(\)[^]*later: int = 1/),
      'my_own(loading)',
      'new()',
      'last'
    ]);
    const [found] = findInserted(model.sharedModel);
    expect(found).toMatchObject({ version: '2.0.0', insertion });
    expect(found.values).toMatchObject({ offset: 7, later: 1 });
    expect(title.getSource()).toBe('# Another title');
    model.sharedModel.undo();
    expect(sources(model)).toEqual(before);
    expect(model.sharedModel.canUndo()).toBe(false);
  });

  it('should take out cells that the template has no more, unless they were changed', () => {
    for (const changed of [false, true]) {
      const model = inserted();
      if (changed) {
        model.sharedModel.cells[3].setSource('mine()');
      }
      const [{ insertion }] = findInserted(model.sharedModel);
      const result = updateInserted(
        model.sharedModel,
        insertion,
        newer(cells => cells.slice(0, 2))
      );
      expect(result).toEqual({ updated: 2, kept: changed ? 1 : 0 });
      expect(sources(model)).toHaveLength(changed ? 5 : 4);
    }
  });
});
