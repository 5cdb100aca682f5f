/** What a trainer sets while a class goes on: its end, and the size of clusters. */
import * as React from 'react';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { confirmed } from './classActs';
import type { IActsProps } from './classActs';
import type { IWorkshop } from './model';
import { hasCluster } from './participants';
import type { IRule } from './rules';
import { formatMoment, nextMoment } from './times';

interface IOrdersProps extends IActsProps {
  workshop: IWorkshop;
}

/** For those who are selected, or for all. */
export function TimeAndSize(props: IOrdersProps): JSX.Element {
  const { room, title, workshop, act } = props;
  const { trans, locale } = useLanguage();
  const [time, setTime] = React.useState('');
  const [given, setGiven] = React.useState<number | null>(null);
  const { all, people } = room.rules;
  const to = [...room.selected];
  const whom =
    to.length > 0
      ? trans._n('For %1 selected:', 'For %1 selected:', to.length)
      : trans.__('For all:');
  const moment = (end: number): string =>
    trans.__(
      '%1 (%2)',
      formatMoment(end, locale),
      formatMoment(end, locale, 'UTC')
    );
  const fileEnd = workshop.end ? Date.parse(workshop.end) : null;
  const end = all.end ?? fileEnd;
  const workers = given ?? all.workers ?? workshop.limits?.workers ?? 1;
  const off = !room.canAnnounce;
  // No server keeps it: it is no quota.
  const whereItBinds = trans.__(
    'This binds on pages of the workshop that are open, and on others from when they are opened; who has no page of it open is not bound.'
  );

  const setEnd = (at: number | null): void =>
    act(async () => {
      const until = at ?? fileEnd;
      const text =
        until === null
          ? trans.__('The class has no fixed end any more.')
          : trans.__(
              'The class now ends at %1.',
              formatMoment(until, locale, 'UTC')
            );
      await room.order({ workshop: workshop.id, end: at, text }, to);
      return until === null
        ? text
        : trans.__(
            'The class now ends at %1. All pages that are open say so.',
            moment(until)
          );
    });
  const later = (minutes: number): void =>
    setEnd(Math.max(end ?? 0, Date.now()) + minutes * 60_000);
  const setCap = (cap: number | null): void =>
    act(async () => {
      const larger = room.chosen.filter(
        ({ status }) => cap !== null && (status?.workers ?? 0) > cap
      );
      const number =
        cap === null ? '' : trans._n('%1 worker', '%1 workers', cap);
      if (
        larger.length > 0 &&
        !(await confirmed(
          trans.__('Cap clusters of “%1” at %2?', title, number),
          `${trans._n(
            '%1 person has more now, whose cluster is made smaller: %2. Its workers hand over their results first.',
            '%1 people have more now, whose clusters are made smaller: %2. Their workers hand over their results first.',
            larger.length,
            plainText(larger.map(({ name }) => name).join(', '), 300)
          )} ${whereItBinds}`,
          trans.__('Cap at %1', number),
          trans
        ))
      ) {
        return '';
      }
      const text =
        cap === null
          ? trans.__(
              'The class’s file says again how many workers you may have.'
            )
          : trans.__('You may have clusters of up to %1 now.', number);
      await room.order({ workshop: workshop.id, workers: cap, text }, to);
      return cap === null
        ? trans.__('What the file says holds again.')
        : `${trans.__('Clusters are capped at %1.', number)} ${whereItBinds}`;
    });
  const others = Object.entries(people).map(([name, rule]) =>
    trans.__('%1 (%2)', plainText(name), describe(rule))
  );
  function describe(rule: IRule): string {
    return [
      typeof rule.end === 'number'
        ? trans.__('ends at %1', moment(rule.end))
        : rule.end === null
          ? trans.__('end as in the file')
          : '',
      typeof rule.workers === 'number'
        ? trans._n('%1 worker', '%1 workers', rule.workers)
        : rule.workers === null
          ? trans.__('workers as in the file')
          : ''
    ]
      .filter(Boolean)
      .join('; ');
  }

  return (
    <section aria-label={trans.__('Time and size')}>
      <h2>{trans.__('Time and size')}</h2>
      <div className="jp-Workshop-acts">
        <span>{whom}</span>
        <Button disabled={off} onClick={() => later(15)}>
          {trans.__('15 minutes more')}
        </Button>
        <Button disabled={off} onClick={() => later(30)}>
          {trans.__('30 minutes more')}
        </Button>
        <label>
          {trans.__('New end')}{' '}
          <input
            type="time"
            value={time}
            disabled={off}
            onChange={event => setTime(event.target.value)}
          />
        </label>
        <Button
          disabled={off || time === ''}
          onClick={() => setEnd(nextMoment(time))}
        >
          {trans.__('Set the end')}
        </Button>
        <Button
          disabled={off || typeof all.end !== 'number'}
          onClick={() => setEnd(null)}
        >
          {trans.__('End as in the file')}
        </Button>
      </div>
      <div className="jp-Workshop-acts">
        <span>{whom}</span>
        <label>
          {trans.__('Workers of each participant')}{' '}
          <input
            type="number"
            min={1}
            max={1000}
            value={workers}
            disabled={off}
            onChange={event =>
              setGiven(Math.max(1, Math.floor(Number(event.target.value)) || 1))
            }
          />
        </label>
        <Button disabled={off} onClick={() => setCap(workers)}>
          {trans._n('Cap at %1 worker', 'Cap at %1 workers', workers)}
        </Button>
        <Button
          disabled={off || typeof all.workers !== 'number'}
          onClick={() => setCap(null)}
        >
          {trans.__('Workers as in the file')}
        </Button>
      </div>
      {typeof all.workers === 'number' ? (
        <p>
          {trans._n(
            'Clusters of the class are capped at %1 worker.',
            'Clusters of the class are capped at %1 workers.',
            all.workers
          )}{' '}
          {whereItBinds} {trans.__('The administrator’s limits hold besides.')}
        </p>
      ) : null}
      {others.length > 0 ? (
        <p>{trans.__('Something else is set for: %1.', others.join(', '))}</p>
      ) : null}
      {room.levels.length > 0 && off ? (
        <p>
          {trans.__(
            'This needs the hub’s service. Without it, change the end and the limits in the workshop’s file (“Edit workshop…”), give it to the class again, and ask them to open it anew and to scale their clusters in the sidebar.'
          )}
        </p>
      ) : null}
    </section>
  );
}

