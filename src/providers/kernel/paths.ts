/**
 * The paths of Jupyter sessions that own a cluster. The server's list of
 * sessions is the only record of what there is, so a path says what its session
 * is for: `dask-cluster/<id>`, `dask-cluster/standby-<id>`, or
 * `dask-cluster/scheduler-<id>`, followed by `/<kernel id>` when the scheduler
 * was found in a notebook's kernel. `dask-cluster/gateway-<id>` owns no cluster: it
 * speaks for a gateway that pages cannot reach. Clusters of a batch system have its
 * name: `dask-cluster/slurm-<id>`; of Kubernetes, `kubernetes-<id>`; of AWS,
 * `fargate-<id>` and `ec2-<id>`; of Coiled, `coiled-<id>`; those of a class from the
 * settings, `custom-<id>`.
 */
import { SESSION_TYPE } from '../../tokens';

/** What a session is for. */
export type SessionKind =
  | 'cluster'
  | 'standby'
  | 'scheduler'
  | 'gateway'
  | 'slurm'
  | 'pbs'
  | 'sge'
  | 'lsf'
  | 'kubernetes'
  | 'coiled'
  | 'fargate'
  | 'ec2'
  | 'custom';

/** A session's path taken apart. */
export interface ISessionPath {
  kind: SessionKind;
  id: string;
  /** The notebook's kernel in which the scheduler was found. */
  owner?: string;
}

const PATTERN = new RegExp(
  `^${SESSION_TYPE}/(?:(standby|scheduler|gateway|slurm|pbs|sge|lsf|kubernetes|fargate|ec2|coiled|custom)-)?([\\w-]{1,64})(?:/([\\w-]{1,64}))?$`
);

/** The path of a session. */
export function sessionPath(
  kind: SessionKind,
  id: string,
  owner?: string
): string {
  const prefix = kind === 'cluster' ? '' : `${kind}-`;
  return `${SESSION_TYPE}/${prefix}${id}${owner ? `/${owner}` : ''}`;
}

/**
 * Take a session apart.
 *
 * @returns Null when it is not one of ours.
 */
export function parseSession(session: {
  type: string;
  path: string;
}): ISessionPath | null {
  const match = PATTERN.exec(session.path);
  if (session.type !== SESSION_TYPE || !match) {
    return null;
  }
  const [, kind, id, owner] = match;
  return { kind: (kind as SessionKind | undefined) ?? 'cluster', id, owner };
}
