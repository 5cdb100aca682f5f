/** Where a participant asks for help, hears the trainer, and reads who sees what. */
import * as React from 'react';
import { formatTime } from '../cluster/units';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { formatMoney } from '../cost/money';
import type { Act } from './page';
import { SharePanel } from './sharePanel';
import type { Sharing } from './sharing';
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
  /** The folder that the class shares, if it does. */
  folder?: string;
  /** The consent to it; null in a preview. */
  sharing: Sharing | null;
  act: Act;
}

/** Help and privacy. */
export function HelpPanel({
  channel,
  voice,
  folder,
  sharing,
  act
}: IHelpPanelProps): JSX.Element {
  const { trans } = useLanguage();
  return (
    <section aria-label={trans.__('Help and privacy')}>
      <h2>{trans.__('Help and privacy')}</h2>
      {voice && (voice.connection === 'connected' || sharing?.isUsed) ? (
        <Ask voice={voice} sharing={sharing} act={act} />
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
      <Seen voice={voice} sharing={sharing} />
      {folder === undefined ? null : (
        <SharePanel folder={folder} sharing={sharing} act={act} />
      )}
    </section>
  );
}

interface IAskProps {
  voice: Voice;
  sharing: Sharing | null;
  act: Act;
}

function Ask({ voice, sharing, act }: IAskProps): JSX.Element {
  const { trans } = useLanguage();
  const [note, setNote] = React.useState('');
  const id = React.useId();
  const ask = async (help: boolean): Promise<void> => {
    await voice.ask(help, help ? note : '');
    await (sharing?.isUsed && sharing.written());
  };
  if (voice.wantsHelp) {
    return (
      <div className="jp-Workshop-acts">
        <span role="status">
          {trans.__('Your trainer sees that you need help.')}
        </span>
        <Button
          onClick={() =>
            act(async () => {
              await ask(false);
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
      <Button onClick={() => act(() => ask(true))}>
        {trans.__('I need help')}
      </Button>
    </div>
  );
}

interface ISeenProps {
  voice: Voice | null;
  sharing: Sharing | null;
}

/** What the trainer sees, as it is. */
function Seen({ voice, sharing }: ISeenProps): JSX.Element {
  const { trans, locale } = useLanguage();
  if (voice && (voice.connection === 'connected' || sharing?.isUsed)) {
    const { step, of, cluster, workers, environment, spent } = voice.status;
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
      ...(spent
        ? [trans.__('that it cost %1', formatMoney(spent, locale))]
        : []),
      ...(versions ? [trans.__('the versions %1', versions)] : []),
      trans.__('whether you need help, with your note')
    ];
    return (
      <p>
        {trans.__(
          'Your trainer sees, while this page is open: %1. Your notebooks and results are not sent.',
          parts.join('; ')
        )}{' '}
        {sharing?.isUsed
          ? trans.__(
              'It is in your file in the shared folder, which stays there until you take your agreement back.'
            )
          : null}
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
