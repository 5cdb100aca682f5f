/**
 * What a workshop file says, and whether it may say so. The file comes from
 * somebody else: it is data, never code, and nothing follows from reading it.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ValidatorType } from '@rjsf/utils';
import type { IClusterLimits } from '../tokens';
import { WORKSHOP_SCHEMA } from './schema';
import { placeWords } from './words';

/** The end of a workshop file's name. */
export const WORKSHOP_EXTENSION = '.workshop.json';

/** The most bytes that a workshop file may have. */
export const MAX_BYTES = 256 * 1024;

/** The deepest that objects and lists may be nested. */
export const MAX_DEPTH = 16;

/** Something to do, ticked by a self-check cell that names its id. */
export interface IWorkshopStep {
  /** Unique in the workshop. */
  id: string;
  title: string;
}

/** A notebook or a template; exactly one of the two. */
export interface IWorkshopMaterial {
  /** The path from the workshop file's folder. */
  notebook?: string;
  /** A template's id. */
  template?: string;
  title?: string;
  steps?: IWorkshopStep[];
}

/** A class: what is worked on, with which cluster, and when. */
export interface IWorkshop {
  version: 1;
  id: string;
  title: string;
  /** Plain text. */
  text?: string;
  /** The name of a profile of the site; never options of its own. */
  profile?: string;
  /** Bounds beyond the administrator's; they never widen those. */
  limits?: IClusterLimits;
  materials: IWorkshopMaterial[];
  /** ISO 8601 with an offset. */
  start?: string;
  /** ISO 8601 with an offset. */
  end?: string;
  /** Where to ask for help, in words. */
  help?: string;
  /** Minutes over which starts are spread. */
  stagger?: number;
  /** How many people are expected. */
  participants?: number;
  /** What the notebooks read: addresses and paths. */
  data?: string[];
  /** A folder that all have, in which those who agree say how far they are. */
  shared?: string;
}

/** A workshop, or what is wrong with its file, in words. */
export type WorkshopReading =
  | { workshop: IWorkshop; problems: [] }
  | { workshop: null; problems: string[] };

/**
 * Read the text of a workshop file. Never throws.
 *
 * @param validator - Checks a value against a JSON Schema.
 */
