/**
 * What the service of the hub sends (`deploy/workshop_service`), read strictly:
 * what participants say of themselves comes from other people.
 */
import type { JSONObject } from '@lumino/coreutils';
import type { IClassRules, IRule } from './rules';

/** What a participant says. What is not known is absent. */
export interface IStatus {
  /** How many steps are done. */
  step: number;
  /** How many steps there are. */
  of: number;
  /** Whether help is wanted. */
  help: boolean;
  note: string;
  /** Versions by package. */
  environment: Record<string, string>;
  /** The state of the person's cluster, as one word. */
  cluster?: string;
  workers?: number;
  /** What the person's clusters have cost, by currency. */
  spent?: Record<string, number>;
}

/** A status, and when it was said, in ms since the epoch. */
export interface ISaid extends IStatus {
  /** When the step became what it is. */
  since: number;
  /** When it was said last. */
  reported: number;
}

/** What trainers can have done by the service. */
export type Act = 'start' | 'stop' | 'clusters';

/** Who the page is for the service. */
export interface IMe {
  name: string;
  trainer: boolean;
  participant: boolean;
  may: Act[];
}

/** Something that a trainer told all, or some. */
export interface IAnnouncement {
  /** Unique until the service restarts. */
  id: number;
  text: string;
  author: string;
  /** In ms since the epoch, by the service's clock. */
  time: number;
  /** For whom; empty when it is for all. */
  users: string[];
  /** The class of which these people get another cluster. */
  fresh?: string;
}

/** What a trainer sets for a class, or asks of it. */
export interface IOrder extends IRule {
  /** The class, by its id. */
  workshop: string;
  /** What people are told; nothing when it is absent. */
  text?: string;
  /** Another cluster for each. */
  fresh?: true;
}

export type ServerState = 'running' | 'starting' | 'stopping' | 'stopped';

/** A cluster of a gateway. */
export interface IClassCluster {
  name: string;
  status: string;
}

/** Somebody in the class. What is not known is absent. */
export interface IParticipant {
  name: string;
  server?: ServerState;
  /** In ms since the epoch. */
  lastActivity?: number;
  /** Of the gateway. */
  clusters?: IClassCluster[];
  status?: ISaid;
}

/** A class as it was published; its texts are anybody's until they are read. */
export interface IPublished {
  author: string;
  workshop: string;
  notebooks: Record<string, string>;
}

/** @returns Null for what is no such answer; so do the others. */
export function readMe(data: JSONObject): IMe | null {
  const { name, trainer, participant, may } = data;
  return typeof name === 'string' &&
    typeof trainer === 'boolean' &&
    typeof participant === 'boolean'
    ? {
        name,
        trainer,
        participant,
        may: ACTS.filter(act => Array.isArray(may) && may.includes(act))
      }
    : null;
}

export function readAnnouncements(data: JSONObject): IAnnouncement[] | null {
  const { announcements } = data;
  if (!Array.isArray(announcements)) {
    return null;
  }
  const read = announcements.map(one => readAnnouncement(one));
  return read.includes(null) ? null : (read as IAnnouncement[]);
}

export function readAnnouncement(data: unknown): IAnnouncement | null {
  const { id, text, author, time, users, fresh } = Private.object(data);
  return Number.isInteger(id) &&
    typeof text === 'string' &&
    typeof author === 'string' &&
    typeof time === 'number'
    ? {
        id: id as number,
        text,
        author,
        time: time * 1000,
        users: Array.isArray(users) ? users.map(String) : [],
        ...(typeof fresh === 'string' ? { fresh } : {})
      }
    : null;
}

export function readPublished(data: JSONObject): IPublished | null {
  const { author, workshop, notebooks } = data;
  return typeof author === 'string' &&
    typeof workshop === 'string' &&
    typeof notebooks === 'object' &&
    notebooks !== null
    ? { author, workshop, notebooks: notebooks as Record<string, string> }
    : null;
}

/** By class what holds for who asks; an older service tells nothing of it. */
export function readRules(data: JSONObject): Record<string, IRule> {
  return Private.mapped(data.orders, Private.rule);
}

/** By class what holds for all, and of whom something else was set. */
export function readClassRules(data: JSONObject): Record<string, IClassRules> {
  return Private.mapped(data.orders, told => {
    const { all, people } = Private.object(told);
    return {
      all: Private.rule(all),
      people: Private.mapped(people, Private.rule)
    };
  });
}

