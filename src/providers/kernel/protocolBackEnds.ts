/** What is asked of batch systems, Kubernetes and clouds, and their answers. */

/** A batch system, such as `slurm`. */
export interface IQueueParams {
  system: string;
}

/** A queue, as `sinfo` tells of it. */
export interface IQueuePlace {
  name: string;
  default: boolean;
  up: boolean;
  /** The longest walltime as the system writes it; empty without one. */
  limit: string;
  /** Cores and bytes of its largest node. */
  cores: number;
  memory: number;
}

/** What can be asked of a batch system from here. */
export interface IQueueDescription {
  queues: IQueuePlace[];
  /** Network interfaces of the machine of the scheduler. */
  interfaces: string[];
  /** Packages and commands that are not there. */
  missing: string[];
  /** Why the queues are not known. */
  problem: string | null;
}

/** A job whose controller is dead. */
export interface IQueueLeftover {
  id: string;
  name: string;
  queue: string;
  state: 'waiting' | 'running';
  elapsed: string;
  /** Where its controller ran. */
  host: string;
  /** False if that is another host, which cannot be asked. */
  certain: boolean;
}

export interface IQueueCancelParams {
  system: string;
  jobs: string[];
}

export interface IQueueCancelled {
  jobs: string[];
}

export interface IKubernetesParams {
  /** The configured one without it. */
  namespace: string | null;
}

/** A cluster whose controller is gone. */
export interface IKubernetesCluster {
  /** Its name with the namespace's. */
  id: string;
  /** `cluster`, or `workers`: a group of workers whose cluster is gone. */
  kind: string;
  namespace: string;
  name: string;
  title: string;
  /** When it was made, as Kubernetes writes it. */
  created: string;
  /** False if its controller ran on another host, which cannot be asked. */
  certain: boolean;
}

/** What can be asked of Kubernetes from here. */
export interface IKubernetesDescription {
  namespace: string | null;
  /** The image that is used when none is named. */
  image: string;
  /** Packages that are not there. */
  missing: string[];
  /** Why no cluster can be made, and what to do. */
  problem: string | null;
  hint: string | null;
  clusters: IKubernetesCluster[];
  /** Sentences on what was not asked, and on what was deleted. */
  remarks: string[];
}

export interface ICoiledParams {
  /** The person's usual one without it. */
  workspace: string | null;
}

/** A cluster at Coiled that lives. */
export interface ICoiledCluster {
  /** Its name with the workspace's. */
  id: string;
  workspace: string;
  name: string;
  state: string;
  /** False if its controller may live on another host, which cannot be asked. */
  certain: boolean;
}

/** What can be asked of Coiled from here. */
export interface ICoiledDescription {
  workspace: string | null;
  workspaces: string[];
  /** The image that is used when none is named. */
  image: string;
  /** Packages that are not there. */
  missing: string[];
  /** Why no cluster can be made, and what to do. */
  problem: string | null;
  hint: string | null;
  /** Of all workspaces. */
  clusters: ICoiledCluster[];
  /** Sentences on workspaces that could not be asked. */
  remarks: string[];
}

/** Clusters by their ids. */
export interface ICoiledRemoveParams {
  clusters: string[];
}

export interface ICoiledRemoved {
  clusters: string[];
}

/** Clusters by name. */
export interface IKubernetesRemoveParams {
  namespace: string | null;
  clusters: string[];
}

export interface IKubernetesRemoved {
  clusters: string[];
}

/** What can be asked of AWS from here. */
export interface IAwsDescription {
  /** The region of the kernel's environment. */
  region: string | null;
  /** Packages that are not there. */
  missing: string[];
  /** Why no cluster can be made, and what to do. */
  problem: string | null;
  hint: string | null;
}

/** A service of AWS: `fargate` or `ec2`. */
export interface IAwsParams {
  service: string;
}

/** A cluster in an account whose controller is dead. */
export interface IAwsLeftover {
  id: string;
  title: string;
  region: string;
  /** What is there, in words. */
  parts: string[];
  /** Whether it costs money by the hour. */
  runs: boolean;
  /** When the cluster was made, as ISO 8601 writes it. */
  made: string;
  /** Where its controller ran. */
  host: string;
  /** False if that is another host, which cannot be asked. */
  certain: boolean;
}

/** What is left in the account. */
export interface IAwsLeftovers {
  clusters: IAwsLeftover[];
  /** Sentences on regions that could not be asked. */
  remarks: string[];
}

/** A cluster of a named class whose controller is dead, or ran on another host. */
export interface ICustomLeftover {
  id: string;
  /** The class, as `module:Class`. */
  kind: string;
  title: string;
  /** By which the class takes it up; empty while it is not known. */
  name: string;
  /** When it was made, as ISO 8601 writes it. */
  made: string;
  /** Where its controller ran. */
  host: string;
  /** False if that is another host, which cannot be asked. */
  certain: boolean;
  /** Whether its start was refused or took too long: there may be nothing. */
  failed: boolean;
  /** Whether its class could not stop it: it may be gone. */
  refused: boolean;
}

/** Sentences tell what was ended on the way. */
export interface ICustomLeftovers {
  clusters: ICustomLeftover[];
  remarks: string[];
}

export interface ICustomRemoveParams {
  clusters: string[];
}

export interface ICustomRemoved {
  clusters: string[];
}

/** Clusters by their ids. */
export interface IAwsRemoveParams {
  service: string;
  clusters: string[];
}

export interface IAwsRemoved {
  clusters: string[];
}
