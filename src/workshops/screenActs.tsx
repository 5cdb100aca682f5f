import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { CommandIDs } from '../commands';

/** Something that makes the screen good to teach with. */
export interface IScreenAct {
  label: string;
  /** Absent for what is not on or off. */
  isOn?: boolean;
  run: () => Promise<unknown>;
}

/** What of that there is in this application. */
export function screenActs(commands: CommandRegistry): IScreenAct[] {
  return [
    CommandIDs.teachingLayout,
    CommandIDs.projectorMode,
    CommandIDs.whatHappened
  ]
    .filter(id => commands.hasCommand(id) && commands.isVisible(id))
    .map(id => ({
      label: commands.label(id),
      isOn: commands.isToggleable(id) ? commands.isToggled(id) : undefined,
      run: () => commands.execute(id)
    }));
}

export interface IScreenActsProps {
  /** What there is now. */
  acts: () => IScreenAct[];
}

/** Their buttons. */
export function ScreenActs({ acts }: IScreenActsProps): JSX.Element | null {
  const { trans } = useLanguage();
  const [, again] = React.useReducer((count: number) => count + 1, 0);
  const known = acts();
  return known.length > 0 ? (
    <div
      className="jp-Workshop-acts"
      role="group"
      aria-label={trans.__('Your screen')}
    >
      {known.map(({ label, isOn, run }) => (
        <Button
          key={label}
          aria-pressed={isOn}
          onClick={() => void run().finally(again)}
        >
          {label}
        </Button>
      ))}
    </div>
  ) : null;
}
