import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { useValue } from '../components/signals';

/**
 * Which of these commands there are: rooms bring theirs after this one, and an
 * administrator may have switched a room off.
 */
export function useCommands(
  commands: CommandRegistry,
  ids: readonly string[]
): ReadonlySet<string> {
  const known = useValue(commands.commandChanged, () =>
    ids.filter(id => commands.hasCommand(id)).join(' ')
  );
  return React.useMemo(() => new Set(known.split(' ')), [known]);
}
