import { FormComponent } from '@jupyterlab/ui-components';
import { JSONExt, JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import type { FormValidation, RJSFSchema, ValidatorType } from '@rjsf/utils';
import * as React from 'react';
import { ClusterManager } from '../cluster/manager';
import { MAX_NAME } from '../components/editableName';
import {
  FieldTemplate,
  ObjectFieldTemplate,
  translateErrors
} from '../components/formTemplates';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import type { IClusterRequest, IProviderForm } from '../tokens';
import {
  asErrors,
  findGarbled,
  findReplaced,
  goToError,
  hasField
} from './formErrors';
import { explainLimits } from './limits';
import { describeCost } from './plannedCost';
import type { ISidebarServices } from './services';

/** How the dialog reads the form. */
export interface IClusterFormHandle {
  result: { request: IClusterRequest; saveAs: string } | null;
  /** Whether all is right; shows and goes to what is not. */
  check: () => boolean;
  /** Called when all is right that could not be checked before. */
  accept: () => void;
  /** It was to be checked before the form was drawn. */
  isEarly: boolean;
}

export interface IClusterFormProps {
  services: ISidebarServices;
  start: IClusterRequest;
  /** What was wrong with it when it was asked for, by field. */
  refused?: Readonly<Record<string, string>>;
  handle: IClusterFormHandle;
}

/** Provider, name, environment and the provider's own options. */
export function ClusterForm(props: IClusterFormProps): JSX.Element {
  const { services, start, handle } = props;
  const { registry, profiles } = services;
  const { trans } = useLanguage();
  const id = React.useId();
  const root = React.useRef<HTMLDivElement>(null);
  const [provider, setProvider] = React.useState(start.provider);
  const { form, validator, problem } = useForm(services, provider);
  const [name, setName] = React.useState(start.name ?? '');
  const [environment, setEnvironment] = React.useState(start.environment);
  const [options, setOptions] = React.useState<JSONObject>(start.options);
  const [keep, setKeep] = React.useState(false);
  const [saveAs, setSaveAs] = React.useState('');
  const [checked, setChecked] = React.useState(false);
  const [waiting, setWaiting] = React.useState(false);
  const [refused, setRefused] = React.useState(props.refused ?? {});
  const [garbled, setGarbled] = React.useState<readonly string[]>([]);
  const typed = React.useRef<Record<string, JSONObject>>({});
  const validate = React.useCallback(
    (
      data: ReadonlyJSONObject | undefined,
      errors: FormValidation<ReadonlyJSONObject>
    ) => {
      const { minimum, maximum } = data ?? {};
      if (
        typeof minimum === 'number' &&
        typeof maximum === 'number' &&
        minimum > maximum
      ) {
        errors.minimum?.addError(
          trans.__('The minimum cannot be above the maximum.')
        );
      }
      return errors;
    },
    [trans]
  );
  const request: IClusterRequest = {
    provider,
    name: name.trim() || undefined,
    profile: start.profile,
    environment: environment || form?.environment,
    options
  };
  const notes = profiles?.clamp(request).notes ?? [];
  const shown = React.useMemo(
    () => form && profiles && explainLimits(form, provider, profiles, trans),
    [form, provider, profiles, trans]
  );
  const unnamed = keep && !saveAs.trim();
  const loading = !(form && validator) && !problem;
  const invalid =
    !form ||
    !validator ||
    unnamed ||
    garbled.length > 0 ||
    validator.validateFormData(options, form.schema as RJSFSchema, validate)
      .errors.length > 0;

  React.useEffect(() => {
    handle.result = { request, saveAs: keep ? saveAs.trim() : '' };
    handle.check = () => {
      setChecked(true);
      setWaiting(loading);
      if (invalid) {
        // The field is marked in the next frame.
        requestAnimationFrame(() => goToError(root.current));
      }
      return !invalid;
    };
  });
  React.useEffect(() => {
    if (handle.isEarly) {
      handle.isEarly = false;
      setWaiting(true);
    }
  }, [handle]);
  React.useEffect(() => {
    if (waiting && !loading) {
      setWaiting(false);
      // The dialog takes the form away, which must have been drawn.
      requestAnimationFrame(() => handle.accept());
    }
  }, [handle, waiting, loading]);

  React.useEffect(() => {
    if (!loading && props.refused) {
      requestAnimationFrame(() => goToError(root.current));
    }
  }, [loading, props.refused]);

  const makers = registry.providers.filter(item => item.creates);
  return (
    <div
      className="jp-DaskForm"
      ref={root}
      onInput={() => setGarbled(old => findGarbled(root.current, old))}
    >
      {makers.length > 1 ? (
        <div className="jp-DaskField">
          <label htmlFor={`${id}-provider`}>{trans.__('Runs on')}</label>
          <select
            id={`${id}-provider`}
            className="jp-mod-styled"
            value={provider}
            onChange={event => {
              const next = event.target.value;
              typed.current[provider] = options;
              setProvider(next);
              setEnvironment(undefined);
              setOptions(typed.current[next] ?? {});
              setRefused({});
              setGarbled([]);
            }}
          >
            {makers.map(item => (
              <option key={item.id} value={item.id}>
                {item.label}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      <div className="jp-DaskField">
        <label htmlFor={`${id}-name`}>{trans.__('Name')}</label>
        <input
          id={`${id}-name`}
          className="jp-mod-styled"
          maxLength={MAX_NAME}
          value={name}
          placeholder={trans.__('A name is made when this is empty')}
          onChange={event => setName(event.target.value)}
        />
      </div>
      {problem ? (
        <p className="jp-DaskField-error" role="alert">
          {plainText(problem, 300)}
        </p>
      ) : null}
      {loading ? (
        <p className="jp-DaskSection-note" role="status">
          {waiting
            ? trans.__('It starts as soon as is known what is possible here…')
            : trans.__('Looking at what is possible here…')}
        </p>
      ) : null}
      {form && validator ? (
        <>
          {form.environments.length > 0 ? (
            <div className="jp-DaskField">
              <label htmlFor={`${id}-environment`}>
                {trans.__('Environment')}
              </label>
              <select
                id={`${id}-environment`}
                className="jp-mod-styled"
                value={environment || form.environment}
                onChange={event => setEnvironment(event.target.value)}
              >
                {form.environments.map(item => (
                  <option key={item.name} value={item.name}>
                    {plainText(item.label)}
                  </option>
                ))}
              </select>
              <p className="jp-DaskField-help">
                {trans.__(
                  'The workers have the packages of this kernel. Choose that of your notebook.'
                )}
              </p>
            </div>
          ) : null}
          <Notes texts={form.notes} />
          <FormComponent
            schema={(shown ?? form).schema as RJSFSchema}
            uiSchema={(shown ?? form).uiSchema}
            validator={validator}
            formData={{ ...options, ...profiles?.locked(provider) }}
            tagName="div"
            liveValidate
            noHtml5Validate
            showErrorList={false}
            templates={{ FieldTemplate, ObjectFieldTemplate }}
            transformErrors={errors =>
              translateErrors(errors, trans, form.schema)
            }
            customValidate={validate}
            extraErrors={asErrors({
              ...refused,
              ...Object.fromEntries(
                garbled.map(field => [field, trans.__('Enter a number.')])
              )
            })}
            onChange={event => {
              const next = (event.formData ?? {}) as JSONObject;
              setOptions(next);
              // What was changed is no longer what was refused.
              setRefused(left => ({
                ...Object.fromEntries(
                  Object.entries(left).filter(([field]) =>
                    JSONExt.deepEqual(
                      next[field] ?? null,
                      options[field] ?? null
                    )
                  )
                ),
                ...findReplaced(form, options, next, trans)
              }));
            }}
          />
          {Object.entries(refused)
            .filter(([field]) => !hasField(form, field))
            .map(([field, text]) => (
              <p key={field} className="jp-DaskField-error" role="alert">
                {plainText(text, 300)}
              </p>
            ))}
          <Notes texts={notes} />
          <Notes texts={[describeCost(request, services)].filter(Boolean)} />
        </>
      ) : null}
      {profiles ? (
        <div className="jp-DaskField">
          <label className="jp-DaskForm-check">
            <input
              type="checkbox"
              checked={keep}
              onChange={event => setKeep(event.target.checked)}
            />
            {trans.__('Save as profile')}
          </label>
          {keep ? (
            <input
              className="jp-mod-styled"
              aria-label={trans.__('Name of the profile')}
              placeholder={trans.__('Name of the profile')}
              maxLength={MAX_NAME}
              value={saveAs}
              aria-invalid={checked && unnamed}
              onChange={event => setSaveAs(event.target.value)}
            />
          ) : null}
          {checked && unnamed ? (
            <p className="jp-DaskField-error" role="alert">
              {trans.__('Give the profile a name.')}
            </p>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

/** What holds for the whole form. */
function Notes({ texts }: { texts: readonly string[] }): JSX.Element {
  return (
    <>
      {texts.map(note => (
        <p key={note} className="jp-DaskForm-note">
          {plainText(note, 300)}
        </p>
      ))}
    </>
  );
}

/** The provider's form and what checks it, or why there is none. */
interface ILoadedForm {
  form?: IProviderForm;
  validator?: ValidatorType<ReadonlyJSONObject>;
  problem: string;
}

function useForm(
  { registry }: ISidebarServices,
  provider: string
): ILoadedForm {
  const { trans } = useLanguage();
  const [loaded, setLoaded] = React.useState<ILoadedForm>({ problem: '' });
  React.useEffect(() => {
    let gone = false;
    setLoaded({ problem: '' });
    const load = async (): Promise<ILoadedForm> => {
      const maker = registry.get(provider);
      if (!maker) {
        return {
          problem: trans.__('There is no provider named %1.', provider)
        };
      }
      try {
        const [{ customizeValidator }, form] = await Promise.all([
          import('@rjsf/validator-ajv8'),
          maker.form()
        ]);
        return { form, validator: customizeValidator(), problem: '' };
      } catch (reason) {
        const { message } = ClusterManager.asError(reason);
        return { problem: message };
      }
    };
    void load().then(result => {
      if (!gone) {
        setLoaded(result);
      }
    });
    return () => {
      gone = true;
    };
  }, [registry, provider, trans]);
  return loaded;
}
