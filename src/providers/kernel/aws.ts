/** Accounts at Amazon: the forms of their clusters. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { IBackEnd } from './backEnd';
import { adaptiveFields } from './form';
import type { IQueueDescription } from './protocol';

/** A service of Amazon that runs clusters. */
export interface IAwsService {
  id: 'fargate';
  name: string;
  rank: number;
}

/** The services that are offered. */
export const AWS_SERVICES: readonly IAwsService[] = [
  { id: 'fargate', name: 'AWS Fargate', rank: 400 }
];

/** The back end of a service. */
export function awsBackEnd(service: IAwsService): IBackEnd {
  return {
    id: service.id,
    batch: service.id,
    form: (trans, environments, environment, told) => ({
      schema: Private.schema(trans),
      environments,
      environment,
      notes: Private.notes(trans, told)
    })
  };
}

namespace Private {
  export function notes(
    trans: TranslationBundle,
    told: IQueueDescription | undefined
  ): string[] {
    const notes = [
      trans.__(
        'This costs money in the AWS account of the kernel’s credentials.'
      )
    ];
    if (told && told.missing.length > 0) {
      notes.push(
        trans.__('This environment lacks %1.', told.missing.join(', '))
      );
    }
    if (told?.problem) {
      notes.push(told.problem);
    }
    return notes;
  }

  export function schema(trans: TranslationBundle): JSONObject {
    const text = (title: string, description: string): JSONObject => ({
      type: 'string',
      title,
      description
    });
    const flag = (title: string, description: string): JSONObject => ({
      type: 'boolean',
      title,
      description,
      default: false
    });
    return {
      type: 'object',
      additionalProperties: false,
      required: ['image'],
      properties: {
        workers: {
          type: 'integer',
          title: trans.__('Workers'),
          minimum: 0,
          default: 2
        },
        image: text(
          trans.__('Image'),
          trans.__(
            'A container with your packages and the Dask of this environment.'
          )
        ),
        region: text(
          trans.__('Region'),
          trans.__('Such as eu-central-1. Empty: the one of the kernel.')
        ),
        cores: {
          type: 'integer',
          title: trans.__('Cores per worker'),
          enum: [1, 2, 4, 8, 16],
          default: 4
        },
        memory: {
          ...text(
            trans.__('Memory per worker'),
            trans.__('Such as 16 GiB; 2 to 8 GiB for each core.')
          ),
          default: '16 GiB',
          pattern: '^\\s*\\d+(\\.\\d+)?\\s*([kKMGTP]i?)?B?\\s*$'
        },
        spot: flag(
          trans.__('Spot'),
          trans.__('Cheaper workers that AWS may take away at any time.')
        ),
        arm: flag(
          trans.__('ARM processors'),
          trans.__('Cheaper. The image must be made for them.')
        ),
        public: flag(
          trans.__('Public addresses'),
          trans.__(
            'Needed when this kernel is not in the same network. The connection is not encrypted.'
          )
        ),
        from: text(
          trans.__('Reachable from'),
          trans.__(
            'With public addresses: your own address or range, such as 203.0.113.4.'
          )
        ),
        vpc: text(
          trans.__('Network (VPC)'),
          trans.__('Empty: the default one of the region.')
        ),
        subnets: text(
          trans.__('Subnets'),
          trans.__('With commas between. Empty: all of the network.')
        ),
        securityGroups: text(
          trans.__('Security groups'),
          trans.__('With commas between. Empty: one is made and removed.')
        ),
        executionRole: text(
          trans.__('Execution role'),
          trans.__('Its ARN. Empty: one is made and removed.')
        ),
        taskRole: text(
          trans.__('Task role'),
          trans.__(
            'The ARN of what the containers may do. Empty: one is made and removed.'
          )
        ),
        idleTimeout: {
          type: 'number',
          title: trans.__('Idle time in minutes'),
          description: trans.__('It ends after so long without work.'),
          minimum: 2,
          default: 15
        },
        ...adaptiveFields(trans)
      },
      dependencies: { minimum: ['maximum'] }
    };
  }
}
