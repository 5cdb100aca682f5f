/** Clusters of classes that somebody named in the settings. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { ClusterError } from '../../tokens';
import type { ILeftover } from '../../tokens';
import { ranElsewhere } from './backEnd';
import type { IBackEnd } from './backEnd';
import { adaptiveFields, endFields } from './form';
import type { ICustomLeftover } from './protocolBackEnds';

/** A class as the settings have it. */
export interface ICustomClass {
  name: string;
  /** `module:Class`. */
  class: string;
  arguments?: JSONObject;
}

/**
 * The back end of all classes that the settings name.
 *
 * @param classes - Those of now.
 */
export function customBackEnd(classes: () => ICustomClass[]): IBackEnd {
  return {
    id: 'custom',
    form: (trans, environments, environment) => ({
      schema: Private.schema(trans, classes()),
      uiSchema: {
        arguments: { 'ui:widget': 'textarea' },
        'ui:order': [
          'cluster',
          'workers',
          'minimum',
          'maximum',
          'arguments',
          'attach',
          'idleTimeout',
          'lifetime'
        ]
      },
      environments,
      environment,
      notes: [
        trans.__(
          'The class runs with your rights in the environment that you choose.'
        ),
        trans.__(
          'Its idle time holds from when its scheduler answers. If this server ends before that, look at What Is Left Running, and at the service that runs it.'
        )
      ]
    }),
    translate: (options, trans) => Private.translate(options, classes(), trans),
    leftovers: async (session, trans) => {
      const told = await session.call('customLeftovers', {});
      return {
        items: told.clusters.flatMap(left => Private.leftovers(trans, left)),
        remarks: told.remarks
      };
    },
    removeLeftovers: async (session, ids) =>
      (await session.call('customRemove', { clusters: [...ids] })).clusters
  };
}

namespace Private {
  export function schema(
    trans: TranslationBundle,
    classes: ICustomClass[]
  ): JSONObject {
    const names = classes.map(({ name }) => name);
    return {
      type: 'object',
      additionalProperties: false,
      required: ['cluster'],
      properties: {
        cluster: {
          type: 'string',
          title: trans.__('Class'),
          description: trans.__('As the settings call it.'),
          enum: names,
          default: names[0] ?? ''
        },
        workers: {
          type: 'integer',
          title: trans.__('Workers'),
          description: trans.__('Empty: as many as the class starts.'),
          minimum: 0
        },
        ...adaptiveFields(trans),
        arguments: {
          type: 'string',
          title: trans.__('Further arguments'),
          description: trans.__(
            'A JSON object such as {"region": "eu"}, beside those of the settings. For secrets {"$env": "NAME"}.'
          )
        },
        attach: {
          type: 'string',
          title: trans.__('Take up'),
          description: trans.__(
            'The name of a cluster that this class made earlier, where it has from_name. Empty: a new one.'
          )
        },
        ...endFields(trans, 30)
      },
      dependencies: { minimum: ['maximum'] }
    };
  }

  /** The cluster; of one that may be gone also its note, which can be forgotten. */
  export function leftovers(
    trans: TranslationBundle,
    left: ICustomLeftover
  ): ILeftover[] {
    const cluster = leftover(trans, left);
    const note = {
      ...cluster,
      id: `forget:${left.id}`,
      kind: left.failed
        ? trans.__('Note of a start that failed')
        : trans.__('Note of a cluster that may be gone'),
      detail: trans.__('%1. It can be forgotten.', left.kind),
      certain: false,
      doubt: trans.__(
        'Forgetting it stops nothing: look first at the service that runs such clusters.'
      )
    };
    return left.failed || left.refused ? [cluster, note] : [cluster];
  }

  function leftover(
    trans: TranslationBundle,
    {
      id,
      kind,
      title,
      name,
      made,
      host,
      certain,
      failed,
      refused
    }: ICustomLeftover
  ): ILeftover {
    const since = Date.parse(made);
    const known = name
      ? trans.__('%1, its name there: %2.', kind, name)
      : trans.__(
          '%1. Its start was not finished: something of it may be there, and nothing ends it.',
          kind
        );
    const detail = failed
      ? trans.__('%1. Its start failed; there may be nothing left.', kind)
      : refused
        ? trans.__('%1 Its class could not stop it: it may be gone.', known)
        : known;
    return {
      id,
      kind: trans.__('Cluster of a class'),
      title,
      detail,
      since: Number.isNaN(since) ? undefined : since,
      certain,
      doubt: certain ? undefined : ranElsewhere(trans, host)
    };
  }

  /** What the controller is asked for: the class itself, with all arguments. */
  export function translate(
    options: JSONObject,
    classes: ICustomClass[],
    trans: TranslationBundle
  ): JSONObject {
    const { cluster, arguments: further, ...rest } = options;
    const found = classes.find(({ name }) => name === cluster);
    if (!found) {
      throw wrong(
        'cluster',
        trans.__('The settings have no class “%1”.', String(cluster ?? '')),
        trans.__(
          'Choose another one, or add it in Settings → Dask clusters of other classes.'
        )
      );
    }
    return {
      ...rest,
      class: found.class,
      arguments: { ...found.arguments, ...parse(further, trans) }
    } as JSONObject;
  }

  function parse(text: unknown, trans: TranslationBundle): JSONObject {
    let value: unknown = text ?? {};
    if (typeof value === 'string') {
      try {
        value = JSON.parse(value.trim() || '{}') as unknown;
      } catch {
        value = null;
      }
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw wrong(
        'arguments',
        trans.__('The further arguments are not a JSON object.'),
        trans.__('Write them like {"region": "eu", "spot": true}.')
      );
    }
    return value as JSONObject;
  }

  function wrong(field: string, text: string, hint: string): ClusterError {
    return new ClusterError(text, {
      code: 'invalid',
      fields: { [field]: text },
      hint
    });
  }
}
