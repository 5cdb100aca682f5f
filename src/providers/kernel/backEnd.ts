/** Back ends that a controller launches, described by records. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { ClusterError } from '../../tokens';
import type {
  IEnvironment,
  ILeftover,
  ILeftovers,
  IProviderForm
} from '../../tokens';
import { adaptiveFields, installNotes, sizeRule } from './form';
import type { IQueueDescription, IQueueLeftover } from './protocolBackEnds';
import type { ControllerSession } from './session';

/** The batch systems. */
export type BatchId = 'slurm' | 'pbs' | 'sge' | 'lsf';

/** The services of AWS. */
export type AwsId = 'fargate' | 'ec2';

/**
 * One back end: its name for the protocol and sessions, and its form, which is made
 * of what a controller tells.
 */
export interface IBackEnd<T = unknown> {
  id: BatchId | 'kubernetes' | AwsId | 'coiled' | 'custom';
  /** What the form is made of, where a controller is asked for it. */
  ask?(session: ControllerSession): Promise<T>;
  /** @param told - What a controller said of it, when one could be asked. */
  form(
    trans: TranslationBundle,
    environments: IEnvironment[],
    environment: string | undefined,
    told: T | undefined
  ): IProviderForm;
  /** The options as the controller takes them, where they differ from the form's. */
  translate?(options: JSONObject, trans: TranslationBundle): JSONObject;
  /** What is left there of clusters, as the controller finds it. */
  leftovers?(
    session: ControllerSession,
    trans: TranslationBundle
  ): Promise<ILeftovers>;
  /** Remove some of it, and tell what was removed. */
  removeLeftovers?(
    session: ControllerSession,
    ids: readonly string[]
  ): Promise<string[]>;
}

/** What a batch system and its form are called. */
export interface IBatchSystem {
  id: BatchId;
  name: string;
  rank: number;
  /** Whether it is tested on a real one. */
  tested: boolean;
}

/** The batch systems of dask-jobqueue that are offered. */
export const BATCH_SYSTEMS: readonly IBatchSystem[] = [
  { id: 'slurm', name: 'SLURM', rank: 300, tested: true },
  { id: 'pbs', name: 'PBS', rank: 310, tested: false },
  { id: 'sge', name: 'SGE', rank: 320, tested: false },
  { id: 'lsf', name: 'LSF', rank: 330, tested: false }
];

/** The back end of a batch system. */
export function batchBackEnd(
  system: IBatchSystem
): IBackEnd<IQueueDescription> {
  return {
    id: system.id,
    ask: session => session.call('queueDescribe', { system: system.id }),
    form: (trans, environments, environment, told) => ({
      schema: Private.schema(trans, told),
      uiSchema: { prologue: { 'ui:widget': 'textarea' } },
      environments,
      environment,
      notes: Private.notes(system, trans, told)
    }),
    leftovers: async (session, trans) => {
      const jobs = await session.call('queueLeftovers', { system: system.id });
      return { items: jobs.map(job => Private.leftover(system, trans, job)) };
    },
    removeLeftovers: async (session, ids) => {
      const params = { system: system.id, jobs: [...ids] };
      return (await session.call('queueCancel', params)).jobs;
    }
  };
}

/**
 * Refuse to tell what is left where a controller could not ask.
 *
 * @param told - What the controller said instead.
 */
export function requireAnswer(
  told: { missing: readonly string[]; problem: string | null },
  message: string,
  hint: string | undefined
): void {
  if (told.missing.length > 0 || told.problem) {
    throw new ClusterError(message, {
      code: told.problem ? 'unavailable' : 'missing-package',
      hint
    });
  }
}

/** Why it is not certain that a thing is left over. */
export function ranElsewhere(trans: TranslationBundle, host: string): string {
  return trans.__(
    'Its controller ran on %1, which cannot be asked from here: it may still use it.',
    host
  );
}

