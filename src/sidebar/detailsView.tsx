import * as React from 'react';
import { inWords } from '../cluster/errors';
import { CommandIDs } from '../commands';
import { formatBytes, formatTime } from '../cluster/units';
import { Button } from '../components/button';
import { CostBasis } from '../components/cost';
import { explain } from '../components/explain';
import { describeState, describeWorkers } from '../components/facts';
import { Failure } from '../components/failure';
import { useLanguage } from '../components/language';
import { plainLine, plainText } from '../plainText';
import { useValue } from '../components/signals';
import { StateMark } from '../components/stateMark';
import { Tabs } from '../components/tabs';
import { WorkerTable } from '../components/workerTable';
import type { ICluster, IClusterEvent, ILogEntry } from '../tokens';
import type { ClusterDetails } from './details';
import type { ISidebarServices } from './services';

/** Log lines of each process that are asked for. */
const LINES = 200;

export interface IDetailsViewProps {
  details: ClusterDetails;
  services: ISidebarServices;
  /** Which tab is in view. */
  onTab: (tab: string) => void;
}

/** The details of a cluster, or that it is not there. */
export function DetailsView(props: IDetailsViewProps): JSX.Element {
  const { details } = props;
  const { trans } = useLanguage();
  const cluster = useValue(details.changed, () => details.cluster);
  return cluster ? (
    <Found {...props} cluster={cluster} />
  ) : (
    <p className="jp-DaskSection-note" role="status">
      {trans.__(
        'This cluster is not there. It may have been stopped; close this tab or start another cluster.'
      )}
    </p>
  );
}

interface IFoundProps extends IDetailsViewProps {
  cluster: ICluster;
}

function Found({
  details,
  cluster,
  services,
  onTab
}: IFoundProps): JSX.Element {
  const { commands } = services;
  const language = useLanguage();
  const { trans } = language;
  const snapshot = useValue(cluster.changed, () => cluster.snapshot);
  const responding = useValue(cluster.changed, () => cluster.responding);
  const { capabilities } = cluster;
  const broken = snapshot.state === 'failed' || snapshot.state === 'lost';
  const tabs = [
    ...(capabilities.workers && !broken
      ? [{ id: 'workers', label: trans.__('Workers') }]
      : []),
    { id: 'events', label: trans.__('Events') },
    ...(capabilities.logs || snapshot.log?.length
      ? [{ id: 'logs', label: trans.__('Logs') }]
      : []),
    { id: 'options', label: trans.__('Options used') }
  ];
  const chosen = useValue(details.changed, () => details.tab);
  const tab = tabs.some(item => item.id === chosen) ? chosen : tabs[0].id;
  React.useEffect(() => onTab(tab), [tab, onTab]);
  const panels: Record<string, React.ReactNode> = {
    workers: <Workers cluster={cluster} />,
    events: <Events details={details} cluster={cluster} services={services} />,
    logs: <Logs cluster={cluster} services={services} />,
    options: <Options cluster={cluster} services={services} />
  };
  return (
    <>
      <div className="jp-DaskDetails-head">
        <StateMark {...describeState(snapshot, responding, trans)} />
        <h2>{plainText(snapshot.name)}</h2>
        <span>{describeWorkers(snapshot.workers, language)}</span>
        <Button
          onClick={() =>
            void commands.execute(CommandIDs.copyReport, {
              cluster: cluster.key
            })
          }
        >
          {trans.__('Copy report')}
        </Button>
      </div>
      {snapshot.cause?.length ? (
        <Failure cause={snapshot.cause} log={snapshot.log ?? []} />
      ) : null}
      <Tabs
        label={trans.__('Details of the cluster')}
        tabs={tabs}
        selected={tab}
        onSelect={id => (details.tab = id)}
      >
        {panels[tab]}
      </Tabs>
    </>
  );
}

function Workers({ cluster }: { cluster: ICluster }): JSX.Element {
  const { trans } = useLanguage();
  const workers = useValue(cluster.workersChanged, () => cluster.workers);
  const { workers: counts } = useValue(cluster.changed, () => cluster.snapshot);
  return workers.length > 0 ? (
    <WorkerTable workers={workers} />
  ) : (
    <p className="jp-DaskSection-note" role="status">
      {counts?.ready
        ? trans.__('Loading the workers…')
        : trans.__('There are no workers now.')}
    </p>
  );
}

interface IPartProps {
  cluster: ICluster;
  services: ISidebarServices;
}

/** What an event means, and what one can do. */
function Explanation({ event }: { event: IClusterEvent }): JSX.Element | null {
  const { trans } = useLanguage();
  const found = explain(event, trans);
  return found ? (
    <span className="jp-DaskEvents-explanation">
      {found.what} <em>{found.next}</em>
    </span>
  ) : null;
}

interface IEventsProps extends IPartProps {
  details: ClusterDetails;
}

