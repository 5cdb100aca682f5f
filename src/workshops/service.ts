/**
 * The service of a hub for the trainers of a class (`deploy/workshop_service`),
 * as a page asks it. Nothing is asked before a verb is called.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { NoAnswer, parseObject, request } from '../providers/gateway/request';
import type { IBundle } from './bundle';
import { noAnswer, noService, refused, strange } from './serviceRefusals';
import type { IClassRules, IRule } from './rules';
import {
  IAnnouncement,
  IMe,
  IOrder,
  IParticipant,
  IPublished,
  IStatus,
  readAnnouncement,
  readAnnouncements,
  readClass,
  readClassRules,
  readMe,
  readPublished,
  readOutcomes,
  readRules,
  writeOrder
} from './serviceWire';

/** The service itself waits at most 20 seconds for an announcement, in ms. */
const TIMEOUT = 40_000;

/**
 * The verbs of the service. Each rejects with a ClusterError, whose code is
 * `not-found` where the hub has no such service, `unavailable` where this person
 * may not, `limit` after too many requests, and `not-responding` where nobody
 * answers.
 *
 * #### Notes
 * The service keeps everything in memory. Each answer tells its epoch, another
 * after a restart; the last status is then said again by itself.
 */
export class ClassService implements IDisposable {
  constructor(options: ClassService.IOptions) {
    this._options = options;
    this._address = options.address.replace(/\/+$/, '');
  }

  /** The service was restarted, and has forgotten what it was told. */
  get restarted(): ISignal<ClassService, void> {
    return this._restarted;
  }

  /** By class what trainers have set for this person, as it was told last. */
  get rules(): Readonly<Record<string, IRule>> {
    return this._rules;
  }

  /** By class what is set for all of it, as trainers were told last. */
  get classRules(): Readonly<Record<string, IClassRules>> {
    return this._classRules;
  }

