/** The notebooks and templates of a workshop with their steps, in its form. */
import type { ErrorSchema, FieldProps } from '@rjsf/utils';
import * as React from 'react';
import { inWords } from '../cluster/errors';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import type { IEditContext } from './editForm';
import type { IWorkshopMaterial, IWorkshopStep } from './model';
import { mergeSteps } from './steps';

/** A list in which notebooks are chosen in the file browser. */
export function MaterialsField(props: FieldProps): JSX.Element {
  const { idSchema, onChange, errorSchema } = props;
  const context = props.formContext as IEditContext;
  const { trans } = useLanguage();
  const [said, setSaid] = React.useState('');
  const list = (
    Array.isArray(props.formData) ? props.formData : []
  ) as IWorkshopMaterial[];
  // What is told after a wait is put into the list as it is then.
  const latest = React.useRef(list);
  latest.current = list;
  const change = (next: IWorkshopMaterial[]): void => {
    latest.current = next;
    onChange(next);
  };
  const act = (verb: () => Promise<string>): void => {
    setSaid('');
    verb().then(setSaid, reason => setSaid(inWords(reason)));
  };
  const find = async (index: number): Promise<string> => {
    const { notebook } = latest.current[index] ?? {};
    if (notebook === undefined) {
      return '';
    }
    const found = await context.findSteps(notebook);
    const before = latest.current;
    const place = before.findIndex(one => one.notebook === notebook);
    const typed = before[place]?.steps ?? [];
    const steps = mergeSteps(typed, found);
    change(
      before.map((one, at) =>
        at === place
          ? { ...one, steps: steps.length > 0 ? steps : undefined }
          : one
      )
    );
    return found.length > 0
      ? trans._n(
          'Found %1 step in “%2”.',
          'Found %1 steps in “%2”.',
          found.length,
          notebook
        )
      : trans.__(
          '“%1” has no cell with check("…"). Add steps by hand, or cells that check them.',
          notebook
        );
  };
  const add = async (): Promise<string> => {
    const words: string[] = [];
    for (const notebook of await context.choose()) {
      if (!latest.current.some(one => one.notebook === notebook)) {
        change([...latest.current, { notebook }]);
        words.push(await find(latest.current.length - 1));
      }
    }
    return words.join(' ');
  };
  const move = (index: number, by: number): void => {
    const next = [...list];
    const [taken] = next.splice(index, 1);
    next.splice(index + by, 0, taken);
    change(next);
  };
  return (
    <fieldset className="jp-WorkshopMaterials" id={idSchema.$id}>
      <legend>{trans.__('Notebooks and templates')}</legend>
      <ol>
        {list.map((material, index) => (
          <li key={index}>
            <Entry
              id={`${idSchema.$id}_${index}`}
              material={material}
              errors={errorSchema?.[index] as ErrorSchema | undefined}
              context={context}
              change={next =>
                change(list.map((one, at) => (at === index ? next : one)))
              }
              find={() => act(() => find(index))}
              remove={() => change(list.filter((_, at) => at !== index))}
              up={index > 0 ? () => move(index, -1) : undefined}
              down={index < list.length - 1 ? () => move(index, 1) : undefined}
            />
          </li>
        ))}
      </ol>
      <div className="jp-Workshop-acts">
        <Button onClick={() => act(add)}>{trans.__('Add notebook…')}</Button>
        {context.templates.length > 0 ? (
          <Button
            onClick={() =>
              change([...list, { template: context.templates[0].id }])
            }
          >
            {trans.__('Add template')}
          </Button>
        ) : null}
      </div>
      <p role="status">{plainText(said, 300)}</p>
    </fieldset>
  );
}

interface IEntryProps {
  id: string;
  material: IWorkshopMaterial;
  errors?: ErrorSchema;
  context: IEditContext;
  change: (material: IWorkshopMaterial) => void;
  find: () => void;
  remove: () => void;
  up?: () => void;
  down?: () => void;
}