/** What happened, newest first, and what it means. */
function Events({ details, cluster, services }: IEventsProps): JSX.Element {
  const { trans, locale } = useLanguage();
  const { manager } = services;
  const { key } = cluster;
  const events = useValue(cluster.changed, () => cluster.events);
  const explains = useValue(details.changed, () => details.explains);
  const [problem, setProblem] = React.useState('');
  React.useEffect(() => {
    let gone = false;
    manager.events(key).catch(reason => {
      if (!gone) {
        setProblem(inWords(reason));
      }
    });
    return () => {
      gone = true;
    };
  }, [manager, key]);
  const levels = {
    info: trans.__('Info'),
    warning: trans.__('Warning'),
    error: trans.__('Error')
  };
  if (events.length === 0) {
    return (
      <p className="jp-DaskSection-note" role="status">
        {problem ? plainText(problem, 300) : trans.__('Nothing happened yet.')}
      </p>
    );
  }
  return (
    <>
      <label className="jp-DaskEvents-explain">
        <input
          type="checkbox"
          checked={explains}
          onChange={change => (details.explains = change.target.checked)}
        />
        {trans.__('Explain what happened')}
      </label>
      <ol
        className="jp-DaskEvents"
        tabIndex={0}
        aria-label={trans.__('Events, newest first')}
      >
        {[...events].reverse().map((event, index) => (
          <li key={events.length - index} className={`jp-mod-${event.level}`}>
            <time dateTime={new Date(event.time).toISOString()}>
              {formatTime(event.time, locale)}
            </time>
            <span className="jp-DaskEvents-level">{levels[event.level]}</span>
            <span>
              {plainText(event.text, 500)}
              {explains ? <Explanation event={event} /> : null}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

/** The last lines of each process. Asked for when shown and on a click. */
function Logs({ cluster, services }: IPartProps): JSX.Element {
  const { trans } = useLanguage();
  const { manager } = services;
  const { key, capabilities } = cluster;
  const { log } = cluster.snapshot;
  const [entries, setEntries] = React.useState<ILogEntry[] | null>(null);
  const [problem, setProblem] = React.useState('');
  const [tries, setTries] = React.useState(0);
  const asks = capabilities.logs;
  React.useEffect(() => {
    let gone = false;
    if (asks) {
      setProblem('');
      manager.logs(key, LINES).then(
        result => {
          if (!gone) {
            setEntries(result);
          }
        },
        reason => {
          if (!gone) {
            setProblem(inWords(reason));
          }
        }
      );
    }
    return () => {
      gone = true;
    };
  }, [manager, key, asks, tries]);
  const shown = entries ?? (log ? [{ source: 'scheduler', lines: log }] : null);
  return (
    <div className="jp-DaskLogs">
      {asks ? (
        <Button onClick={() => setTries(tries + 1)}>
          {trans.__('Refresh the logs')}
        </Button>
      ) : null}
      {problem ? (
        <p className="jp-DaskField-error" role="alert">
          {plainText(problem, 300)}
        </p>
      ) : null}
      {!shown && !problem ? (
        <p className="jp-DaskSection-note" role="status">
          {trans.__('Loading the logs…')}
        </p>
      ) : null}
      {shown?.map(({ source, lines }) => (
        <section key={source}>
          <h3>{plainText(source)}</h3>
          <pre role="group" tabIndex={0} aria-label={plainText(source)}>
            {lines.length > 0
              ? lines.map(line => plainLine(line)).join('\n')
              : trans.__('No lines.')}
          </pre>
        </section>
      ))}
    </div>
  );
}

/** With what the cluster was made and what it runs. */
function Options({ cluster, services }: IPartProps): JSX.Element {
  const { trans, locale } = useLanguage();
  const { snapshot, provider, environment, profile } = cluster;
  const rows: Array<[string, string]> = [
    [trans.__('Provider'), services.registry.get(provider)?.label ?? provider],
    [trans.__('Profile'), profile ?? '–'],
    [
      trans.__('Environment'),
      environment ? services.environmentLabel(environment) : '–'
    ],
    [trans.__('Asked for'), formatTime(snapshot.created, locale)]
  ];
  const facts = (values: object): Array<[string, string]> =>
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value)
    ]);
  const labels: Record<string, string> = {
    workers: trans.__('Workers'),
    threads: trans.__('Threads per worker'),
    memory: trans.__('Memory per worker'),
    minimum: trans.__('Adaptive: at least'),
    maximum: trans.__('Adaptive: at most')
  };
  for (const [name, value] of Object.entries(snapshot.options ?? {})) {
    const bytes = name === 'memory' && typeof value === 'number';
    const [[, text]] = facts({ [name]: value });
    rows.push([
      labels[name] ?? name,
      bytes ? formatBytes(value, locale) : text
    ]);
  }
  rows.push(...facts(snapshot.versions ?? {}));
  return (
    <>
      {services.costs ? (
        <CostBasis
          cost={services.costs.of(cluster, Date.now())}
          lack={services.costs.lack(cluster)}
          onPrices={
            services.commands.hasCommand(CommandIDs.editPrices)
              ? () => void services.commands.execute(CommandIDs.editPrices)
              : undefined
          }
        />
      ) : null}
      <dl className="jp-DaskOptions" tabIndex={0}>
        {rows.map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{plainText(name)}</dt>
            <dd>{plainText(value, 300)}</dd>
          </React.Fragment>
        ))}
      </dl>
    </>
  );
}
