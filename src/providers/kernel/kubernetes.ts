/** Clusters of pods: their form, from what a controller said of Kubernetes. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { ILeftover } from '../../tokens';
import { requireAnswer } from './backEnd';
import type { IBackEnd } from './backEnd';
import { adaptiveFields, installNotes, sizeRule } from './form';
import type {
  IKubernetesCluster,
  IKubernetesDescription
} from './protocolBackEnds';
import type { ControllerSession } from './session';

/** The back end of Kubernetes with Dask's operator. */
export function kubernetesBackEnd(): IBackEnd<IKubernetesDescription> {
  const ask = (session: ControllerSession): Promise<IKubernetesDescription> =>
    session.call('kubernetesDescribe', { namespace: null });
  return {
    id: 'kubernetes',
    ask,
    form: (trans, environments, environment, told) => ({
      schema: Private.schema(trans, told),
      environments,
      environment,
      notes: told ? Private.notes(trans, told) : []
    }),
    leftovers: async (session, trans) => {
      const told = await ask(session);
      const [message, hint] = Private.notes(trans, told);
      if (told.clusters.length === 0) {
        requireAnswer(told, message, hint);
      }
      return {
        items: told.clusters.map(item => Private.leftover(trans, item)),
        remarks: told.remarks
      };
    },
    removeLeftovers: async (session, ids) => {
      const params = { namespace: null, clusters: [...ids] };
      return (await session.call('kubernetesRemove', params)).clusters;
    }
  };
}

namespace Private {
  /** Whether it can be taken up. */
  const isCluster = ({ kind }: IKubernetesCluster): boolean =>
    kind === 'cluster';

  export function leftover(
    trans: TranslationBundle,
    { id, kind, namespace, name, title, created, certain }: IKubernetesCluster
  ): ILeftover {
    const since = Date.parse(created);
    return {
      id,
      kind:
        kind === 'workers'
          ? trans.__('Kubernetes worker group')
          : trans.__('Kubernetes cluster'),
      title,
      detail:
        kind === 'workers'
          ? trans.__(
              '%1 in the namespace %2. Its cluster is gone.',
              name,
              namespace
            )
          : trans.__('%1 in the namespace %2.', name, namespace),
      since: Number.isNaN(since) ? undefined : since,
      certain,
      doubt: certain
        ? undefined
        : trans.__(
            'Its controller ran on another machine, which cannot be asked from here: it may still use it.'
          )
    };
  }

  export function notes(
    trans: TranslationBundle,
    {
      missing,
      problem,
      hint,
      namespace,
      clusters,
      remarks
    }: IKubernetesDescription
  ): string[] {
    if (missing.length > 0) {
      return installNotes(trans, missing);
    }
    if (problem) {
      return [problem, ...(hint ? [hint] : []), ...remarks];
    }
    const notes = [trans.__('Pods go to the namespace %1.', namespace ?? '')];
    const count = clusters.filter(isCluster).length;
    if (count > 0) {
      notes.push(
        trans._n(
          '%1 cluster of yours is there without a controller: take it up below, to use or to stop it.',
          '%1 clusters of yours are there without a controller: take them up below, to use or to stop them.',
          count
        )
      );
    }
    return [...notes, ...remarks];
  }

  export function schema(
    trans: TranslationBundle,
    told: IKubernetesDescription | undefined
  ): JSONObject {
    const properties: JSONObject = {
      workers: {
        type: 'integer',
        title: trans.__('Workers'),
        minimum: 0,
        default: 2
      },
      cores: {
        type: 'integer',
        title: trans.__('Cores per worker'),
        minimum: 1,
        default: 1
      },
      memory: {
        type: 'string',
        title: trans.__('Memory per worker'),
        description: trans.__('Such as 4 GiB. Asked for, and never passed.'),
        default: '4 GiB',
        ...sizeRule(trans)
      },
      image: {
        type: 'string',
        title: trans.__('Image'),
        description: told
          ? trans.__('Empty: %1', told.image)
          : trans.__('Empty: that of this server, or Dask’s own.')
      },
      namespace: {
        type: 'string',
        title: trans.__('Namespace'),
        description: trans.__('Empty: the one that is configured here.'),
        errorMessage: trans.__(
          'This must be a name of Kubernetes: a-z, 0-9 and hyphens.'
        ),
        pattern: '^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$'
      },
      variables: {
        type: 'string',
        title: trans.__('Environment variables'),
        description: trans.__(
          'NAME=value between semicolons. No secrets: everyone who may look at the pods sees them.'
        )
      },
      ...adaptiveFields(trans),
      idleTimeout: {
        type: 'number',
        title: trans.__('Stop when idle for (minutes)'),
        description: trans.__(
          'Also when nothing is left of this server. It is said 5 minutes and 1 minute before.'
        ),
        exclusiveMinimum: 0,
        default: 15
      },
      lifetime: {
        type: 'number',
        title: trans.__('Stop at the latest after (minutes)'),
        description: trans.__(
          'Even if tasks run, as long as this server lives. Empty: it does not stop.'
        ),
        minimum: 1
      }
    };
    const clusters = told?.clusters.filter(isCluster) ?? [];
    if (clusters.length > 0) {
      properties.attach = {
        type: 'string',
        title: trans.__('Take up'),
        description: trans.__(
          'A cluster whose controller is gone. The fields above do not change it.'
        ),
        oneOf: clusters.map(cluster => ({
          const: cluster.id,
          title: cluster.certain
            ? `${cluster.title} (${cluster.id})`
            : trans.__(
                '%1 (%2): its controller ran on another machine, and may still',
                cluster.title,
                cluster.id
              )
        }))
      };
    }
    return {
      type: 'object',
      additionalProperties: false,
      properties,
      dependencies: { minimum: ['maximum'] }
    };
  }
}
