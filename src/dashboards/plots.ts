import type { TranslationBundle } from '@jupyterlab/translation';
import type { IPlot } from '../tokens';

/** The small charts that are drawn here, from what the cluster pushes. */
export const NATIVE_PLOT = 'native:overview';

/** The whole dashboard with its own navigation. */
export const WHOLE_PLOT = 'status';

/** What may be the path of a plot; nothing that leads elsewhere. */
const PLOT_PATH = /^(statics\/)?individual-[A-Za-z0-9_-]+(\.html)?$/;

/** Whether a text can be the id of a plot. */
export function isPlot(id: string): boolean {
  return id === NATIVE_PLOT || id === WHOLE_PLOT || PLOT_PATH.test(id);
}

/** Whether a plot shows graphics processors, which few clusters have. */
export function isGpuPlot(id: string): boolean {
  return /individual-(gpu|rmm)-/.test(id);
}

/** The plots that need no proxy and no list from the scheduler. */
export function ownPlots(trans: TranslationBundle): IPlot[] {
  const group = trans.__('Overview');
  return [
    { id: NATIVE_PLOT, label: trans.__('Small charts'), group },
    { id: WHOLE_PLOT, label: trans.__('Whole dashboard'), group }
  ];
}

/**
 * The plots in a scheduler's `individual-plots.json`, grouped and sorted.
 *
 * @param data - Path by label, as the scheduler answered. Anything that is not
 * a plot's path is dropped.
 */
export function readPlots(data: unknown, trans: TranslationBundle): IPlot[] {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return [];
  }
  const ids = Object.values(data)
    .filter((path): path is string => typeof path === 'string')
    .map(path => path.replace(/^\/+/, ''))
    .filter(id => PLOT_PATH.test(id));
  const order = Private.groups(trans).map(([name]) => name);
  const rank = ({ group }: IPlot): number => order.indexOf(group);
  return [...new Set(ids)]
    .map(id => describePlot(id, trans))
    .sort((a, b) => rank(a) - rank(b) || a.label.localeCompare(b.label));
}

/**
 * The plots that every scheduler has whose list cannot be read: those that all
 * versions of distributed of the last two years share.
 */
export function commonPlots(trans: TranslationBundle): IPlot[] {
  const paths = Private.COMMON.map(name => [name, `individual-${name}`]);
  return readPlots(Object.fromEntries(paths), trans);
}

/** A plot's label and group, from its id. */
export function describePlot(id: string, trans: TranslationBundle): IPlot {
  const own = ownPlots(trans).find(plot => plot.id === id);
  if (own) {
    return own;
  }
  const words = id
    .replace(/^(statics\/)?individual-/, '')
    .replace(/\.html$/, '')
    .replace(/-/g, ' ')
    .replace(/\b(cpu|gpu|rmm)\b/g, name => name.toUpperCase())
    .replace('nprocessing', 'processing tasks')
    .replace('timeseries', 'over time');
  const [group] = Private.groups(trans).find(([, test]) => test.test(id))!;
  return { id, label: words[0].toUpperCase() + words.slice(1), group };
}

namespace Private {
  /** Without those of graphics processors, which few clusters have. */
  export const COMMON = [
    'aggregate-time-per-action',
    'bandwidth-types',
    'bandwidth-workers',
    'cluster-memory',
    'compute-time-per-key',
    'contention',
    'cpu',
    'exceptions',
    'fine-performance-metrics',
    'graph',
    'group-progress',
    'groups',
    'memory-by-key',
    'nprocessing',
    'occupancy',
    'profile',
    'profile-server',
    'progress',
    'scheduler-system',
    'task-stream',
    'workers',
    'workers-cpu-timeseries',
    'workers-disk',
    'workers-disk-timeseries',
    'workers-memory',
    'workers-memory-timeseries',
    'workers-network',
    'workers-network-timeseries',
    'workers-transfer-bytes'
  ];

  /** Groups in display order; the first whose pattern fits takes the plot. */
  export function groups(trans: TranslationBundle): [string, RegExp][] {
    return [
      [
        trans.__('Tasks'),
        /task|progress|graph|groups|nprocessing|occupancy|exceptions|per-key|per-action/
      ],
      [trans.__('Memory'), /(workers|cluster)-memory|memory-by-key/],
      [trans.__('Graphics processors'), /gpu|rmm/],
      [
        trans.__('Network and disk'),
        /network|disk|bandwidth|transfer|cluster-map/
      ],
      [trans.__('Profiling'), /profile|contention|performance|system/],
      [trans.__('Workers'), /./]
    ];
  }
}
