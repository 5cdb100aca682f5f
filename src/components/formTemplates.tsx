import type {
  FieldTemplateProps,
  ObjectFieldTemplateProps,
  RJSFValidationError
} from '@rjsf/utils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject, PartialJSONObject } from '@lumino/coreutils';
import * as React from 'react';

/**
 * A field with a label that belongs to its input, its help and what is wrong
 * with it. JupyterLab's own template leaves the inputs without names.
 */
export function FieldTemplate(props: FieldTemplateProps): JSX.Element {
  const { id, label, schema, displayLabel, rawErrors, children, hidden } =
    props;
  if (hidden) {
    return <div hidden>{children}</div>;
  }
  const errors = [...new Set(rawErrors ?? [])];
  if (id === 'root') {
    return (
      <>
        {children}
        {errors.map(text => (
          <p key={text} className="jp-DaskField-error" role="alert">
            {text}
          </p>
        ))}
      </>
    );
  }
  return (
    <div className="jp-DaskField">
      {displayLabel ? <label htmlFor={id}>{label}</label> : null}
      {children}
      {schema.description && displayLabel ? (
        <p id={`${id}__description`} className="jp-DaskField-help">
          {schema.description}
        </p>
      ) : null}
      {errors.length > 0 ? (
        <p id={`${id}__error`} className="jp-DaskField-error" role="alert">
          {errors.join(' ')}
        </p>
      ) : null}
    </div>
  );
}

/** The fields of an object, one below the other. */
export function ObjectFieldTemplate(
  props: ObjectFieldTemplateProps
): JSX.Element {
  return (
    <div className="jp-DaskForm-fields">
      {props.properties.map(({ name, content }) => (
        <React.Fragment key={name}>{content}</React.Fragment>
      ))}
    </div>
  );
}

/**
 * The validator's messages in words.
 *
 * @param schema - The form's: fields with a pattern may have an `errorMessage`.
 */
export function translateErrors(
  errors: RJSFValidationError[],
  trans: TranslationBundle,
  schema?: PartialJSONObject
): RJSFValidationError[] {
  const fields = (schema?.properties ?? {}) as Record<string, JSONObject>;
  return errors.map(error => {
    const { errorMessage } =
      fields[error.property?.replace(/^\./, '') ?? ''] ?? {};
    return {
      ...error,
      message:
        error.name === 'pattern' && typeof errorMessage === 'string'
          ? errorMessage
          : translateError(error, trans)
    };
  });
}

function translateError(
  { name, params, message }: RJSFValidationError,
  trans: TranslationBundle
): string {
  switch (name) {
    case 'required':
      return trans.__('This is needed.');
    case 'dependencies':
      return trans.__('This is needed, too.');
    case 'additionalProperties':
      return trans.__(
        'There is no option “%1” here: take it out of the profile.',
        String(params?.additionalProperty)
      );
    case 'minimum':
      return trans.__('This must be at least %1.', params?.limit);
    case 'maximum':
      return trans.__('This can be at most %1.', params?.limit);
    case 'exclusiveMinimum':
      return trans.__('This must be more than %1.', params?.limit);
    case 'exclusiveMaximum':
      return trans.__('This must be less than %1.', params?.limit);
    case 'multipleOf':
      return trans.__('This must be a multiple of %1.', params?.multipleOf);
    case 'minLength':
      return trans.__('This is too short.');
    case 'maxLength':
      return trans.__('This is too long.');
    case 'enum':
    case 'const':
    case 'oneOf':
    case 'anyOf':
      return trans.__('Choose one of the values of the list.');
    case 'pattern':
    case 'format':
      return trans.__('This is not written as expected; see the help.');
    case 'type':
      return params?.type === 'integer'
        ? trans.__('Enter a whole number.')
        : params?.type === 'number'
          ? trans.__('Enter a number.')
          : params?.type === 'boolean'
            ? trans.__('This must be on or off: tick it or not.')
            : params?.type === 'string'
              ? trans.__('Enter text.')
              : trans.__('This value has the wrong kind.');
    default:
      return message ?? trans.__('This value cannot be used.');
  }
}
