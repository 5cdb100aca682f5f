/** Where a participant asks for help, hears the trainer, and reads who sees what. */
import * as React from 'react';
import { formatTime } from '../cluster/units';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { plainText } from '../components/plainText';
import type { Act } from './page';
import { MAX_NOTE } from './voice';
import type { Voice } from './voice';

/** What trainers said, the newest first and marked. */
export function Announcements({ voice }: { voice: Voice }): JSX.Element | null {
  const { trans, locale } = useLanguage();
  const { announcements } = voice;
  return announcements.length > 0 ? (
    <section
      className="jp-Workshop-news"
      aria-label={trans.__('Announcements')}
      aria-live="polite"
    >
      {announcements
        .slice(-3)
        .reverse()
        .map(({ id, time, text, author }) => (
          <p key={`${id} ${time}`}>
            <strong>
              {trans.__(
                '%1, %2:',
                plainText(author, 64),
                formatTime(time, locale)
              )}
            </strong>{' '}
            {plainText(text, 1000)}
          </p>
        ))}
    </section>
  ) : null;
}

interface IHelpPanelProps {
  /** Where help is asked for, in words. */
  channel?: string;
  /** Null in a preview. */
  voice: Voice | null;
  act: Act;
}

/** Help and privacy. */
export function HelpPanel({
  channel,
  voice,
  act
}: IHelpPanelProps): JSX.Element {
  const { trans } = useLanguage();
  return (
    <section aria-label={trans.__('Help and privacy')}>
      <h2>{trans.__('Help and privacy')}</h2>
      {voice?.connection === 'connected' ? (
        <Ask voice={voice} act={act} />
      ) : null}
      <p>
        {channel
          ? trans.__('For help: %1', plainText(channel, 300))
          : trans.__('For help ask your trainer; no channel is named.')}
      </p>
      {voice?.connection === 'lost' ? (
        <div className="jp-Workshop-acts" role="alert">
          <span>
            {trans.__(
              'Your trainer cannot see this page now: %1',
              plainText(voice.problem?.message ?? '', 200)
            )}
          </span>
          <Button onClick={() => voice.again()}>{trans.__('Try again')}</Button>
        </div>
      ) : null}
      <Seen voice={voice} />
    </section>
  );
}

function Ask({ voice, act }: { voice: Voice; act: Act }): JSX.Element {
  const { trans } = useLanguage();
  const [note, setNote] = React.useState('');
  const id = React.useId();
  if (voice.wantsHelp) {
    return (
      <div className="jp-Workshop-acts">
        <span role="status">
          {trans.__('Your trainer sees that you need help.')}
        </span>
        <Button
          onClick={() =>
            act(async () => {
              await voice.ask(false);
              setNote('');
            })
          }
        >
          {trans.__('I no longer need help')}
        </Button>
      </div>
    );
  }
  return (
    <div className="jp-Workshop-ask">
      <label htmlFor={id}>{trans.__('What are you stuck on?')}</label>
      <textarea
        id={id}
        className="jp-mod-styled"
        rows={2}
        maxLength={MAX_NOTE}
        value={note}
        onChange={event => setNote(event.target.value)}
      />
      <Button onClick={() => act(() => voice.ask(true, note))}>
        {trans.__('I need help')}
      </Button>
    </div>
  );
}

/** What the trainer sees, as it is. */
function Seen({ voice }: { voice: Voice | null }): JSX.Element {
  const { trans } = useLanguage();
  if (voice?.connection === 'connected') {
    const { step, of, cluster, workers, environment } = voice.status;
    const versions = Object.entries(environment)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ');
    const parts = [
      trans.__('your name'),
      trans.__('that %1 of %2 steps are done', step, of),
      cluster === undefined
        ? trans.__('that you have no cluster of the class')
        : trans.__(
            'that your cluster is “%1” with %2 workers',
            cluster,
            workers ?? 0
          ),
      ...(versions ? [trans.__('the versions %1', versions)] : []),
      trans.__('whether you need help, with your note')
    ];
    return (
      <p>
        {trans.__(
          'Your trainer sees, while this page is open: %1. Your notebooks and results are not sent.',
          parts.join('; ')
        )}
      </p>
    );
  }
  return (
    <p>
      {voice?.connection === 'none'
        ? trans.__(
            'This page sends nothing to your trainer: neither your steps nor your notebooks.'
          )
        : trans.__(
            'Nothing is sent before you join. Then, where the hub has a service for classes and while this page is open, your trainer sees your name, how many steps are done, the state of your cluster, versions of packages, and whether you need help. Your notebooks and results are not sent.'
          )}
    </p>
  );
}
