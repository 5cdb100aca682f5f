/** Clusters on AWS: their forms, from what a controller said of the account. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { ILeftover } from '../../tokens';
import { AwsId, IBackEnd, ranElsewhere } from './backEnd';
import { adaptiveFields, endFields, sizeRule } from './form';
import type { IAwsDescription, IAwsLeftover } from './protocolBackEnds';

/** The back end of a service of AWS. */
export function awsBackEnd(service: AwsId): IBackEnd<IAwsDescription> {
  return {
    id: service,
    ask: session => session.call('awsDescribe', {}),
    form: (trans, environments, environment, told) => ({
      schema: Private.schema(service, trans, told),
      environments,
      environment,
      notes: Private.notes(trans, told)
    }),
    leftovers: async (session, trans) => {
      const told = await session.call('awsLeftovers', { service });
      return {
        items: told.clusters.map(left => Private.leftover(trans, left)),
        remarks: told.remarks
      };
    },
    removeLeftovers: async (session, ids) => {
      const params = { service, clusters: [...ids] };
      return (await session.call('awsRemove', params)).clusters;
    }
  };
}

namespace Private {
  export function leftover(
    trans: TranslationBundle,
    { id, title, region, parts, runs, made, host, certain }: IAwsLeftover
  ): ILeftover {
    const since = Date.parse(made);
    const what = parts.join(', ');
    return {
      id,
      kind: runs
        ? trans.__('AWS cluster')
        : trans.__('Remains of an AWS cluster'),
      title,
      detail: region ? trans.__('In %1: %2.', region, what) : `${what}.`,
      since: Number.isNaN(since) ? undefined : since,
      certain,
      doubt: certain ? undefined : ranElsewhere(trans, host)
    };
  }

  export function notes(
    trans: TranslationBundle,
    told: IAwsDescription | undefined
  ): string[] {
    if (told && told.missing.length > 0) {
      const [missing] = told.missing;
      return [
        trans.__(
          'This environment lacks %1. Run %pip install "%1" in a notebook of it.',
          missing
        )
      ];
    }
    if (told?.problem) {
      return told.hint ? [told.problem, told.hint] : [told.problem];
    }
    return [
      trans.__(
        'This costs money in the AWS account of the kernel’s credentials.'
      )
    ];
  }

  export function schema(
    service: AwsId,
    trans: TranslationBundle,
    told: IAwsDescription | undefined
  ): JSONObject {
    const { idleTimeout, lifetime } = endFields(trans, 15);
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
        ...adaptiveFields(trans),
        image: text(
          trans.__('Image'),
          trans.__(
            'A container with your packages and the Dask of this environment, such as ghcr.io/dask/dask:2026.8.0-py3.11.'
          )
        ),
        region: text(
          trans.__('Region'),
          told?.region
            ? trans.__('Empty: %1', told.region)
            : trans.__('Such as eu-central-1. Empty: the one of the kernel.')
        ),
        ...(service === 'ec2' ? machines(trans) : containers(trans)),
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
            'Needed when this kernel is not in the same network. They cost extra.'
          )
        ),
        from: text(
          trans.__('Reachable from'),
          trans.__(
            'With public addresses: your own address or range, such as 203.0.113.4.'
          )
        ),
        idleTimeout: { ...idleTimeout, minimum: 2, default: 15 },
        lifetime,
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
        ...(service === 'ec2' ? rights(trans) : roles(trans))
      },
      dependencies: { minimum: ['maximum'] }
    };
  }

  function machines(trans: TranslationBundle): JSONObject {
    const type = (title: string, usual: string): JSONObject =>
      text(
        title,
        trans.__('Empty: %1, with ARM %2.', usual, usual.replace('m6i', 'm7g'))
      );
    return {
      instanceType: type(trans.__('Machines of the workers'), 'm6i.xlarge'),
      schedulerInstanceType: type(
        trans.__('Machine of the scheduler'),
        'm6i.large'
      ),
      disk: {
        type: 'integer',
        title: trans.__('Disk in GB'),
        description: trans.__('Of each machine; it holds the image, too.'),
        minimum: 8,
        default: 40
      },
      ami: text(
        trans.__('Machine image (AMI)'),
        trans.__(
          'Ubuntu or Debian. Empty: the newest Ubuntu 24.04 of Canonical.'
        )
      ),
      zone: text(
        trans.__('Zone'),
        trans.__('Such as eu-central-1a. Empty: that of the first subnet.')
      )
    };
  }

  function rights(trans: TranslationBundle): JSONObject {
    return {
      profile: text(
        trans.__('Instance profile'),
        trans.__('What the machines may do in AWS. Empty: nothing.')
      ),
      keyName: text(
        trans.__('SSH key'),
        trans.__('The name of a key pair in this region. Empty: none.')
      )
    };
  }

  function containers(trans: TranslationBundle): JSONObject {
    const cores = (title: string, value: number): JSONObject => ({
      type: 'integer',
      title,
      enum: [1, 2, 4, 8, 16],
      default: value
    });
    const memory = (title: string, value: string): JSONObject => ({
      ...text(title, trans.__('2 to 8 GiB for each core.')),
      default: value,
      ...sizeRule(trans)
    });
    return {
      cores: cores(trans.__('Cores per worker'), 4),
      memory: memory(trans.__('Memory per worker'), '16 GiB'),
      schedulerCores: cores(trans.__('Cores of the scheduler'), 1),
      schedulerMemory: memory(trans.__('Memory of the scheduler'), '4 GiB')
    };
  }

  function roles(trans: TranslationBundle): JSONObject {
    return {
      executionRole: text(
        trans.__('Execution role'),
        trans.__('Its ARN. Empty: one is made and removed.')
      ),
      taskRole: text(
        trans.__('Task role'),
        trans.__(
          'The ARN of what the containers may do. Empty: one that may do nothing is made and removed.'
        )
      )
    };
  }

  function text(title: string, description: string): JSONObject {
    return { type: 'string', title, description };
  }

  function flag(title: string, description: string): JSONObject {
    return { type: 'boolean', title, description, default: false };
  }
}
