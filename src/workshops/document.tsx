/** A workshop file in its tab: the page of it, or its form beside the page. */
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import type { ITranslator } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { Panel } from '@lumino/widgets';
import type { ValidatorType } from '@rjsf/utils';
import * as React from 'react';
import { ILanguage, LanguageProvider } from '../components/language';
import type { ITemplate, ITemplates } from '../tokens';
import { packClass } from './bundle';
import type { IBundle } from './bundle';
import { Editor } from './editor';
import { WORKSHOP_EXTENSION, readWorkshop } from './model';
import type { IWorkshopStep } from './model';
import { Obedience } from './obey';
import { WorkshopPage } from './page';
import type { ITrainerActs } from './page';
import type { ICheck, IPreflightOptions } from './preflight';
import { Run } from './run';
import { Sharing } from './sharing';
import { findSteps } from './steps';
import { Voice } from './voice';
import '../../style/base.css';
import '../../style/form.css';
import '../../style/workshops.css';

/** Fill the tab of a workshop file, and follow the file's changes. */
export async function fillPage(
  widget: IDocumentWidget<Panel>,
  options: WorkshopDocument.IOptions,
  language: ILanguage
): Promise<WorkshopDocument> {
  const { default: validator } = await import('@rjsf/validator-ajv8');
  await widget.context.ready;
  return new WorkshopDocument(widget, options, language, validator);
}

/** What a tab shows, and what its trainer can do with it. */
export class WorkshopDocument implements IDisposable {
  constructor(
    private _widget: IDocumentWidget<Panel>,
    private _options: WorkshopDocument.IOptions,
    private _language: ILanguage,
    private _validator: ValidatorType
  ) {
    this._changed = new Signal<this, void>(this);
    this._run = this._newRun();
    if (_widget.isDisposed) {
      this.dispose();
      return;
    }
    const voice = (this._voice = new Voice({ ..._options, run: this._run }));
    voice.changed.connect(this._draw, this);
    const obedience = (this._obedience = new Obedience({
      ..._options,
      run: this._run,
      voice
    }));
    obedience.changed.connect(this._draw, this);
    const sharing = (this._sharing = new Sharing({
      ..._options,
      run: this._run,
      voice
    }));
    sharing.changed.connect(this._draw, this);
    const trainer: ITrainerActs = {
      edit: () => this.edit(),
      link: () => _options.link(this.path),
      publish: _options.publish && (() => this._publish()),
      teach: () => _options.teach(this.path),
      screen: _options.screen
    };
    this._page = this._add('jp-Workshop', () => (
      <WorkshopPage
        run={this._run}
        openTemplate={_options.openTemplate}
        trainer={trainer}
        voice={voice}
        obedience={obedience}
        sharing={sharing}
        look={() => this._look()}
        explain={_options.explain}
      />
    ));
    _widget.context.model.contentChanged.connect(this._read, this);
    _widget.disposed.connect(this.dispose, this);
    this._read();
  }

  /** The path of the file, which can be renamed. */
  get path(): string {
    return this._widget.context.path;
  }

