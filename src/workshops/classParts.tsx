/** Parts of the trainer's page: warming up, what is left, where it comes from. */
import * as React from 'react';
import { inWords } from '../cluster/errors';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { addMoney, formatMoney, isSet } from '../cost/money';
import type { IProfiles } from '../tokens';
import type { ClassRoom } from './classRoom';
import type { ILevel } from './levels';
import type { IWorkshop } from './model';
import { remains } from './participants';
import { planWorkshop } from './plan';
import type { WarmUp } from './warmUp';

export interface IWarmUpFormProps {
  warmUp: WarmUp;
  workshop: IWorkshop;
  profiles: IProfiles | null;
  /** How many participants there are; 0 where it is not known. */
  people: number;
}

/** How many workers to start once, and how far that is. */
export function WarmUpForm(props: IWarmUpFormProps): JSX.Element {
  const { warmUp, workshop, profiles, people } = props;
  const { trans, locale } = useLanguage();
  // The class's limits are for one participant; the administrator's hold here.
  const plan = (
    limits?: IWorkshop['limits']
  ): ReturnType<typeof planWorkshop> =>
    planWorkshop(
      { ...workshop, limits },
      { profiles, prices: [], trans, locale }
    );
  const own = plan(workshop.limits).request?.options ?? {};
  const each = Number(own.maximum ?? own.workers) || 1;
  const [given, setGiven] = React.useState<number | null>(null);
  const workers = given ?? Math.max(1, people) * each;
  const { request, problem } = plan();
  const asked =
    request && profiles
      ? profiles.clamp({ ...request, options: { ...request.options, workers } })
      : null;
  const most = Number(asked?.request.options.workers) || workers;
  const { ready, wanted } = warmUp.workers;
  const said = {
    cold: '',
    warming: trans.__('%1 of %2 workers are there.', ready, wanted),
    releasing: trans.__('All are there, and are released.'),
    warm: trans.__(
      '%1 of %2 workers were there, and are released. The class can start.',
      ready,
      wanted
    ),
    failed: warmUp.problem ? inWords(warmUp.problem) : ''
  }[warmUp.warmth];
  const isBusy = warmUp.warmth === 'warming' || warmUp.warmth === 'releasing';
  return (
    <section aria-label={trans.__('Warm up')}>
      <h2>{trans.__('Warm up')}</h2>
      <p>
        {trans.__(
          'Start as many workers as the class will need, in one cluster of yours, and release them: machines and images are then ready.'
        )}
      </p>
      {request ? (
        <div className="jp-Workshop-acts">
          <label>
            {trans.__('Workers')}{' '}
            <input
              type="number"
              min={1}
              max={1000}
              value={workers}
              onChange={event =>
                setGiven(
                  Math.max(1, Math.floor(Number(event.target.value)) || 1)
                )
              }
            />
          </label>
          <Button
            disabled={isBusy}
            onClick={() => asked && warmUp.start(asked.request, most)}
          >
            {trans._n('Warm up %1 worker', 'Warm up %1 workers', most)}
          </Button>
          {warmUp.warmth === 'warming' ? (
            <Button onClick={() => void warmUp.release()}>
              {trans.__('Release now')}
            </Button>
          ) : null}
        </div>
      ) : (
        <p>
          {problem
            ? plainText(problem, 300)
            : trans.__('The workshop’s file names no cluster profile.')}
        </p>
      )}
      {asked?.notes.map(note => (
        <p key={note}>{plainText(note, 300)}</p>
      ))}
      <p role={warmUp.warmth === 'failed' ? 'alert' : 'status'}>
        {plainText(said, 400)}
      </p>
    </section>
  );
}

/** What is still there, and what it cost. */
export function AfterClass({
  room,
  warmUp
}: {
  room: ClassRoom;
  warmUp: WarmUp;
}): JSX.Element {
  const { trans, locale } = useLanguage();
  const { servers, clusters, spent, told } = remains(room.rows);
  const people = (names: readonly string[]): string =>
    plainText(names.join(', '), 300);
  const sentences: string[] = [];
  if (room.rows.some(({ server }) => server !== undefined)) {
    sentences.push(
      servers.length > 0
        ? trans._n(
            '%1 server still runs: %2.',
            '%1 servers still run: %2.',
            servers.length,
            people(servers)
          )
        : trans.__('No server runs.')
    );
  }
  if (room.rows.some(({ clusters, status }) => clusters ?? status?.cluster)) {
    sentences.push(
      clusters.length > 0
        ? trans._n(
            '%1 person still has a cluster: %2.',
            '%1 people still have clusters: %2.',
            clusters.length,
            people(clusters)
          )
        : trans.__('Nobody has a cluster that is known of.')
    );
  }
  const all = addMoney(spent, warmUp.spent);
  sentences.push(
    told > 0
      ? trans.__(
          '%1 of %2 participants told what their clusters have cost: %3.',
          told,
          room.rows.length,
          formatMoney(spent, locale)
        )
      : trans.__(
          'No participant told what their clusters have cost; it is not known.'
        )
  );
  if (isSet(warmUp.spent)) {
    sentences.push(
      trans.__(
        'The warm-up cost %1, which makes %2 in all.',
        formatMoney(warmUp.spent, locale),
        formatMoney(all, locale)
      )
    );
  }
  return (
    <section aria-label={trans.__('After the class')}>
      <h2>{trans.__('After the class')}</h2>
      <ul>
        {sentences.map(sentence => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

/** Where the table comes from, and what is missing for the rest. */
export function Levels({ levels }: { levels: readonly ILevel[] }): JSX.Element {
  const { trans } = useLanguage();
  const names: Record<ILevel['level'], string> = {
    3: trans.__(
      'The hub’s service for classes: all of the table, and messages'
    ),
    2: trans.__('Files in a shared folder: steps, help and versions'),
    1: trans.__('The hub itself: who is in the class, and their servers')
  };
  return (
    <section aria-label={trans.__('Where the table comes from')}>
      <h2>{trans.__('Where the table comes from')}</h2>
      <ul className="jp-Workshop-steps">
        {levels.map(({ level, used, reason }) => (
          <li key={level}>
            <span aria-hidden="true">{used ? '✓' : '○'}</span> {names[level]}{' '}
            {used
              ? trans.__('(used)')
              : trans.__('(not used: %1)', plainText(reason, 400))}
          </li>
        ))}
        <li>
          {trans.__(
            'Without any of these each participant has the whole workshop, and nobody sees the others.'
          )}
        </li>
      </ul>
    </section>
  );
}
