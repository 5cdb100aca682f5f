/**
 * A dekad in the form: as it is written, what days it means, and a step to the
 * one before or after.
 */
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { BaseInputTemplateProps, RJSFSchema } from '@rjsf/utils';
import React from 'react';
import {
  dekadInWords,
  dekadLabel,
  dekadOfYearInWords,
  parseDekad
} from './dekads';
import { Input } from './fields';
import type { IFormContext } from './fields';

type InputProps = BaseInputTemplateProps<
  ReadonlyJSONObject,
  RJSFSchema,
  IFormContext
>;

/** A dekad of a certain year, such as `202403d1`. */
export function DekadInput(props: InputProps): JSX.Element {
  const { formContext, value, schema } = props;
  const { trans, locale } = formContext!;
  const step = parseDekad(String(value ?? ''));
  const by = (count: number, text: string, label: string) => (
    <button
      type="button"
      className="jp-mod-styled jp-DekadInput-step"
      aria-label={label}
      title={label}
      disabled={step === null}
      onClick={() => {
        if (step !== null) {
          props.onChange(dekadLabel(step + count));
        }
      }}
    >
      {text}
    </button>
  );
  const title = schema.title ?? '';
  return (
    <>
      <div className="jp-DekadInput">
        {by(-1, '‹', trans.__('%1: the dekad before', title))}
        <Input {...props} />
        {by(1, '›', trans.__('%1: the dekad after', title))}
      </div>
      <Days text={step === null ? '' : dekadInWords(step, locale)} />
    </>
  );
}

/** The number of a dekad in its year, 1 to 36. */
export function DekadOfYearInput(props: InputProps): JSX.Element {
  const place = Number(props.value);
  const known = Number.isInteger(place) && place >= 1 && place <= 36;
  return (
    <>
      <Input {...props} />
      <Days
        text={known ? dekadOfYearInWords(place, props.formContext?.locale) : ''}
      />
    </>
  );
}

function Days(props: { text: string }): JSX.Element {
  return (
    <p className="jp-DekadInput-days" role="status">
      {props.text}
    </p>
  );
}
