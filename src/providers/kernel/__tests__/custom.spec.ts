import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { customBackEnd } from '../custom';
import { parseSession, sessionPath } from '../paths';
import type { ControllerSession } from '../session';

const trans = nullTranslator.load('jupyterlab_seasonal_monitor');

describe('customBackEnd()', () => {
  const backEnd = customBackEnd(() => [
    {
      name: 'Lab',
      class: 'distributed:SSHCluster',
      arguments: { hosts: ['a'] }
    },
    { name: 'Other', class: 'other:Cluster' }
  ]);
  const translate = (options: JSONObject): JSONObject =>
    backEnd.translate!(options, trans);

  it('should offer the classes by the names of the settings', () => {
    const { schema } = backEnd.form(trans, [], 'py', undefined);
    const fields = schema.properties as Record<string, JSONObject>;
    expect(fields.cluster.enum).toEqual(['Lab', 'Other']);
    expect(fields.class).toBeUndefined();
  });

  it('should ask the controller for the class, with all arguments', () => {
    expect(
      translate({ cluster: 'Lab', workers: 2, arguments: '{"nthreads": 3}' })
    ).toEqual({
      workers: 2,
      class: 'distributed:SSHCluster',
      arguments: { hosts: ['a'], nthreads: 3 }
    });
  });

  it('should take the arguments of a profile as they are', () => {
    expect(translate({ cluster: 'Other', arguments: { size: 'S' } })).toEqual({
      class: 'other:Cluster',
      arguments: { size: 'S' }
    });
  });

  it.each(['{', '[1]', '5', 'null', '{"a": }'])(
    'should refuse %s as arguments, beside the field',
    text => {
      expect(() => translate({ cluster: 'Lab', arguments: text })).toThrow(
        expect.objectContaining({
          fields: { arguments: expect.stringContaining('JSON object') }
        })
      );
    }
  );

  it('should make no class of what a request names', () => {
    expect(() => translate({ cluster: 'os:system', class: 'os:x' })).toThrow(
      expect.objectContaining({
        fields: { cluster: expect.stringContaining('os:system') },
        hint: expect.stringContaining('Settings')
      })
    );
    expect(translate({ cluster: 'Lab', class: 'os:x' }).class).toBe(
      'distributed:SSHCluster'
    );
  });

  it('should tell of clusters whose controllers are dead, and stop some', async () => {
    const left = {
      id: 'dask-sm.here.1.2.abcdef12',
      kind: 'lab:Cluster',
      title: 'Rain',
      name: 'c1',
      made: '2026-11-26T08:00:00Z',
      host: 'here',
      certain: true,
      failed: false,
      refused: false
    };
    const failed = { ...left, id: 'dask-sm.here.1.2.ab', failed: true };
    const gone = { ...left, id: 'dask-sm.here.1.2.cd', refused: true };
    const other = { ...left, name: '', certain: false, host: 'node4' };
    const asked: unknown[] = [];
    const session = {
      call: async (...args: unknown[]) => {
        asked.push(args);
        return args[0] === 'customRemove'
          ? { clusters: [left.id] }
          : { clusters: [left, other, failed, gone], remarks: ['Hail ended.'] };
      }
    } as unknown as ControllerSession;
    const told = await backEnd.leftovers?.(session, trans);
    expect(told?.remarks).toEqual(['Hail ended.']);
    const [first, second, third, note, fourth, memory] = told?.items ?? [];
    expect(first).toMatchObject({ id: left.id, title: 'Rain', certain: true });
    expect(first.detail).toBe('lab:Cluster, its name there: c1.');
    expect(first.since).toBe(Date.UTC(2026, 10, 26, 8));
    expect(second.detail).toContain('not finished');
    expect(second.doubt).toContain('node4');
    expect(third.detail).toContain('there may be nothing left');
    // Nothing is forgotten by itself.
    expect(note).toMatchObject({ id: `forget:${failed.id}`, certain: false });
    expect(note.doubt).toContain('stops nothing');
    expect(fourth.detail).toContain('c1. Its class could not stop it');
    expect(memory).toMatchObject({ id: `forget:${gone.id}`, certain: false });
    expect(memory.kind).toContain('may be gone');
    expect(await backEnd.removeLeftovers?.(session, [left.id])).toEqual([
      left.id
    ]);
    expect(asked[1]).toEqual(['customRemove', { clusters: [left.id] }]);
  });

  it('should find its sessions again as its own', () => {
    const path = sessionPath('custom', 'abcdef12-0000');
    expect(parseSession({ type: 'dask-cluster', path })).toMatchObject({
      kind: 'custom'
    });
  });
});
