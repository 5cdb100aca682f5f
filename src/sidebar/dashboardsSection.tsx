import * as React from 'react';
import { inWords } from '../cluster/errors';
import { CommandIDs } from '../commands';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { SearchList } from '../components/searchList';
import { useValue } from '../components/signals';
import type { ICluster, IDashboards, IPlot } from '../tokens';
import type { ISidebarServices } from './services';

export interface IDashboardsSectionProps {
  services: ISidebarServices;
  dashboards: IDashboards;
}

/** Layouts and plots of the current cluster. Nothing is asked for unclicked. */
export function DashboardsSection(props: IDashboardsSectionProps): JSX.Element {
  const { manager } = props.services;
  const { trans } = useLanguage();
  const cluster = useValue(manager.currentChanged, () => manager.current);
  return cluster ? (
    <ClusterDashboards key={cluster.key} {...props} cluster={cluster} />
  ) : (
    <p className="jp-DaskSection-note">
      {trans.__('Start or choose a cluster to see its dashboards.')}
    </p>
  );
}

interface IClusterDashboardsProps extends IDashboardsSectionProps {
  cluster: ICluster;
}

function ClusterDashboards(props: IClusterDashboardsProps): JSX.Element {
  const { services, dashboards, cluster } = props;
  const { commands } = services;
  const { trans } = useLanguage();
  const { name, state } = useValue(cluster.changed, () => cluster.snapshot);
  const layouts = useValue(dashboards.changed, () => dashboards.layouts);
  if (state !== 'running' && state !== 'degraded') {
    return (
      <p className="jp-DaskSection-note">
        {trans.__('%1 has no dashboard now.', plainText(name))}
      </p>
    );
  }
  const args = { cluster: cluster.key };
  return (
    <div className="jp-DaskDashboards">
      <div className="jp-DaskDashboards-head">
        <p className="jp-DaskSection-note">
          {trans.__('Cluster: %1', plainText(name))}
        </p>
        <Button
          kind="quiet"
          onClick={() => void commands.execute(CommandIDs.closeLayout, args)}
        >
          {trans.__('Close all')}
        </Button>
      </div>
      <div
        className="jp-DaskDashboards-layouts"
        role="group"
        aria-label={trans.__('Layouts')}
      >
        {layouts.map(layout => (
          <Button
            key={layout.name}
            onClick={() =>
              void commands.execute(CommandIDs.openLayout, {
                ...args,
                layout: layout.name
              })
            }
          >
            {plainText(layout.name)}
          </Button>
        ))}
      </div>
      <Plots {...props} />
    </div>
  );
}

/** Favourites at once; all plots when the person wants to see them. */
function Plots(props: IClusterDashboardsProps): JSX.Element {
  const { services, dashboards, cluster } = props;
  const { trans } = useLanguage();
  const favourites = useValue(dashboards.changed, () => dashboards.favourites);
  const [plots, setPlots] = React.useState<IPlot[] | null>(null);
  const [loading, setLoading] = React.useState(false);
  const [problem, setProblem] = React.useState('');
  const load = (): void => {
    setLoading(true);
    setProblem('');
    dashboards
      .plots(cluster)
      .then(setPlots, reason => setProblem(inWords(reason)))
      .finally(() => setLoading(false));
  };
  if (!plots) {
    return (
      <>
        <Button
          kind="link"
          disabled={loading}
          aria-expanded={false}
          onClick={load}
        >
          {loading ? trans.__('Loading the plots…') : trans.__('All plots')}
        </Button>
        {problem ? (
          <p className="jp-DaskField-error" role="alert">
            {plainText(problem, 300)}
          </p>
        ) : null}
      </>
    );
  }
  const rank = (plot: IPlot): number => (favourites.includes(plot.id) ? 0 : 1);
  return (
    <SearchList
      label={trans.__('Plots')}
      searchLabel={trans.__('Search plots')}
      empty={trans.__('No plot fits.')}
      items={[...plots]
        .sort((a, b) => rank(a) - rank(b))
        .map(plot => ({
          id: plot.id,
          title: plainText(plot.label),
          group:
            rank(plot) === 0 ? trans.__('Favourites') : plainText(plot.group),
          act: () =>
            void services.commands.execute(CommandIDs.openPlot, {
              cluster: cluster.key,
              plot: plot.id
            }),
          extra: (
            <Favourite
              plot={plot}
              chosen={rank(plot) === 0}
              onToggle={chosen => void dashboards.setFavourite(plot.id, chosen)}
            />
          )
        }))}
    />
  );
}

interface IFavouriteProps {
  plot: IPlot;
  chosen: boolean;
  onToggle: (chosen: boolean) => void;
}

function Favourite({ plot, chosen, onToggle }: IFavouriteProps): JSX.Element {
  const { trans } = useLanguage();
  return (
    <button
      type="button"
      className="jp-DaskSearch-star"
      aria-pressed={chosen}
      aria-label={trans.__('Favourite: %1', plainText(plot.label))}
      onClick={() => onToggle(!chosen)}
    >
      <span aria-hidden="true">{chosen ? '★' : '☆'}</span>
    </button>
  );
}