  /** The person who looks at the file. */
  get run(): Run {
    return this._run;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._widget.context.model.contentChanged.disconnect(this._read, this);
      this._run.dispose();
      this._preview?.dispose();
      this._obedience?.dispose();
      this._sharing?.dispose();
      this._voice?.dispose();
      Signal.clearData(this);
    }
  }

  /** Show the form of the file. */
  edit(): void {
    if (this._preview || this._isDisposed) {
      return;
    }
    const { profiles, templates, openTemplate } = this._options;
    const preview = (this._preview = this._newRun());
    let known: ITemplate[] = [];
    const form = this._add('jp-WorkshopEditor', () => (
      <Editor
        text={this._text}
        write={text => this._widget.context.model.fromString(text)}
        save={() => this._save()}
        done={() => {
          form.dispose();
          preview.dispose();
          this._preview = null;
          this._page?.show();
          this._shown = undefined;
          this._read();
        }}
        context={{
          templates: known,
          choose: () => this._options.choose(this._folder),
          findSteps: notebook => this._findSteps(notebook),
          trans: this._language.trans
        }}
        profiles={profiles?.profiles ?? []}
        validator={this._validator as ValidatorType<ReadonlyJSONObject>}
        translator={this._options.translator ?? undefined}
        preview={
          <WorkshopPage run={preview} openTemplate={openTemplate} isPreview />
        }
      />
    ));
    this._page?.hide();
    this._shown = undefined;
    this._read();
    void templates?.list().then(list => {
      known = list.filter(({ problem }) => !problem);
      this._draw();
    });
  }

  private get _text(): string {
    return this._widget.context.model.toString();
  }

  /** The folder of the file. */
  private get _folder(): string {
    return this.path.slice(0, Math.max(0, this.path.lastIndexOf('/')));
  }

  private _newRun(): Run {
    const run = new Run({
      ...this._options,
      file: () => this.path,
      heed: async () => {
        await this._voice?.heed();
      }
    });
    run.changed.connect(this._draw, this);
    return run;
  }

  private _draw(): void {
    this._changed.emit();
  }

  private _add(name: string, draw: () => JSX.Element): ReactWidget {
    const widget = ReactWidget.create(
      <LanguageProvider value={this._language}>
        <UseSignal signal={this._changed}>{draw}</UseSignal>
      </LanguageProvider>
    );
    widget.addClass(name);
    this._widget.content.addWidget(widget);
    return widget;
  }

  private _read(): void {
    const text = this._text;
    if (text !== this._shown) {
      this._shown = text;
      const reading = readWorkshop(text, this._validator, this._language.trans);
      if (this._preview) {
        this._preview.preview(reading);
      } else {
        void this._run.show(reading);
      }
    }
  }

  /** Write the file; one without a name of its own gets that of the class. */
  private async _save(): Promise<void> {
    const { context } = this._widget;
    const name = this.path.slice(this.path.lastIndexOf('/') + 1);
    const { workshop } = readWorkshop(
      this._text,
      this._validator,
      this._language.trans
    );
    await context.save();
    if (workshop && /^untitled\d*\.workshop\.json$/.test(name)) {
      // Another file may have this name; then it keeps its own.
      await context
        .rename(`${workshop.id}${WORKSHOP_EXTENSION}`)
        .catch(() => undefined);
    }
  }

  private async _findSteps(notebook: string): Promise<IWorkshopStep[]> {
    return findSteps(await this._readNotebook(notebook));
  }

  private async _publish(): Promise<string> {
    const { publish } = this._options;
    const bundle = await packClass(
      this._text,
      notebook => this._readNotebook(notebook),
      this._validator,
      this._language.trans
    );
    return publish ? publish(this.path, bundle) : '';
  }

  /** Whether the class would work here; nothing is started. */
  private async _look(): Promise<ICheck[]> {
    const { plan, workshop, kernel } = this._run;
    if (!workshop || !plan) {
      return [];
    }
    const { preflight } = await import('./preflight');
    return preflight(workshop, {
      ...this._options,
      file: this.path,
      kernel,
      plan,
      dashboards: () =>
        this._options.dashboards(workshop.id, plan.request?.provider)
    });
  }

  private async _readNotebook(notebook: string): Promise<JSONObject> {
    const path = this._folder ? `${this._folder}/${notebook}` : notebook;
    const { content } = await this._options.contents.get(path, {
      type: 'notebook',
      content: true
    });
    return content as JSONObject;
  }

  private _changed: Signal<this, void>;
  private _run: Run;
  private _preview: Run | null = null;
  private _voice: Voice | null = null;
  private _obedience: Obedience | null = null;
  private _sharing: Sharing | null = null;
  private _page: ReactWidget | null = null;
  private _shown: string | undefined;
  private _isDisposed = false;
}

export namespace WorkshopDocument {
  export interface IOptions extends Omit<Run.IOptions, 'file' | 'heed'> {
    templates: ITemplates | null;
    translator: ITranslator | null;
    /** Let the person choose notebooks below a folder; their paths from there. */
    choose: (folder: string) => Promise<string[]>;
    /** Copy a link to a file. @returns what was done, in words. */
    link: (path: string) => Promise<string>;
    /** Publish a class. @returns its code, in words. Absent without a hub. */
    publish?: (path: string, bundle: IBundle) => Promise<string>;
    /** Where consents are remembered. */
    state: Sharing.IOptions['state'];
    service: Voice.IOptions['service'];
    kernelspecs: IPreflightOptions['kernelspecs'];
    /** Why dashboards of a cluster cannot be shown; empty when they can. */
    dashboards: (name: string, provider?: string) => Promise<string>;
    /** Open the trainer's page of the class of a file. */
    teach: (path: string) => Promise<unknown>;
    /** Show what happened to the person's cluster, explained. */
    explain: () => Promise<unknown>;
    /** What makes the screen good to teach with. */
    screen: ITrainerActs['screen'];
  }
}
