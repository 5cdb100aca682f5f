/**
 * The state of one open form: a template, the values in it, what is wrong with
 * them, and the cells that they would give. Knows no views.
 */
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONExt } from '@lumino/coreutils';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { ValidatorType } from '@rjsf/utils';
import { PACKAGE } from '../tokens';
import { fillParameters, isDefault } from './fill';
import {
  cellSource,
  cellTags,
  defaultValues,
  notebookCells,
  parameterSchemas,
  PARAMETERS_TAG
} from './metadata';
import type { ICatalogueEntry, IParameterSchema } from './metadata';
import { parseParameters } from './parameters';
import { hasType, holdsSecret, validateValues } from './validate';
import type { FieldErrors } from './validate';

/** A line of a cell in the preview. */
export interface IPreviewLine {
  text: string;
  /** What the person's values did to it. */
  mark?: 'changed' | 'invalid';
}

/** A cell in the preview. */
export interface IPreviewCell {
  type: 'markdown' | 'code' | 'raw';
  source: string;
  /** Only for the cell of parameters, which is shown line by line. */
  lines?: IPreviewLine[];
}

/** The values of one template's form. */
export class TemplateModel implements IDisposable {
  constructor(options: TemplateModel.IOptions) {
    this.template = options.template;
    const part = options.template.id.replace(/[^A-Za-z0-9-]/g, '-');
    this.formId = ['jp-template', part, options.part].filter(Boolean).join('-');
    this._state = options.state ?? null;
    this._trans = options.trans;
    this._validator = options.validator;
    this._schemas = parameterSchemas(this.template);
    this._values = defaultValues(this.template);
    this._errors = this._validate();
    this.ready = this._restore(options.values ?? {});
  }

  readonly template: ICatalogueEntry;

  /** The id of its form in the page. */
  readonly formId: string;

  /** Resolves when the values of the last time were read. */
  readonly ready: Promise<void>;

  /** Values, errors or the notice changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** By parameter name; a field that was emptied has none. */
  get values(): Readonly<JSONObject> {
    return this._values;
  }

  get errors(): Readonly<FieldErrors> {
    return this._errors;
  }

  /** Whether the values can be written into a notebook. */
  get isValid(): boolean {
    return (
      this.template.problem === undefined &&
      Object.keys(this._errors).length === 0
    );
  }

  /** What a person should know about the values, such as that some were lost. */
  get notice(): string {
    return this._notice;
  }

  /** Replace the values, and keep them for the next time. */
  setValues(values: JSONObject): void {
    if (this._isDisposed || JSONExt.deepEqual(values, this._values)) {
      return;
    }
    this._values = { ...values };
    this._errors = this._validate();
    this._notice = '';
    this._store();
    this._changed.emit();
  }

  /** Take over values from elsewhere, such as a link; those that fit. */
  offer(values: JSONObject): void {
    this._take([values]);
  }

  /** Go back to the values that the template starts with. */
  reset(): void {
    this.setValues(defaultValues(this.template));
  }

  /**
   * The cells as they would be written. A line whose value is wrong keeps the
   * template's own value and is marked.
   */
  preview(): IPreviewCell[] {
    const right: JSONObject = {};
    for (const [name, value] of Object.entries(this._values)) {
      if (value !== undefined && !this._errors[name]) {
        right[name] = value;
      }
    }
    return notebookCells(this.template.notebook).map(cell => {
      const source = cellSource(cell);
      const type =
        cell.cell_type === 'markdown' || cell.cell_type === 'raw'
          ? cell.cell_type
          : 'code';
      if (!cellTags(cell).includes(PARAMETERS_TAG)) {
        return { type, source };
      }
      const filled = fillParameters(source, this._schemas, right);
      return { type, source: filled, lines: this._lines(filled) };
    });
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _lines(source: string): IPreviewLine[] {
    const lines: IPreviewLine[] = source.split('\n').map(text => ({ text }));
    for (const { name, line, lineEnd } of parseParameters(source)) {
      const schema = this._schemas[name];
      if (!schema) {
        continue;
      }
      const value = this._values[name];
      const mark = this._errors[name]
        ? 'invalid'
        : value !== undefined && !isDefault(value, schema)
          ? 'changed'
          : undefined;
      for (let index = line; mark && index < lineEnd; index += 1) {
        lines[index] = { ...lines[index], mark };
      }
    }
    return lines;
  }

  private _validate(): FieldErrors {
    return validateValues(
      this.template,
      this._values,
      this._validator,
      this._trans
    );
  }

  private get _key(): string {
    return `${PACKAGE}:template:${this.template.id}`;
  }

  /** Values that were given win over those of the last time. */
  private async _restore(given: JSONObject): Promise<void> {
    let stored: JSONValue | undefined;
    try {
      stored = (await this._state?.fetch(this._key)) as JSONValue | undefined;
    } catch {
      // A state that cannot be read is the same as none.
      stored = undefined;
    }
    if (!this._isDisposed) {
      this._take([stored, given]);
    }
  }

  /** Take over the values that fit; say so when some do not. */
  private _take(sources: readonly (JSONValue | undefined)[]): void {
    const values = { ...this._values };
    const dropped: string[] = [];
    for (const source of sources) {
      if (source === undefined || source === null) {
        continue;
      }
      if (typeof source !== 'object' || Array.isArray(source)) {
        dropped.push('…');
        continue;
      }
      for (const [name, value] of Object.entries(source)) {
        const schema = this._schemas[name];
        if (schema && value !== undefined && hasType(value, schema)) {
          values[name] = value;
        } else {
          dropped.push(name.slice(0, 40));
        }
      }
    }
    this._values = values;
    this._errors = this._validate();
    this._notice =
      dropped.length > 0
        ? this._trans.__(
            'Some values did not fit this template and were left out: %1.',
            dropped.slice(0, 5).join(', ')
          )
        : '';
    this._changed.emit();
  }

  /** Keep what differs from the template's own values; never a secret. */
  private _store(): void {
    const kept: JSONObject = {};
    for (const [name, value] of Object.entries(this._values)) {
      const schema = this._schemas[name];
      if (
        schema &&
        value !== undefined &&
        !isDefault(value, schema) &&
        hasType(value, schema) &&
        !(typeof value === 'string' && holdsSecret(value))
      ) {
        kept[name] = value;
      }
    }
    const done =
      Object.keys(kept).length > 0
        ? this._state?.save(this._key, kept)
        : this._state?.remove(this._key);
    done?.catch(() => {
      this._notice = this._trans.__(
        'These values could not be kept for the next time.'
      );
      this._changed.emit();
    });
  }

  private readonly _trans: TranslationBundle;
  private readonly _validator: ValidatorType;
  private readonly _state: IStateDB | null;
  private readonly _schemas: Record<string, IParameterSchema>;
  private readonly _changed = new Signal<this, void>(this);
  private _values: JSONObject;
  private _errors: FieldErrors;
  private _notice = '';
  private _isDisposed = false;
}

export namespace TemplateModel {
  export interface IOptions {
    template: ICatalogueEntry;
    trans: TranslationBundle;
    /** Checks values against their schema. */
    validator: ValidatorType;
    /** Where values are kept over a reload; nowhere when absent. */
    state?: IStateDB | null;
    /** What tells this form from others of the same template; letters. */
    part?: string;
    /** Values to start with, such as those of a link or a cell. */
    values?: JSONObject;
  }
}
