import { refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { isOver } from '../cluster/states';
import { formatCount, formatDuration, formatTime } from '../cluster/units';
import { CommandIDs } from '../commands';
import { Button } from '../components/button';
import { describeTotal } from '../components/cost';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { useValue } from '../components/signals';
import { formatMoney } from '../cost/money';
import type { ClusterError, ILeftover, IProvider } from '../tokens';
import type { IAnswer, LeftModel } from './left';
import { LeftClusters } from './leftClusters';
import type { ISidebarServices } from './services';
import { sum } from './totals';

export interface ILeftViewProps {
  model: LeftModel;
  services: ISidebarServices;
  /** Whether a person can see it. */
  visible: boolean;
  /** Ask which of what is left shall go. */
  onCleanUp: () => void;
}

/** Everything that runs for this person, wherever it is, and what ends it. */
export function LeftView(props: ILeftViewProps): JSX.Element {
  const { model, services, visible, onCleanUp } = props;
  const { manager, registry, costs, commands } = services;
  const language = useLanguage();
  const { trans, locale } = language;
  const clusters = useValue(manager.changed, () => manager.clusters);
  const readOnly = useValue(manager.changed, () => manager.readOnly);
  const providers = useValue(registry.changed, () => registry.providers);
  const answers = useValue(model.changed, () => model.answers);
  const asking = useValue(model.changed, () => model.asking);
  const askedAt = useValue(model.changed, () => model.askedAt);
  const cost = useValue<unknown, unknown, string>(
    costs?.changed ?? manager.changed,
    () => describeTotal(costs, language)
  );
  const left = [...answers.values()].flatMap(({ items }) => items).length;
  const stoppable = clusters.filter(
    ({ capabilities, snapshot }) => capabilities.stop && !isOver(snapshot.state)
  ).length;
  // A gateway that nobody has here is not told of.
  const isThere = ({ id, creates, leftovers }: IProvider): boolean =>
    creates ||
    leftovers !== undefined ||
    manager.problems.has(id) ||
    clusters.some(({ provider }) => provider === id);
  const total = sum(clusters);
  const count = (value: number): string => formatCount(value, locale);
  return (
    <div className="jp-DaskLeft-page" aria-busy={asking}>
      <h1>{trans.__('Left running')}</h1>
      <p role="status">
        {[
          trans._n(
            '%2 cluster',
            '%2 clusters',
            total.clusters,
            count(total.clusters)
          ),
          trans._n(
            '%2 worker',
            '%2 workers',
            total.workers,
            count(total.workers)
          ),
          cost,
          asking
            ? trans.__('asking the others…')
            : trans._n('%2 left over', '%2 left over', left, count(left))
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <div className="jp-DaskLeft-bar">
        <Button
          icon={refreshIcon}
          aria-disabled={asking}
          onClick={() => (asking ? undefined : void model.ask())}
        >
          {trans.__('Refresh')}
        </Button>
        {readOnly || stoppable === 0 ? null : (
          <Button
            kind="danger"
            onClick={() => void commands.execute(CommandIDs.stopAllClusters)}
          >
            {trans.__('Stop all…')}
          </Button>
        )}
        {readOnly || left === 0 ? null : (
          <Button kind="danger" onClick={onCleanUp}>
            {trans.__('Clean up…')}
          </Button>
        )}
        {askedAt === null ? null : (
          <span className="jp-DaskLeft-note">
            {trans.__(
              'Asked at %1. Nobody is asked again until you refresh.',
              formatTime(askedAt, locale)
            )}
          </span>
        )}
      </div>
      <section>
        <h2>{trans.__('Clusters')}</h2>
        <LeftClusters
          clusters={clusters}
          services={services}
          readOnly={readOnly}
          visible={visible}
        />
      </section>
      <section>
        <h2>{trans.__('Left over, by provider')}</h2>
        <p className="jp-DaskLeft-note">
          {trans.__(
            'What clusters have left behind and no cluster above uses: jobs, pods, or things in your account.'
          )}
        </p>
        {providers.filter(isThere).map(provider => (
          <Provider
            key={provider.id}
            provider={provider}
            answer={answers.get(provider.id)}
            problem={manager.problems.get(provider.id)}
          />
        ))}
      </section>
    </div>
  );
}

/** What one provider told, or why it could not be asked. */
function Provider(props: {
  provider: IProvider;
  answer: IAnswer | undefined;
  problem: ClusterError | undefined;
}): JSX.Element {
  const { provider, answer, problem } = props;
  const { trans } = useLanguage();
  const items = answer?.items ?? [];
  const remarks = answer?.remarks ?? [];
  const words = {
    asking: trans.__('Asking…'),
    told:
      items.length > 0
        ? ''
        : remarks.length > 0
          ? trans.__('Nothing else was found.')
          : trans.__('Nothing is left here.'),
    refused: '',
    complete: trans.__(
      'Nothing can be left here that is not among the clusters above.'
    ),
    unlisted: trans.__(
      'What is left here cannot be listed: look where these clusters run.'
    )
  };
  const text = words[answer?.state ?? 'asking'];
  return (
    <div className="jp-DaskLeft-provider" data-provider={provider.id}>
      <h3>{provider.label}</h3>
      {problem ? (
        <Refusal
          text={trans.__('The clusters could not be listed.')}
          error={problem}
        />
      ) : null}
      {answer?.error ? (
        <Refusal
          text={trans.__('It could not be asked what is left.')}
          error={answer.error}
        />
      ) : null}
      {items.length > 0 ? (
        <ul>
          {items.map(item => (
            <li key={item.id}>
              <Leftover item={item} />
            </li>
          ))}
        </ul>
      ) : null}
      {text ? <p>{text}</p> : null}
      {remarks.map(remark => (
        <p key={remark} className="jp-DaskLeft-remark">
          {plainText(remark, 500)}
        </p>
      ))}
    </div>
  );
}

function Refusal(props: { text: string; error: ClusterError }): JSX.Element {
  const { text, error } = props;
  return (
    <p className="jp-DaskLeft-refusal" role="alert">
      {[text, plainText(error.message, 300), plainText(error.hint ?? '', 300)]
        .filter(Boolean)
        .join(' ')}
    </p>
  );
}

/** One thing that was left: what it is, where, since when, and whether it is in use. */
export function Leftover({ item }: { item: ILeftover }): JSX.Element {
  const { trans, locale } = useLanguage();
  const { kind, title, detail, since, perHour, certain, doubt } = item;
  const facts = [
    plainText(detail, 300),
    since === undefined
      ? ''
      : trans.__(
          'There for %1.',
          formatDuration(Math.max(0, Date.now() - since), locale)
        ),
    perHour ? trans.__('%1 an hour.', formatMoney(perHour, locale)) : ''
  ].filter(Boolean);
  return (
    <>
      <span className="jp-DaskLeft-title">
        {trans.__('%1: %2', plainText(kind), plainText(title))}
      </span>{' '}
      {facts.join(' ')}
      {certain ? null : (
        <span className="jp-DaskLeft-doubt">
          {doubt
            ? plainText(doubt, 300)
            : trans.__('Somebody may still use it.')}
        </span>
      )}
    </>
  );
}
