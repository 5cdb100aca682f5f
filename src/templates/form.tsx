/**
 * The form of a template's parameters, drawn from their JSON Schema.
 */
import type { ITranslator } from '@jupyterlab/translation';
import { FormComponent } from '@jupyterlab/ui-components';
import type { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import type { RJSFSchema, UiSchema, ValidatorType } from '@rjsf/utils';
import React from 'react';
import { localeOf } from '../cluster/units';
import type { ITemplate } from '../tokens';
import { AreaField } from './area/areaField';
import { DekadInput, DekadOfYearInput } from './dekadInput';
import { isDekad, isDekadOfYear } from './dekads';
import { Checkbox, Field, Input, ListField } from './fields';
import type { IFormContext } from './fields';
import { defaultValues, parameterSchemas, parameterType } from './metadata';
import { isBox } from './validate';
import type { FieldErrors } from './validate';

/** What {@link ParametersForm} shows and tells. */
export interface IParametersFormProps {
  /** Unique in the page; the ids of fields begin with it. */
  id: string;
  template: ITemplate;
  values: Readonly<JSONObject>;
  errors: Readonly<FieldErrors>;
  validator: ValidatorType;
  translator: ITranslator;
  chooseOutline: IFormContext['chooseOutline'];
  onChange: (values: JSONObject) => void;
}

/** The id of a parameter's input in the form of an id. */
export function fieldId(form: string, name: string): string {
  return `${form}_${name}`;
}

/** One field for each parameter, with help and error under it. */
export function ParametersForm(props: IParametersFormProps): JSX.Element {
  const { template, values, errors, translator, chooseOutline } = props;
  const idPrefix = props.id;
  const uiSchema = React.useMemo(() => Private.uiSchema(template), [template]);
  const schema = React.useMemo(() => Private.schema(template), [template]);
  const trans = React.useMemo(
    () => translator.load('jupyterlab_seasonal_monitor'),
    [translator]
  );
  const context = React.useMemo<IFormContext>(
    () => ({
      errors,
      defaults: defaultValues(template),
      idPrefix,
      trans,
      locale: localeOf(translator.languageCode),
      chooseOutline
    }),
    [errors, template, idPrefix, trans, translator, chooseOutline]
  );
  return (
    <FormComponent
      className="jp-TemplateForm"
      tagName="div"
      idPrefix={idPrefix}
      schema={schema}
      uiSchema={uiSchema}
      formData={values as ReadonlyJSONObject}
      formContext={context}
      fields={Private.FIELDS}
      validator={props.validator}
      translator={translator}
      experimental_defaultFormStateBehavior={Private.NO_DEFAULTS}
      noValidate
      noHtml5Validate
      onChange={event => {
        props.onChange((event.formData ?? {}) as JSONObject);
      }}
    />
  );
}

namespace Private {
  type FormUiSchema = UiSchema<ReadonlyJSONObject, RJSFSchema, IFormContext>;

  export const FIELDS = { box: AreaField, list: ListField };

  /** An emptied field stays empty: the person is about to type. */
  export const NO_DEFAULTS = { emptyObjectFields: 'skipDefaults' } as const;

  /** The title and description of the whole stand above the form. */
  export function schema(template: ITemplate): JSONObject {
    return {
      type: 'object',
      properties: parameterSchemas(template)
    };
  }

  export function uiSchema(template: ITemplate): FormUiSchema {
    const result: FormUiSchema = {};
    for (const [name, schema] of Object.entries(parameterSchemas(template))) {
      const { type, nullable } = parameterType(schema);
      const field: FormUiSchema = {
        'ui:FieldTemplate': Field,
        'ui:BaseInputTemplate': Input
      };
      if (isDekad(schema)) {
        field['ui:BaseInputTemplate'] = DekadInput;
      } else if (isDekadOfYear(schema)) {
        field['ui:BaseInputTemplate'] = DekadOfYearInput;
      }
      if (isBox(name, schema)) {
        field['ui:field'] = 'box';
      } else if (type === 'array') {
        field['ui:field'] = 'list';
      } else if (type === 'boolean') {
        field['ui:widget'] = Checkbox;
      } else if (nullable) {
        field['ui:emptyValue'] = null;
      } else if (type === 'string') {
        field['ui:emptyValue'] = '';
      }
      result[name] = field;
    }
    return result;
  }
}
