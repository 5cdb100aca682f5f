import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import { useLanguage } from '../components/language';
import { useValue } from '../components/signals';
import type { ICluster } from '../tokens';
import { ClusterItem } from './clusterItem';
import type { SidebarModel } from './model';
import type { ISidebarServices } from './services';

/** The height of a folded card with the gap below it, in px. */
const CARD_HEIGHT = 102;

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
  const virtual = useVirtualizer({
    count: clusters.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_HEIGHT,
    getItemKey: index => keyOf(clusters[index]),
    overscan: 4,
    useFlushSync: false
  });
  const items = virtual.getVirtualItems();
  const reached = [active, current].find(
    item => item && clusters.includes(item)
  );
  const tabbed = reached ?? clusters[0];

  React.useEffect(() => {
    const index = wanted ? clusters.indexOf(wanted) : -1;
    const node = scroller.current?.querySelector<HTMLElement>(
      `[data-index="${index}"] .jp-DaskCluster-card`
    );
    if (wanted && node) {
      node.focus();
      setWanted(null);
    }
  }, [wanted, clusters, items]);

  const known = React.useRef(clusters);
  React.useEffect(() => {
    // A cluster that was just asked for comes into view.
    const last = clusters.length - 1;
    const isNew = !known.current.includes(clusters[last]);
    if (isNew && clusters[last].request) {
      virtual.scrollToIndex(last);
    }
    known.current = clusters;
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
              style={{ transform: `translateY(${start}px)` }}
              onFocus={() => setActive(cluster)}
            >
              <ClusterItem
                cluster={cluster}
                model={model}
                services={services}
                current={cluster === current}
                tabbed={cluster === tabbed}
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