/** An order as the service takes it. */
export function writeOrder(
  { workshop, text, fresh, end, workers }: IOrder,
  users: readonly string[]
): JSONObject {
  return {
    workshop,
    ...(text ? { text } : {}),
    ...(users.length > 0 ? { users: [...users] } : {}),
    ...(fresh ? { fresh } : {}),
    ...(end === undefined
      ? {}
      : { end: end === null ? null : Math.round(end / 1000) }),
    ...(workers === undefined ? {} : { workers })
  };
}

/** The table of a class, with times by this page's clock. */
export function readClass(
  data: JSONObject,
  now = Date.now()
): IParticipant[] | null {
  const { participants } = data;
  if (!Array.isArray(participants) || typeof data.now !== 'number') {
    return null;
  }
  const ahead = now - data.now * 1000;
  const rows = participants.map(one => Private.participant(one, ahead));
  return rows.includes(null) ? null : (rows as IParticipant[]);
}

/**
 * A status in JSON, with fields of the wrong kind left out.
 *
 * @param ahead - How far this page's clock is ahead of the writer's, in ms.
 */
export function readSaid(data: unknown, ahead = 0): ISaid | null {
  const told = Private.object(data);
  const { step, of, note, cluster, workers, since, reported } = told;
  if (typeof since !== 'number' || typeof reported !== 'number') {
    return null;
  }
  return {
    step: Private.count(step) ?? 0,
    of: Private.count(of) ?? 0,
    help: told.help === true,
    note: typeof note === 'string' ? note.slice(0, NOTE) : '',
    environment: Private.record(told.environment, 'string'),
    ...(typeof cluster === 'string' ? { cluster } : {}),
    ...(Private.count(workers) === undefined
      ? {}
      : { workers: Private.count(workers) }),
    ...(told.spent ? { spent: Private.record(told.spent, 'number') } : {}),
    since: since * 1000 + ahead,
    reported: reported * 1000 + ahead
  };
}

/** What became of each person's server or clusters, by name. */
export function readOutcomes(
  data: JSONObject,
  key: 'servers' | 'clusters'
): Record<string, string> {
  return Private.record(data[key], 'string');
}

const ACTS: Act[] = ['start', 'stop', 'clusters'];

const STATES: ServerState[] = ['running', 'starting', 'stopping', 'stopped'];

/** Characters of a note, and entries of a record, that are read. */
const [NOTE, ENTRIES] = [500, 20];

namespace Private {
  export function object(data: unknown): JSONObject {
    return typeof data === 'object' && data !== null
      ? (data as JSONObject)
      : {};
  }

  export function count(value: unknown): number | undefined {
    return Number.isInteger(value) && (value as number) >= 0
      ? (value as number)
      : undefined;
  }

  /** What each entry of an object is read as. */
  export function mapped<T>(
    data: unknown,
    read: (value: unknown) => T
  ): Record<string, T> {
    return Object.fromEntries(
      Object.entries(object(data)).map(([name, value]) => [name, read(value)])
    );
  }

  export function rule(data: unknown): IRule {
    const { end, workers } = object(data);
    const size = count(workers);
    return {
      ...(end === null ? { end } : {}),
      ...(typeof end === 'number' && Number.isFinite(end)
        ? { end: end * 1000 }
        : {}),
      ...(workers === null ? { workers } : {}),
      ...(size ? { workers: size } : {})
    };
  }

  /** The entries whose values are of a kind. */
  export function record<K extends 'string' | 'number'>(
    data: unknown,
    kind: K
  ): Record<string, K extends 'string' ? string : number> {
    return Object.fromEntries(
      Object.entries(object(data))
        .filter(([, value]) => typeof value === kind)
        .slice(0, ENTRIES)
    ) as Record<string, K extends 'string' ? string : number>;
  }

  export function participant(
    data: unknown,
    ahead: number
  ): IParticipant | null {
    const { name, server, lastActivity, clusters, status } = object(data);
    if (typeof name !== 'string') {
      return null;
    }
    const state = STATES.find(one => one === server);
    // The hub's own times are not those of the service's clock.
    const seen = Date.parse(String(lastActivity));
    const said = readSaid(status, ahead);
    return {
      name,
      ...(state ? { server: state } : {}),
      ...(Number.isNaN(seen) ? {} : { lastActivity: seen }),
      ...(Array.isArray(clusters)
        ? {
            clusters: clusters.map(one => ({
              name: String(object(one).name),
              status: String(object(one).status)
            }))
          }
        : {}),
      ...(said ? { status: said } : {})
    };
  }
}
