/**
 * How one parameter looks in the form: its label, its input, help and error,
 * tied together for screen readers.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONExt } from '@lumino/coreutils';
import type {
  JSONObject,
  JSONValue,
  ReadonlyJSONObject
} from '@lumino/coreutils';
import { ariaDescribedByIds, examplesId, getInputProps } from '@rjsf/utils';
import type {
  BaseInputTemplateProps,
  FieldProps,
  FieldTemplateProps,
  RJSFSchema,
  WidgetProps
} from '@rjsf/utils';
import React from 'react';
import type { IOutline } from './area/geojson';
import { parameterType } from './metadata';
import type { FieldErrors } from './validate';

/** What every field of a form knows. */
export interface IFormContext {
  errors: Readonly<FieldErrors>;
  /** The template's own values. */
  defaults: JSONObject;
  /** What the ids of this form's fields start with, before `_<name>`. */
  idPrefix: string;
  trans: TranslationBundle;
  /** Words and numbers as the page writes them; the browser's when absent. */
  locale?: string;
  /**
   * Let the person choose a GeoJSON file, where there are files to choose from.
   * Null when they thought better of it; rejects in words.
   */
  chooseOutline: (() => Promise<IOutline | null>) | null;
}

/** Label, input, help and error of one parameter. */
export function Field(
  props: FieldTemplateProps<ReadonlyJSONObject, RJSFSchema, IFormContext>
): JSX.Element {
  const { id, schema, label, children, formData } = props;
  const { errors, defaults, idPrefix, trans } = props.formContext!;
  const name = id.slice(idPrefix.length + 1);
  const messages = errors[name] ?? [];
  const changed =
    formData !== undefined &&
    defaults[name] !== undefined &&
    !JSONExt.deepEqual(formData, defaults[name]);
  const checkbox = schema.type === 'boolean';
  const group =
    schema.type === 'array' && props.uiSchema?.['ui:field'] === 'box';
  const classes = ['jp-TemplateField'];
  if (messages.length > 0) {
    classes.push('jp-mod-invalid');
  } else if (changed) {
    classes.push('jp-mod-changed');
  }
  return (
    <div className={classes.join(' ')}>
      {!checkbox &&
        (group ? (
          <span className="jp-TemplateField-label" id={`${id}__title`}>
            {label}
          </span>
        ) : (
          <label
            className="jp-TemplateField-label"
            id={`${id}__title`}
            htmlFor={id}
          >
            {label}
          </label>
        ))}
      {children}
      {schema.description && (
        <p className="jp-TemplateField-help" id={`${id}__description`}>
          {schema.description}
        </p>
      )}
      {changed && (
        <p className="jp-TemplateField-default">
          {trans.__('Changed; the template has %1', showValue(defaults[name]))}
        </p>
      )}
      {messages.length > 0 && (
        <p className="jp-TemplateField-error" id={`${id}__error`}>
          {messages.join(' ')}
        </p>
      )}
    </div>
  );
}

/** A text or number input that says when its value is wrong. */
export function Input(
  props: BaseInputTemplateProps<ReadonlyJSONObject, RJSFSchema, IFormContext>
): JSX.Element {
  const { id, schema, options, formContext, type, value } = props;
  const invalid = isInvalid(id, formContext);
  const inputProps = getInputProps(schema, type, options, false);
  // One example is in the help or is the value that stands there already.
  const examples =
    Array.isArray(schema.examples) && schema.examples.length > 1
      ? schema.examples
      : null;
  return (
    <>
      <input
        {...inputProps}
        className="jp-mod-styled jp-TemplateField-input"
        id={id}
        value={value ?? ''}
        disabled={props.disabled}
        list={examples ? examplesId(id) : undefined}
        spellCheck={false}
        aria-invalid={invalid}
        aria-describedby={ariaDescribedByIds(id, examples !== null)}
        onChange={event => {
          props.onChange(
            event.target.value === '' ? options.emptyValue : event.target.value
          );
        }}
      />
      {examples && (
        <datalist id={examplesId(id)}>
          {examples.map(example => (
            <option key={String(example)} value={String(example)} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** A switch with its label beside it. */
export function Checkbox(
  props: WidgetProps<ReadonlyJSONObject, RJSFSchema, IFormContext>
): JSX.Element {
  const { id, label, value, formContext, onChange } = props;
  return (
    <label className="jp-TemplateField-label jp-mod-checkbox">
      <input
        id={id}
        type="checkbox"
        checked={value === true}
        aria-invalid={isInvalid(id, formContext)}
        aria-describedby={ariaDescribedByIds(id)}
        onChange={event => {
          onChange(event.target.checked);
        }}
      />
      {label}
    </label>
  );
}

/** A list of text or numbers, written with commas between. */
export function ListField(
  props: FieldProps<ReadonlyJSONObject, RJSFSchema, IFormContext>
): JSX.Element {
  const { idSchema, formContext, schema } = props;
  const { formData, onChange } = listProps(props);
  const id = idSchema.$id;
  const { type } = parameterType((schema.items ?? {}) as JSONObject);
  const [text, setText] = React.useState(() => showValue(formData));
  const current = Private.parseList(text, type);
  const shown = JSONExt.deepEqual(current, formData ?? [])
    ? text
    : showValue(formData);
  return (
    <input
      className="jp-mod-styled jp-TemplateField-input"
      id={id}
      type="text"
      value={shown}
      spellCheck={false}
      aria-invalid={isInvalid(id, formContext)}
      aria-describedby={ariaDescribedByIds(id)}
      onChange={event => {
        setText(event.target.value);
        onChange(Private.parseList(event.target.value, type));
      }}
    />
  );
}

/** A value as a person writes it. */
export function showValue(value: JSONValue | undefined): string {
  if (Array.isArray(value)) {
    return value.map(item => showValue(item)).join(', ');
  }
  return value === undefined || value === null ? '' : String(value);
}

/** What a field of a list reads and tells. */
interface IListProps {
  formData?: JSONValue[];
  onChange: (value: JSONValue[]) => void;
}

/** A field is typed by the form's root, an object; this one holds a list. */
export function listProps(
  props: FieldProps<ReadonlyJSONObject, RJSFSchema, IFormContext>
): IListProps {
  return props as unknown as IListProps;
}

/** Whether something is wrong with the parameter whose input has an id. */
export function isInvalid(id: string, context?: IFormContext): boolean {
  const name = id.slice((context?.idPrefix.length ?? 0) + 1);
  return (context?.errors[name] ?? []).length > 0;
}

namespace Private {
  /** A part that is no number stays text, so that the schema can refuse it. */
  export function parseList(text: string, type: string): JSONValue[] {
    return text
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== '')
      .map(part =>
        type === 'string' || Number.isNaN(Number(part)) ? part : Number(part)
      );
  }
}
