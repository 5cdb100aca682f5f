/**
 * Where the history is kept: a section of the server's configuration, which is
 * one for all browsers, workspaces and tabs of a person. What is sent is merged
 * there, so two tabs do not overwrite each other.
 */
import { URLExt } from '@jupyterlab/coreutils';
import { ConfigSection, ServerConnection } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import type { History } from '../tokens';
import { readHistory, writeRecord } from './history';

/** The name of the section, thus of the file on the server. */
const SECTION = 'jupyterlab_seasonal_monitor_costs';

/**
 * The longest text, in characters of at most three bytes, that is sent on when the
 * page is left: browsers refuse to send more than 64 KiB that way.
 */
const KEPT_ALIVE = 20_000;

/** Keeps a history. */
export interface IHistoryStore {
  /** All there is now. */
  load(): Promise<History>;
  /** Add or replace records, and forget days. */
  save(records: History, forget: readonly string[]): Promise<void>;
}

/** A history on the Jupyter server. */
export class ServerStore implements IHistoryStore {
  constructor(private _settings: ServerConnection.ISettings) {}

  async load(): Promise<History> {
    const section = await ConfigSection.create({
      name: SECTION,
      serverSettings: this._settings
    });
    return readHistory(section.data.days);
  }

  async save(records: History, forget: readonly string[]): Promise<void> {
    const days: JSONObject = {};
    for (const [day, clusters] of Object.entries(records)) {
      days[day] = Object.fromEntries(
        Object.entries(clusters).map(([key, record]) => [
          key,
          writeRecord(record)
        ])
      );
    }
    for (const day of forget) {
      days[day] = null;
    }
    // One request, which the server merges and which goes on when the page is left.
    const { baseUrl } = this._settings;
    const body = JSON.stringify({ days });
    const response = await ServerConnection.makeRequest(
      URLExt.join(baseUrl, 'api/config', SECTION),
      { method: 'PATCH', body, keepalive: body.length <= KEPT_ALIVE },
      this._settings
    );
    if (!response.ok) {
      throw await ServerConnection.ResponseError.create(response);
    }
  }
}
