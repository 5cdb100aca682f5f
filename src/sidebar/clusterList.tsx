import { measureElement, useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import { useLanguage } from '../components/language';
import { useValue } from '../components/signals';
import type { ICluster } from '../tokens';
import { CARD_COMMANDS, ClusterItem } from './clusterItem';
import type { SidebarModel } from './model';
import type { ISidebarServices } from './services';
import { useCommands } from './useCommands';

/** The height of a folded card with the gap below it, in px, before one was seen. */
const CARD_HEIGHT = 101;

export interface IClusterListProps {
  /** In the order in which they are shown. */
  clusters: readonly ICluster[];
  model: SidebarModel;
  services: ISidebarServices;
  /** What comes below the last card and moves with it. */
  children?: React.ReactNode;
}

/**
 * The cards. Only those in view are in the page; the arrow keys move among
 * them, the Tab key goes into the buttons of the chosen one.
 */
export function ClusterList(props: IClusterListProps): JSX.Element {
  const { clusters, model, services, children } = props;
  const { trans } = useLanguage();
  const { manager } = services;
  const current = useValue(manager.currentChanged, () => manager.current);
  const scroller = React.useRef<HTMLDivElement>(null);
  const [active, setActive] = React.useState<ICluster | null>(null);
  const [wanted, setWanted] = React.useState<ICluster | null>(null);
  const known = useCommands(services.commands, CARD_COMMANDS);
  const heights = React.useRef(new Heights(CARD_HEIGHT)).current;
  // A function that is a new one makes the virtualizer place all cards anew.
  const getItemKey = React.useCallback(
    (index: number) => keyOf(clusters[index]),
    [clusters]
  );
  const virtual = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: clusters.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => heights.usual,
    measureElement: (element, entry, instance) =>
      heights.note(measureElement(element, entry, instance)),
    getItemKey,
    overscan: 4,
    useFlushSync: false
  });
  const items = virtual.getVirtualItems();
  const reached = [active, current].find(
    item => item && clusters.includes(item)
  );
  const tabbed = reached ?? clusters[0];

  React.useEffect(() => {
    if (!wanted) {
      return;
    }
    const node = scroller.current?.querySelector<HTMLElement>(
      `[data-index="${clusters.indexOf(wanted)}"] .jp-DaskCluster-card`
    );
    if (node) {
      node.focus();
      setWanted(null);
    }
  }, [wanted, clusters, items]);

  const listed = React.useRef(clusters);
  React.useEffect(() => {
    // A cluster that was just asked for comes into view.
    const last = clusters.length - 1;
    const isNew = !listed.current.includes(clusters[last]);
    if (isNew && clusters[last].request) {
      virtual.scrollToIndex(last);
    }
    listed.current = clusters;
  }, [clusters, virtual]);

  const move = React.useCallback(
    (from: ICluster, key: string): boolean => {
      const index = clusters.indexOf(from);
      const last = clusters.length - 1;
      const goals: Record<string, number> = {
        ArrowDown: Math.min(last, index + 1),
        ArrowUp: Math.max(0, index - 1),
        Home: 0,
        End: last
      };
      const goal = goals[key];
      if (goal === undefined) {
        return false;
      }
      virtual.scrollToIndex(goal);
      setActive(clusters[goal]);
      setWanted(clusters[goal]);
      return true;
    },
    [clusters, virtual]
  );

  return (
    <div className="jp-DaskClusters-scroller" ref={scroller}>
      <div
        className="jp-DaskClusters-list"
        role="list"
        aria-label={trans.__('Clusters')}
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map(({ key, index, start }) => {
          const cluster = clusters[index];
          return (
            <div
              key={String(key)}
              ref={virtual.measureElement}
              role="listitem"
              aria-setsize={clusters.length}
              aria-posinset={index + 1}
              data-index={index}
              className="jp-DaskClusters-item"
              style={{ top: start }}
              onFocus={() => setActive(cluster)}
            >
              <ClusterItem
                cluster={cluster}
                model={model}
                services={services}
                current={cluster === current}
                tabbed={cluster === tabbed}
                known={known}
                onMove={move}
              />
            </div>
          );
        })}
      </div>
      {children}
    </div>
  );
}

/**
 * The height that most cards have had. A card that turns out as high as it was
 * taken to be moves no other one when it comes into view.
 */
class Heights {
  constructor(public usual: number) {}

  /** Count a height, and give it back. */
  note(height: number): number {
    const count = (this._counts.get(height) ?? 0) + 1;
    this._counts.set(height, count);
    if (count > (this._counts.get(this.usual) ?? 0)) {
      this.usual = height;
    }
    return height;
  }

  private _counts = new Map<number, number>();
}

const keys = new WeakMap<ICluster, string>();
let count = 0;

/** The same for a cluster's life: its `key` changes when its owner names it. */
function keyOf(cluster: ICluster): string {
  let key = keys.get(cluster);
  if (!key) {
    count += 1;
    key = String(count);
    keys.set(cluster, key);
  }
  return key;
}
