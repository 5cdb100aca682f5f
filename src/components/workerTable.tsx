import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import { formatBytes, formatCount, formatShare } from '../cluster/units';
import type { IWorker } from '../tokens';
import { useLanguage } from './language';
import { plainText } from '../plainText';

/** The height of a row, in px; the style sheet has the same. */
const ROW = 24;

type Column =
  'name' | 'status' | 'threads' | 'cpu' | 'memory' | 'processing' | 'stored';

/** The places of names in the language's order, `worker-2` before `worker-10`. */
type Ranks = ReadonlyMap<string, number>;

function rankNames(names: readonly string[], locale?: string): Ranks {
  const { compare } = new Intl.Collator(locale, { numeric: true });
  return new Map([...names].sort(compare).map((name, rank) => [name, rank]));
}

/** The rows in the order of one column; those alike in it by their names. */
export function sortWorkers(
  workers: readonly IWorker[],
  column: Column,
  descending: boolean,
  ranks: Ranks = rankNames(workers.map(({ name }) => name))
): IWorker[] {
  const sign = descending ? -1 : 1;
  const rank = ({ name }: IWorker): number => ranks.get(name) ?? 0;
  return [...workers].sort((a, b) => {
    const [x, y] =
      column === 'name' ? [rank(a), rank(b)] : [a[column], b[column]];
    const order = x === y ? 0 : x < y ? -sign : sign;
    return order || rank(a) - rank(b);
  });
}

export interface IWorkerTableProps {
  workers: readonly IWorker[];
}

/** All workers of a cluster; only the rows in view are in the page. */
export function WorkerTable({ workers }: IWorkerTableProps): JSX.Element {
  const { trans, locale } = useLanguage();
  const [column, setColumn] = React.useState<Column>('name');
  const [descending, setDescending] = React.useState(false);
  const scroller = React.useRef<HTMLDivElement>(null);
  const names = React.useMemo(
    () => workers.map(({ name }) => name).join('\n'),
    [workers]
  );
  // As long as the names are the same, they are not put in order again.
  const ranks = React.useMemo(
    () => rankNames(names.split('\n'), locale),
    [names, locale]
  );
  const rows = React.useMemo(
    () => sortWorkers(workers, column, descending, ranks),
    [workers, column, descending, ranks]
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 5,
    useFlushSync: false
  });
  const columns: Array<[Column, string]> = [
    ['name', trans.__('Worker')],
    ['status', trans.__('Status')],
    ['threads', trans.__('Threads')],
    ['cpu', trans.__('CPU')],
    ['memory', trans.__('Memory')],
    ['processing', trans.__('Tasks')],
    ['stored', trans.__('Results')]
  ];
  const sort = (next: Column): void => {
    setDescending(next === column ? !descending : false);
    setColumn(next);
  };
  const items = virtual.getVirtualItems();
  return (
    <div
      className="jp-DaskTable"
      role="table"
      aria-label={trans.__('Workers')}
      aria-rowcount={rows.length + 1}
    >
      <div role="rowgroup">
        <div
          className="jp-DaskTable-row jp-mod-head"
          role="row"
          aria-rowindex={1}
        >
          {columns.map(([id, label]) => (
            <div
              key={id}
              role="columnheader"
              aria-sort={
                id === column
                  ? descending
                    ? 'descending'
                    : 'ascending'
                  : 'none'
              }
            >
              <button type="button" onClick={() => sort(id)}>
                {label}
                <span aria-hidden="true">
                  {id === column ? (descending ? ' ▾' : ' ▴') : ''}
                </span>
              </button>
            </div>
          ))}
        </div>
      </div>
      <div
        ref={scroller}
        className="jp-DaskTable-body"
        role="rowgroup"
        tabIndex={0}
        aria-label={trans.__('Rows')}
      >
        <div role="presentation" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => (
            <Row
              key={rows[index].name}
              worker={rows[index]}
              index={index}
              start={start}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface IRowProps {
  worker: IWorker;
  index: number;
  /** Its distance from the first row, in px. */
  start: number;
}

/** One worker; drawn again only when something about it changed. */
const Row = React.memo(({ worker, index, start }: IRowProps) => {
  const { trans, locale } = useLanguage();
  const status = plainText(worker.status);
  const cells = [
    plainText(worker.name),
    status,
    formatCount(worker.threads, locale),
    formatShare(worker.cpu / 100, locale),
    worker.memoryLimit
      ? trans.__(
          '%1 / %2',
          formatBytes(worker.memory, locale),
          formatBytes(worker.memoryLimit, locale)
        )
      : formatBytes(worker.memory, locale),
    formatCount(worker.processing, locale),
    formatCount(worker.stored, locale)
  ];
  return (
    <div
      className={`jp-DaskTable-row jp-mod-${status.replace(/\W/g, '')}`}
      role="row"
      aria-rowindex={index + 2}
      title={plainText(worker.address, 200)}
      style={{ transform: `translateY(${start}px)` }}
    >
      {cells.map((text, column) => (
        <div key={column} role="cell">
          {text}
        </div>
      ))}
    </div>
  );
});
Row.displayName = 'Row';
