/** Shows schedulers that somebody else started as cards. */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import type { IFindings, IFound } from '../providers/kernel/finder';
import type { ICluster, IClusterManager } from '../tokens';
import { FormDialog } from '../formDialog';
import '../../style/base.css';
import '../../style/form.css';

/** The provider's id. */
const PROVIDER = 'scheduler';

const ADDRESS = /^(?:(?:tcp|tls|ws|wss|ucx):\/\/)?[^\s/@]+:\d{1,5}$/;

/**
 * Ask for a scheduler's address or file, and show it.
 *
 * @returns null when the person cancels.
 */
export async function connectScheduler(
  manager: IClusterManager,
  trans: TranslationBundle
): Promise<ICluster | null> {
  const form = new Private.SchedulerForm(trans);
  const dialog = new FormDialog<Private.ISchedulerFields>({
    title: trans.__('Connect to an existing scheduler'),
    body: form,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Connect') })
    ],
    accepts: () => form.check(),
    focusNodeSelector: 'input'
  });
  const { button, value } = await dialog.launch();
  if (!button.accept || !value) {
    return null;
  }
  const { where, credentials, name } = value;
  const options: JSONObject = {
    [ADDRESS.test(where) ? 'address' : 'file']: where
  };
  if (credentials) {
    options.credentials = credentials;
  }
  return manager.create({
    provider: PROVIDER,
    name: name || where.split('/').pop(),
    options
  });
}

/**
 * Ask the open kernels for clusters, and show those that the person chooses.
 *
 * @returns null when there are none or the person cancels.
 */
export async function findAndShow(
  manager: IClusterManager,
  find: () => Promise<IFindings>,
  trans: TranslationBundle
): Promise<ICluster[] | null> {
  const { found, silent } = await find();
  const known = new Set(
    manager.clusters.map(({ snapshot }) => snapshot.connection?.address)
  );
  const fresh = found.filter(item => !known.has(item.address));
  const busy = silent.length
    ? trans._n(
        'The kernel of %2 was busy and could not be asked.',
        'The kernels of %2 were busy and could not be asked.',
        silent.length,
        silent.join(', ')
      )
    : '';
  if (fresh.length === 0) {
    await showDialog({
      title: trans.__('No other clusters in open notebooks'),
      body: [
        trans.__('Clusters that a notebook made are found while it runs.'),
        busy
      ]
        .filter(Boolean)
        .join(' '),
      buttons: [Dialog.okButton({ label: trans.__('Close') })]
    });
    return null;
  }
  const { button, value } = await showDialog({
    title: trans.__('Clusters in open notebooks'),
    body: new Private.FoundForm(fresh, busy, trans),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Show') })
    ],
    focusNodeSelector: 'input'
  });
  return button.accept && value
    ? value.map(item => manager.create(Private.request(item)))
    : null;
}

namespace Private {
  export interface ISchedulerFields {
    /** An address or a file's path. */
    where: string;
    credentials: string;
    name: string;
  }

  let count = 0;

  /** A field with its label, help and message. */
  function field(
    parent: HTMLElement,
    label: string,
    help: string
  ): { input: HTMLInputElement; message: HTMLElement } {
    count += 1;
    const id = `jp-DaskScheduler-${count}`;
    const part = parent.appendChild(document.createElement('div'));
    const title = part.appendChild(document.createElement('label'));
    title.htmlFor = id;
    title.textContent = label;
    const input = part.appendChild(document.createElement('input'));
    input.id = id;
    input.className = 'jp-mod-styled';
    input.spellcheck = false;
    const message = part.appendChild(document.createElement('div'));
    message.id = `${id}-help`;
    message.textContent = help;
    input.setAttribute('aria-describedby', message.id);
    return { input, message };
  }

  /** Asks for an address or a file. */
  export class SchedulerForm
    extends Widget
    implements Dialog.IBodyWidget<ISchedulerFields>
  {
    constructor(private _trans: TranslationBundle) {
      super();
      this.addClass('jp-DaskForm');
      this._where = field(
        this.node,
        _trans.__('Address or scheduler file'),
        _trans.__('Such as tcp://10.0.0.5:8786, or a path on the server')
      );
      this._where.input.required = true;
      this._credentials = field(
        this.node,
        _trans.__('Credentials file (optional)'),
        _trans.__('A PEM file on the server, for tls:// addresses')
      );
      this._name = field(this.node, _trans.__('Name (optional)'), '');
      this._name.input.maxLength = 64;
    }

    /** Say what is wrong, if anything is. */
    check(): boolean {
      const where = this._where.input.value.trim();
      const isAddress = ADDRESS.test(where);
      const isPath = !where.includes('://') && /[/\\.]/.test(where);
      const isRight = isAddress || isPath;
      this._where.input.setAttribute('aria-invalid', String(!isRight));
      if (!isRight) {
        this._where.message.setAttribute('role', 'alert');
        this._where.message.textContent = where
          ? this._trans.__(
              'This is neither an address such as tcp://10.0.0.5:8786 nor a path.'
            )
          : this._trans.__('Give an address or a path.');
        this._where.input.focus();
      }
      return isRight;
    }

    getValue(): ISchedulerFields {
      return {
        where: this._where.input.value.trim(),
        credentials: this._credentials.input.value.trim(),
        name: this._name.input.value.trim()
      };
    }

    private _where: { input: HTMLInputElement; message: HTMLElement };
    private _credentials: { input: HTMLInputElement };
    private _name: { input: HTMLInputElement };
  }

  /** Lists what was found, to choose from. */
  export class FoundForm
    extends Widget
    implements Dialog.IBodyWidget<IFound[]>
  {
    constructor(found: IFound[], note: string, trans: TranslationBundle) {
      super();
      this.addClass('jp-DaskForm');
      const group = this.node.appendChild(document.createElement('fieldset'));
      group.appendChild(document.createElement('legend')).textContent =
        trans.__('Show as cards');
      this._choices = found.map(item => {
        const label = group.appendChild(document.createElement('label'));
        label.className = 'jp-DaskForm-check';
        const input = label.appendChild(document.createElement('input'));
        input.type = 'checkbox';
        input.checked = true;
        const size =
          item.workers === null
            ? item.address
            : trans._n('%1 worker', '%1 workers', item.workers);
        label.appendChild(document.createElement('span')).textContent =
          trans.__(
            '%1 in %2: %3, %4',
            item.name || trans.__('no name'),
            item.document,
            item.kind,
            size
          );
        return { item, input };
      });
      if (note) {
        const text = this.node.appendChild(document.createElement('p'));
        text.className = 'jp-DaskForm-note';
        text.textContent = note;
      }
    }

    getValue(): IFound[] {
      return this._choices
        .filter(({ input }) => input.checked)
        .map(({ item }) => item);
    }

    private _choices: { item: IFound; input: HTMLInputElement }[];
  }

  export function request(
    item: IFound
  ): Parameters<IClusterManager['create']>[0] {
    const { address, document, environment, kernel, kind, name } = item;
    return {
      provider: PROVIDER,
      environment,
      name: `${name || kind} · ${document}`.slice(0, 64),
      options: {
        address,
        ownerKernel: kernel,
        scalable: item.scalable,
        secure: item.secure
      }
    };
  }
}
