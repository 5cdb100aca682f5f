/** What can be said of clusters whose controller says nothing. */
import type { Session } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type {
  ClusterError,
  ICapabilities,
  IClusterSnapshot
} from '../../tokens';
import type { SessionKind } from './paths';

/** What a cluster can do whose controller does not answer. */
export const SILENT: ICapabilities = {
  scale: false,
  adapt: false,
  restart: false,
  rename: false,
  workers: false,
  logs: false,
  stop: true
};

/** What to do when a controller is lost whose cluster is not in its kernel. */
export function lossHint(
  kind: SessionKind,
  trans: TranslationBundle
): string | undefined {
  return kind === 'cluster' || kind === 'scheduler'
    ? undefined
    : trans.__(
        'What it started may still run, and cost money: look at What Is Left Running.'
      );
}

/** What can be said of a cluster whose kernel was replaced by a bare one. */
export function gone(
  session: { readonly id: string; readonly name: string },
  kind: SessionKind,
  trans: TranslationBundle
): IClusterSnapshot {
  const now = Date.now();
  return {
    id: session.id,
    name: session.name,
    state: 'lost',
    revision: 0,
    since: now,
    created: now,
    cause: [
      {
        message: trans.__('Its kernel ended while no page was open.'),
        kind: 'unavailable',
        hint:
          lossHint(kind, trans) ??
          trans.__('Start it again if you still need the cluster.')
      }
    ]
  };
}

/** What can be said of a cluster whose controller does not answer. */
export function silent(
  model: Session.IModel,
  reason: ClusterError,
  trans: TranslationBundle
): IClusterSnapshot {
  const now = Date.now();
  return {
    id: model.id,
    name: model.name,
    state: 'degraded',
    revision: -1,
    since: now,
    created: now,
    cause: [
      {
        message: reason.message,
        kind: reason.code,
        hint: reason.hint ?? trans.__('Wait a little, or stop the cluster.')
      },
      ...reason.cause
    ]
  };
}
