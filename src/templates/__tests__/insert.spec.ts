import {
  NotebookActions,
  NotebookModel,
  NotebookTracker
} from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';
import {
  initNotebookContext,
  NBTestUtils
} from '@jupyterlab/notebook/lib/testutils';
import { ServiceManagerMock } from '@jupyterlab/services/lib/testutils';
import { UUID } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import { meet } from '../../__tests__/meet';
import { fillCells } from '../fill';
import { insertCells, NotebookTarget } from '../insert';
import { template, trans } from './fixture';

const cells = () => fillCells(template(), { offset: 7 });

function notebookModel(
  sources: string[],
  options?: NotebookModel.IOptions
): NotebookModel {
  const model = new NotebookModel(options);
  model.sharedModel.insertCells(
    0,
    sources.map(source => ({ cell_type: 'code', source }))
  );
  model.sharedModel.clearUndoHistory();
  return model;
}

function sources(model: NotebookModel): string[] {
  return model.sharedModel.cells.map(cell => cell.getSource());
}

describe('insertCells', () => {
  const inserted = cells().map(cell => cell.source);

  it.each([
    ['above', 1, ['a', ...inserted, 'b', 'c']],
    ['below', 1, ['a', 'b', ...inserted, 'c']],
    ['end', 0, ['a', 'b', 'c', ...inserted]],
    ['below', -1, [...inserted, 'a', 'b', 'c']]
  ] as const)(
    'should insert %s the active cell %i',
    (position, active, after) => {
      const model = notebookModel(['a', 'b', 'c']);
      insertCells(model.sharedModel, cells(), position, active);
      expect(sources(model)).toEqual(after);
    }
  );

  it('should be one undo and one redo, and mark the notebook as changed', () => {
    const model = notebookModel(['a', 'b']);
    model.dirty = false;
    insertCells(model.sharedModel, cells(), 'below', 0);
    expect(model.dirty).toBe(true);
    const after = sources(model);
    model.sharedModel.undo();
    expect(sources(model)).toEqual(['a', 'b']);
    expect(model.sharedModel.canUndo()).toBe(false);
    model.sharedModel.redo();
    expect(sources(model)).toEqual(after);
  });

  it.each([true, false])(
    'should not take along what was done just before or after (undo by cell: %s)',
    disableDocumentWideUndoRedo => {
      const model = notebookModel(['a'], { disableDocumentWideUndoRedo });
      const { sharedModel } = model;
      sharedModel.insertCell(1, { cell_type: 'code', source: 'before' });
      insertCells(sharedModel, cells(), 'end', 0);
      sharedModel.insertCell(0, { cell_type: 'code', source: 'after' });
      sharedModel.undo();
      expect(sources(model)).toEqual(['a', 'before', ...inserted]);
      sharedModel.undo();
      expect(sources(model)).toEqual(['a', 'before']);
    }
  );

  it('should leave no blank cell in a new notebook, and bring it back on undo', () => {
    const model = notebookModel(['']);
    insertCells(model.sharedModel, cells(), 'below', 0);
    expect(sources(model)).toEqual(inserted);
    model.sharedModel.undo();
    expect(sources(model)).toEqual(['']);
  });

  it('should give each cell an id of its own, twice over', () => {
    const model = notebookModel(['a']);
    insertCells(model.sharedModel, cells(), 'end', 0);
    insertCells(model.sharedModel, cells(), 'end', 0);
    const ids = model.sharedModel.cells.map(cell => cell.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(id => /^[a-zA-Z0-9-_]{1,64}$/.test(id))).toBe(true);
  });

  it('should keep the cells of two people who insert at once, each in order', () => {
    const mine = notebookModel(['a']);
    const theirs = new NotebookModel();
    while (theirs.sharedModel.cells.length > 0) {
      theirs.sharedModel.deleteCell(0);
    }
    meet(mine.sharedModel, theirs.sharedModel);
    insertCells(mine.sharedModel, cells(), 'end', 0);
    insertCells(theirs.sharedModel, cells(), 'below', 0);
    meet(mine.sharedModel, theirs.sharedModel);
    expect(sources(mine)).toEqual(['a', ...inserted, ...inserted]);
    expect(sources(theirs)).toEqual(sources(mine));
    mine.sharedModel.undo();
    meet(mine.sharedModel, theirs.sharedModel);
    expect(sources(theirs)).toEqual(['a', ...inserted]);
  });
});

describe('NotebookTarget', () => {
  const inserted = cells().length;
  let panel: NotebookPanel;
  let tracker: NotebookTracker;

  beforeEach(async () => {
    const context = await initNotebookContext({
      manager: new ServiceManagerMock()
    });
    panel = NBTestUtils.createNotebookPanel(context);
    tracker = new NotebookTracker({ namespace: UUID.uuid4() });
    Widget.attach(panel, document.body);
  });

  afterEach(() => {
    panel.context.dispose();
    panel.dispose();
  });

  /** Make a notebook the one that was looked at last. */
  async function show() {
    await tracker.add(panel);
    panel.node.focus();
    panel.node.dispatchEvent(new FocusEvent('focus'));
  }

  it('should say that no notebook is open', () => {
    for (const target of [
      new NotebookTarget(null, trans),
      new NotebookTarget(tracker, trans)
    ]) {
      expect(target.problem).toMatch(/^No notebook is open/);
      expect(() => target.insert(cells(), 'end')).toThrow(target.problem);
    }
  });

  it('should follow the notebook, its name and its being read-only', async () => {
    const target = new NotebookTarget(tracker, trans);
    let count = 0;
    target.changed.connect(() => {
      count += 1;
    });
    await show();
    expect(count).toBeGreaterThan(0);
    expect(target.panel).toBe(panel);
    expect(target.problem).toBe('');
    panel.title.label = 'renamed.ipynb';
    expect(target.name).toBe('renamed.ipynb');

    count = 0;
    panel.content.model!.readOnly = true;
    expect(count).toBe(1);
    expect(target.problem).toMatch(/“renamed.ipynb” is read-only/);
    const before = panel.content.model!.cells.length;
    expect(() => target.insert(cells(), 'end')).toThrow(/read-only/);
    expect(panel.content.model!.cells.length).toBe(before);
  });

  it('should insert, and make the first new cell the active one', async () => {
    const target = new NotebookTarget(tracker, trans);
    await show();
    const model = panel.content.model!;
    model.sharedModel.insertCells(0, [
      { cell_type: 'code', source: 'a' },
      { cell_type: 'code', source: 'b' }
    ]);
    const before = model.cells.length;
    panel.content.activeCellIndex = 0;
    target.insert(cells(), 'below');
    expect(model.cells.length).toBe(before + inserted);
    expect(panel.content.activeCellIndex).toBe(1);
    expect(panel.content.activeCell?.model.sharedModel.getSource()).toMatch(
      /^# Rain demo/
    );
    NotebookActions.undo(panel.content);
    expect(model.cells.length).toBe(before);
  });

  it('should know nothing of a notebook after it was disposed', async () => {
    const target = new NotebookTarget(tracker, trans);
    target.dispose();
    target.dispose();
    await show();
    expect(target.panel).toBeNull();
  });

  it('should forget a notebook that was closed', async () => {
    const target = new NotebookTarget(tracker, trans);
    await show();
    panel.dispose();
    expect(target.problem).toMatch(/^No notebook is open/);
  });
});
