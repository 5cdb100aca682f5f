import { MenuSvg } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import type { Menu } from '@lumino/widgets';
import { CommandIDs } from '../commands';
import { plainText } from '../plainText';
import type { ICluster } from '../tokens';
import type { createToolbarItem } from './toolbarItem';

/** The longest time that the menu waits for the kernel's word, ms. */
const PATIENCE = 300;

/** A notebook's item and where its menu opens. */
export interface IMenuOptions extends createToolbarItem.IOptions {
  anchor: HTMLElement;
}

/**
 * Open the menu of a notebook's toolbar item. Opening it asks the kernel, if
 * it is idle, what the notebook is connected to; nothing else asks.
 */
export async function openMenu(options: IMenuOptions): Promise<void> {
  const { anchor, panel, snippets, manager } = options;
  await Promise.race([
    Promise.all([snippets.refresh(panel.id), manager.refresh()]),
    new Promise(resolve => setTimeout(resolve, PATIENCE))
  ]);
  const menu = createMenu(options);
  menu.aboutToClose.connect(() => anchor.focus(), menu);
  const { left, bottom } = anchor.getBoundingClientRect();
  menu.open(left, bottom);
  menu.activeIndex = 0;
}

/** The menu with the clusters and acts there are now. */
export function createMenu(options: IMenuOptions): Menu {
  const { commands: app, panel, snippets, manager, trans } = options;
  const commands = new CommandRegistry();
  const menu = new MenuSvg({ commands });
  const notebook = panel.id;
  const { cluster: key, status } = snippets.state(notebook);
  const add = (
    label: string,
    id: string,
    args: Record<string, string | boolean>,
    more: Partial<CommandRegistry.ICommandOptions> = {}
  ): void => {
    const command = `item-${menu.items.length}`;
    commands.addCommand(command, {
      label,
      isEnabled: () => app.hasCommand(id),
      execute: () => app.execute(id, args),
      describedBy: { args: null },
      ...more
    });
    menu.addItem({ command });
  };
  const running = manager.clusters.filter(canConnect);
  for (const cluster of running) {
    add(
      plainText(cluster.snapshot.name),
      CommandIDs.connectNotebook,
      { cluster: cluster.key, notebook, cell: false },
      { isToggled: () => status === 'connected' && cluster.key === key }
    );
  }
  if (running.length > 0) {
    menu.addItem({ type: 'separator' });
  }
  const chosen = running.find(one => one.key === key) ?? running[0];
  if (status === 'lost' && chosen) {
    add(trans.__('Reconnect'), CommandIDs.connectNotebook, {
      cluster: chosen.key,
      notebook,
      cell: false
    });
  }
  if (!manager.readOnly) {
    add(trans.__('New cluster'), CommandIDs.newCluster, {});
  }
  if (chosen) {
    add(trans.__('Insert connection cell'), CommandIDs.connectNotebook, {
      cluster: chosen.key,
      notebook,
      cell: true,
      run: false
    });
    add(trans.__('Open dashboards…'), CommandIDs.openDashboards, {
      cluster: chosen.key
    });
  }
  if (status === 'connected') {
    add(trans.__('Disconnect'), CommandIDs.disconnectNotebook, { notebook });
  }
  return menu;
}

function canConnect(cluster: ICluster): boolean {
  const { state, connection } = cluster.snapshot;
  return (
    connection !== undefined && (state === 'running' || state === 'degraded')
  );
}
