import type { ConsolePanel } from '@jupyterlab/console';
import type { Context } from '@jupyterlab/docregistry';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import {
  initNotebookContext,
  NBTestUtils
} from '@jupyterlab/notebook/lib/testutils';
import { ServiceManagerMock } from '@jupyterlab/services/lib/testutils';
import type { JSONObject } from '@lumino/coreutils';
import { execFileSync } from 'child_process';
import { meet as meetDocuments } from '../../__tests__/meet';
import { CLUSTER_MIME } from '../../tokens';
import { dragData, keepDropped } from '../drag';
import { clusterOf, insert, METADATA, TAG } from '../insert';
import type { ISharedNotebook } from '../insert';
import { trans } from './utils';

const CODE = 'client = 1\nclient';

describe('insert', () => {
  let context: Context<INotebookModel>;
  let panel: NotebookPanel;

  beforeEach(async () => {
    context = await initNotebookContext({ manager: new ServiceManagerMock() });
    panel = NBTestUtils.createNotebookPanel(context);
    const shared = context.model.sharedModel;
    shared.insertCells(0, [
      { cell_type: 'code', source: 'a' },
      { cell_type: 'markdown', source: 'b' }
    ]);
    while (shared.cells.length > 2) {
      shared.deleteCell(2);
    }
    shared.clearUndoHistory();
    panel.content.activeCellIndex = 1;
  });

  afterEach(() => {
    panel.dispose();
    context.dispose();
  });

  const put = (cluster: string, code: string) =>
    insert({ kind: 'notebook', widget: panel }, cluster, code, trans);
  const sources = (): string[] =>
    context.model.sharedModel.cells.map(cell => cell.getSource());
  const metadata = (index: number): JSONObject =>
    context.model.sharedModel.getCell(index).getMetadata() as JSONObject;

  it('should write one tagged cell above the active one, which stays active', () => {
    expect(put('local:1', CODE)).toEqual({ outcome: 'inserted', index: 1 });
    expect(sources()).toEqual(['a', CODE, 'b']);
    expect(metadata(1)).toMatchObject({
      tags: [TAG],
      [METADATA]: { cluster: 'local:1' }
    });
    expect(panel.content.activeCell!.model.sharedModel.getSource()).toBe('b');
  });

  it('should update it for another cluster, with one undo', () => {
    put('local:1', CODE);
    panel.content.activeCellIndex = 0;
    expect(put('local:2', 'client = 2')).toEqual({
      outcome: 'updated',
      index: 1
    });
    expect(sources()).toEqual(['a', 'client = 2', 'b']);
    expect(clusterOf(metadata(1))).toBe('local:2');
    expect(panel.content.activeCellIndex).toBe(0);
    context.model.sharedModel.undo();
    expect(sources()).toEqual(['a', CODE, 'b']);
    context.model.sharedModel.undo();
    expect(sources()).toEqual(['a', 'b']);
  });

  it('should change nothing when nothing is new', () => {
    put('local:1', CODE);
    const id = context.model.sharedModel.getCell(1).getId();
    context.model.dirty = false;
    put('local:1', CODE);
    expect(context.model.sharedModel.getCell(1).getId()).toBe(id);
    expect(context.model.dirty).toBe(false);
  });

  it('should leave what a person edited, and keep their tags', () => {
    put('local:1', CODE);
    const cell = context.model.sharedModel.getCell(1);
    cell.setMetadata('tags', [TAG, 'mine']);
    put('local:1', `${CODE}.x`);
    expect(metadata(1).tags).toEqual([TAG, 'mine']);
    context.model.sharedModel.getCell(1).setSource('client = other()');
    expect(put('local:1', CODE).outcome).toBe('inserted');
    expect(sources()).toEqual(['a', 'client = other()', CODE, 'b']);
  });

  it('should not take along what was typed just before', () => {
    context.model.sharedModel.getCell(0).setSource('typed');
    put('local:1', CODE);
    context.model.sharedModel.undo();
    expect(sources()).toEqual(['typed', 'b']);
  });

  it('should write valid nbformat with ids of its own', () => {
    put('local:1', CODE);
    Object.assign(context.model.sharedModel, { nbformat_minor: 5 });
    const notebook = context.model.sharedModel.toJSON();
    const { cells } = notebook;
    execFileSync(
      'python',
      [
        '-c',
        'import sys, nbformat; nbformat.validate(nbformat.reads(sys.stdin.read(), 4))'
      ],
      { input: JSON.stringify(notebook) }
    );
    expect(new Set(cells.map(cell => cell.id)).size).toBe(cells.length);
    expect(cells[1]).toMatchObject({
      cell_type: 'code',
      source: CODE,
      outputs: [],
      execution_count: null
    });
  });

  it('should fill the prompt of a console', () => {
    let source = 'typed';
    const setSource = (text: string): void => {
      source = text;
    };
    const prompt = { model: { sharedModel: { setSource } } };
    const widget = { console: { promptCell: prompt } };
    insert(
      { kind: 'console', widget: widget as unknown as ConsolePanel },
      'local:1',
      CODE,
      trans
    );
    expect(source).toBe(CODE);
  });

  describe('two people in one notebook', () => {
    let theirContext: Context<INotebookModel>;
    let theirs: NotebookPanel;

    /** Both documents hear what the other has not heard yet. */
    const meet = (): void =>
      meetDocuments(context.model.sharedModel, theirContext.model.sharedModel);
    const theirModel = (): ISharedNotebook => theirContext.model.sharedModel;
    const theirSources = (): string[] =>
      theirModel().cells.map(cell => cell.getSource());
    const connect = (cluster: string, code: string) =>
      insert({ kind: 'notebook', widget: theirs }, cluster, code, trans);

    beforeEach(async () => {
      theirContext = await initNotebookContext({
        manager: new ServiceManagerMock()
      });
      theirs = NBTestUtils.createNotebookPanel(theirContext);
      while (theirModel().cells.length > 0) {
        theirModel().deleteCell(0);
      }
      meet();
      expect(theirSources()).toEqual(['a', 'b']);
      theirs.content.activeCellIndex = 1;
    });

    afterEach(() => {
      theirs.dispose();
      theirContext.dispose();
    });

    it('should find the cell that the other has written, and not write a second', () => {
      put('local:1', CODE);
      meet();
      expect(connect('local:1', CODE).outcome).toBe('updated');
      expect(connect('local:2', 'client = 2').outcome).toBe('updated');
      meet();
      expect(sources()).toEqual(['a', 'client = 2', 'b']);
      expect(theirSources()).toEqual(sources());
      expect(metadata(1)).toMatchObject({
        tags: [TAG],
        [METADATA]: { cluster: 'local:2' }
      });
    });

    it('should keep both cells, whole, of two who connect at the same moment', () => {
      put('local:1', CODE);
      connect('local:2', 'client = 2');
      meet();
      expect(theirSources()).toEqual(sources());
      expect(sources()[0]).toBe('a');
      expect(sources()[3]).toBe('b');
      const written = [1, 2].map(index => [
        clusterOf(metadata(index)),
        sources()[index]
      ]);
      expect(written).toEqual(
        expect.arrayContaining([
          ['local:1', CODE],
          ['local:2', 'client = 2']
        ])
      );
    });

    it('should take back one’s own cell with one undo, and nothing of the other’s', () => {
      put('local:1', CODE);
      meet();
      theirModel().getCell(0).setSource('written meanwhile');
      meet();
      context.model.sharedModel.undo();
      meet();
      expect(sources()).toEqual(['written meanwhile', 'b']);
      expect(theirSources()).toEqual(sources());
    });
  });

  describe('a dragged card', () => {
    it('should have the forms that targets ask for', () => {
      const data = dragData('local:1', CODE, 'an-id');
      expect(data.getData('text/plain')).toBe(CODE);
      expect(data.getData(CLUSTER_MIME)).toBe('local:1');
      expect(data.types().filter(type => type.startsWith('text'))).toHaveLength(
        1
      );
    });

    it('should replace the connection cell of where it falls', () => {
      put('local:1', CODE);
      const [cell] = dragData('local:2', 'client = 2', 'an-id').getData(
        'application/vnd.jupyter.cells'
      );
      context.model.sharedModel.insertCell(3, cell);
      keepDropped(panel, 'an-id');
      expect(sources()).toEqual(['a', 'b', 'client = 2']);
      keepDropped(panel, 'another');
      expect(sources()).toEqual(['a', 'b', 'client = 2']);
    });
  });
});