/** Another cluster for those who are selected, or for all who have one. */
export function FreshCluster({
  room,
  title,
  workshop,
  act
}: IOrdersProps): JSX.Element {
  const { trans } = useLanguage();
  const some = room.selected.size > 0;
  const whom = some ? room.chosen : room.chosen.filter(hasCluster);
  const fresh = async (): Promise<string> => {
    const names = whom.map(({ name }) => name);
    const number = trans._n('%1 person', '%1 people', names.length);
    if (
      !(await confirmed(
        trans.__('A fresh cluster for %1 of “%2”?', number, title),
        trans.__(
          'What their clusters compute and keep in memory is lost: %1. Notebooks and servers go on. Their pages say so, stop the old cluster and start a new one.',
          plainText(names.join(', '), 300)
        ),
        trans.__('Fresh cluster for %1', number),
        trans
      ))
    ) {
      return '';
    }
    const failed = room.may.includes('clusters')
      ? await room.stopClusters(names)
      : {};
    await room.order(
      {
        workshop: workshop.id,
        fresh: true,
        text: trans.__(
          'You get a fresh cluster: the old one stops, a new one starts. If nothing happens, click “Fresh cluster” or “Go on” on the page of the workshop.'
        )
      },
      names
    );
    const words = Object.entries(failed).map(([name, why]) =>
      trans.__('%1: %2', plainText(name), plainText(why, 200))
    );
    return [
      trans._n(
        '%1 page is asked for a fresh cluster; one that is closed shows the message when it is opened.',
        '%1 pages are asked for a fresh cluster; those that are closed show the message when they are opened.',
        names.length
      ),
      ...words
    ].join(' ');
  };
  return (
    <Button
      kind="danger"
      disabled={!room.canAnnounce || whom.length === 0}
      title={
        room.canAnnounce
          ? undefined
          : trans.__(
              'This needs the hub’s service. Without it ask the person to click “Fresh cluster” on the page of the workshop.'
            )
      }
      onClick={() => act(fresh)}
    >
      {some
        ? trans.__('Fresh cluster for selected…')
        : trans.__('Fresh cluster for all…')}
    </Button>
  );
}
