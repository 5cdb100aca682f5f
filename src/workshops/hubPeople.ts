/**
 * The people of a class as the hub itself tells a trainer whose role has the
 * scopes for it: who there is, and their servers. Nothing about steps or help.
 */
import { URLExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { IHub } from '../providers/gateway/hub';
import { fewAtOnce } from '../providers/gateway/looks';
import {
  IAnswer,
  NoAnswer,
  parseObject,
  request
} from '../providers/gateway/request';
import { ClusterError } from '../tokens';
import type { Act, IParticipant, ServerState } from './serviceWire';

/** The scopes of a trainer's role and page, for one group. */
export const TRAINER_SCOPES = [
  'list:users',
  'read:users:groups',
  'read:users:activity',
  'read:servers'
];

/** The verbs of the hub, as far as a class needs them. */
export class HubPeople {
  constructor(private _options: HubPeople.IOptions) {}

  /** What the page's token lets a trainer do to servers. */
  static may(scopes: readonly string[]): Act[] {
    const has = (scope: string): boolean =>
      scopes.some(one => one.split('!')[0] === scope);
    return [
      ...(has('start:servers') ? (['start'] as const) : []),
      ...(has('delete:servers') ? (['stop'] as const) : [])
    ];
  }

  /** The people of the group. Rejects with a ClusterError. */
  async participants(): Promise<IParticipant[]> {
    const { group } = this._options;
    const people: JSONObject[] = [];
    for (;;) {
      const query = `users?limit=${PAGE}&offset=${people.length}&include_stopped_servers`;
      const { status, text } = await this._ask('GET', query);
      const data = parseObject(text);
      const items = data?.items;
      if (status !== 200 || !Array.isArray(items)) {
        throw this._refused(status, data);
      }
      people.push(...(items as JSONObject[]));
      const next = (data?._pagination as JSONObject | null)?.next;
      if (items.length === 0 || !next) {
        break;
      }
    }
    // Where groups are told, others whom the page may see are left out: an
    // administrator sees everybody.
    return people
      .filter(({ groups }) => !Array.isArray(groups) || groups.includes(group))
      .map(person => Private.participant(person));
  }

  /** Start people's servers; by name what became of each. */
  startServers(users: readonly string[]): Promise<Record<string, string>> {
    return this._each(users, 'POST', 'running', 'starting', 'already running');
  }

  /** Stop people's servers; by name what became of each. */
  stopServers(users: readonly string[]): Promise<Record<string, string>> {
    return this._each(users, 'DELETE', 'stopped', 'stopping', 'not running');
  }

  private async _each(
    users: readonly string[],
    method: string,
    done: ServerState,
    pending: ServerState,
    already: string
  ): Promise<Record<string, string>> {
    const outcomes: Record<string, string> = {};
    await fewAtOnce(users, async name => {
      const path = `users/${encodeURIComponent(name)}/server`;
      const { status, text } = await this._ask(method, path);
      const said = String(parseObject(text)?.message ?? `HTTP ${status}`);
      if (status === 202) {
        outcomes[name] = pending;
      } else if (status < 300 || (status === 400 && said.includes(already))) {
        outcomes[name] = done;
      } else {
        outcomes[name] = said.slice(0, 300);
      }
    });
    return outcomes;
  }

  private _ask(method: string, path: string): Promise<IAnswer> {
    const { hub, base, token, trans } = this._options;
    const address = new URL(URLExt.join(hub.prefix, 'api', path), base).href;
    const headers = {
      Authorization: `token ${token()}`,
      Accept: 'application/jupyterhub-pagination+json'
    };
    return request(
      address,
      { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) },
      TIMEOUT
    ).catch((reason: NoAnswer) => {
      throw new ClusterError(trans.__('The hub does not answer.'), {
        code: 'not-responding',
        cause: [{ message: reason.message }],
        hint: trans.__('Try again in a minute, or ask your administrator.')
      });
    });
  }

  private _refused(status: number, data: JSONObject | null): ClusterError {
    const { trans, group } = this._options;
    const kind = `HTTP ${status}`;
    const message = String(data?.message ?? kind).slice(0, 300);
    return new ClusterError(
      trans.__('The hub does not tell this page who is in the class.'),
      {
        code: 'unavailable',
        cause: [{ kind, message }],
        hint: trans.__(
          'An administrator can give trainers a role with the scopes %1, each for the group “%2”.',
          TRAINER_SCOPES.join(', '),
          group
        )
      }
    );
  }
}

export namespace HubPeople {
  export interface IOptions {
    hub: Pick<IHub, 'prefix'>;
    /** The address of this page's server. */
    base: string;
    token: () => string;
    /** The group of the participants. */
    group: string;
    trans: TranslationBundle;
  }
}

/** People in one answer of the hub. */
const PAGE = 100;

/** The hub answers a start after ten seconds at most, in ms. */
const TIMEOUT = 60_000;

namespace Private {
  export function participant(person: JSONObject): IParticipant {
    const servers = (person.servers ?? {}) as Record<string, JSONObject>;
    const server = servers[''] ?? {};
    const seen = Date.parse(
      String(server.last_activity ?? person.last_activity)
    );
    return {
      name: String(person.name),
      ...(person.servers ? { server: state(server) } : {}),
      ...(Number.isNaN(seen) ? {} : { lastActivity: seen })
    };
  }

  function state({ pending, ready }: JSONObject): ServerState {
    if (pending) {
      return pending === 'stop' ? 'stopping' : 'starting';
    }
    return ready ? 'running' : 'stopped';
  }
}
