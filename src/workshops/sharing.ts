/**
 * A participant's consent to files in the folder that a class shares: one small
 * file for who agrees, written while the page is open and the person has joined,
 * and removed when the consent is taken back.
 */
import type { Contents } from '@jupyterlab/services';
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { toClusterError } from '../cluster/errors';
import { PACKAGE } from '../tokens';
import type { Run } from './run';
import { fileOf, StatusFolder } from './statusFolder';
import type { Voice } from './voice';

export class Sharing implements IDisposable {
  constructor(private _options: Sharing.IOptions) {
    const { run, voice } = _options;
    run.changed.connect(this._update, this);
    voice.changed.connect(this._update, this);
    voice.statusChanged.connect(this._update, this);
    this._update();
  }

  /** Consent, or what became of the file, changed. */
  get changed(): ISignal<Sharing, void> {
    return this._changed;
  }

  /** The folder that the workshop's file names. */
  get folder(): string | undefined {
    return this._options.run.workshop?.shared;
  }

  /** Whether the person agreed, for this workshop and this folder. */
  get agreed(): boolean {
    return this._name !== null;
  }

  /** Whether the trainer sees the file, or is about to. */
  get isUsed(): boolean {
    return this.agreed && this._options.run.joining === 'joined';
  }

  /** The name of a file that is still there although the consent was taken back. */
  get left(): string | null {
    return this._left === null ? null : fileOf(this._left);
  }

  /** Why the file is not as it should be, in words; else empty. */
  get problem(): string {
    return this._problem;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  /** Agree; the file is written once the person has joined. */
  async agree(): Promise<void> {
    const key = this._key;
    const name = await this._options.name();
    if (key !== '' && key === this._key) {
      await this._options.state?.save(key, { name });
      this._name = name;
      this._left = null;
      this._said = '';
      this._update();
      this._changed.emit();
      await this.written();
    }
  }

  /**
   * Take the consent back: nothing is written any more, also after a reload, and
   * the file is removed.
   *
   * @throws Error in words when the file is still there, as {@link left} then says;
   * it can be called again.
   */
  async revoke(): Promise<void> {
    const { folder, _key: key } = this;
    const name = this._name ?? this._left;
    if (folder === undefined || name === null) {
      return;
    }
    // The consent is over, whatever becomes of the file.
    this._name = null;
    this._problem = '';
    this._changed.emit();
    const { state, trans } = this._options;
    try {
      await state?.save(key, { name, revoked: true });
      await this._writing;
      await this._files(folder).remove(name);
      await state?.remove(key);
      if (key === this._key) {
        this._left = null;
      }
    } catch (reason) {
      this._left = name;
      throw new Error(
        trans.__(
          'You took it back, and nothing more is written. But your file “%1” could not be removed and is still in “%2”: %3 Try again, or ask your trainer to delete it.',
          fileOf(name),
          folder,
          toClusterError(reason).message
        )
      );
    } finally {
      this._changed.emit();
    }
  }

  /** Wait until all is written. @throws Error in words where it is not. */
  async written(): Promise<void> {
    await this._writing;
    if (this._problem) {
      throw new Error(this._problem);
    }
  }

  /** Where the consent is remembered; empty without a folder. */
  private get _key(): string {
    const { workshop } = this._options.run;
    return workshop?.shared === undefined
      ? ''
      : `${PACKAGE}:shares:${workshop.id}:${workshop.shared}`;
  }

  private _files(folder: string): StatusFolder {
    return new StatusFolder({ contents: this._options.contents, folder });
  }

  private _update(): void {
    if (this._shown !== this._key) {
      void this._recall();
    }
    const { folder, _name: name } = this;
    if (!this.isUsed || folder === undefined) {
      return;
    }
    const { status } = this._options.voice;
    const said = JSON.stringify(status);
    if (said === this._said || name === null) {
      return;
    }
    if (status.step !== this._step) {
      this._step = status.step;
      this._since = Date.now();
    }
    this._said = said;
    const since = this._since;
    this._writing = this._writing.then(async () => {
      // What changed meanwhile is written by the next one.
      if (said === this._said && this._name === name) {
        await this._write(folder, () =>
          this._files(folder).write(name, status, since)
        );
      }
    });
  }

  /** Write; what went wrong is kept in words, and tried with the next change. */
  private async _write(
    folder: string,
    write: () => Promise<void>
  ): Promise<void> {
    const before = this._problem;
    try {
      await write();
      this._problem = '';
    } catch (reason) {
      this._said = '';
      this._problem = this._options.trans.__(
        'Your trainer cannot see your steps: the folder “%1” cannot be written (%2). Ask your trainer whether the class has it.',
        folder,
        toClusterError(reason).message
      );
    }
    if (this._problem !== before && !this._isDisposed) {
      this._changed.emit();
    }
  }

  /** Find out whether the person agreed before. */
  private async _recall(): Promise<void> {
    const key = (this._shown = this._key);
    this._name = null;
    this._said = '';
    this._problem = '';
    this._left = null;
    const kept = key && (await this._options.state?.fetch(key));
    const { name, revoked } = (kept || {}) as Record<string, unknown>;
    if (key === this._key && !this._isDisposed && typeof name === 'string') {
      this._name = revoked === true ? null : name;
      this._left = revoked === true ? name : null;
      this._update();
      this._changed.emit();
    }
  }

  private _shown = '';
  private _name: string | null = null;
  private _problem = '';
  private _said = '';
  private _step = -1;
  private _since = 0;
  private _left: string | null = null;
  private _writing: Promise<void> = Promise.resolve();
  private _isDisposed = false;
  private _changed = new Signal<Sharing, void>(this);
}

export namespace Sharing {
  export interface IOptions {
    run: Pick<Run, 'workshop' | 'joining' | 'changed'>;
    voice: Pick<Voice, 'status' | 'changed' | 'statusChanged'>;
    contents: Contents.IManager;
    /** Where the consent is remembered; null where it holds for this page only. */
    state: IStateDB | null;
    /** Whose file it is. */
    name: () => Promise<string>;
    trans: TranslationBundle;
  }
}
