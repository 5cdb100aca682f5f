/**
 * Opens the page of a template, or brings forward the one that is open.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  InputDialog,
  MainAreaWidget,
  Notification
} from '@jupyterlab/apputils';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { inWords } from '../cluster/errors';
import { templateIcon } from '../icons';
import { addToPage } from '../placing';
import { DOMAIN } from '../tokens';
import type { Catalogue } from './catalogue';
import type { InsertedEdit } from './edit';
import { readLink, withoutLink } from './link';
import { brokenEntry } from './metadata';
import { TemplatePanel } from './panel';

/** A page in its tab. */
export type TemplateTab = MainAreaWidget<TemplatePanel>;

/** What opening a page needs of the application. */
export interface IOpenOptions extends TemplatePanel.IServices {
  catalogue: Catalogue;
  tracker: WidgetTracker<TemplateTab>;
  /** The pages of cells in notebooks, by what these have in common. */
  editing: Map<string, TemplateTab>;
  shell: Pick<JupyterFrontEnd.IShell, 'add'>;
}

/**
 * Show the page of a template. An id that no source knows gives a page that
 * says so.
 *
 * @param values - Values for the form; those that fit are taken.
 */
export async function openTemplate(
  id: string,
  values: JSONObject | undefined,
  options: IOpenOptions
): Promise<TemplateTab> {
  const { tracker, shell } = options;
  const opened = tracker.find(
    tab => tab.content.model.template.id === id && !tab.isDisposed
  );
  if (opened) {
    if (values) {
      opened.content.model.offer(values);
    }
    options.reveal(opened.id);
    return opened;
  }
  const tab = await Private.createTab(id, values, options);
  await tracker.add(tab);
  addToPage(shell, tab);
  options.reveal(tab.id);
  return tab;
}

/**
 * Show the page that a link asks for, or say why not. Nothing is inserted or run.
 * The page's address says no more of it: a reload is none of another's wish.
 *
 * @param search - The query of the link.
 */
export async function openLinked(
  search: string,
  options: IOpenOptions
): Promise<TemplateTab | null> {
  history.replaceState(history.state, '', withoutLink(location.href));
  try {
    const { template, values } = readLink(
      search,
      options.translator.load(DOMAIN)
    );
    return await openTemplate(template, values, options);
  } catch (error) {
    Notification.error(inWords(error), { autoClose: false });
    return null;
  }
}

/**
 * Show the page of a template for cells that stand in a notebook. It does not
 * come back after a reload: the cells do.
 */
export async function editTemplate(
  edit: InsertedEdit,
  options: IOpenOptions
): Promise<TemplateTab> {
  const { template, values } = edit;
  const opened = options.editing.get(edit.insertion);
  opened?.dispose();
  const tab = await Private.createTab(template, values, options, edit);
  options.editing.set(edit.insertion, tab);
  tab.disposed.connect(() => options.editing.delete(edit.insertion));
  addToPage(options.shell, tab);
  options.reveal(tab.id);
  return tab;
}

/**
 * Let the person choose a template.
 *
 * @returns Its id, or null when the person thought better of it.
 */
export async function chooseTemplate(
  catalogue: Catalogue,
  trans: TranslationBundle
): Promise<string | null> {
  const entries = await catalogue.list();
  if (entries.length === 1) {
    return entries[0].id;
  }
  const titles = entries.map(entry => `${entry.title} (${entry.id})`);
  const { button, value } = await InputDialog.getItem({
    title: trans.__('Notebook from Template'),
    label: trans.__('Template'),
    items: titles
  });
  const index = button.accept && value !== null ? titles.indexOf(value) : -1;
  return index === -1 ? null : entries[index].id;
}

namespace Private {
  export async function createTab(
    id: string,
    values: JSONObject | undefined,
    options: IOpenOptions,
    edit?: InsertedEdit
  ): Promise<TemplateTab> {
    const trans = options.translator.load(DOMAIN);
    const [found, { default: validator }] = await Promise.all([
      options.catalogue.get(id),
      import('@rjsf/validator-ajv8')
    ]);
    const template =
      found ??
      brokenEntry(
        id,
        trans.__(
          'No source has a template “%1” now. It may have been renamed or taken away.',
          id
        )
      );
    const content = new TemplatePanel({
      ...options,
      template,
      validator,
      values,
      edit
    });
    await content.model.ready;
    const tab = new MainAreaWidget({ content, translator: options.translator });
    tab.id = `${content.model.formId}-tab`;
    tab.title.label = edit
      ? trans.__('%1 in %2', template.title, edit.name)
      : template.title;
    tab.title.caption = trans.__('Template: %1', template.title);
    tab.title.icon = templateIcon;
    tab.title.closable = true;
    tab.toolbar.hide();
    return tab;
  }
}
