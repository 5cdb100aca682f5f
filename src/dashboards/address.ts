import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ClusterError, IClusterManager } from '../tokens';
import type { Dashboards } from './dashboards';
import { WHOLE_PLOT } from './plots';
import { followAddress } from './probe';
import { IAddress, isSameDashboard, placeOf, readAddress } from './url';

/** What opening an address needs. */
export interface IAddressContext {
  dashboards: Dashboards;
  manager: IClusterManager;
  server: ServerConnection.ISettings;
  /** Hosts with ports that need no question. */
  trusted: readonly string[];
  trans: TranslationBundle;
}

/**
 * Open what an address leads to. The dashboard of a listed cluster opens in
 * panes; another one behind this server's proxy does so after a question,
 * since a page from there can act as this person on this server; anything else
 * opens in a new browser tab that does not know where it was opened from.
 *
 * @param layout - The layout to open; the whole dashboard without one.
 *
 * @throws ClusterError `invalid` for what is not an address.
 */
export async function openAddress(
  text: string,
  layout: string | undefined,
  context: IAddressContext
): Promise<void> {
  const { dashboards, manager, server, trusted, trans } = context;
  const { baseUrl } = server;
  const openBase = async (given: string): Promise<void> => {
    const found = await followAddress(given, { server, trans });
    await Private.openHere(found, layout, dashboards);
  };
  const address = readAddress(text, baseUrl);
  if (address.kind === 'refused') {
    throw Private.refusal(address.reason, trans);
  }
  const base = address.kind === 'proxied' ? address.base : null;
  const cluster = manager.clusters.find(one => {
    const theirs = dashboards.reachOf(one);
    const told = one.snapshot.dashboard;
    return (
      theirs !== null &&
      told !== undefined &&
      (theirs.base === base || isSameDashboard(told, text, baseUrl))
    );
  });
  if (cluster) {
    manager.current = cluster;
    await Private.openHere(cluster.key, layout, dashboards);
  } else if (address.kind === 'foreign') {
    if (await Private.confirmTab(address.url, trans)) {
      openTab(address.url);
    }
  } else if (trusted.includes(placeOf(address.base))) {
    await openBase(address.base);
  } else {
    const answer = await Private.confirmPane(address.base, trans);
    if (answer === 'here') {
      await openBase(address.base);
    } else if (answer === 'tab') {
      openTab(`${address.base}${WHOLE_PLOT}`);
    }
  }
}

/** Open a page in a new browser tab that does not know where it came from. */
export function openTab(url: string): void {
  window.open(url, '_blank', 'noopener,noreferrer');
}

namespace Private {
  type Refusal = Extract<IAddress, { kind: 'refused' }>['reason'];

  export function refusal(
    reason: Refusal,
    trans: TranslationBundle
  ): ClusterError {
    const message = {
      syntax: trans.__('This is not an address of a dashboard.'),
      scheme: trans.__('Only http and https addresses can be opened.'),
      credentials: trans.__('An address with a user name is not opened.')
    }[reason];
    return new ClusterError(message, {
      code: 'invalid',
      hint: trans.__('It looks like http://127.0.0.1:8787/status.')
    });
  }

  export async function openHere(
    source: string,
    layout: string | undefined,
    dashboards: Dashboards
  ): Promise<void> {
    if (layout === undefined) {
      await dashboards.openTab({ source, plot: WHOLE_PLOT });
    } else {
      await dashboards.openLayoutOf(source, layout);
    }
  }

  export async function confirmTab(
    url: string,
    trans: TranslationBundle
  ): Promise<boolean> {
    const { button } = await showDialog({
      title: trans.__('Open a page outside of this server?'),
      body: trans.__('This address is not shown here: %1', url),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Open in a new tab') })
      ],
      defaultButton: 0
    });
    return button.accept;
  }

  export async function confirmPane(
    base: string,
    trans: TranslationBundle
  ): Promise<'here' | 'tab' | null> {
    const { button } = await showDialog({
      title: trans.__('Is the dashboard at %1 yours?', placeOf(base)),
      body: trans.__(
        'It belongs to no cluster in your list. A page from there can act as you on this server: open it only if you started it.'
      ),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.createButton({
          label: trans.__('Open in a new tab'),
          actions: ['tab']
        }),
        Dialog.okButton({ label: trans.__('It is mine: open it here') })
      ],
      defaultButton: 0
    });
    return button.accept
      ? button.actions.includes('tab')
        ? 'tab'
        : 'here'
      : null;
  }
}