namespace Private {
  export function leftover(
    { name }: IBatchSystem,
    trans: TranslationBundle,
    { id, queue, state, elapsed, host, certain }: IQueueLeftover
  ): ILeftover {
    return {
      id,
      kind: trans.__('%1 job', name),
      title: trans.__('Job %1', id),
      detail:
        state === 'waiting'
          ? trans.__('Waits in the queue %1.', queue)
          : trans.__('Runs in the queue %1, for %2 so far.', queue, elapsed),
      certain,
      doubt: certain ? undefined : ranElsewhere(trans, host)
    };
  }

  export function notes(
    { name, tested }: IBatchSystem,
    trans: TranslationBundle,
    told: IQueueDescription | undefined
  ): string[] {
    const missing = told?.missing ?? [];
    const notes = installNotes(
      trans,
      missing.filter(item => item === 'dask-jobqueue')
    );
    const commands = missing.filter(item => item !== 'dask-jobqueue');
    if (commands.length > 0) {
      notes.push(
        trans.__('Not found on this machine: %1.', commands.join(', '))
      );
    }
    if (told?.problem) {
      notes.push(
        trans.__(
          '%1 does not answer on this machine. Run Jupyter where jobs can be sent, such as on a login node, or ask whether %1 runs.',
          name
        ),
        told.problem
      );
    }
    if (!tested) {
      notes.push(
        trans.__('%1 has not been tested on a real system yet.', name)
      );
    }
    return notes;
  }

  export function schema(
    trans: TranslationBundle,
    told: IQueueDescription | undefined
  ): JSONObject {
    const text = (title: string, description: string): JSONObject => ({
      type: 'string',
      title,
      description
    });
    const queue = text(
      trans.__('Queue'),
      trans.__('Empty: the one that jobs go to by default.')
    );
    const queues = (told?.queues ?? []).filter(item => item.up);
    if (queues.length > 0) {
      queue.enum = queues.map(item => item.name);
    }
    const network = text(
      trans.__('Network interface'),
      trans.__('The one by which the nodes reach this machine, such as ib0.')
    );
    if (told && told.interfaces.length > 0) {
      network.enum = told.interfaces;
    }
    return {
      type: 'object',
      additionalProperties: false,
      properties: {
        workers: {
          type: 'integer',
          title: trans.__('Workers'),
          minimum: 0,
          default: 1
        },
        cores: {
          type: 'integer',
          title: trans.__('Cores per job'),
          minimum: 1,
          default: 1
        },
        processes: {
          type: 'integer',
          title: trans.__('Workers per job'),
          minimum: 1,
          default: 1
        },
        memory: {
          ...text(trans.__('Memory per job'), trans.__('Such as 16 GiB.')),
          default: '4 GiB',
          ...sizeRule(trans)
        },
        walltime: {
          ...text(
            trans.__('Walltime'),
            trans.__('Hours, minutes and seconds, such as 01:30:00.')
          ),
          default: '01:00:00',
          errorMessage: trans.__(
            'This must be hours:minutes:seconds, such as 01:30:00.'
          ),
          pattern: '^(\\d{1,3}-)?\\d{1,4}:[0-5]\\d:[0-5]\\d$'
        },
        queue,
        account: text(
          trans.__('Account'),
          trans.__('The project that the time is charged to.')
        ),
        interface: network,
        directives: text(
          trans.__('Extra directives'),
          trans.__(
            'Options of the jobs between semicolons, such as --constraint=fast.'
          )
        ),
        prologue: text(
          trans.__('Lines before the worker'),
          trans.__('Of the job’s script, such as module load python.')
        ),
        scratch: text(
          trans.__('Folder on the nodes'),
          trans.__('For what does not fit into memory, such as /scratch.')
        ),
        shared: text(
          trans.__('Folder of all machines'),
          trans.__(
            'For the certificate and the jobs’ output. Empty: in Jupyter’s runtime folder.'
          )
        ),
        idle: {
          type: 'integer',
          title: trans.__('Idle time in minutes'),
          description: trans.__('It ends after so long without work.'),
          minimum: 1,
          default: 30
        },
        ...adaptiveFields(trans)
      },
      dependencies: { minimum: ['maximum'] }
    };
  }
}
