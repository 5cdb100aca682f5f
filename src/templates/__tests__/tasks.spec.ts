import type { ITemplate } from '../../tokens';
import { bundledSource } from '../bundled';
import { byTask, tasks } from '../../tasks';
import { trans } from './fixture';

describe('the tasks of templates', () => {
  it('should be those that the bundled templates have', async () => {
    const known = tasks(trans).map(([id]) => id);
    const listed = await bundledSource(trans).load();
    expect(listed.length).toBeGreaterThan(8);
    for (const { task } of listed as ITemplate[]) {
      expect(known).toContain(task);
    }
  });

  it('should group templates in their order, with unknown ones last', () => {
    const listed = byTask(
      [
        { id: 'a', task: 'of my own' },
        { id: 'b', task: 'workshop' },
        { id: 'c', task: 'periodic-production' },
        { id: 'd', task: '' }
      ],
      trans
    );
    expect(
      listed.map(([title, members]) => [title, members.map(({ id }) => id)])
    ).toEqual([
      ['Periodic production', ['c']],
      ['Workshop', ['b']],
      ['Other', ['a', 'd']]
    ]);
  });
});
