/**
 * Where a trainer's table comes from. Each level is tried when the page opens,
 * is shown as what it is, and works without the others.
 */
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { inWords, toClusterError } from '../cluster/errors';
import { ClusterError } from '../tokens';
import { HubPeople } from './hubPeople';
import type { ClassService } from './service';
import type { Act, IParticipant } from './serviceWire';
import { StatusFolder } from './statusFolder';

/** 1: the hub's own API; 2: files in a shared folder; 3: the hub's service. */
export type Level = 1 | 2 | 3;

/** One level, and why it is not there. */
export interface ILevel {
  level: Level;
  /** Whether the table's rows come from it. */
  used: boolean;
  /** Why not, and what would help, in words; empty where it is used. */
  reason: string;
}

/** What a class is asked by. */
export interface IWays {
  levels: ILevel[];
  /** The service, where this person may run a class with it. */
  service: ClassService | null;
  /** What starts and stops servers. */
  servers: Pick<ClassService, 'startServers' | 'stopServers'> | null;
  may: Act[];
  /** All that tell of participants; the first names who is in the class. */
  sources: Array<{ participants(): Promise<IParticipant[]> }>;
}

/** What is tried. */
export interface IWaysOptions {
  /** Null where the page is on no hub, or cannot reach its services. */
  service: ClassService | null;
  people: HubPeople | null;
  /** What the page's token may do, by the hub's word; null where it is not known. */
  scopes: () => Promise<string[] | null>;
  /** The shared folder that the workshop's file names. */
  folder?: string;
  contents: Contents.IManager;
  trans: TranslationBundle;
}

/** Try them. Rejects only where one that is there does not answer. */
export async function findWays(options: IWaysOptions): Promise<IWays> {
  const { service, people, folder, contents, trans } = options;
  const ways: IWays = {
    levels: [],
    service: null,
    servers: null,
    may: [],
    sources: []
  };
  const note = (level: Level, reason = ''): void => {
    ways.levels.push({ level, used: reason === '', reason });
  };
  const noHub = trans.__('This page is on no JupyterHub that it can ask.');

  const isThere = await Private.served(service, ways, trans);
  note(3, service ? isThere : noHub);

  if (ways.service) {
    note(1, trans.__('It is not needed: the service tells the same.'));
  } else if (!people) {
    note(1, noHub);
  } else {
    try {
      await people.participants();
      ways.sources.push(people);
      ways.servers = people;
      ways.may = HubPeople.may((await options.scopes()) ?? []);
      note(1);
    } catch (reason) {
      note(1, Private.why(reason));
    }
  }

  if (folder === undefined) {
    note(2, trans.__('The workshop’s file names no shared folder.'));
  } else {
    try {
      const files = new StatusFolder({ contents, folder });
      await files.participants();
      ways.sources.push(files);
      note(2);
    } catch (reason) {
      note(
        2,
        trans.__(
          'The folder “%1” cannot be read (%2). Ask your administrator for one that all of the class have.',
          folder,
          toClusterError(reason).message
        )
      );
    }
  }
  ways.levels.sort((a, b) => b.level - a.level);
  return ways;
}

namespace Private {
  /** Take the service in; why it cannot be, in words. */
  export async function served(
    service: ClassService | null,
    ways: IWays,
    trans: TranslationBundle
  ): Promise<string> {
    try {
      const me = await service?.me();
      if (service && me?.trainer) {
        ways.service = service;
        ways.servers = service;
        ways.may = me.may;
        ways.sources.push(service);
        return '';
      }
      return trans.__(
        'The hub’s service does not know you as a trainer. An administrator can give you the role, then restart your server.'
      );
    } catch (reason) {
      return why(reason);
    }
  }

  /** Why a level cannot be used; thrown on where it does not answer. */
  export function why(reason: unknown): string {
    const error = toClusterError(reason);
    if (error instanceof ClusterError && error.code === 'not-responding') {
      throw error;
    }
    return inWords(error);
  }
}
