import { Notification } from '@jupyterlab/apputils';
import type { FakeDriver } from '../../cluster/__tests__/fakes';
import { Notifier } from '../notifier';
import { Stage } from './support';

const MINUTE = 60_000;

describe('The countdown of an idle cluster', () => {
  let stage: Stage;
  let notifier: Notifier;
  let driver: FakeDriver;
  let said: string[];
  let observer: MutationObserver;

  beforeEach(async () => {
    jest.useFakeTimers();
    stage = new Stage();
    notifier = new Notifier(stage.services);
    said = [];
    const region = document.querySelector('[aria-live=polite]')!;
    observer = new MutationObserver(() => {
      if (region.textContent) {
        said.push(region.textContent);
      }
    });
    observer.observe(region, { childList: true });
    [driver] = await stage.find({ name: 'rain' });
  });

  afterEach(() => {
    observer.disconnect();
    notifier.dispose();
    Notification.dismiss();
    stage.dispose();
    jest.useRealTimers();
  });

  const toasts = (): string[] =>
    Notification.manager.notifications.map(({ message }) => message);

  const idles = (left: number): void =>
    driver.say({ idleSince: Date.now(), stopsAt: Date.now() + left });

  const pass = (time: number): Promise<void> =>
    jest.advanceTimersByTimeAsync(time);

  it('should be told once at five minutes and once at one', async () => {
    idles(10 * MINUTE);
    await pass(4.9 * MINUTE);
    expect([said, toasts()]).toEqual([[], []]);
    await pass(0.2 * MINUTE);
    expect(said).toEqual(['rain stops in 5 min if nothing runs.']);
    expect(toasts()).toEqual(said);
    await pass(3.8 * MINUTE);
    expect(said).toHaveLength(1);
    await pass(0.2 * MINUTE);
    expect(said.slice(1)).toEqual(['rain stops in 1 min if nothing runs.']);
    // One toast, which has the newer words.
    expect(toasts()).toEqual(said.slice(1));
    await pass(10 * MINUTE);
    expect(said).toHaveLength(2);
  });

  it('should not be told again when the snapshot changes between', async () => {
    idles(10 * MINUTE);
    const { stopsAt } = driver.snapshot;
    for (let step = 0; step < 19; step += 1) {
      await pass(MINUTE / 2);
      // As each look does; what the clock makes of it differs by moments.
      driver.say({
        workers: { ready: step },
        stopsAt: stopsAt! + (step % 2) * 2000
      });
    }
    expect(said).toEqual([
      'rain stops in 5 min if nothing runs.',
      'rain stops in 1 min if nothing runs.'
    ]);
  });

  it('should be taken back when something runs, and begin anew after it', async () => {
    idles(6 * MINUTE);
    await pass(2 * MINUTE);
    expect(toasts()).toHaveLength(1);
    driver.say({ idleSince: undefined, stopsAt: undefined });
    expect(toasts()).toEqual([]);
    await pass(20 * MINUTE);
    expect(said).toHaveLength(1);
    idles(6 * MINUTE);
    await pass(2 * MINUTE);
    expect(said).toHaveLength(2);
    idles(30 * MINUTE);
    expect(toasts()).toEqual([]);
    await pass(26 * MINUTE);
    expect(said).toHaveLength(3);
  });

  it('should be told at once, and once, of one that is found late', async () => {
    idles(2.9 * MINUTE);
    await pass(0);
    expect(said).toEqual(['rain stops in 3 min if nothing runs.']);
    await pass(2.5 * MINUTE);
    expect(said).toHaveLength(2);
    driver.say({ state: 'stopping' });
    driver.say({ state: 'stopped' });
    expect(toasts()).not.toContain('rain stops in 1 min if nothing runs.');
  });

  it('should look shortly before whether it still idles, and only then', async () => {
    idles(10 * MINUTE);
    driver.watched.length = 0;
    await pass(4.5 * MINUTE);
    expect(driver.watched).toEqual([]);
    await pass(0.4 * MINUTE);
    expect(driver.watched).toEqual(['counts']);
    driver.say({ idleSince: undefined, stopsAt: undefined });
    expect(driver.watched).toEqual(['counts', 'none']);
    await pass(20 * MINUTE);
    expect(said).toEqual([]);
  });

  it('should be heard also where toasts are switched off', async () => {
    notifier.toasts = false;
    idles(5.5 * MINUTE);
    await pass(MINUTE);
    expect(said).toEqual(['rain stops in 5 min if nothing runs.']);
    expect(toasts()).toEqual([]);
  });

  it('should end with what tells it', async () => {
    idles(6 * MINUTE);
    notifier.dispose();
    await pass(10 * MINUTE);
    expect([said, toasts()]).toEqual([[], []]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
