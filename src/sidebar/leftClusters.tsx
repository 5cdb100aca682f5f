import * as React from 'react';
import { isOver } from '../cluster/states';
import { formatCount, formatDuration, formatTime } from '../cluster/units';
import { CommandIDs } from '../commands';
import { Button } from '../components/button';
import { describeState, describeWorkers } from '../components/facts';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { useNow, useValue } from '../components/signals';
import { StateMark } from '../components/stateMark';
import { formatMoney, isSet } from '../cost/money';
import type { ICluster, Money } from '../tokens';
import { describeEnd, survivalOf, wholeMinutes } from './fate';
import type { ISidebarServices } from './services';

/** How often times in the table are looked at again, in ms. */
const CLOCK = 20_000;

export interface ILeftClustersProps {
  clusters: readonly ICluster[];
  services: ISidebarServices;
  readOnly: boolean;
  /** Whether a person can see it: then the figures follow the clusters. */
  visible: boolean;
}

/** Every cluster that is there: how it is, what it costs, and what ends it. */
export function LeftClusters(props: ILeftClustersProps): JSX.Element {
  const { trans } = useLanguage();
  const { clusters, readOnly } = props;
  if (clusters.length === 0) {
    return <p>{trans.__('No cluster of yours runs.')}</p>;
  }
  const heads = [
    trans.__('Cluster'),
    trans.__('Where'),
    trans.__('State'),
    trans.__('Workers'),
    trans.__('An hour'),
    trans.__('So far'),
    trans.__('Idle'),
    trans.__('Its end')
  ];
  return (
    <div className="jp-DaskLeft-scroller">
      <table className="jp-DaskLeft-table">
        <caption className="jp-DaskLeft-hidden">
          {trans.__('Clusters that run')}
        </caption>
        <thead>
          <tr>
            {heads.map(head => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            {readOnly ? null : (
              <th scope="col">
                <span className="jp-DaskLeft-hidden">{trans.__('Acts')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {clusters.map(cluster => (
            <Row key={cluster.key} {...props} cluster={cluster} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: ILeftClustersProps & { cluster: ICluster }): JSX.Element {
  const { cluster, services, readOnly, visible } = props;
  const { manager, registry, costs, commands } = services;
  const language = useLanguage();
  const { trans, locale } = language;
  const { key, provider, capabilities } = cluster;
  const snapshot = useValue(cluster.changed, () => cluster.snapshot);
  const responding = useValue(cluster.changed, () => cluster.responding);
  useValue<unknown, unknown, unknown>(
    costs?.changed ?? cluster.changed,
    () => costs?.table
  );
  const now = useNow(CLOCK, visible);
  React.useEffect(() => {
    const watch = visible ? manager.watch(key, 'counts') : null;
    return () => watch?.dispose();
  }, [manager, key, visible]);

  const name = plainText(snapshot.name);
  const { word, tone } = describeState(snapshot, responding, trans);
  const cost = costs?.of(cluster, now);
  const amount = (money: Money | undefined): string =>
    money && isSet(money)
      ? formatMoney(money, locale)
      : cost
        ? '–'
        : (costs?.lack(cluster)?.short ?? trans.__('no price set'));
  const basis = cost?.basis.join('\n') ?? costs?.lack(cluster)?.text;
  const { idleSince, tasks } = snapshot;
  const busy = (tasks?.processing ?? 0) + (tasks?.waiting ?? 0);
  const run = (command: string): void =>
    void commands.execute(command, { cluster: key });
  const survives = survivalOf(cluster, registry);
  const endsSoon = snapshot.stopsAt !== undefined && capabilities.keep;
  return (
    <tr data-cluster={key} data-state={snapshot.state}>
      <th scope="row">
        <Button kind="link" onClick={() => run(CommandIDs.showDetails)}>
          {name}
        </Button>
      </th>
      <td>{registry.get(provider)?.label ?? provider}</td>
      <td>
        <StateMark word={word} tone={tone} />
      </td>
      <td>{describeWorkers(snapshot.workers, language) || '–'}</td>
      <td className="jp-mod-number" title={basis}>
        {amount(cost?.perHour)}
      </td>
      <td className="jp-mod-number" title={basis}>
        {amount(cost?.soFar)}
      </td>
      <td>
        {busy > 0
          ? trans._n(
              'no: %2 task to do',
              'no: %2 tasks to do',
              busy,
              formatCount(busy, locale)
            )
          : idleSince === undefined
            ? trans.__('not known')
            : trans.__(
                'since %1 (%2)',
                formatTime(idleSince, locale),
                formatDuration(wholeMinutes(now - idleSince), locale)
              )}
      </td>
      <td className="jp-DaskLeft-end">
        {isOver(snapshot.state)
          ? trans.__('It is over; its card tells why.')
          : describeEnd(cluster, survives, language, now).join(' ')}
      </td>
      {readOnly ? null : (
        <td className="jp-DaskLeft-acts">
          {endsSoon ? (
            <Button
              aria-label={trans.__('Keep %1 for 30 minutes', name)}
              onClick={() => run(CommandIDs.keepCluster)}
            >
              {trans.__('Keep 30 min')}
            </Button>
          ) : null}
          {capabilities.stop ? (
            <Button
              aria-label={trans.__('Stop %1', name)}
              onClick={() => run(CommandIDs.stopCluster)}
            >
              {trans.__('Stop')}
            </Button>
          ) : null}
        </td>
      )}
    </tr>
  );
}
