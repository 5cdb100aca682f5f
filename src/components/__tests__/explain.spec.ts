import { nullTranslator } from '@jupyterlab/translation';
import type { IClusterEvent } from '../../tokens';
import { explain } from '../explain';

const trans = nullTranslator.load('');

const event = (
  kind: IClusterEvent['kind'],
  more: Partial<IClusterEvent> = {}
): IClusterEvent => ({
  time: 0,
  kind,
  level: 'info',
  text: 'It is so.',
  ...more
});

const lost = (reason?: IClusterEvent['reason']): IClusterEvent =>
  event('worker-lost', { level: 'warning', reason });

describe('An event explained', () => {
  it.each<[IClusterEvent['kind'], RegExp, RegExp]>([
    ['worker-added', /process that computes/, /nothing to do/],
    ['worker-restarted', /nanny.*empty memory/, /dies again.*event before/],
    ['worker-paused', /four fifths/, /smaller chunks/],
    ['spilled', /three fifths.*Nothing is lost; it is slower/, /fetch only/],
    [
      'tasks-recomputed',
      /answer is the same; it comes later/,
      /Write to files/
    ],
    ['data-lost', /scatter.*cannot be made again/, /Send it again/],
    ['task-erred', /function of one task.*all else goes on/, /Read the error/],
    ['scaled', /number of workers.*has changed/, /nothing to do/]
  ])('should say of %s why it happens, and what to do', (kind, what, next) => {
    const told = explain(event(kind), trans)!;
    expect(told.what).toMatch(what);
    expect(told.next).toMatch(next);
    expect(told.what).toMatch(/\.$/);
    expect(told.next).toMatch(/\.$/);
  });

  it.each<[IClusterEvent['reason'], RegExp, RegExp]>([
    ['memory', /more memory than a worker may have.*KilledWorker/, /^Choose/],
    ['silent', /heard nothing.*machine may be gone/, /machines are taken away/],
    ['died', /not at its own limit of memory/, /log of the worker/],
    ['asked', /meant to go.*walltime/, /nothing to do/],
    [undefined, /does not know why/, /memory of the workers/]
  ])('should tell a worker that went for “%s” apart', (reason, what, next) => {
    const told = explain(lost(reason), trans)!;
    expect(told.what).toMatch(what);
    expect(told.next).toMatch(next);
  });

  it('should not call a worker that went without a known reason meant to go', () => {
    const told = explain(event('worker-lost'), trans)!;
    expect(told).toEqual(explain(lost(), trans));
    expect(told.what).not.toMatch(/meant to go/);
  });

  it.each<IClusterEvent['kind']>(['state', 'log'])(
    'should add nothing to %s, whose own words say all',
    kind => {
      expect(explain(event(kind), trans)).toBeNull();
    }
  );
});
