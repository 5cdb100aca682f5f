import { MenuSvg } from '@jupyterlab/ui-components';
import { CommandIDs } from '../commands';
import type { ICluster } from '../tokens';
import type { ISidebarServices } from './services';

/** The commands of the menu, in groups. */
const GROUPS: string[][] = [
  [CommandIDs.showDetails, CommandIDs.renameCluster],
  [
    CommandIDs.copyConnectionCode,
    CommandIDs.copyPython,
    CommandIDs.copyYaml,
    CommandIDs.copyReport,
    CommandIDs.customiseCluster
  ],
  [CommandIDs.keepCluster, CommandIDs.restartWorkers, CommandIDs.stopCluster]
];

/** Open the menu of a card below its button. */
export function openCardMenu(
  services: ISidebarServices,
  cluster: ICluster,
  button: HTMLElement
): void {
  const { commands, manager } = services;
  manager.current = cluster;
  const args = { cluster: cluster.key };
  const menu = new MenuSvg({ commands });
  menu.addClass('jp-DaskCluster-menu');
  for (const [index, group] of GROUPS.entries()) {
    const known = group.filter(command => commands.hasCommand(command));
    if (index > 0 && known.length > 0) {
      menu.addItem({ type: 'separator' });
    }
    for (const command of known) {
      menu.addItem({ command, args });
    }
  }
  menu.aboutToClose.connect(() => {
    button.focus();
    // The chosen command runs after the menu has closed.
    requestAnimationFrame(() => menu.dispose());
  }, menu);
  const { left, bottom } = button.getBoundingClientRect();
  menu.open(left, bottom);
}
