import { Notification } from '@jupyterlab/apputils';
import { Notifier } from '../notifier';
import { eventually, Stage } from './support';

const MINUTE = 60_000;

describe('Notifier', () => {
  let stage: Stage;
  let notifier: Notifier;

  beforeEach(() => {
    stage = new Stage();
    notifier = new Notifier(stage.services);
  });

  afterEach(() => {
    notifier.dispose();
    Notification.dismiss();
    stage.dispose();
  });

  const told = (): string[] =>
    Notification.manager.notifications.map(({ message }) => message);

  it('should say once at each mark that a cluster stops by itself', async () => {
    const [driver] = await stage.find({ name: 'dask-1' });
    const stopsAt = Date.now() + 4.5 * MINUTE;
    driver.say({ stopsAt, stopsFor: 'idle', stopsWithin: 5 });
    driver.say({ cpu: 1 });
    expect(told()).toHaveLength(1);
    expect(told()[0]).toMatch(/^dask-1 stops in [45] min if nothing runs\.$/);
    expect(document.querySelector('.jp-DaskAnnouncer')?.textContent).toBe(
      told()[0]
    );
    driver.say({
      stopsAt: Date.now() + 0.5 * MINUTE,
      stopsFor: 'lifetime',
      stopsWithin: 1
    });
    expect(told()).toHaveLength(1);
    expect(told()[0]).toBe('dask-1 stops in 1 min: its time is over.');
  });

  it('should take it back when the cluster is kept', async () => {
    const [driver] = await stage.find({
      stopsAt: Date.now() + MINUTE,
      stopsFor: 'idle',
      stopsWithin: 1
    });
    const [notification] = Notification.manager.notifications;
    const [keep] = notification.options.actions ?? [];
    expect(keep.label).toBe('Keep 30 min');
    keep.callback(new MouseEvent('click'));
    await eventually(() => expect(driver.calls).toContain('keep 30'));
    await eventually(() => {
      expect(told()).toHaveLength(1);
      expect(told()[0]).toContain('is kept until');
    });
  });

  it('should say until it is read why a cluster has stopped by itself', async () => {
    const [driver] = await stage.find({
      name: 'dask-1',
      stopsAt: Date.now() + MINUTE,
      stopsFor: 'idle',
      stopsWithin: 1
    });
    driver.say({
      state: 'stopping',
      stopsAt: undefined,
      stopsWithin: undefined,
      cause: [{ message: 'No task has run for 30 minutes.' }]
    });
    expect(told()).toEqual([
      'dask-1 was stopped. No task has run for 30 minutes.'
    ]);
    expect(Notification.manager.notifications[0].options.autoClose).toBe(false);
  });

  it('should offer to tell no more of what went well once it did so again', async () => {
    const hush = jest.fn();
    notifier.hush = hush;
    const stopped = async (name: string) => {
      const [driver] = await stage.find({ name });
      driver.say({ state: 'stopping' });
      driver.say({ state: 'stopped' });
      const message = `${name} was stopped.`;
      await eventually(() => expect(told()).toContain(message));
      const toast = Notification.manager.notifications.find(
        item => item.message === message
      );
      return toast?.options.actions ?? [];
    };
    expect(await stopped('dask-1')).toEqual([]);
    const [action] = await stopped('dask-2');
    expect(action.label).toBe('Do not show again');
    action.callback(new MouseEvent('click'));
    expect(hush).toHaveBeenCalledTimes(1);
  });

  it('should still tell of failures where nothing is told of what goes well', async () => {
    notifier.routine = false;
    const [good, bad] = await stage.find(
      { name: 'dask-1' },
      { name: 'dask-2' }
    );
    good.say({ state: 'stopping' });
    good.say({ state: 'stopped' });
    bad.say({ state: 'lost', cause: [{ message: 'The kernel died.' }] });
    await eventually(() => expect(told().join()).toContain('The kernel died.'));
    expect(told()).toHaveLength(1);
  });
});
