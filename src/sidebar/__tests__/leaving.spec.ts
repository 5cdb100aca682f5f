import { Notification } from '@jupyterlab/apputils';
import { Leaving } from '../leaving';
import { eventually, Stage } from './support';

describe('Leaving', () => {
  let stage: Stage;
  let leaving: Leaving;
  let done: string[];

  beforeEach(() => {
    stage = new Stage();
    leaving = new Leaving(stage.services);
    done = [];
    for (const id of ['filemenu:shutdown', 'hub:logout', 'other:act']) {
      stage.commands.addCommand(id, {
        describedBy: { args: {} },
        execute: () => {
          done.push(id);
        }
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

  /** The dialog that asks, once it is there. */
  const question = async (title = ' while '): Promise<Element> => {
    let found: Element | undefined;
    await eventually(() => {
      found = [...document.querySelectorAll('.jp-Dialog')].find(
        ({ textContent }) => textContent?.includes(title)
      );
      expect(found).toBeDefined();
    });
    return found!;
  };

  const press = (dialog: Element, label: string): void => {
    const button = [...dialog.querySelectorAll('button')].find(
      ({ textContent }) => textContent === label
    );
    button!.click();
  };

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
    expect(done).toEqual(['other:act']);
    const leaves = stage.commands.execute('filemenu:shutdown');
    const dialog = await question();
    expect(dialog.textContent).toContain('Shut down while 3 clusters run?');
    const fates = [...dialog.querySelectorAll('li')].map(
      ({ textContent }) => textContent
    );
    expect(fates).toEqual([
      'here stops with the Jupyter server.',
      // Its own time does not come to pass: the server takes it along.
      'paid stops with the Jupyter server.',
      'far goes on without the Jupyter server.'
    ]);
    expect(done).toEqual(['other:act']);
    press(dialog, 'Shut down');
    await leaves;
    expect(done).toEqual(['other:act', 'filemenu:shutdown']);
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
    const leaves = stage.commands.execute('hub:logout');
    const dialog = await question();
    expect(dialog.textContent).toContain(
      'busy stops when nothing has run for 30 min.'
    );
    expect(dialog.textContent).toMatch(
      /old stops in 18 min.*, even if tasks run\./
    );
    press(dialog, 'Cancel');
    await leaves;
    expect(done).toEqual([]);
  });

  it('should say nothing where nothing runs', async () => {
    await stage.commands.execute('filemenu:shutdown');
    expect(done).toEqual(['filemenu:shutdown']);
    expect(told()).toEqual([]);
  });

  it('should ask before the page is closed only where that is wanted and something runs', async () => {
    leaving.asks = 'always';
    expect(close()).toBe(false);
    await stage.find({ name: 'here' });
    expect(close()).toBe(true);
    expect(told()[0]).toContain('here stops with the Jupyter server.');
    leaving.asks = 'never';
    expect(close()).toBe(false);
  });

  it('should by default ask before the page is closed where a cluster would go on for ever', async () => {
    const far = { connection: { kind: 'gateway', address: 'a' } } as const;
    await stage.find({ name: 'here' }, { name: 'far', ...far });
    expect(close()).toBe(true);
    // One that is busy has no time of its end, and an end all the same.
    stage.manager.clusters.forEach(({ snapshot }) =>
      Object.assign(snapshot, { idleTimeout: 1800 })
    );
    expect(close()).toBe(false);
  });

  it('should not ask again, by the browser, who was asked already', async () => {
    await stage.find({
      name: 'far',
      connection: { kind: 'gateway', address: 'a' }
    });
    const leaves = stage.commands.execute('hub:logout');
    const dialog = await question();
    expect(dialog.textContent).toContain('Log out while 1 cluster runs?');
    press(dialog, 'Log out');
    await leaves;
    expect(done).toEqual(['hub:logout']);
    expect(close()).toBe(false);
  });

  it('should offer to stop them all in place of leaving', async () => {
    await stage.find({ name: 'here' });
    const leaves = stage.commands.execute('hub:logout');
    press(await question(), 'Stop all…');
    const dialog = await question('Stop 1 cluster?');
    press(dialog, 'Cancel');
    await leaves;
    expect(done).toEqual([]);
  });

  it('should leave the commands as they were when it is gone', async () => {
    const before = stage.commands.execute;
    leaving.dispose();
    expect(stage.commands.execute).not.toBe(before);
    await stage.find({ name: 'here' });
    await stage.commands.execute('hub:logout');
    expect(done).toEqual(['hub:logout']);
  });
});
