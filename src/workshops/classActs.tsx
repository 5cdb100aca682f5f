/** What a trainer can do for a class: write, start, stop, warm up. */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import * as React from 'react';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { inWords } from '../cluster/errors';
import type { ClassRoom } from './classRoom';
import { hasCluster } from './participants';
import type { IParticipant } from './serviceWire';

/** Does something, and shows what came of it in words. */
export type Act = (verb: () => Promise<string>) => void;

export interface IActsProps {
  room: ClassRoom;
  /** The title of the class. */
  title: string;
  act: Act;
}

/** An announcement to all, or to those who are selected. */
export function Announce({ room, act }: IActsProps): JSX.Element {
  const { trans } = useLanguage();
  const [text, setText] = React.useState('');
  const to = [...room.selected];
  const field = React.useId();
  return (
    <form
      className="jp-ClassPage-announce"
      onSubmit={event => {
        event.preventDefault();
        act(async () => {
          await room.announce(text.trim(), to);
          // Only now: what was typed is not lost when it fails.
          setText('');
          return to.length > 0
            ? trans._n('%1 person is told.', '%1 people are told.', to.length)
            : trans.__('All are told.');
        });
      }}
    >
      <label htmlFor={field}>{trans.__('Announcement')}</label>
      <textarea
        id={field}
        rows={2}
        maxLength={1000}
        value={text}
        disabled={!room.canAnnounce}
        onChange={event => setText(event.target.value)}
      />
      <Button
        type="submit"
        kind="primary"
        disabled={!room.canAnnounce || text.trim() === ''}
      >
        {to.length > 0
          ? trans._n('Tell %1 selected', 'Tell %1 selected', to.length)
          : trans.__('Tell all')}
      </Button>
      {room.levels.length > 0 && !room.canAnnounce ? (
        <span>{trans.__('This needs the hub’s service.')}</span>
      ) : null}
    </form>
  );
}

/** Servers and clusters of the class, and of nobody else. */
export function Servers({ room, title, act }: IActsProps): JSX.Element {
  const { trans } = useLanguage();
  const some = room.selected.size > 0;
  const { chosen, may } = room;
  const away = chosen.filter(({ server }) => server === 'stopped');
  const there = chosen.filter(
    ({ server }) => server === 'running' || server === 'starting'
  );
  const names = (rows: readonly IParticipant[]): string[] =>
    rows.map(({ name }) => name);
  const told = (failed: Record<string, string>, done: string): string => {
    const words = Object.entries(failed).map(([name, why]) =>
      trans.__('%1: %2', plainText(name), plainText(why, 200))
    );
    return words.length > 0 ? words.join(' ') : done;
  };
  const start = async (): Promise<string> => {
    const failed = await room.startServers(names(away));
    return told(
      failed,
      trans._n(
        '%1 server is asked to start.',
        '%1 servers are asked to start.',
        away.length
      )
    );
  };
  const stop = async (): Promise<string> => {
    const question = describeStop(there, trans);
    const number = trans._n('%1 server', '%1 servers', there.length);
    const accept = trans.__('Stop %1', number);
    if (
      !(await confirmed(
        trans.__('Stop %1 of “%2”?', number, title),
        question,
        accept,
        trans
      ))
    ) {
      return '';
    }
    return told(
      await room.stopServers(names(there)),
      trans.__('%1 asked to stop.', number)
    );
  };
  return (
    <>
      <Button
        disabled={!may.includes('start') || away.length === 0}
        onClick={() => act(start)}
      >
        {away.length === 0
          ? trans.__('Start servers')
          : some
            ? trans._n(
                'Start %1 selected server',
                'Start %1 selected servers',
                away.length
              )
            : trans._n('Start %1 server', 'Start all %1 servers', away.length)}
      </Button>
      {may.includes('stop') ? (
        <Button
          kind="danger"
          disabled={there.length === 0}
          onClick={() => act(stop)}
        >
          {some
            ? trans._n(
                'Stop %1 selected server…',
                'Stop %1 selected servers…',
                there.length
              )
            : trans._n('Stop %1 server…', 'Stop all %1 servers…', there.length)}
        </Button>
      ) : room.levels.length > 0 ? (
        <span>
          {trans.__(
            'Servers cannot be stopped from here, since your administrator has not allowed it: ask for the right “delete:servers” for this class, and ask participants meanwhile to stop theirs on the hub’s page (File › Hub Control Panel).'
          )}
        </span>
      ) : null}
    </>
  );
}

/** Ask before something is lost; nothing is done by Enter. */
export async function confirmed(
  title: string,
  body: string,
  accept: string,
  trans: ReturnType<typeof useLanguage>['trans']
): Promise<boolean> {
  const { button } = await showDialog({
    title,
    body,
    defaultButton: 0,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: accept })
    ]
  });
  return button.accept;
}

/** What stopping these servers ends, with numbers. */
export function describeStop(
  rows: readonly IParticipant[],
  trans: ReturnType<typeof useLanguage>['trans']
): string {
  const clusters = rows.filter(hasCluster).length;
  const helped = rows.filter(({ status }) => status?.help).length;
  return [
    trans.__(
      'Only these servers stop: %1.',
      plainText(rows.map(({ name }) => name).join(', '), 400)
    ),
    trans.__('Their kernels end, and what is not saved there is lost.'),
    clusters > 0
      ? trans._n(
          '%1 person has a cluster; one that runs on the server ends with it.',
          '%1 people have a cluster; those that run on the servers end with them.',
          clusters
        )
      : '',
    helped > 0
      ? trans._n(
          '%1 of them waits for help.',
          '%1 of them wait for help.',
          helped
        )
      : ''
  ]
    .filter(Boolean)
    .join(' ');
}

/** What anything that went wrong says, for the line below the acts. */
export function failure(
  reason: unknown,
  trans: ReturnType<typeof useLanguage>['trans']
): string {
  return trans.__('That did not work: %1', plainText(inWords(reason), 400));
}
