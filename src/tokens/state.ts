/** What is known of a cluster at one time. */
import type { JSONObject } from '@lumino/coreutils';
import type { ICause } from './error';
import type { IEndOrder } from './provider';

/**
 * The life of a cluster:
 * `queued → starting → running ⇄ degraded → stopping → stopped`, and `failed`
 * (never came up) or `lost` (was up, its owner is gone).
 */
export type ClusterState =
  | 'queued'
  | 'starting'
  | 'running'
  | 'degraded'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'lost';

/** One step of a start, in the order in which the person sees them. */
export interface IStep {
  /** `kernel`, `packages`, `scheduler`, `workers`. */
  id: string;
  state: 'waiting' | 'active' | 'done' | 'failed';
  /** A short fact, such as `1 of 2`. */
  detail?: string;
}

/**
 * How to reach a cluster. Opaque to views: only the snippet and a provider
 * look inside. Holds paths, never key material.
 */
export interface IConnection {
  kind: 'scheduler' | 'gateway';
  /** The scheduler's address or the gateway cluster's name. */
  address: string;
  /** A PEM file (mode 0600) with authority, certificate and key, for TLS. */
  credentials?: string;
  /** The gateway's address where the environment does not set it. */
  gateway?: string;
  /** Where the gateway's schedulers are reached, if not at its address. */
  gatewayProxy?: string;
  /** How a kernel signs in at the gateway where the environment does not say. */
  gatewayAuth?: 'jupyterhub';
  /** Why notebooks of this server cannot use it, in words. */
  refused?: string;
}

/** Workers of one size, and how long all of them were there. */
export interface IUsedSize {
  threads: number;
  /** Bytes that a worker may use; absent where there is no limit. */
  memory?: number;
  /** How many are there now. */
  count: number;
  /** Seconds of all workers of this size by UTC day, such as `2026-11-25`. */
  days: Record<string, number>;
}

/**
 * How long workers have been there. It changes only when workers come or go:
 * the time since `at` of those that are there is added by whoever reads it.
 */
export interface IUsage {
  /** When the scheduler came, or when it was first seen, ms since the epoch. */
  started: number;
  /** Up to when `days` are counted, ms since the epoch. */
  at: number;
  /** When all of it was gone, ms since the epoch. */
  ended?: number;
  sizes: IUsedSize[];
}

/**
 * The whole state of a cluster at one time. Level-based: a newer snapshot
 * replaces an older one, so a lost or doubled message does no harm. What is not
 * known is absent, never 0.
 */
export interface IClusterSnapshot {
  /** Given by the controller or the gateway; unique within a provider. */
  id: string;
  name: string;
  state: ClusterState;
  /** Grows with each change made by the owner; older revisions are dropped. */
  revision: number;
  /** When the state was entered, ms since the epoch. */
  since: number;
  /** When the cluster was asked for, ms since the epoch. */
  created: number;
  /** Since when no task ran, ms since the epoch. */
  idleSince?: number;
  /** When it ends by itself if nothing happens until then, ms since the epoch. */
  stopsAt?: number;
  /** Seconds without a task after which it ends, where its options do not tell. */
  idleTimeout?: number;
  /** Why it ends then: nothing runs, it is old, or a budget is used up. */
  stopsFor?: 'idle' | 'lifetime' | 'budget';
  /** Its owner has said that it ends in so many minutes or less. */
  stopsWithin?: number;
  /** Which budget it is, in words. */
  stopsWhy?: string;
  /** The ends that pages have ordered and that hold; absent when there is none. */
  orders?: IEndOrder[];
  /** Whose it is, where that can be somebody else than the server's user. */
  owner?: string;
  steps?: IStep[];
  workers?: {
    ready: number;
    /** How many were asked for; absent while adaptive. */
    wanted?: number;
    /** Both present exactly when the cluster is adaptive. */
    minimum?: number;
    maximum?: number;
    /** The host's or administrator's bound. */
    limit?: number;
  };
  /** Threads of all workers. */
  threads?: number;
  /** Bytes over all workers. */
  memory?: { used?: number; limit?: number; spilled?: number };
  /** Percent over all workers; 100 is one core. */
  cpu?: number;
  tasks?: {
    /** On a worker now. */
    processing: number;
    /** Waiting for others or queued on the scheduler. */
    waiting: number;
    /** Results held in memory. */
    memory: number;
    erred: number;
  };
  /** Unusual conditions of workers: how many are in each. */
  conditions?: { paused?: number; spilling?: number; restarting?: number };
  /** Tasks are far too small, with their seconds, or too big, with their bytes. */
  chunks?: { kind: 'small' | 'big'; seconds?: number; bytes?: number };
  usage?: IUsage;
  connection?: IConnection;
  /**
   * `http://host:port` as the owner sees it, which the page rewrites for the
   * proxy; of a gateway's cluster the address as a browser reaches it.
   */
  dashboard?: string;
  /** The owner's `python`, `dask`, `distributed`, … versions. */
  versions?: Record<string, string>;
  /** For `failed`, `lost` and `degraded`: why, outermost first. */
  cause?: ICause[];
  /** The last log lines that belong to `cause`. */
  log?: string[];
  /** What is not right and does not hinder it, with what to do. */
  remarks?: string[];
  /** The options with which it was made, after defaults and clamping. */
  options?: JSONObject;
}

/** One row of the worker table. */
export interface IWorker {
  /** Unique within the cluster. */
  name: string;
  address: string;
  status: string;
  threads: number;
  /** Percent; 100 is one core. */
  cpu: number;
  /** Bytes. */
  memory: number;
  memoryLimit?: number;
  spilled?: number;
  processing: number;
  /** Results held in memory. */
  stored: number;
  pid?: number;
  /** When it was last heard of, ms since the epoch. */
  lastSeen: number;
}

/** Something that happened to a cluster, for its event list. */
export interface IClusterEvent {
  /** ms since the epoch. */
  time: number;
  kind:
    | 'state'
    | 'worker-added'
    | 'worker-lost'
    | 'worker-paused'
    | 'worker-restarted'
    | 'spilled'
    | 'tasks-recomputed'
    | 'data-lost'
    | 'scaled'
    | 'task-erred'
    | 'log';
  level: 'info' | 'warning' | 'error';
  /** In words. */
  text: string;
  worker?: string;
  /**
   * Why a worker went, where that is known: its memory was full, it was not heard of
   * any more, its process ended for another reason, or somebody or its own time
   * wanted it to go.
   */
  reason?: 'memory' | 'silent' | 'died' | 'asked';
}

/** Log lines of one process of a cluster. */
export interface ILogEntry {
  /** `scheduler`, `controller` or a worker's name. */
  source: string;
  lines: string[];
}

/** How closely somebody looks: the owner sends no more than is looked at. */
export type WatchDetail = 'none' | 'counts' | 'workers';

/** What a provider's clusters can do; views hide the rest. */
export interface ICapabilities {
  scale: boolean;
  adapt: boolean;
  restart: boolean;
  rename: boolean;
  workers: boolean;
  logs: boolean;
  /** False for a scheduler that somebody else owns: it is forgotten, not stopped. */
  stop: boolean;
  /** Whether its end can be put off when it would end by itself. */
  keep?: boolean;
  /**
   * `page`: an end that is ordered comes only while a page is open. Absent: its
   * owner keeps such orders, where `keep` can be done.
   */
  ends?: 'page';
}

/** One measurement of a cluster, for small charts. */
export interface ISample {
  /** ms since the epoch. */
  time: number;
  workers?: number;
  cpu?: number;
  memory?: number;
  processing?: number;
}
