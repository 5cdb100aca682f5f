/** Inputs of the form of a workshop that RJSF has not. */
import { ariaDescribedByIds } from '@rjsf/utils';
import type { FieldProps, WidgetProps } from '@rjsf/utils';
import * as React from 'react';
import { useLanguage } from '../components/language';
import { formatMoment } from './times';
import { toLocal, withOffset } from './zone';

/** A time in the person's zone, kept with the offset that this zone has then. */
export function LocalTime(props: WidgetProps): JSX.Element {
  const { id, value, onChange, rawErrors } = props;
  const { trans, locale } = useLanguage();
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return (
    <>
      <input
        id={id}
        type="datetime-local"
        value={toLocal(typeof value === 'string' ? value : undefined)}
        aria-invalid={(rawErrors ?? []).length > 0}
        aria-describedby={`${id}__zone ${ariaDescribedByIds(id)}`}
        onChange={event => onChange(withOffset(event.target.value))}
      />
      <p id={`${id}__zone`} className="jp-DaskField-help">
        {Number.isNaN(time)
          ? trans.__(
              'In your time zone, %1.',
              Intl.DateTimeFormat().resolvedOptions().timeZone
            )
          : trans.__(
              'In your time zone, %1: %2.',
              Intl.DateTimeFormat().resolvedOptions().timeZone,
              formatMoment(time, locale)
            )}
      </p>
    </>
  );
}

/** A list of texts, one a line. */
export function LinesField(props: FieldProps): JSX.Element {
  const { idSchema, formData, onChange, schema, rawErrors } = props;
  const id = idSchema.$id;
  const lines = (Array.isArray(formData) ? formData : []).map(String);
  const [text, setText] = React.useState(() => lines.join('\n'));
  const same = read(text).join('\n') === lines.join('\n');
  return (
    <>
      <label htmlFor={id}>{schema.title}</label>
      <textarea
        id={id}
        rows={3}
        spellCheck={false}
        value={same ? text : lines.join('\n')}
        aria-invalid={(rawErrors ?? []).length > 0}
        aria-describedby={`${id}__help`}
        onChange={event => {
          setText(event.target.value);
          const given = read(event.target.value);
          onChange(given.length > 0 ? given : undefined);
        }}
      />
      <p id={`${id}__help`} className="jp-DaskField-help">
        {schema.description}
      </p>
    </>
  );
}

function read(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
}
