/** The form of a workshop file, with what participants will see beside it. */
import type { ITranslator } from '@jupyterlab/translation';
import { FormComponent } from '@jupyterlab/ui-components';
import type { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';
import type { ObjectFieldTemplateProps, ValidatorType } from '@rjsf/utils';
import * as React from 'react';
import { inWords } from '../cluster/errors';
import { Button } from '../components/button';
import {
  FieldTemplate,
  ObjectFieldTemplate,
  translateErrors
} from '../components/formTemplates';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { idOfTitle } from '../templates/derive';
import type { IProfile } from '../tokens';
import { checkTogether, formLook, formSchema, unknownKeys } from './editForm';
import type { IEditContext } from './editForm';
import { LinesField, LocalTime } from './inputs';
import { MaterialsField } from './materials';
import { findProblems } from './model';

export interface IEditorProps {
  /** The file as it stands; the form is drawn from it. */
  text: string;
  /** Put another text into the file, without saving it. */
  write: (text: string) => void;
  /** Write the file. */
  save: () => Promise<void>;
  /** Go back to the page. */
  done: () => void;
  context: IEditContext;
  profiles: readonly IProfile[];
  validator: ValidatorType<ReadonlyJSONObject>;
  translator?: ITranslator;
  /** What participants see. */
  preview: React.ReactNode;
}

/** Form and preview, side by side. */
export function Editor(props: IEditorProps): JSX.Element {
  const { text, done } = props;
  const { trans } = useLanguage();
  const value = React.useMemo(() => Private.parse(text), [text]);
  return value ? (
    <div className="jp-WorkshopEditor-columns">
      <Form {...props} value={value} />
      <section
        className="jp-WorkshopEditor-preview"
        aria-label={trans.__('As a participant sees it')}
        // A long page must be scrolled by keyboard too.
        tabIndex={0}
      >
        <h2>{trans.__('As a participant sees it')}</h2>
        {props.preview}
      </section>
    </div>
  ) : (
    <div className="jp-Workshop-page" role="alert">
      <p>
        {trans.__(
          'This file is no JSON object, which a form cannot show. Open it with the text editor to correct it; nothing in it was changed.'
        )}
      </p>
      <Button onClick={done}>{trans.__('Close the form')}</Button>
    </div>
  );
}

interface IFormProps extends IEditorProps {
  value: JSONObject;
}

function Form(props: IFormProps): JSX.Element {
  const { value, validator, profiles, write } = props;
  const { trans } = useLanguage();
  const root = React.useRef<HTMLElement>(null);
  const [said, setSaid] = React.useState('');
  // What is wrong is said of fields that somebody has been in, or after a click.
  const touched = React.useRef(new Set<string>());
  const checked = React.useRef(false);
  const [revision, setRevision] = React.useState(0);
  const schema = React.useMemo(
    () => formSchema(profiles, value.profile, trans),
    [profiles, value.profile, trans]
  );
  const look = React.useMemo(() => formLook(Private.INPUTS), []);
  const unknown = unknownKeys(value);
  const change = (given: JSONObject): void => {
    const next = { ...given };
    for (const name of new Set([...Object.keys(value), ...Object.keys(next)])) {
      if (!JSONExt.deepEqual(value[name] ?? null, next[name] ?? null)) {
        touched.current.add(name);
      }
    }
    const named = Private.shortName(value.title);
    if (next.title !== value.title && (value.id ?? named) === named) {
      next.id = Private.shortName(next.title) as string;
    }
    setSaid('');
    setRevision(count => count + 1);
    write(Private.print(next));
  };
  const save = async (): Promise<void> => {
    checked.current = true;
    setRevision(count => count + 1);
    const { length } = findProblems(value, validator as ValidatorType, trans);
    try {
      await props.save();
    } catch (reason) {
      setSaid(
        trans.__(
          'It could not be saved: %1 What you typed is still here; try again.',
          plainText(inWords(reason), 200)
        )
      );
      return;
    }
    setSaid(
      length > 0
        ? trans._n(
            'Saved, but nobody can join yet: %1 thing has to be corrected.',
            'Saved, but nobody can join yet: %1 things have to be corrected.',
            length
          )
        : trans.__('Saved. Participants can join with this file.')
    );
    requestAnimationFrame(() =>
      root.current
        ?.querySelector('.jp-DaskField-error')
        ?.closest('.jp-DaskField')
        ?.querySelector<HTMLElement>('input, select, textarea')
        ?.focus()
    );
  };
  return (
    <section
      ref={root}
      className="jp-WorkshopEditor-form jp-DaskForm"
      aria-label={trans.__('Workshop')}
    >
      <div className="jp-Workshop-acts">
        <Button kind="primary" onClick={() => void save()}>
          {trans.__('Save')}
        </Button>
        <Button onClick={props.done}>{trans.__('Close the form')}</Button>
        <span role="status">{said}</span>
      </div>
      {unknown.length > 0 ? (
        <div className="jp-DaskForm-note" role="alert">
          {trans.__(
            'The file has what this format does not know: %1.',
            plainText(unknown.join(', '), 200)
          )}{' '}
          <Button onClick={() => change(Private.without(value, unknown))}>
            {trans.__('Take it out')}
          </Button>
        </div>
      ) : null}
      <FormComponent
        tagName="div"
        idPrefix="jp-workshop"
        schema={schema as ReadonlyJSONObject}
        uiSchema={look}
        formData={value}
        // RJSF looks again when this changes.
        formContext={{ ...props.context, revision }}
        validator={validator}
        translator={props.translator}
        liveValidate
        noHtml5Validate
        showErrorList={false}
        experimental_defaultFormStateBehavior={Private.NO_DEFAULTS}
        templates={{ FieldTemplate, ObjectFieldTemplate: Group }}
        transformErrors={errors =>
          translateErrors(
            errors.filter(
              error =>
                checked.current || touched.current.has(Private.field(error))
            ),
            trans
          )
        }
        customValidate={(data, errors) =>
          checkTogether(data, errors, profiles, trans)
        }
        onChange={event => change((event.formData ?? {}) as JSONObject)}
      />
    </section>
  );
}

/** The fields of an object; those of one inside another stand under its name. */
function Group(props: ObjectFieldTemplateProps): JSX.Element {
  const fields = <ObjectFieldTemplate {...props} />;
  return props.title ? (
    <fieldset>
      <legend>{props.title}</legend>
      {fields}
    </fieldset>
  ) : (
    fields
  );
}

namespace Private {
  export const INPUTS = {
    time: LocalTime,
    materials: MaterialsField,
    lines: LinesField
  };

  /** Nothing comes into a file that nobody typed. */
  export const NO_DEFAULTS = { emptyObjectFields: 'skipDefaults' } as const;

  export function parse(text: string): JSONObject | null {
    try {
      const value = JSON.parse(text) as unknown;
      return value !== null &&
        typeof value === 'object' &&
        !Array.isArray(value)
        ? (value as JSONObject)
        : null;
    } catch {
      // What is not JSON cannot be shown as a form.
      return null;
    }
  }

  export function print(value: JSONObject): string {
    return `${JSON.stringify(value, null, 2)}\n`;
  }

  /** The short name that a title gives; nothing for no title. */
  export function shortName(title: unknown): string | undefined {
    return typeof title === 'string' && title.trim()
      ? idOfTitle(title, 'class')
      : undefined;
  }

  /** The field of the file that an error belongs to. */
  export function field({ property }: { property?: string }): string {
    return property?.split('.').find(Boolean) ?? '';
  }

  export function without(value: JSONObject, names: string[]): JSONObject {
    return Object.fromEntries(
      Object.entries(value).filter(([name]) => !names.includes(name))
    ) as JSONObject;
  }
}
