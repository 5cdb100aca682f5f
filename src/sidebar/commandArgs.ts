import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { ClusterState, ICluster, IClusterManager } from '../tokens';
import type { IActArgs } from './acts';

/** JSON schema of a command that takes no arguments. */
export const NO_ARGS: JSONObject = { type: 'object', properties: {} };

/** JSON schema of a command that acts on a cluster. */
export function clusterArgs(trans: TranslationBundle): JSONObject {
  return {
    type: 'object',
    properties: {
      cluster: {
        type: 'string',
        description: trans.__('The key of a cluster; the current if absent')
      }
    }
  };
}

/** JSON schema of the command that shows the details of a cluster. */
export function detailsArgs(trans: TranslationBundle): JSONObject {
  const { properties, ...schema } = clusterArgs(trans);
  return {
    ...schema,
    properties: {
      ...(properties as JSONObject),
      tab: {
        type: 'string',
        description: trans.__(
          'What to show: workers, events, logs or options; what was shown last if absent'
        )
      }
    }
  };
}

/** JSON schema of a command that starts a cluster. */
export function profileArgs(trans: TranslationBundle): JSONObject {
  return {
    type: 'object',
    properties: {
      profile: {
        type: 'string',
        description: trans.__('The name of a profile; the last one if absent')
      }
    }
  };
}

/**
 * What a command may use of its arguments: names, never code or addresses; and
 * nothing of a document's, whose link has none left but `asks` (see `guarded`).
 */
export function readArgs(args: ReadonlyPartialJSONObject): IActArgs {
  if (args.asks) {
    return { ask: true };
  }
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value ? value : undefined;
  return { cluster: text(args.cluster), profile: text(args.profile) };
}

/** Whether the cluster that a command would act on is in one of the states. */
export function isIn(
  manager: IClusterManager,
  args: ReadonlyPartialJSONObject,
  states: readonly ClusterState[]
): boolean {
  return states.includes(targetOf(manager, args)?.snapshot.state ?? 'stopped');
}

/** The cluster that a command would act on. */
export function targetOf(
  manager: IClusterManager,
  args: ReadonlyPartialJSONObject
): ICluster | null {
  return typeof args.cluster === 'string'
    ? (manager.get(args.cluster) ?? null)
    : manager.current;
}
