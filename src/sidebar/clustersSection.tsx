import * as React from 'react';
import { CommandIDs } from '../commands';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { useValue } from '../components/signals';
import { ClusterList } from './clusterList';
import type { SidebarModel } from './model';
import type { ISidebarServices } from './services';
import { useCommands } from './useCommands';

/** The commands that the empty section offers. */
const LINKS = [CommandIDs.connectScheduler, CommandIDs.findClusters];

export interface IClustersSectionProps {
  model: SidebarModel;
  services: ISidebarServices;
}

/** All clusters, newest last; or what to do when there are none. */
export function ClustersSection(props: IClustersSectionProps): JSX.Element {
  const { model, services } = props;
  const { manager } = services;
  const clusters = useValue(manager.changed, () => manager.clusters);
  const { loading } = useValue(model.changed, () => model.state);
  return (
    <>
      <Problems {...props} />
      {clusters.length > 0 ? (
        <ClusterList clusters={clusters} model={model} services={services} />
      ) : loading ? (
        <Loading />
      ) : (
        <Empty {...props} />
      )}
    </>
  );
}

function Loading(): JSX.Element {
  const { trans } = useLanguage();
  return (
    <div className="jp-DaskClusters-loading" role="status">
      <p>{trans.__('Looking for your clusters…')}</p>
      <div className="jp-DaskSkeleton" aria-hidden="true" />
    </div>
  );
}

function Empty({ model, services }: IClustersSectionProps): JSX.Element {
  const { trans } = useLanguage();
  const { commands } = services;
  const { readOnly } = useValue(model.changed, () => model.state);
  const known = useCommands(commands, LINKS);
  const link = (id: string, label: string): JSX.Element | null =>
    known.has(id) && !readOnly ? (
      <Button kind="link" onClick={() => void commands.execute(id)}>
        {label}
      </Button>
    ) : null;
  return (
    <div className="jp-DaskClusters-empty">
      <p>
        {readOnly
          ? trans.__('No cluster runs now.')
          : trans.__(
              'A cluster runs your Dask code on several workers at once. Start one, then connect a notebook.'
            )}
      </p>
      {link(
        CommandIDs.connectScheduler,
        trans.__('Connect to an existing scheduler…')
      )}
      {link(
        CommandIDs.findClusters,
        trans.__('Find clusters in open notebooks')
      )}
    </div>
  );
}

/** Providers that could not say which clusters there are. */
function Problems({ model, services }: IClustersSectionProps): JSX.Element {
  const { trans } = useLanguage();
  const { manager, registry } = services;
  const seen = useValue(manager.changed, () => describeProblems(services));
  const [retrying, setRetrying] = React.useState(false);
  const retry = (): void => {
    setRetrying(true);
    void model.refresh().finally(() => setRetrying(false));
  };
  const problems = seen ? [...manager.problems] : [];
  return (
    <>
      {problems.map(([id, error]) => (
        <div key={id} className="jp-DaskProblem" role="alert">
          <p>
            {trans.__(
              '%1: the clusters could not be listed. %2',
              registry.get(id)?.label ?? id,
              plainText(error.message, 200)
            )}
          </p>
          {error.hint ? <p>{plainText(error.hint, 200)}</p> : null}
          <Button disabled={retrying} onClick={retry}>
            {trans.__('Retry')}
          </Button>
        </div>
      ))}
    </>
  );
}

/** One text for all problems, which is another one when they change. */
function describeProblems({ manager }: ISidebarServices): string {
  return [...manager.problems]
    .map(([id, { message }]) => `${id}: ${message}`)
    .join('\n');
}
