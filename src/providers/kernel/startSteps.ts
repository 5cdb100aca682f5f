import type { IStep } from '../../tokens';

const ORDER = ['kernel', 'packages', 'scheduler', 'workers'];

/**
 * The steps of a start as a person sees them.
 *
 * @param current - The step that is under way, unless it is told.
 * @param told - What the controller says of its own steps.
 */
export function startSteps(current: string, told: IStep[] = []): IStep[] {
  const reached = ORDER.indexOf(current);
  return ORDER.map((id, index) => {
    const step = told.find(item => item.id === id);
    if (step) {
      return step;
    }
    const isPast =
      index < reached ||
      told.some(
        item => ORDER.indexOf(item.id) > index && item.state !== 'waiting'
      );
    return {
      id,
      state: isPast ? 'done' : index === reached ? 'active' : 'waiting'
    };
  });
}
