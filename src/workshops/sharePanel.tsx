/** Where a participant agrees to a file that the trainer reads, or takes it back. */
import * as React from 'react';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import type { Act } from './page';
import type { Sharing } from './sharing';

interface ISharePanelProps {
  /** The folder that the class shares. */
  folder: string;
  /** Null in a preview. */
  sharing: Sharing | null;
  act: Act;
}

/** The consent, off until it is given. */
export function SharePanel({
  folder,
  sharing,
  act
}: ISharePanelProps): JSX.Element {
  const { trans } = useLanguage();
  const [isBusy, setBusy] = React.useState(false);
  const place = plainText(folder, 200);
  const change = (agrees: boolean): void => {
    setBusy(true);
    act(async () => {
      try {
        if (agrees) {
          await sharing?.agree();
          return trans.__('You agreed. You can take it back at any time.');
        }
        await sharing?.revoke();
        return trans.__('You took it back: your file was removed.');
      } finally {
        setBusy(false);
      }
    });
  };
  return (
    <div className="jp-Workshop-share">
      <label>
        <input
          type="checkbox"
          checked={sharing?.agreed ?? false}
          disabled={!sharing || isBusy}
          onChange={event => change(event.target.checked)}
        />{' '}
        {trans.__(
          'I agree that this page writes a file into the folder “%1”, in which everybody who can read the folder, such as my trainer, sees my name, how many steps are done, the state and cost of my cluster, versions of packages, and whether I need help. Notebooks and results are not written.',
          place
        )}
      </label>
      <p>
        {sharing?.isUsed
          ? trans.__(
              'Level 2, a file in the shared folder: used. Untick it to remove the file.'
            )
          : sharing?.agreed
            ? trans.__(
                'Level 2, a file in the shared folder: used once you have joined.'
              )
            : trans.__(
                'Level 2, a file in the shared folder: not used. It is your choice; the class works without.'
              )}
      </p>
      {sharing?.left ? (
        <div className="jp-Workshop-acts" role="alert">
          <span>
            {trans.__(
              'You took your agreement back, and nothing is written. But your file “%1” is still in “%2”: remove it now, or ask your trainer to delete it.',
              plainText(sharing.left, 200),
              place
            )}
          </span>
          <Button disabled={isBusy} onClick={() => change(false)}>
            {trans.__('Remove my file')}
          </Button>
        </div>
      ) : null}
      {sharing?.problem ? (
        <p role="alert">{plainText(sharing.problem, 500)}</p>
      ) : null}
    </div>
  );
}
