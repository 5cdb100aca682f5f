import type { TranslationBundle } from '@jupyterlab/translation';
import type { ILayout } from '../tokens';
import { isPlot } from './plots';

/** Where a pane goes relative to another, as docks and the peer name it. */
export type DockMode =
  | 'split-top'
  | 'split-left'
  | 'split-right'
  | 'split-bottom'
  | 'tab-before'
  | 'tab-after';

/** One pane of a layout, after those that it refers to. */
export interface IPlaced {
  plot: string;
  mode: DockMode;
  /** Another plot of the same layout; null is the main area. */
  ref: string | null;
}

const MODES: readonly string[] = [
  'split-top',
  'split-left',
  'split-right',
  'split-bottom',
  'tab-before',
  'tab-after'
];

/** The layouts that come with the extension. */
export function shippedLayouts(trans: TranslationBundle): ILayout[] {
  return [
    {
      name: trans.__('Compute'),
      plots: {
        'individual-task-stream': { mode: 'split-right', ref: null },
        'individual-workers-memory': {
          mode: 'split-bottom',
          ref: 'individual-task-stream'
        },
        'individual-progress': {
          mode: 'split-right',
          ref: 'individual-workers-memory'
        }
      }
    },
    {
      name: trans.__('Memory'),
      plots: {
        'individual-workers-memory': { mode: 'split-right', ref: null },
        'individual-workers-memory-timeseries': {
          mode: 'split-bottom',
          ref: 'individual-workers-memory'
        },
        'individual-memory-by-key': {
          mode: 'tab-after',
          ref: 'individual-workers-memory-timeseries'
        }
      }
    },
    {
      // Beside a notebook; the command Teaching Layout opens it by this name.
      name: trans.__('Teaching'),
      plots: {
        'individual-task-stream': { mode: 'split-right', ref: null },
        'individual-workers-memory': {
          mode: 'split-bottom',
          ref: 'individual-task-stream'
        }
      }
    }
  ];
}

/**
 * The shipped layouts with a person's own; one of the same name replaces it.
 *
 * @param own - Layouts by name, each in the shape of the peer's
 * `defaultLayout`. What is not of that shape is dropped.
 */
export function mergeLayouts(
  shipped: readonly ILayout[],
  own: unknown
): ILayout[] {
  const merged = new Map(shipped.map(layout => [layout.name, layout]));
  if (Private.isRecord(own)) {
    for (const [name, plots] of Object.entries(own)) {
      if (Private.isRecord(plots)) {
        merged.set(name, { name, plots: plots as ILayout['plots'] });
      }
    }
  }
  return [...merged.values()];
}

/**
 * The panes of a layout, each after the one that it refers to. A reference to
 * what is not in the layout, to itself or in a circle means the main area.
 */
export function orderPanes(layout: ILayout): IPlaced[] {
  const plots = Object.entries(layout.plots).filter(
    ([plot, place]) => isPlot(plot) && Private.isRecord(place)
  );
  const known = new Map(plots);
  const done = new Map<string, IPlaced>();
  const open = new Set<string>();
  const visit = (plot: string): void => {
    const place = known.get(plot);
    if (!place || done.has(plot)) {
      return;
    }
    open.add(plot);
    const wanted = place.ref ?? null;
    if (wanted !== null && !open.has(wanted)) {
      visit(wanted);
    }
    open.delete(plot);
    done.set(plot, {
      plot,
      mode: (MODES.includes(place.mode) ? place.mode : 'tab-after') as DockMode,
      ref: wanted !== null && done.has(wanted) ? wanted : null
    });
  };
  plots.forEach(([plot]) => visit(plot));
  return [...done.values()];
}

namespace Private {
  export function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}