export function readWorkshop(
  text: string,
  validator: ValidatorType,
  trans: TranslationBundle
): WorkshopReading {
  const refuse = (...problems: string[]): WorkshopReading => ({
    workshop: null,
    problems
  });
  if (new TextEncoder().encode(text).length > MAX_BYTES) {
    return refuse(
      trans.__(
        'The file is larger than %1 kB, which no workshop needs. Keep data and notebooks in files of their own.',
        MAX_BYTES / 1024
      )
    );
  }
  if (Private.depth(text) > MAX_DEPTH) {
    return refuse(
      trans.__(
        'The file is nested more than %1 levels deep. Compare it with the example in the documentation.',
        MAX_DEPTH
      )
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(
      trans.__(
        'The file is not JSON: %1. Open it with the editor to correct it.',
        Private.short(error instanceof Error ? error.message : String(error))
      )
    );
  }
  const problems = findProblems(value, validator, trans);
  return problems.length > 0
    ? refuse(...problems)
    : { workshop: value as IWorkshop, problems: [] };
}

/** What is wrong with a workshop, in words; empty when nothing is. */
export function findProblems(
  value: unknown,
  validator: ValidatorType,
  trans: TranslationBundle
): string[] {
  const { errors } = validator.rawValidation<Private.IError>(
    WORKSHOP_SCHEMA,
    value as object
  );
  if (errors && errors.length > 0) {
    const found = errors.map(error => Private.message(error, trans));
    return [...new Set(found)].slice(0, 10);
  }
  return Private.inconsistencies(value as IWorkshop, trans);
}

/** All steps, in order. */
export function workshopSteps(workshop: IWorkshop): IWorkshopStep[] {
  return workshop.materials.flatMap(material => material.steps ?? []);
}

namespace Private {
  /** The parts of an Ajv error that are read here. */
  export interface IError {
    keyword: string;
    instancePath: string;
    params: {
      limit?: number;
      missingProperty?: string;
      additionalProperty?: string;
      type?: string;
    };
  }

  /** Text of a file, short enough to stand in a sentence. */
  export function short(text: string): string {
    return text.length > 80 ? `${text.slice(0, 79)}…` : text;
  }

  /** How deep a text nests, found without parsing it. */
  export function depth(text: string): number {
    let [now, most, quoted] = [0, 0, false];
    for (let index = 0; index < text.length; index += 1) {
      const character = text[index];
      if (quoted) {
        if (character === '\\') {
          index += 1;
        } else if (character === '"') {
          quoted = false;
        }
      } else if (character === '"') {
        quoted = true;
      } else if (character === '{' || character === '[') {
        now += 1;
        most = Math.max(most, now);
      } else if (character === '}' || character === ']') {
        now -= 1;
      }
    }
    return most;
  }

  /** One of the schema's rules, in words, with the place as the form calls it. */
  export function message(
    { keyword, instancePath, params }: IError,
    trans: TranslationBundle
  ): string {
    const path = instancePath.split('/').slice(1);
    const titles = placeWords(path, trans);
    const place = titles.map(short).join(' › ') || trans.__('the file');
    switch (keyword) {
      case 'required':
        return trans.__(
          'In %1 “%2” is missing. Add it.',
          place,
          placeWords([...path, String(params.missingProperty)], trans).slice(
            -1
          )[0]
        );
      case 'additionalProperties':
        return trans.__(
          'In %1 “%2” is not known. Take it out, or correct its name.',
          place,
          short(String(params.additionalProperty))
        );
      case 'type':
        return trans.__(
          '%1 has the wrong kind of value. Give a value of type “%2”.',
          place,
          String(params.type)
        );
      case 'minimum':
        return trans.__('%1 must be %2 or more.', place, String(params.limit));
      case 'maximum':
        return trans.__('%1 can be at most %2.', place, String(params.limit));
      case 'maxLength':
        return trans.__(
          '%1 can have at most %2 characters.',
          place,
          String(params.limit)
        );
      case 'maxItems':
        return trans.__(
          '%1 can have at most %2 entries.',
          place,
          String(params.limit)
        );
      case 'minLength':
      case 'minItems':
        return trans.__('%1 is empty. Fill it in.', place);
      case 'enum':
        return trans.__('%1 is of a kind that is not known here.', place);
      default:
        return trans.__(
          '%1 is not written as expected. See the format in the documentation.',
          place
        );
    }
  }

  /** What a schema cannot say. */
  export function inconsistencies(
    workshop: IWorkshop,
    trans: TranslationBundle
  ): string[] {
    const problems: string[] = [];
    workshop.materials.forEach(({ notebook, template }, index) => {
      if ((notebook === undefined) === (template === undefined)) {
        problems.push(
          trans.__(
            'Entry %1 of the materials must name either a notebook or a template.',
            index + 1
          )
        );
      }
    });
    const known = new Set<string>();
    for (const { id } of workshopSteps(workshop)) {
      if (known.has(id)) {
        problems.push(
          trans.__('Two steps are called “%1”. Rename one of them.', id)
        );
      }
      known.add(id);
    }
    const [start, end] = [workshop.start, workshop.end].map(time =>
      time === undefined ? undefined : Date.parse(time)
    );
    if (Number.isNaN(start) || Number.isNaN(end)) {
      problems.push(
        trans.__('Start or end is no time that exists. Correct the date.')
      );
    } else if (start !== undefined && end !== undefined && start >= end) {
      problems.push(trans.__('It ends before it starts. Choose a later end.'));
    }
    return problems;
  }
}
