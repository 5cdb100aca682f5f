/** The form of the local provider. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { formatBytes, formatCount } from '../../cluster/units';
import type { IEnvironment, IProviderForm } from '../../tokens';
import type { IControllerInfo } from './protocol';

/**
 * What can be asked of a cluster on this machine. Empty fields get values that
 * fit the machine, which the controller knows.
 *
 * @param info - What a controller said of the machine, when one did already.
 */
export function localForm(
  trans: TranslationBundle,
  environments: IEnvironment[],
  environment: string | undefined,
  info: IControllerInfo | undefined
): IProviderForm {
  const notes: string[] = [];
  if (info) {
    notes.push(
      trans._n(
        'This machine has %2 core and %3 of memory.',
        'This machine has %2 cores and %3 of memory.',
        Math.ceil(info.cpus),
        formatCount(info.cpus),
        formatBytes(info.memory)
      )
    );
    if (info.missing.length > 0) {
      notes.push(
        trans.__('This environment lacks %1.', info.missing.join(', '))
      );
    }
    if (info.start === 'spawn') {
      notes.push(
        trans.__('Workers start one by one here, which takes some seconds.')
      );
    }
  }
  return {
    schema: Private.schema(trans),
    uiSchema: {
      'ui:order': [
        'workers',
        'threads',
        'memory',
        'minimum',
        'maximum',
        'idleTimeout',
        'lifetime'
      ]
    },
    environments,
    environment,
    notes
  };
}

/** A size in bytes, such as 4 GiB, as the pattern of a field. */
const SIZE = '^\\s*\\d+(\\.\\d+)?\\s*([kKMGTP]i?)?B?\\s*$';

/** How a field for a size is checked, and what is said where it is none. */
export function sizeRule(
  trans: TranslationBundle
): Record<'pattern' | 'errorMessage', string> {
  return {
    pattern: SIZE,
    errorMessage: trans.__('This must be a size such as 4 GiB.')
  };
}

/** The fields with which a cluster of any kind is made adaptive. */
export function adaptiveFields(
  trans: TranslationBundle
): Record<'minimum' | 'maximum', JSONObject> {
  return {
    minimum: {
      type: 'integer',
      title: trans.__('Adaptive: at least'),
      description: trans.__('Workers that are kept even without work.'),
      minimum: 0
    },
    maximum: {
      type: 'integer',
      title: trans.__('Adaptive: at most'),
      description: trans.__(
        'Makes the cluster adaptive: workers come and go with the work.'
      ),
      minimum: 1
    }
  };
}

/** What installs packages that a back end needs; nothing where none is missing. */
export function installNotes(
  trans: TranslationBundle,
  missing: readonly string[]
): string[] {
  return missing.length > 0
    ? [
        trans.__(
          'This environment lacks %1. Run %pip install %1 in a notebook of it.',
          missing.join(' ')
        )
      ]
    : [];
}

/**
 * The fields that say when a cluster of any kind ends by itself.
 *
 * @param idle - Minutes that hold when nothing is given; without it none do.
 */
export function endFields(
  trans: TranslationBundle,
  idle?: number
): Record<'idleTimeout' | 'lifetime', JSONObject> {
  return {
    idleTimeout: {
      type: 'number',
      title: trans.__('Stop when idle for (minutes)'),
      description:
        idle === undefined
          ? trans.__(
              'Also while no page is open. It is said 5 minutes and 1 minute before. Empty: it does not stop.'
            )
          : trans.__(
              'Also while no page is open. It is said 5 minutes and 1 minute before. Empty: %1.',
              idle
            ),
      minimum: 1
    },
    lifetime: {
      type: 'number',
      title: trans.__('Stop at the latest after (minutes)'),
      description: trans.__(
        'Even if tasks run. It is said 5 minutes and 1 minute before. Empty: it does not stop.'
      ),
      minimum: 1
    }
  };
}

namespace Private {
  export function schema(trans: TranslationBundle): JSONObject {
    return {
      type: 'object',
      additionalProperties: false,
      properties: {
        workers: {
          type: 'integer',
          title: trans.__('Workers'),
          description: trans.__('Empty: as many as fit this machine.'),
          minimum: 0
        },
        threads: {
          type: 'integer',
          title: trans.__('Threads per worker'),
          description: trans.__('Empty: the cores, shared by the workers.'),
          minimum: 1
        },
        memory: {
          type: 'string',
          title: trans.__('Memory per worker'),
          description: trans.__(
            'A size such as 2 GiB; auto leaves some for the server.'
          ),
          default: 'auto',
          errorMessage: trans.__('This must be a size such as 4 GiB, or auto.'),
          pattern: '^\\s*(auto|\\d+(\\.\\d+)?\\s*([kKMGTP]i?)?B?)\\s*$'
        },
        ...adaptiveFields(trans),
        ...endFields(trans)
      },
      dependencies: { minimum: ['maximum'] }
    };
  }
}
