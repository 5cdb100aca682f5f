import { WidgetTracker } from '@jupyterlab/apputils';
import { NotebookTracker } from '@jupyterlab/notebook';
import {
  initNotebookContext,
  NBTestUtils
} from '@jupyterlab/notebook/lib/testutils';
import { ServiceManagerMock } from '@jupyterlab/services/lib/testutils';
import { StateDB } from '@jupyterlab/statedb';
import { acceptDialog, dismissDialog } from '@jupyterlab/testing';
import { nullTranslator } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';
import { Panel, Widget } from '@lumino/widgets';
import { Catalogue } from '../catalogue';
import { chooseTemplate, openTemplate } from '../open';
import type { IOpenOptions, TemplateTab } from '../open';
import type { ICatalogueEntry } from '../metadata';
import { changed, template, trans } from './fixture';

describe('openTemplate', () => {
  let options: IOpenOptions;
  let revealed: string[];
  let opened: string[];
  let areas: string[];
  let room: boolean;

  function catalogue(...templates: ICatalogueEntry[]) {
    const result = new Catalogue({ trans });
    result.add({ id: 'test', load: async () => templates });
    return result;
  }

  beforeEach(() => {
    revealed = [];
    opened = [];
    areas = [];
    room = true;
    const page = new Panel();
    Widget.attach(page, document.body);
    options = {
      catalogue: catalogue(template(), changed({ id: 'other' })),
      tracker: new WidgetTracker<TemplateTab>({ namespace: UUID.uuid4() }),
      editing: new Map(),
      services: new ServiceManagerMock(),
      translator: nullTranslator,
      notebooks: new NotebookTracker({ namespace: UUID.uuid4() }),
      rendermime: NBTestUtils.defaultRenderMime(),
      state: new StateDB(),
      sizing: null,
      documents: null,
      folder: () => '',
      open: async path => {
        opened.push(path);
      },
      shell: {
        add: (widget, area) => {
          areas.push(area!);
          if (room || area === 'right') {
            page.addWidget(widget);
          }
        }
      },
      reveal: id => {
        revealed.push(id);
      }
    };
  });

  afterEach(() => {
    options.tracker.forEach(tab => tab.dispose());
  });

  it('should open one tab for a template, and bring it forward the next time', async () => {
    const tab = await openTemplate('rain-demo', { offset: 7 }, options);
    expect(tab.title.label).toBe('Rain demo');
    expect(tab.content.model.values.offset).toBe(7);
    const again = await openTemplate('rain-demo', { offset: 8 }, options);
    expect(again).toBe(tab);
    expect(tab.content.model.values.offset).toBe(8);
    expect(options.tracker.size).toBe(1);
    expect(revealed).toEqual([tab.id, tab.id]);
    expect(areas).toEqual(['main']);
    await openTemplate('other', undefined, options);
    expect(options.tracker.size).toBe(2);
  });

  it('should say that a template is gone rather than open nothing', async () => {
    const tab = await openTemplate('gone', undefined, options);
    expect(tab.content.model.template.problem).toMatch(/no.*“gone”/i);
    expect(tab.content.model.isValid).toBe(false);
  });

  it('should open at the side where the main area has no room', async () => {
    room = false;
    const tab = await openTemplate('rain-demo', undefined, options);
    expect(areas).toEqual(['main', 'right']);
    expect(tab.isAttached).toBe(true);
  });

  it('should make a notebook file and open it', async () => {
    const tab = await openTemplate('rain-demo', { offset: 7 }, options);
    const words = await tab.content.create();
    expect(opened).toHaveLength(1);
    expect(words).toContain(opened[0]);
  });

  it('should insert into the notebook that was looked at last', async () => {
    const context = await initNotebookContext({
      manager: new ServiceManagerMock()
    });
    const panel = NBTestUtils.createNotebookPanel(context);
    panel.id = 'notebook';
    const tab = await openTemplate('rain-demo', { offset: 7 }, options);
    await expect(tab.content.insert('end')).rejects.toThrow(/No notebook/);
    await expect(tab.content.check()).rejects.toThrow(/No notebook/);
    const notebooks = options.notebooks as NotebookTracker;
    Widget.attach(panel, document.body);
    await notebooks.add(panel);
    panel.node.focus();
    panel.node.dispatchEvent(new FocusEvent('focus'));
    expect(await tab.content.insert('end')).toMatch(/^Inserted 3 cells/);
    expect(panel.content.model!.cells.length).toBe(3);
    expect(revealed.pop()).toBe('notebook');
    panel.dispose();
    context.dispose();
  });

  it('should let the person choose where there are several', async () => {
    const chosen = chooseTemplate(options.catalogue, trans);
    await acceptDialog(document.body, 20_000);
    expect(await chosen).toBe('rain-demo');
    const dismissed = chooseTemplate(options.catalogue, trans);
    await dismissDialog(document.body, 20_000);
    expect(await dismissed).toBeNull();
    expect(await chooseTemplate(catalogue(template()), trans)).toBe(
      'rain-demo'
    );
  });
});
