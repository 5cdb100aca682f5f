import type { TranslationBundle } from '@jupyterlab/translation';
import { addIcon, caretDownIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { CommandIDs } from '../commands';
import { Button, IconButton } from '../components/button';
import { describeTotal, useMonth } from '../components/cost';
import { describeMemory } from '../components/facts';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { hasServer } from '../server';
import { useValue } from '../components/signals';
import { formatCount } from '../cluster/units';
import { describeAllClosing, fateOf, survivalOf } from './fate';
import { aliveOf } from './leaving';
import type { SidebarModel } from './model';
import { openProfileMenu, orderProfiles } from './profileMenu';
import type { ISidebarServices } from './services';
import type { Totals } from './totals';

export interface IHeaderProps {
  model: SidebarModel;
  totals: Totals;
  services: ISidebarServices;
}

/** The button for a new cluster, and the sums over all clusters. */
export function Header(props: IHeaderProps): JSX.Element {
  const { model, totals, services } = props;
  const language = useLanguage();
  const { trans, locale } = language;
  const { readOnly, locked } = useValue(model.changed, () => model.state);
  const { clusters, workers, memory, limit } = useValue(
    totals.changed,
    () => totals.value
  );
  const cost = useValue<unknown, unknown, string>(
    services.costs?.changed ?? totals.changed,
    () => describeTotal(services.costs, language)
  );
  const month = useMonth(services.costs, totals.changed);
  return (
    <>
      {readOnly ? (
        <p className="jp-DaskSection-note">{whyReadOnly(locked, trans)}</p>
      ) : (
        <NewCluster services={services} />
      )}
      {clusters > 0 ? (
        <div className="jp-DaskHeader-totals">
          <span>
            {trans._n(
              '%2 worker',
              '%2 workers',
              workers,
              formatCount(workers, locale)
            )}
          </span>
          {limit === undefined ? null : (
            <span>{describeMemory({ used: memory, limit }, language)}</span>
          )}
          {cost ? <span title={month}>{cost}</span> : null}
          {month ? <span className="jp-Dask-hidden">{month}</span> : null}
          {readOnly || clusters < 2 ? null : (
            <Button
              kind="link"
              className="jp-DaskHeader-stop"
              onClick={() =>
                void services.commands.execute(CommandIDs.stopAllClusters)
              }
            >
              {trans.__('Stop all…')}
            </Button>
          )}
        </div>
      ) : null}
      {clusters > 1 ? (
        <p className="jp-DaskHeader-closing">
          {describeAllClosing(
            aliveOf(services.manager.clusters).map(cluster =>
              fateOf(cluster, survivalOf(cluster, services.registry))
            ),
            language
          )}
        </p>
      ) : null}
    </>
  );
}

/** Enter starts one more of the last profile; the arrow shows all profiles. */
function NewCluster({ services }: { services: ISidebarServices }): JSX.Element {
  const { trans } = useLanguage();
  const { profiles, registry, commands } = services;
  const signal = profiles?.changed ?? registry.changed;
  const last = useValue<unknown, unknown, string>(
    signal,
    () => orderProfiles(services)[0]?.name ?? ''
  );
  return (
    <div className="jp-DaskHeader-new">
      <Button
        kind="primary"
        icon={addIcon}
        title={trans.__('Start a cluster: %1', plainText(last))}
        onClick={() => void commands.execute(CommandIDs.newCluster)}
      >
        {trans.__('New cluster')}
      </Button>
      <IconButton
        kind="primary"
        icon={caretDownIcon}
        label={trans.__('Choose a profile')}
        aria-haspopup="menu"
        aria-expanded={false}
        onClick={event => openProfileMenu(services, event.currentTarget)}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            openProfileMenu(services, event.currentTarget);
          }
        }}
      />
    </div>
  );
}

function whyReadOnly(locked: boolean, trans: TranslationBundle): string {
  if (!hasServer()) {
    return trans.__(
      'Clusters need a Jupyter server, and this page has none. Templates can be read and inserted; to run them on a cluster, open them in JupyterLab or on a JupyterHub.'
    );
  }
  return locked
    ? trans.__(
        'You can only watch: your administrator has switched off starting and stopping clusters.'
      )
    : trans.__('You can only watch, as your settings say (Only watch).');
}
