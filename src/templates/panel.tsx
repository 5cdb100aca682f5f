/**
 * The page of a template as a tab of the main area.
 */
import { Clipboard, ReactWidget } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ServiceManager } from '@jupyterlab/services';
import type { IStateDB } from '@jupyterlab/statedb';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { ValidatorType } from '@rjsf/utils';
import React from 'react';
import '../../style/templates.css';
import { placeOfPage } from '../deepLink';
import { DOMAIN } from '../tokens';
import { chooseOutline } from './area/choose';
import type { Documents } from './area/choose';
import { createNotebook, pythonKernel } from './create';
import { dragCells } from './drag';
import { fillCells, fillNotebook } from './fill';
import type { IEditActions } from './editBar';
import { NotebookTarget } from './insert';
import type { Position } from './insert';
import type { InsertedEdit } from './edit';
import type { ICatalogueEntry } from './metadata';
import { writeLink } from './link';
import { TemplateModel } from './model';
import { missingPackages } from './packages';
import type { IPackageReport } from './requirements';
import { SizingModel } from './sizing/model';
import type { ISizingServices } from './sizing/model';
import { TemplateView } from './view';
import type { ITemplateActions } from './view';

/** The form of one template, and its acts. */
export class TemplatePanel extends ReactWidget implements ITemplateActions {
  constructor(options: TemplatePanel.IOptions) {
    super();
    this.addClass('jp-TemplatePanel');
    this._options = options;
    this._trans = options.translator.load(DOMAIN);
    this.model = new TemplateModel({
      template: options.template,
      // Values of cells that are there are no wish for the next time.
      state: options.edit ? null : options.state,
      validator: options.validator,
      trans: this._trans,
      part: options.edit?.insertion,
      values: options.values
    });
    this._sizing =
      options.sizing &&
      new SizingModel({
        form: this.model,
        services: options.sizing,
        state: options.state,
        trans: this._trans
      });
    const { documents, translator, services } = options;
    this._choose =
      documents &&
      (() => chooseOutline(documents, services.contents, translator));
    this._target = new NotebookTarget(options.notebooks, this._trans);
    const { edit } = options;
    this.edit = edit && {
      get name() {
        return edit.name;
      },
      get version() {
        return edit.version;
      },
      get byHand() {
        return edit.byHand;
      },
      change: async () =>
        edit.change(options.template, this.model.values as JSONObject),
      update: async () => edit.update(options.template)
    };
  }

  /** {@inheritDoc ITemplateActions.edit} */
  readonly edit?: IEditActions;

  /** The template and the values in its form. */
  readonly model: TemplateModel;

  /** {@inheritDoc ITemplateActions.insert} */
  insert = async (position: Position): Promise<string> => {
    const { template, values } = this.model;
    const cells = fillCells(template, values as JSONObject);
    this._target.insert(cells, position);
    if (this._target.panel) {
      this._options.reveal(this._target.panel.id);
    }
    return this._trans._n(
      'Inserted %1 cell in “%2”. One undo takes it out again.',
      'Inserted %1 cells in “%2”. One undo takes them out again.',
      cells.length,
      this._target.name
    );
  };

  /** {@inheritDoc ITemplateActions.drag} */
  drag = (event: MouseEvent): void => {
    const { template, values } = this.model;
    void dragCells(event, async () =>
      fillCells(template, values as JSONObject)
    );
  };

  /** {@inheritDoc ITemplateActions.create} */
  create = async (): Promise<string> => {
    const { services, folder, open } = this._options;
    const { template, values } = this.model;
    await services.kernelspecs.ready;
    const notebook = fillNotebook(template, values as JSONObject, {
      kernelspec: pythonKernel(services.kernelspecs.specs)
    });
    const path = await createNotebook(
      services.contents,
      folder(),
      template.id,
      notebook
    );
    await open(path);
    return this._trans.__('Made “%1”.', path);
  };

  /** {@inheritDoc ITemplateActions.check} */
  check = async (): Promise<IPackageReport> => {
    const context = this._target.panel?.sessionContext;
    const kernel = context?.session?.kernel;
    if (!context || !kernel) {
      throw new Error(
        this._trans.__(
          'No notebook with a kernel is open. Open one with the environment that you mean.'
        )
      );
    }
    return {
      environment: context.kernelDisplayName,
      missing: await missingPackages(
        kernel,
        this.model.template.requires,
        this._trans
      )
    };
  };

  /** {@inheritDoc ITemplateActions.copy} */
  copy = (text: string): void => {
    Clipboard.copyToSystem(text);
  };

  /** {@inheritDoc ITemplateActions.chooseOutline} */
  get chooseOutline(): ITemplateActions['chooseOutline'] {
    return this._choose;
  }

  /** {@inheritDoc ITemplateActions.link} */
  link = async (): Promise<string> => {
    const { template, values } = this.model;
    const { baseUrl } = this._options.services.serverSettings;
    const { server, app, hub } = placeOfPage(baseUrl);
    const link = { template: template.id, values: values as JSONObject };
    this.copy(writeLink(link, server, app, hub));
    return this._trans.__(
      'Copied a link. It opens this form with these values, and runs nothing.'
    );
  };

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._sizing?.dispose();
    this.model.dispose();
    this._target.dispose();
    super.dispose();
  }

  protected override render(): JSX.Element {
    return (
      <TemplateView
        model={this.model}
        sizing={this._sizing}
        target={this._target}
        actions={this}
        validator={this._options.validator}
        rendermime={this._options.rendermime}
        translator={this._options.translator}
      />
    );
  }

  private readonly _options: TemplatePanel.IOptions;
  private readonly _trans: TranslationBundle;
  private readonly _target: NotebookTarget;
  private readonly _sizing: SizingModel | null;
  private readonly _choose: ITemplateActions['chooseOutline'];
}

export namespace TemplatePanel {
  /** What a page needs of the application. */
  export interface IServices {
    services: ServiceManager.IManager;
    translator: ITranslator;
    notebooks: INotebookTracker | null;
    rendermime: IRenderMimeRegistry | null;
    state: IStateDB | null;
    /** What estimates are made of; null for none. */
    sizing: ISizingServices | null;
    /** The manager of a file browser, to choose files with. */
    documents: Documents | null;
    /** The path of the folder for new notebooks. */
    folder: () => string;
    /** Open a file. */
    open: (path: string) => Promise<unknown>;
    /** Bring a widget of the shell forward. */
    reveal: (id: string) => void;
  }

  export interface IOptions extends IServices {
    template: ICatalogueEntry;
    validator: ValidatorType;
    /** Values to start with. */
    values?: JSONObject;
    /** The cells that the page is about, if they are there already. */
    edit?: InsertedEdit;
  }
}
