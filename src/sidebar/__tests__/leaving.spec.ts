import { Notification } from '@jupyterlab/apputils';
import { Leaving } from '../leaving';
import { Stage } from './support';

describe('Leaving', () => {
  let stage: Stage;
  let leaving: Leaving;

  beforeEach(() => {
    stage = new Stage();
    leaving = new Leaving(stage.services);
    for (const id of ['filemenu:shutdown', 'other:act']) {
      stage.commands.addCommand(id, {
        describedBy: { args: {} },
        execute: () => undefined
      });
    }
  });

  afterEach(() => {
    leaving.dispose();
    Notification.dismiss();
    stage.dispose();
  });

  const told = (): string[] =>
    Notification.manager.notifications.map(({ message }) => message);

  /** Whether the browser would ask. */
  const close = (): boolean => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  };

  it('should say what becomes of each cluster when the server is shut down', async () => {
    await stage.find(
      { name: 'here' },
      { name: 'paid', stopsAt: Date.now() + 18.5 * 60_000 },
      { name: 'far', connection: { kind: 'gateway', address: 'a' } },
      { name: 'broken', state: 'failed' }
    );
    await stage.commands.execute('other:act');
    expect(told()).toEqual([]);
    await stage.commands.execute('filemenu:shutdown');
    expect(told()).toHaveLength(1);
    expect(told()[0]).toContain('here stops with the Jupyter server.');
    expect(told()[0]).toMatch(/paid stops in 18 min.* if nothing runs\./);
    expect(told()[0]).toContain('far goes on without the Jupyter server.');
    expect(told()[0]).not.toContain('broken');
  });

  it('should tell an idle timeout and a lifetime apart', async () => {
    await stage.find(
      { name: 'busy', options: { idleTimeout: 30 } },
      {
        name: 'old',
        stopsAt: Date.now() + 18.5 * 60_000,
        stopsFor: 'lifetime'
      }
    );
    await stage.commands.execute('filemenu:shutdown');
    expect(told()[0]).toContain('busy stops when nothing has run for 30 min.');
    expect(told()[0]).toMatch(/old stops in 18 min.*, even if tasks run\./);
  });

  it('should say nothing where nothing runs', async () => {
    await stage.commands.execute('filemenu:shutdown');
    expect(told()).toEqual([]);
  });

  it('should ask before the page is closed only where that is wanted and something runs', async () => {
    leaving.asks = true;
    expect(close()).toBe(false);
    await stage.find({ name: 'here' });
    expect(close()).toBe(true);
    expect(told()[0]).toContain('here stops with the Jupyter server.');
    leaving.asks = false;
    expect(close()).toBe(false);
  });
});