  get isDisposed(): boolean {
    return this._end.signal.aborted;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._end.abort();
      Signal.clearData(this);
    }
  }

  /** Who this page is there, and what it can have done. */
  async me(): Promise<IMe> {
    return this._read(await this._ask('GET', 'me'), readMe);
  }

  /** Say how far this person is; it is said again after a restart. */
  async report(status: IStatus): Promise<void> {
    this._status = status;
    this._isOwed = false;
    await this._ask('PUT', 'status', { body: { ...status } });
  }

  /**
   * The announcements for this person that are newer than the last ones asked
   * for in this way, or all after a restart.
   *
   * @param wait - Answer only once there is one, or after some 20 s.
   */
  async announcements(
    wait = false,
    signal?: AbortSignal
  ): Promise<IAnnouncement[]> {
    const query = new URLSearchParams({
      after: String(this._last),
      ...(this._epoch ? { epoch: this._epoch } : {}),
      ...(wait ? { wait: '1' } : {})
    });
    const data = await this._ask('GET', `announcements?${query}`, { signal });
    const told = this._read(data, readAnnouncements);
    this._rules = readRules(data);
    this._last = Math.max(this._last, ...told.map(({ id }) => id));
    return told;
  }

  /** Tell something to all, or to some people only. Trainers may. */
  async announce(
    text: string,
    users: readonly string[] = []
  ): Promise<IAnnouncement> {
    const body = { text, ...(users.length > 0 ? { users: [...users] } : {}) };
    return this._read(
      await this._ask('POST', 'announcements', { body }),
      ({ announcement }) => readAnnouncement(announcement)
    );
  }

  /** Set something for a class, or for some people of it only. Trainers may. */
  async order(order: IOrder, users: readonly string[] = []): Promise<void> {
    const body = writeOrder(order, users);
    const data = await this._ask('POST', 'orders', { body });
    this._classRules = readClassRules(data);
  }

  /**
   * Publish a class with its notebooks. Trainers may.
   *
   * @param code - The one that it had before, which it keeps if it can.
   * @returns The code by which participants get it.
   */
  async publish(bundle: IBundle, code = ''): Promise<string> {
    const { workshop, notebooks } = bundle;
    const body = { code, workshop, notebooks };
    return this._read(
      await this._ask('POST', 'published', { body }),
      ({ code: given }) => (typeof given === 'string' ? given : null)
    );
  }

  /** What was published under a code. Trainers and participants may. */
  async published(code: string): Promise<IPublished> {
    const path = `published/${encodeURIComponent(code)}`;
    return this._read(await this._ask('GET', path), readPublished);
  }

  /** A row for each participant. Trainers may. */
  async participants(): Promise<IParticipant[]> {
    const data = await this._ask('GET', 'class');
    this._classRules = readClassRules(data);
    return this._read(data, told => readClass(told));
  }

  /**
   * Start people's servers. Trainers may.
   *
   * @returns By name what became of each: a state, or why not, in words.
   */
  startServers(users: readonly string[]): Promise<Record<string, string>> {
    return this._act('servers', 'servers', users);
  }

  /** Stop people's servers, where the administrator lets the service do that. */
  stopServers(users: readonly string[]): Promise<Record<string, string>> {
    return this._act('servers/stop', 'servers', users);
  }

  /**
   * Stop people's clusters of the gateway, where the administrator lets the
   * service do that.
   *
   * @returns By name how many were stopped, or why not, in words.
   */
  stopClusters(users: readonly string[]): Promise<Record<string, string>> {
    return this._act('clusters/stop', 'clusters', users);
  }

  private async _act(
    path: string,
    key: 'servers' | 'clusters',
    users: readonly string[]
  ): Promise<Record<string, string>> {
    // The service takes so many names at once.
    const outcomes: Record<string, string> = {};
    for (let first = 0; first < users.length; first += NAMES) {
      const body = { users: users.slice(first, first + NAMES) };
      const data = await this._ask('POST', path, { body, timeout: SLOW });
      Object.assign(outcomes, readOutcomes(data, key));
    }
    return outcomes;
  }

  private _read<T>(data: JSONObject, read: (data: JSONObject) => T | null): T {
    const value = read(data);
    if (value === null) {
      throw strange(this._options.trans);
    }
    return value;
  }

  private async _ask(
    method: string,
    path: string,
    { body, signal, timeout }: Private.IAskOptions = {}
  ): Promise<JSONObject> {
    const { authorization, trans } = this._options;
    const { status, text } = await request(
      `${this._address}/api/${path}`,
      {
        method,
        headers: {
          Authorization: authorization(),
          ...(body ? { 'Content-Type': 'application/json' } : {})
        },
        body: body && JSON.stringify(body)
      },
      timeout ?? this._options.timeout ?? TIMEOUT,
      signal,
      this._end.signal
    ).catch((reason: NoAnswer) => {
      throw noAnswer(reason, trans);
    });
    const data = parseObject(text);
    if (status === 404 && typeof data?.error !== 'string') {
      throw noService(trans, `HTTP ${status}`);
    }
    if (status >= 400) {
      throw refused(status, data?.error, trans);
    }
    if (typeof data?.epoch !== 'string') {
      throw noService(trans, trans.__('It sent something else.'));
    }
    this._note(data.epoch, method === 'PUT');
    return data;
  }

  /** Take note of the epoch, and say one's status again where it is owed. */
  private _note(epoch: string, isSaid: boolean): void {
    const isAnother = this._epoch !== '' && this._epoch !== epoch;
    this._epoch = epoch;
    if (isAnother) {
      this._last = 0;
    }
    if ((isAnother || this._isOwed) && !isSaid && this._status) {
      const status = this._status;
      this._isOwed = false;
      this.report(status).catch(() => {
        // Asked again with the next answer, unless there is a newer one.
        this._isOwed = this._status === status;
      });
    }
    if (isAnother) {
      this._restarted.emit();
    }
  }

  private readonly _options: ClassService.IOptions;
  private readonly _address: string;
  private readonly _end = new AbortController();
  private readonly _restarted = new Signal<ClassService, void>(this);
  private _rules: Record<string, IRule> = {};
  private _classRules: Record<string, IClassRules> = {};
  private _epoch = '';
  private _last = 0;
  private _status: IStatus | null = null;
  private _isOwed = false;
}

export namespace ClassService {
  export interface IOptions {
    /** The service's address, on the page's own origin. */
    address: string;
    /** The header by which the hub knows the person. */
    authorization: () => string;
    /** How long an answer may take, in ms. */
    timeout?: number;
    trans: TranslationBundle;
  }
}

/** People whom the service takes in one request. */
const NAMES = 100;

/** For requests that wait for the hub to act on many servers, in ms. */
const SLOW = 600_000;

namespace Private {
  export interface IAskOptions {
    body?: JSONObject;
    signal?: AbortSignal;
    timeout?: number;
  }
}
