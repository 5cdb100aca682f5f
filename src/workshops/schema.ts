/* eslint-disable jupyter/no-untranslated-string -- it is published as it stands */
/**
 * The JSON Schema of a workshop file. It is published as
 * docs/workshop.schema.json; a test compares the two.
 */
import type { RJSFSchema } from '@rjsf/utils';

/** A name that can stand in a file name and in an address. */
const ID = '^[a-z0-9][a-z0-9._-]{0,63}$';

/** A file below the folder of the workshop: no way up, no drive, no root. */
const PATH =
  '^(?!.*(?:^|/)\\.{1,2}(?:/|$))[^/\\\\:\\u0000-\\u001f][^\\\\:\\u0000-\\u001f]{0,250}\\.ipynb$';

/** Where data are: an address without a sign-in, or a path without a way up. */
const DATA =
  '^(?:(?:https|s3|gs)://[^\\s@\\u0000-\\u001f]{1,400}|(?!.*(?:^|/)\\.{1,2}(?:/|$))[^:\\\\\\u0000-\\u001f]{1,400})$';
/** A folder below the server's root: no way up, no drive, no root. */
const FOLDER =
  '^(?!.*(?:^|/)\\.{1,2}(?:/|$))[^/\\\\:\\u0000-\\u001f](?:[^\\\\:\\u0000-\\u001f]{0,250}[^/\\\\:\\u0000-\\u001f])?$';

/** A moment with its offset from UTC. */
const TIME =
  '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2})?(?:Z|[+-]\\d{2}:\\d{2})$';

/** The schema. */
export const WORKSHOP_SCHEMA: RJSFSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Workshop',
  description: 'A class: what is worked on, with which cluster, and when.',
  type: 'object',
  required: ['version', 'id', 'title', 'materials'],
  additionalProperties: false,
  properties: {
    version: {
      title: 'Version of this format',
      type: 'integer',
      enum: [1],
      default: 1
    },
    id: {
      title: 'Short name',
      description:
        'Small letters, digits, dots, dashes and underscores. Copies go into a folder of this name.',
      type: 'string',
      pattern: ID
    },
    title: {
      title: 'Title',
      type: 'string',
      minLength: 1,
      maxLength: 120
    },
    text: {
      title: 'Text',
      description: 'What participants read first. It is shown as plain text.',
      type: 'string',
      maxLength: 8000
    },
    profile: {
      title: 'Cluster profile',
      description:
        'The name of a profile of the site. Without it the cluster is left to the participant.',
      type: 'string',
      minLength: 1,
      maxLength: 80
    },
    limits: {
      title: 'Limits',
      description:
        'Each participant’s cluster stays within these, and within the administrator’s.',
      type: 'object',
      additionalProperties: false,
      properties: {
        workers: {
          title: 'Workers',
          type: 'integer',
          minimum: 1,
          maximum: 1000
        },
        threadsPerWorker: {
          title: 'Threads of a worker',
          type: 'integer',
          minimum: 1,
          maximum: 256
        },
        memoryPerWorker: {
          title: 'Memory of a worker',
          description: 'A size such as 4 GiB.',
          type: 'string',
          pattern: '^\\d+(?:\\.\\d+)? ?[KMGT]i?B$'
        },
        idleTimeout: {
          title: 'Minutes without a task until it ends',
          type: 'integer',
          minimum: 1,
          maximum: 10080
        },
        lifetime: {
          title: 'Minutes for which it may live',
          type: 'integer',
          minimum: 1,
          maximum: 10080
        }
      }
    },
    materials: {
      title: 'Notebooks and templates',
      type: 'array',
      minItems: 1,
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        properties: {
          notebook: {
            title: 'Notebook',
            description: 'Its path from the folder of the workshop file.',
            type: 'string',
            pattern: PATH
          },
          template: {
            title: 'Template',
            description: 'The id of a template, in place of a notebook.',
            type: 'string',
            pattern: ID
          },
          title: { title: 'Title', type: 'string', maxLength: 120 },
          steps: {
            title: 'Steps',
            type: 'array',
            maxItems: 50,
            items: {
              type: 'object',
              required: ['id', 'title'],
              additionalProperties: false,
              properties: {
                id: {
                  title: 'Short name',
                  description:
                    'What a self-check cell names; unique in the workshop.',
                  type: 'string',
                  pattern: ID
                },
                title: {
                  title: 'What is done',
                  type: 'string',
                  minLength: 1,
                  maxLength: 200
                }
              }
            }
          }
        }
      }
    },
    start: {
      title: 'Start',
      description: 'With the offset from UTC, such as 2026-11-26T09:00+03:00.',
      type: 'string',
      pattern: TIME
    },
    end: {
      title: 'End',
      description: 'With the offset from UTC, such as 2026-11-26T10:30+03:00.',
      type: 'string',
      pattern: TIME
    },
    help: {
      title: 'Where to ask for help',
      description: 'In words, such as a room or a channel.',
      type: 'string',
      maxLength: 300
    },
    participants: {
      title: 'People expected',
      description: 'So that who waits is told how many are before them.',
      type: 'integer',
      minimum: 1,
      maximum: 1000
    },
    data: {
      title: 'Data that the notebooks read',
      description:
        'Addresses (https, s3, gs), paths from the folder of the file, or paths of the server from its root. They are looked at only when a participant asks.',
      type: 'array',
      maxItems: 20,
      items: { type: 'string', pattern: DATA }
    },
    stagger: {
      title: 'Minutes over which starts are spread',
      description: 'So that not all clusters are asked for at once.',
      type: 'number',
      minimum: 0,
      maximum: 60
    },
    shared: {
      title: 'Shared folder',
      description:
        'A folder that participants and trainer have at the same path. Who agrees has their steps written there, for the trainer.',
      type: 'string',
      pattern: FOLDER
    }
  }
};