function Entry(props: IEntryProps): JSX.Element {
  const { id, material, errors, context, change } = props;
  const { trans } = useLanguage();
  const { notebook, template, title } = material;
  const steps = Array.isArray(material.steps) ? material.steps : [];
  const name = plainText(String(notebook ?? template ?? ''), 120);
  const setSteps = (next: IWorkshopStep[]): void =>
    change({ ...material, steps: next.length > 0 ? next : undefined });
  const wrong = wordsOf(errors, ['notebook', 'template', 'title', '']);
  return (
    <div
      className="jp-WorkshopMaterials-entry"
      role="group"
      aria-label={name || trans.__('Entry')}
    >
      {template === undefined ? (
        <strong>{name}</strong>
      ) : (
        <label>
          {trans.__('Template')}
          <select
            value={template}
            onChange={event =>
              change({ ...material, template: event.target.value })
            }
          >
            {context.templates.some(one => one.id === template) ? null : (
              <option value={template}>
                {trans.__('%1 (not on this site)', plainText(template))}
              </option>
            )}
            {context.templates.map(one => (
              <option key={one.id} value={one.id}>
                {plainText(one.title, 80)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {trans.__('Title, if it is not the name')}
        <input
          id={id}
          value={title ?? ''}
          maxLength={120}
          onChange={event =>
            change({ ...material, title: event.target.value || undefined })
          }
        />
      </label>
      {wrong ? (
        <p className="jp-DaskField-error" role="alert">
          {wrong}
        </p>
      ) : null}
      {steps.map((step, index) => (
        <Step
          key={index}
          step={step}
          label={trans.__('Step %1 of %2', index + 1, name)}
          wrong={wordsOf(
            (errors?.steps as ErrorSchema | undefined)?.[index] as ErrorSchema,
            ['id', 'title', '']
          )}
          change={next =>
            setSteps(steps.map((one, at) => (at === index ? next : one)))
          }
          remove={() => setSteps(steps.filter((_, at) => at !== index))}
        />
      ))}
      <div className="jp-Workshop-acts">
        <Button
          aria-label={trans.__('Add a step to %1', name)}
          onClick={() => setSteps([...steps, { id: '', title: '' }])}
        >
          {trans.__('Add step')}
        </Button>
        {notebook !== undefined ? (
          <Button
            aria-label={trans.__('Find the steps of %1', name)}
            onClick={props.find}
          >
            {trans.__('Find steps')}
          </Button>
        ) : null}
        <Button
          aria-label={trans.__('Move %1 up', name)}
          disabled={!props.up}
          onClick={props.up}
        >
          {trans.__('Up')}
        </Button>
        <Button
          aria-label={trans.__('Move %1 down', name)}
          disabled={!props.down}
          onClick={props.down}
        >
          {trans.__('Down')}
        </Button>
        <Button
          aria-label={trans.__('Take out %1', name)}
          onClick={props.remove}
        >
          {trans.__('Take out')}
        </Button>
      </div>
    </div>
  );
}

interface IStepProps {
  step: IWorkshopStep;
  label: string;
  wrong: string;
  change: (step: IWorkshopStep) => void;
  remove: () => void;
}

function Step({ step, label, wrong, change, remove }: IStepProps): JSX.Element {
  const { trans } = useLanguage();
  return (
    <div className="jp-WorkshopMaterials-step" role="group" aria-label={label}>
      <label>
        {trans.__('What is done')}
        <input
          value={step.title ?? ''}
          maxLength={200}
          onChange={event => change({ ...step, title: event.target.value })}
        />
      </label>
      <label>
        {trans.__('Name in check("…")')}
        <input
          value={step.id ?? ''}
          maxLength={64}
          spellCheck={false}
          onChange={event => change({ ...step, id: event.target.value })}
        />
      </label>
      <Button aria-label={trans.__('Take out: %1', label)} onClick={remove}>
        {trans.__('Take out')}
      </Button>
      {wrong ? (
        <p className="jp-DaskField-error" role="alert">
          {wrong}
        </p>
      ) : null}
    </div>
  );
}

/** What is wrong with the fields of an entry; the empty name is the entry itself. */
function wordsOf(errors: ErrorSchema | undefined, names: string[]): string {
  const found = names.flatMap(name => {
    const of = name ? (errors?.[name] as ErrorSchema | undefined) : errors;
    return of?.__errors ?? [];
  });
  return [...new Set(found)].join(' ');
}
