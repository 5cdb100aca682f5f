/** The table of a class: a row a person; only the rows in view are in the page. */
import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import { formatDuration } from '../cluster/units';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { differences, hasCluster, IJudge, stuckFor } from './participants';
import type { IParticipant, ServerState } from './serviceWire';

/** The height of a row, in px; the style sheet has the same. */
const ROW = 30;

export interface IClassTableProps {
  rows: readonly IParticipant[];
  selected: ReadonlySet<string>;
  judge: IJudge;
  onSelect: (names: ReadonlySet<string>) => void;
}

/** All participants that the filter leaves. */
export function ClassTable(props: IClassTableProps): JSX.Element {
  const { rows, selected, onSelect, judge } = props;
  const { trans } = useLanguage();
  const scroller = React.useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    useFlushSync: false
  });
  const columns = [
    trans.__('Name'),
    trans.__('Server'),
    trans.__('Cluster'),
    trans.__('Workers'),
    trans.__('Step'),
    trans.__('Last activity'),
    trans.__('Stuck for'),
    trans.__('Help'),
    trans.__('Other versions')
  ];
  const all = rows.length > 0 && rows.every(({ name }) => selected.has(name));
  const toggle = (names: readonly string[], on: boolean): void => {
    const next = new Set(selected);
    names.forEach(name => (on ? next.add(name) : next.delete(name)));
    onSelect(next);
  };
  return (
    <div
      className="jp-ClassTable"
      role="table"
      aria-label={trans.__('Participants')}
      aria-rowcount={rows.length + 1}
    >
      <div role="rowgroup">
        <div
          className="jp-ClassTable-row jp-mod-head"
          role="row"
          aria-rowindex={1}
        >
          <div role="columnheader">
            <input
              type="checkbox"
              aria-label={trans.__('Select all that are shown')}
              checked={all}
              onChange={event =>
                toggle(
                  rows.map(({ name }) => name),
                  event.target.checked
                )
              }
            />
          </div>
          {columns.map(label => (
            <div key={label} role="columnheader">
              {label}
            </div>
          ))}
        </div>
      </div>
      <div
        ref={scroller}
        className="jp-ClassTable-body"
        role="rowgroup"
        tabIndex={0}
        aria-label={trans.__('Rows')}
      >
        <div role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <Row
              key={rows[index].name}
              row={rows[index]}
              index={index}
              start={start}
              judge={judge}
              isSelected={selected.has(rows[index].name)}
              onSelect={on => toggle([rows[index].name], on)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface IRowProps {
  row: IParticipant;
  index: number;
  /** Its distance from the first row, in px. */
  start: number;
  judge: IJudge;
  isSelected: boolean;
  onSelect: (on: boolean) => void;
}

function Row(props: IRowProps): JSX.Element {
  const { row, index, start, judge, isSelected, onSelect } = props;
  const { trans, locale } = useLanguage();
  const { status } = row;
  const name = plainText(row.name);
  const note = plainText(status?.note ?? '', 500);
  const stuck = stuckFor(row, judge);
  const unlike = differences(row, judge.usual)
    .map(one =>
      one.version
        ? trans.__(
            '%1 %2 (most: %3)',
            plainText(one.name),
            plainText(one.version),
            plainText(one.usual)
          )
        : trans.__(
            'no %1 (most: %2)',
            plainText(one.name),
            plainText(one.usual)
          )
    )
    .join(', ');
  const ago = (time: number | undefined): string => {
    if (time === undefined) {
      return '';
    }
    const since = minutes(Math.max(0, judge.now - time));
    return since > 0
      ? trans.__('%1 ago', formatDuration(since, locale))
      : trans.__('just now');
  };
  const help = status?.help
    ? note
      ? trans.__('wants help: %1', note)
      : trans.__('wants help')
    : '';
  const server = useServer(row.server);
  const cells = [
    name,
    server,
    useCluster(row),
    status?.workers === undefined ? '' : String(status.workers),
    status && status.of > 0 ? trans.__('%1 of %2', status.step, status.of) : '',
    ago(row.lastActivity ?? status?.reported),
    stuck > 0 ? formatDuration(minutes(stuck), locale) : '',
    help,
    unlike
  ];
  const marks = [
    'jp-ClassTable-row',
    status?.help ? 'jp-mod-help' : '',
    stuck > 0 ? 'jp-mod-stuck' : ''
  ];
  return (
    <div
      className={marks.join(' ')}
      role="row"
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${start}px)` }}
    >
      <div role="cell">
        <input
          type="checkbox"
          aria-label={trans.__('Select %1', name)}
          checked={isSelected}
          onChange={event => onSelect(event.target.checked)}
        />
      </div>
      {cells.map((text, column) => (
        <div key={column} role="cell" title={text}>
          {text}
        </div>
      ))}
    </div>
  );
}

/** The state of a server in words; empty where it is not known. */
function useServer(server: ServerState | undefined): string {
  const { trans } = useLanguage();
  switch (server) {
    case 'running':
      return trans.__('running');
    case 'starting':
      return trans.__('starting');
    case 'stopping':
      return trans.__('stopping');
    case 'stopped':
      return trans.__('stopped');
    default:
      return '';
  }
}

/** What is known of somebody's clusters, in words. */
function useCluster(row: IParticipant): string {
  const { trans } = useLanguage();
  const { clusters, status } = row;
  if (status?.cluster && (hasCluster(row) || row.server !== 'stopped')) {
    return plainText(status.cluster, 20);
  }
  if (clusters) {
    return clusters.length === 1
      ? plainText(clusters[0].status.toLowerCase(), 20)
      : trans._n('%1 cluster', '%1 clusters', clusters.length);
  }
  return '';
}

/** Whole minutes, so that a text does not change each second. */
function minutes(ms: number): number {
  return Math.floor(ms / 60_000) * 60_000;
}
