import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import type { ControllerSession } from '../session';
import { BATCH_SYSTEMS, batchBackEnd } from '../backEnd';
import { parseSession, sessionPath } from '../paths';

const trans = nullTranslator.load('jupyterlab_seasonal_monitor');
const TOLD = {
  queues: [
    { name: 'fast', default: true, up: true, limit: '', cores: 8, memory: 1 },
    { name: 'shut', default: false, up: false, limit: '', cores: 8, memory: 1 }
  ],
  interfaces: ['ib0', 'lo'],
  missing: ['dask-jobqueue'],
  problem: null
};

describe('batchBackEnd()', () => {
  const fields = (told?: typeof TOLD): Record<string, JSONObject> => {
    const form = batchBackEnd(BATCH_SYSTEMS[0]).form(trans, [], 'py', told);
    return form.schema.properties as Record<string, JSONObject>;
  };

  it('should offer the queues that are open, and this machine’s interfaces', () => {
    expect(fields(TOLD).queue.enum).toEqual(['fast']);
    expect(fields(TOLD).interface.enum).toEqual(['ib0', 'lo']);
  });

  it('should let everything be typed when nothing is known', () => {
    expect(fields().queue.enum).toBeUndefined();
    expect(fields().interface.enum).toBeUndefined();
  });

  it('should accept walltimes and sizes as they are usually written', () => {
    const { walltime, memory } = fields();
    const time = new RegExp(String(walltime.pattern));
    expect(['01:30:00', '2-00:00:00'].every(text => time.test(text))).toBe(
      true
    );
    expect(['soon', '90', '1:2:3'].some(text => time.test(text))).toBe(false);
    const size = new RegExp(String(memory.pattern));
    expect(['16 GiB', '500MB'].every(text => size.test(text))).toBe(true);
    expect(size.test('much')).toBe(false);
  });

  it('should say what is missing and what was not tested', () => {
    const notes = (index: number): string =>
      batchBackEnd(BATCH_SYSTEMS[index])
        .form(trans, [], 'py', TOLD)
        .notes.join(' ');
    expect(notes(0)).toContain('dask-jobqueue');
    expect(notes(0)).not.toContain('tested');
    expect(notes(1)).toContain('PBS has not been tested');
  });

  it('should say in words that it does not answer, before its own', () => {
    const told = { ...TOLD, missing: [], problem: 'sinfo: fatal: no source' };
    const form = batchBackEnd(BATCH_SYSTEMS[0]).form(trans, [], 'py', told);
    expect(form.notes[0]).toContain('SLURM does not answer on this machine');
    expect(form.notes[1]).toBe(told.problem);
  });

  it('should tell of jobs that are left, and where their controller ran', async () => {
    const job = { name: 'dask-sm', queue: 'fast', elapsed: '1:03:00' };
    const jobs = [
      { ...job, id: '7', state: 'waiting', host: 'here', certain: true },
      { ...job, id: '8', state: 'running', host: 'node4', certain: false }
    ];
    const asked: unknown[] = [];
    const session = {
      call: async (...args: unknown[]) => {
        asked.push(args);
        return args[0] === 'queueCancel' ? { jobs: ['8'] } : jobs;
      }
    } as unknown as ControllerSession;
    const slurm = batchBackEnd(BATCH_SYSTEMS[0]);
    const [first, second] =
      (await slurm.leftovers?.(session, trans))?.items ?? [];
    expect([first.kind, first.title]).toEqual(['SLURM job', 'Job 7']);
    expect(first.detail).toContain('Waits in the queue fast');
    expect([first.certain, first.doubt]).toEqual([true, undefined]);
    expect(second.detail).toContain('for 1:03:00 so far');
    expect(second.doubt).toContain('node4');
    expect(await slurm.removeLeftovers?.(session, ['7', '8'])).toEqual(['8']);
    expect(asked[1]).toEqual([
      'queueCancel',
      { system: 'slurm', jobs: ['7', '8'] }
    ]);
  });

  it('should find each one’s sessions again as its own', () => {
    for (const { id } of BATCH_SYSTEMS) {
      const path = sessionPath(id, 'abcdef12-0000');
      expect(parseSession({ type: 'dask-cluster', path })).toMatchObject({
        kind: id,
        id: 'abcdef12-0000'
      });
    }
  });
});
