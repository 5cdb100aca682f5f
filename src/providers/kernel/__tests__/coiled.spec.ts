import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { coiledBackEnd } from '../coiled';
import { parseSession, sessionPath } from '../paths';
import type { ICoiledDescription } from '../protocolBackEnds';
import type { ControllerSession } from '../session';

const trans = nullTranslator.load('jupyterlab_seasonal_monitor');
const TOLD: ICoiledDescription = {
  workspace: 'rain-team',
  workspaces: ['rain-team', 'ada'],
  image: 'hub/image:3',
  missing: [],
  problem: null,
  hint: null,
  clusters: [],
  remarks: []
};
const LEFT = {
  id: 'rain-team/sm-a',
  workspace: 'rain-team',
  name: 'sm-a',
  state: 'ready',
  certain: false
};

describe('coiledBackEnd()', () => {
  const make = (told?: Partial<ICoiledDescription>) =>
    coiledBackEnd().form(trans, [], 'py', told && { ...TOLD, ...told });
  const fields = (told?: Partial<ICoiledDescription>) =>
    make(told).schema.properties as Record<string, JSONObject>;

  it('should say that the bill of the cloud comes beside the fee', () => {
    expect(make().notes.join(' ')).toContain('beside it the bill of the cloud');
  });

  it('should end every cluster, and lend nothing by itself', () => {
    expect(fields().idleTimeout.default).toBe(15);
    expect(fields().lifetime.default).toBe(480);
    expect(fields().lend.default).toBe(false);
    expect(fields().spot.default).toBe('on-demand');
  });

  it('should name every field in its order', () => {
    const clusters = [LEFT];
    for (const form of [make(), make({ clusters })]) {
      const names = Object.keys(form.schema.properties as JSONObject).sort();
      expect([...(form.uiSchema?.['ui:order'] as string[])].sort()).toEqual(
        names
      );
    }
  });

  it('should say what is missing, or why no cluster can be made', () => {
    const notes = make({ missing: ['coiled'] }).notes.join(' ');
    expect(notes).toContain('%pip install coiled');
    const told = { problem: 'There is no token.', hint: 'Run it.' };
    expect(make(told).notes.slice(1)).toEqual([
      'There is no token.',
      'Run it.'
    ]);
  });

  it('should offer the workspaces, and clusters to be taken up', () => {
    expect(fields({}).workspace.enum).toEqual(['rain-team', 'ada']);
    expect(fields({}).attach).toBeUndefined();
    const clusters = [LEFT];
    const [choice] = fields({ clusters }).attach.oneOf as JSONObject[];
    expect(choice.title).toContain('somebody else');
    expect(make({ clusters }).notes.join(' ')).toContain('1 cluster of yours');
  });

  it('should tell what is left in each workspace, and stop what is asked for', async () => {
    const clusters = [LEFT, { ...LEFT, id: 'ada/sm-b', workspace: 'ada' }];
    const remarks = ['The workspace x could not be asked: No.'];
    const asked: unknown[] = [];
    const session = {
      call: async (...args: unknown[]) => {
        asked.push(args);
        return args[0] === 'coiledRemove'
          ? { clusters: ['ada/sm-b'] }
          : // Who has not chosen a workspace can have clusters in each.
            { ...TOLD, problem: 'Name one.', clusters, remarks };
      }
    } as unknown as ControllerSession;
    const told = await coiledBackEnd().leftovers?.(session, trans);
    expect(told?.items.map(({ id }) => id)).toEqual([LEFT.id, 'ada/sm-b']);
    expect(told?.items[1].detail).toContain('workspace ada');
    expect(told?.remarks).toEqual(remarks);
    const ids = ['ada/sm-b'];
    expect(await coiledBackEnd().removeLeftovers?.(session, ids)).toEqual(ids);
    expect(asked[1]).toEqual(['coiledRemove', { clusters: ids }]);
  });

  it('should have sessions of its own', () => {
    const path = sessionPath('coiled', 'abcdef12-0000');
    expect(parseSession({ type: 'dask-cluster', path })?.kind).toBe('coiled');
  });
});
