/**
 * What is known of commands before the rest is loaded. Everything here is loaded
 * with the page, so it is little.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

/** The ids of commands that can be found early, or that bring back panes. */
export namespace EarlyIDs {
  export const showSidebar = 'seasonal-monitor:show-sidebar';
  export const newCluster = 'seasonal-monitor:new-cluster';
  export const openTemplate = 'seasonal-monitor:open-template';
  export const newWorkshop = 'seasonal-monitor:new-workshop';
  export const joinWorkshop = 'seasonal-monitor:join-workshop';
  export const openPlot = 'seasonal-monitor:open-plot';
  export const showDetails = 'seasonal-monitor:show-details';
  export const showLeftRunning = 'seasonal-monitor:show-left-running';
  export const showCosts = 'seasonal-monitor:show-costs';
  export const ownOrRent = 'seasonal-monitor:own-or-rent';
}

/** What a command is called, and what it does. */
export interface ICommandText {
  label: string;
  caption: string;
}

/**
 * The texts of the commands that can be found before their code is loaded, the
 * same before and after.
 */
export function earlyTexts(
  trans: TranslationBundle
): Record<
  | 'newCluster'
  | 'openTemplate'
  | 'newWorkshop'
  | 'openPlot'
  | 'showDetails'
  | 'showLeftRunning'
  | 'showCosts'
  | 'ownOrRent',
  ICommandText
> {
  return {
    newCluster: {
      label: trans.__('New Dask Cluster'),
      caption: trans.__('Start a Dask cluster with the last profile')
    },
    openTemplate: {
      label: trans.__('Notebook from Template…'),
      caption: trans.__('Fill in the form of a template')
    },
    newWorkshop: {
      label: trans.__('New Workshop…'),
      caption: trans.__('Prepare a class by a form')
    },
    openPlot: {
      label: trans.__('Open Plot…'),
      caption: trans.__('Open a plot')
    },
    showDetails: {
      label: trans.__('Show Details'),
      caption: trans.__('Open workers, events and logs')
    },
    showLeftRunning: {
      label: trans.__('Dask: What Is Left Running'),
      caption: trans.__('Show what runs anywhere, and its cost')
    },
    showCosts: {
      label: trans.__('Dask Costs'),
      caption: trans.__('Show what clusters have cost, by day and month')
    },
    ownOrRent: {
      label: trans.__('Own or Rent Dask…'),
      caption: trans.__('Compare what work costs')
    }
  };
}

/** The parameter of an address that names a template to open. */
export const LINK = 'seasonal-template';

/** The parameter of an address that names a workshop to open. */
export const WORKSHOP_LINK = 'seasonal-workshop';

/** Selector of what shows text that came with a document, and of its links. */
const CONTENT =
  '.jp-RenderedHTMLCommon, .jp-OutputArea-output, [data-commandlinker-command]';

/**
 * Whether a command was asked for by what came with a document.
 *
 * #### Notes
 * JupyterLab before 4.5.7 runs any command, with arguments, at one click on a
 * link of an untrusted document. Such a click is known by what was clicked, which
 * is only known before the first wait; so a command that stood in for another
 * tells it in the argument `asks`.
 */
export function isFromDocument(
  args: ReadonlyPartialJSONObject,
  event: Event | undefined
): boolean {
  const target = event?.target;
  return (
    !!args.asks ||
    (target instanceof Element && target.closest(CONTENT) !== null)
  );
}
