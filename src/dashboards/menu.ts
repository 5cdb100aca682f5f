import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import type { Menu } from '@lumino/widgets';
import type { ICluster, IDashboards, IPlot } from '../tokens';

/** What the menu is made of. */
export interface IPlotMenuOptions {
  cluster: ICluster;
  dashboards: IDashboards;
  /** What the scheduler offers. */
  plots: readonly IPlot[];
  /** Runs an act and tells of its failure. */
  run: (act: () => Promise<void> | void) => void;
  trans: TranslationBundle;
}

/**
 * Layouts, favourites and all plots of a cluster, grouped. Layouts come first:
 * they are what most people want.
 */
export function createPlotMenu(options: IPlotMenuOptions): Menu {
  const { cluster, dashboards, plots, run, trans } = options;
  const commands = new CommandRegistry();
  const menu = new MenuSvg({ commands });
  let count = 0;
  const add = (
    where: Menu,
    label: string,
    act: () => Promise<void> | void
  ): void => {
    const command = `item-${count++}`;
    commands.addCommand(command, {
      label,
      describedBy: { args: null },
      execute: () => run(act)
    });
    where.addItem({ command });
  };
  const addPlot = (where: Menu, plot: IPlot): void =>
    add(where, plot.label, () => dashboards.open(cluster, plot.id));
  for (const { name } of dashboards.layouts) {
    add(menu, trans.__('Layout %1', name), async () => {
      await dashboards.openLayout(cluster, name);
    });
  }
  menu.addItem({ type: 'separator' });
  const favourites = plots.filter(({ id }) =>
    dashboards.favourites.includes(id)
  );
  favourites.forEach(plot => addPlot(menu, plot));
  if (favourites.length > 0) {
    menu.addItem({ type: 'separator' });
  }
  const [overview] = plots;
  for (const group of new Set(plots.map(plot => plot.group))) {
    const members = plots.filter(plot => plot.group === group);
    if (group === overview.group) {
      members.forEach(plot => addPlot(menu, plot));
    } else {
      const submenu = new MenuSvg({ commands });
      submenu.title.label = group;
      members.forEach(plot => addPlot(submenu, plot));
      menu.addItem({ type: 'submenu', submenu });
    }
  }
  menu.addItem({ type: 'separator' });
  add(menu, trans.__('Close all'), () => dashboards.closeLayout(cluster));
  return menu;
}

/** Open a menu at what has the focus, which gets the focus back. */
export function openAtFocus(menu: Menu): void {
  const anchor = document.activeElement;
  const { left, bottom } =
    anchor instanceof HTMLElement && anchor !== document.body
      ? anchor.getBoundingClientRect()
      : { left: window.innerWidth / 3, bottom: window.innerHeight / 4 };
  menu.aboutToClose.connect(() => {
    if (anchor instanceof HTMLElement) {
      anchor.focus();
    }
  }, menu);
  menu.open(left, bottom);
}
