/** The tasks that templates serve, in the order in which they are listed. */
import type { TranslationBundle } from '@jupyterlab/translation';

/** Id and title of each task. */
export function tasks(trans: TranslationBundle): [id: string, title: string][] {
  return [
    ['periodic-production', trans.__('Periodic production')],
    ['ad-hoc-statistics', trans.__('Ad-hoc statistics')],
    ['interactive', trans.__('Interactive exploration')],
    ['workshop', trans.__('Workshop')]
  ];
}

/** Templates by task, and those of none that is known here last. */
export function byTask<T extends { task: string }>(
  templates: readonly T[],
  trans: TranslationBundle
): [title: string, templates: T[]][] {
  const known = tasks(trans);
  const ids = new Set(known.map(([id]) => id));
  const groups = known.map(([id, title]): [string, T[]] => [
    title,
    templates.filter(({ task }) => task === id)
  ]);
  groups.push([
    trans.__('Other'),
    templates.filter(({ task }) => !ids.has(task))
  ]);
  return groups.filter(([, members]) => members.length > 0);
}
