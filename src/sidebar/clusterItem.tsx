import { showErrorMessage } from '@jupyterlab/apputils';
import * as React from 'react';
import { fewerWorkers } from '../cluster/fewer';
import { isOver } from '../cluster/states';
import { CommandIDs } from '../commands';
import { advise } from '../components/advice';
import { ClusterCard } from '../components/clusterCard';
import { describeState, describeWorkers } from '../components/facts';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { useNow, useValue } from '../components/signals';
import type { ICluster } from '../tokens';
import { scaleCluster } from './change';
import { openCardMenu } from './cardMenu';
import { describeClosing, survivalOf } from './fate';
import type { SidebarModel } from './model';
import type { ISidebarServices } from './services';

/** The commands behind the buttons. */
export const CARD_COMMANDS = [
  CommandIDs.connectNotebook,
  CommandIDs.openDashboards,
  CommandIDs.stopCluster,
  CommandIDs.keepCluster,
  CommandIDs.retryCluster,
  CommandIDs.retryFewer,
  CommandIDs.copyReport,
  CommandIDs.customiseCluster,
  CommandIDs.showDetails
];

/** How often "idle for 5 min" and "up for 2 hr" are looked at again, in ms. */
const CLOCK = 20_000;

export interface IClusterItemProps {
  cluster: ICluster;
  model: SidebarModel;
  services: ISidebarServices;
  current: boolean;
  /** Whether the Tab key reaches this card. */
  tabbed: boolean;
  /** Which of the commands behind the buttons there are. */
  known: ReadonlySet<string>;
  /** A key that moves to another card; false when it is none. */
  onMove: (from: ICluster, key: string) => boolean;
}

/** One card, drawn again only when its own cluster changes. */
export const ClusterItem = React.memo(
  (props: IClusterItemProps): JSX.Element => {
    const { cluster, model, services, current, tabbed, known, onMove } = props;
    const { manager, commands, registry, snippets, costs } = services;
    const language = useLanguage();
    const { trans } = language;
    const snapshot = useValue(cluster.changed, () => cluster.snapshot);
    const responding = useValue(cluster.changed, () => cluster.responding);
    const history = useValue(cluster.changed, () => cluster.history);
    const { visible, readOnly } = useValue(model.changed, () => model.state);
    useValue<unknown, unknown, unknown>(
      costs?.changed ?? cluster.changed,
      () => costs?.table
    );
    const priced = !!costs?.of(cluster, Date.now());
    const up = snapshot.state === 'running' || snapshot.state === 'degraded';
    const now = useNow(
      CLOCK,
      visible &&
        (up ||
          snapshot.idleSince !== undefined ||
          snapshot.stopsAt !== undefined ||
          priced)
    );
    const [renaming, setRenaming] = React.useState(false);
    const card = React.useRef<HTMLDivElement>(null);
    const { key } = cluster;

    React.useEffect(
      () => (visible ? model.show(key) : undefined),
      [model, key, visible]
    );

    const run = (command: string): (() => void) | undefined =>
      known.has(command)
        ? () => void commands.execute(command, { cluster: key })
        : undefined;
    const changing = readOnly ? () => undefined : run;
    const show = (tab: string): (() => void) | undefined =>
      known.has(CommandIDs.showDetails)
        ? () =>
            void commands.execute(CommandIDs.showDetails, {
              cluster: key,
              tab
            })
        : undefined;
    const word = describeState(snapshot, responding, trans).word;
    const workers = describeWorkers(snapshot.workers, language);
    const provider = registry.get(cluster.provider)?.label ?? cluster.provider;
    const place = cluster.environment
      ? trans.__(
          '%1, %2',
          provider,
          services.environmentLabel(cluster.environment)
        )
      : provider;
    const origin = snapshot.owner
      ? trans.__('cluster of %1, %2', snapshot.owner, place)
      : place;

    const onKeyDown = (event: React.KeyboardEvent): void => {
      if (event.target !== event.currentTarget) {
        return;
      }
      const select = event.key === 'Enter' || event.key === ' ';
      if (select) {
        manager.current = cluster;
      } else if (event.key === 'F2' && cluster.capabilities.rename) {
        setRenaming(true);
      } else if (event.key === 'Delete' && !readOnly) {
        run(CommandIDs.stopCluster)?.();
      } else if (!onMove(cluster, event.key)) {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    };

    return (
      <div
        ref={card}
        role="group"
        className={`jp-DaskCluster-card${current ? ' jp-mod-current' : ''}`}
        data-cluster={key}
        data-state={snapshot.state}
        tabIndex={tabbed ? 0 : -1}
        aria-current={current}
        aria-label={[plainText(snapshot.name), word, workers]
          .filter(Boolean)
          .join(', ')}
        draggable={snippets !== null && !renaming}
        onDragStart={event => void snippets?.drag(cluster, event.nativeEvent)}
        onClick={() => {
          manager.current = cluster;
        }}
        onContextMenu={() => {
          manager.current = cluster;
        }}
        onKeyDown={onKeyDown}
      >
        <ClusterCard
          snapshot={snapshot}
          capabilities={cluster.capabilities}
          responding={responding}
          history={history}
          origin={origin}
          current={current}
          cost={costs?.of(cluster, now)}
          lack={cluster.capabilities.stop ? costs?.lack(cluster) : null}
          closing={
            isOver(snapshot.state)
              ? undefined
              : describeClosing(
                  cluster,
                  survivalOf(cluster, registry),
                  language,
                  now
                )
          }
          advice={advise(
            { snapshot, history, workers: cluster.workers, now },
            language
          )}
          onDetails={show('workers')}
          onOptions={show('options')}
          onLike={
            cluster.capabilities.stop
              ? changing(CommandIDs.customiseCluster)
              : undefined
          }
          onChunks={
            commands.hasCommand(CommandIDs.editParameters) &&
            commands.isEnabled(CommandIDs.editParameters)
              ? () => void commands.execute(CommandIDs.editParameters)
              : undefined
          }
          now={now}
          tabIndex={tabbed ? 0 : -1}
          renaming={renaming}
          onRenaming={next => {
            setRenaming(next);
            if (!next) {
              card.current?.focus();
            }
          }}
          onConnect={run(CommandIDs.connectNotebook)}
          onDashboards={run(CommandIDs.openDashboards)}
          onStop={changing(CommandIDs.stopCluster)}
          onKeep={
            cluster.capabilities.keep
              ? changing(CommandIDs.keepCluster)
              : undefined
          }
          onRetry={changing(CommandIDs.retryCluster)}
          onRetryFewer={
            fewerWorkers(cluster) ? changing(CommandIDs.retryFewer) : undefined
          }
          onCopyReport={run(CommandIDs.copyReport)}
          onWait={() => manager.ping(key)}
          onMore={button => openCardMenu(services, cluster, button)}
          onRename={
            cluster.capabilities.rename
              ? name =>
                  void manager
                    .rename(key, name)
                    .catch(reason =>
                      showErrorMessage(
                        trans.__('The cluster was not renamed'),
                        reason
                      )
                    )
              : undefined
          }
          onScale={
            readOnly ? undefined : wanted => scaleCluster(services, key, wanted)
          }
        />
      </div>
    );
  }
);
