/** The form of a workshop file: its fields in words, and what a schema cannot say. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONExt } from '@lumino/coreutils';
import type {
  JSONObject,
  PartialJSONObject,
  ReadonlyJSONObject
} from '@lumino/coreutils';
import type { FormValidation, RJSFSchema, UiSchema } from '@rjsf/utils';
import type { IProfile, ITemplate } from '../tokens';
import type { IWorkshopStep } from './model';
import { WORKSHOP_SCHEMA } from './schema';
import { fieldWords, limitWords } from './words';
import type { Words } from './words';

/** What the fields of the form ask of the page. */
export interface IEditContext {
  /** The templates of this site. */
  templates: readonly ITemplate[];
  /** Let the person choose notebooks; their paths from the workshop's folder. */
  choose: () => Promise<string[]>;
  /** The steps that a notebook checks. */
  findSteps: (notebook: string) => Promise<IWorkshopStep[]>;
  trans: TranslationBundle;
}

/**
 * The schema of the form: that of the file, with the words of the page's language
 * and the profiles of this site.
 *
 * @param chosen - The profile in the file, which this site may not have.
 */
export function formSchema(
  profiles: readonly IProfile[],
  chosen: unknown,
  trans: TranslationBundle
): RJSFSchema {
  const schema = JSONExt.deepCopy(
    WORKSHOP_SCHEMA as PartialJSONObject
  ) as RJSFSchema;
  delete schema.title;
  delete schema.description;
  const fields = schema.properties as Record<string, RJSFSchema>;
  Private.describe(fields, fieldWords(trans));
  const limits = fields.limits.properties as Record<string, RJSFSchema>;
  Private.describe(limits, limitWords(trans));
  const names = profiles.map(({ name, description }) => ({
    const: name,
    title: description ? trans.__('%1: %2', name, description) : name
  }));
  if (
    typeof chosen === 'string' &&
    !profiles.some(({ name }) => name === chosen)
  ) {
    names.push({
      const: chosen,
      title: trans.__('%1 (not on this site)', chosen)
    });
  }
  fields.profile.oneOf = names;
  return schema;
}

/** How the fields look, in the order in which a class is planned. */
export function formLook(widgets: {
  time: unknown;
  materials: unknown;
  lines: unknown;
}): UiSchema<ReadonlyJSONObject> {
  return {
    'ui:order': [
      'title',
      'id',
      'text',
      'materials',
      'profile',
      'limits',
      'start',
      'end',
      'participants',
      'stagger',
      'help',
      'data',
      '*'
    ],
    version: { 'ui:widget': 'hidden' },
    text: { 'ui:widget': 'textarea', 'ui:options': { rows: 5 } },
    materials: { 'ui:field': widgets.materials as never },
    start: { 'ui:widget': widgets.time as never },
    end: { 'ui:widget': widgets.time as never },
    data: { 'ui:field': widgets.lines as never }
  };
}

/** What is wrong although each field is right by itself. */
export function checkTogether(
  value: ReadonlyJSONObject | undefined,
  errors: FormValidation<ReadonlyJSONObject>,
  profiles: readonly IProfile[],
  trans: TranslationBundle
): FormValidation<ReadonlyJSONObject> {
  const { start, end, profile } = (value ?? {}) as Record<string, unknown>;
  if (
    typeof start === 'string' &&
    typeof end === 'string' &&
    Date.parse(start) >= Date.parse(end)
  ) {
    errors.end?.addError(trans.__('It ends before it starts.'));
  }
  if (
    typeof profile === 'string' &&
    !profiles.some(({ name }) => name === profile)
  ) {
    errors.profile?.addError(
      trans.__(
        'This site has no profile of this name. Choose one of the list, or add it in the settings.'
      )
    );
  }
  const known = new Set<string>();
  const twice = new Set<string>();
  for (const id of Private.stepIds(value)) {
    (known.has(id) ? twice : known).add(id);
  }
  if (twice.size > 0) {
    errors.materials?.addError(
      trans.__(
        'Two steps are called “%1”. Rename one of them, here and in its notebook.',
        [...twice].join('”, “')
      )
    );
  }
  return errors;
}

/** The keys of a file that its format does not know. */
export function unknownKeys(value: ReadonlyJSONObject): string[] {
  const known = Object.keys(WORKSHOP_SCHEMA.properties ?? {});
  return Object.keys(value).filter(key => !known.includes(key));
}

/**
 * A workshop without anything in it but what keeps a class from starting at once:
 * a window for the starts, and how many people are expected in it.
 */
export function emptyWorkshop(): JSONObject {
  return { version: 1, materials: [], participants: 30, stagger: 2 };
}

/** The path of a file from a folder, or null when it is not below it. */
export function pathBelow(folder: string, path: string): string | null {
  const start = folder ? `${folder}/` : '';
  return path.startsWith(start) ? path.slice(start.length) : null;
}

namespace Private {
  export function describe(
    fields: Record<string, RJSFSchema>,
    words: Words
  ): void {
    for (const [name, [title, help]] of Object.entries(words)) {
      fields[name].title = title;
      if (help === undefined) {
        delete fields[name].description;
      } else {
        fields[name].description = help;
      }
    }
  }

  /** The names of all steps, of a file that may be wrong elsewhere. */
  export function stepIds(value: ReadonlyJSONObject | undefined): string[] {
    const { materials } = (value ?? {}) as { materials?: unknown };
    return (Array.isArray(materials) ? materials : [])
      .flatMap(one => (one as { steps?: unknown } | null)?.steps ?? [])
      .map(step => (step as { id?: unknown } | null)?.id)
      .filter(id => typeof id === 'string');
  }
}
