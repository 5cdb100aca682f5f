/** Saves the notebook that is open as a template. */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { INotebookContent } from '@jupyterlab/nbformat';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { FormDialog } from '../formDialog';
import type { Catalogue } from './catalogue';
import { createNotebook } from './create';
import {
  deriveParameters,
  deriveTemplate,
  findParametersCell,
  idOfTitle,
  importedPackages
} from './derive';
import type { IDerivedParameter } from './derive';
import { cellSource, notebookCells } from './metadata';
import { SaveForm } from './saveForm';
import type { ISaveChoice } from './saveForm';

/** What saving needs. */
export interface ISaveOptions {
  catalogue: Catalogue;
  contents: Contents.IManager;
  /** The folders that templates are read from, the first one first. */
  folders: readonly string[];
  trans: TranslationBundle;
}

/**
 * Ask what the template is called and has as parameters, and save it. What was
 * typed is there again when saving fails.
 *
 * @returns The template's id, or null when the person thought better of it.
 */
export async function saveAsTemplate(
  panel: NotebookPanel,
  options: ISaveOptions
): Promise<string | null> {
  const { catalogue, contents, folders, trans } = options;
  const notebook = panel.content.model?.toJSON() as unknown as JSONObject;
  const found = Private.parameters(notebook);
  const secrets = found.filter(({ secret }) => secret);
  if (secrets.length > 0 || folders.length === 0) {
    await Private.refuse(secrets, trans);
    return null;
  }
  const name = panel.title.label.replace(/\.ipynb$/, '');
  let choice = Private.start(name, notebook, found, folders[0]);
  let problem = '';
  for (;;) {
    const taken = new Set((await catalogue.list()).map(({ id }) => id));
    const form = new SaveForm({
      initial: choice,
      found,
      folders,
      taken,
      problem,
      trans
    });
    const { button, value } = await new FormDialog<ISaveChoice>({
      title: trans.__('Save Notebook as Template'),
      body: form,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Save') })
      ],
      accepts: () => form.check(),
      focusNodeSelector: 'input'
    }).launch();
    if (!button.accept || !value) {
      return null;
    }
    choice = value;
    const template = deriveTemplate(
      notebook,
      choice.description,
      choice.parameters
    );
    const id = idOfTitle(choice.description.title);
    try {
      await Private.makeFolder(contents, choice.folder);
      await createNotebook(
        contents,
        choice.folder,
        id,
        template as unknown as INotebookContent
      );
    } catch (error) {
      problem = trans.__(
        'It could not be saved in “%1”: %2 Choose another folder, or ask who owns it.',
        choice.folder,
        Private.sentence(error)
      );
      continue;
    }
    catalogue.refresh();
    return id;
  }
}

namespace Private {
  export function parameters(notebook: JSONObject): IDerivedParameter[] {
    const cell = notebookCells(notebook)[findParametersCell(notebook)];
    return cell ? deriveParameters(cellSource(cell)) : [];
  }

  export function start(
    name: string,
    notebook: JSONObject,
    found: readonly IDerivedParameter[],
    folder: string
  ): ISaveChoice {
    return {
      description: {
        title: /^Untitled\d*$/.test(name) ? '' : name.replace(/[-_]+/g, ' '),
        description: '',
        task: 'interactive',
        tags: [],
        requires: importedPackages(notebook)
      },
      parameters: found.map(item => item.name),
      folder
    };
  }

  export async function refuse(
    secrets: readonly IDerivedParameter[],
    trans: TranslationBundle
  ): Promise<void> {
    const names = secrets.map(({ name }) => name).join(', ');
    await showDialog({
      title: trans.__('Save Notebook as Template'),
      body: names
        ? trans.__(
            'The parameters hold what looks like a secret: %1. Templates are shared: let the notebook read it from the environment, and try again.',
            names
          )
        : trans.__(
            'The settings name no folder for templates. Add one under “Folders with templates”.'
          ),
      buttons: [Dialog.okButton({ label: trans.__('Close') })]
    });
  }

  /** Make a folder and those above it that are missing. */
  export async function makeFolder(
    contents: Contents.IManager,
    path: string
  ): Promise<void> {
    const drive = contents.driveName(path);
    let made = '';
    for (const part of contents.localPath(path).split('/').filter(Boolean)) {
      made = made ? `${made}/${part}` : part;
      const folder = drive ? `${drive}:${made}` : made;
      const above = folder.slice(0, folder.length - part.length);
      const { content } = await contents.get(above.replace(/\/$/, ''), {
        type: 'directory',
        content: true
      });
      const isThere = (content as Contents.IModel[]).some(
        ({ name, type }) => name === part && type === 'directory'
      );
      if (!isThere) {
        await contents.save(folder, { type: 'directory', name: part });
      }
    }
  }

  /** What an error says, as a sentence. */
  export function sentence(error: unknown): string {
    const text = error instanceof Error ? error.message : String(error);
    return /[.!?]$/.test(text) ? text : `${text}.`;
  }
}
