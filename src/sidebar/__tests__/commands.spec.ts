import { Clipboard, Notification } from '@jupyterlab/apputils';
import { PromiseDelegate } from '@lumino/coreutils';
import { FakeDriver, FakeProvider } from '../../cluster/__tests__/fakes';
import { clickLink } from '../../__tests__/documentLink';
import { CommandIDs } from '../../commands';
import { ClusterError, IClusterDriver, ICosts, IProfile } from '../../tokens';
import { readArgs } from '../commandArgs';
import { describeRate } from '../confirm';
import { Notifier } from '../notifier';
import { writeReport } from '../report';
import { RunningClusters } from '../running';
import { closeDialogs, eventually, pseudo, Stage, type } from './support';

const BUSY = { processing: 3, waiting: 9, memory: 40, erred: 0 };

/** The dialog that is open, and its buttons. */
function dialog(): { text: string; buttons: HTMLButtonElement[] } | null {
  const node = document.querySelector('.jp-Dialog');
  return (
    node && {
      text: node.textContent ?? '',
      buttons: [
        ...node.querySelectorAll<HTMLButtonElement>('.jp-Dialog-button')
      ]
    }
  );
}

async function answer(label: string): Promise<string> {
  await eventually(() =>
    expect(
      document.querySelector('.jp-Dialog-header')?.textContent
    ).toBeTruthy()
  );
  const { text, buttons } = dialog()!;
  buttons.find(button => button.textContent === label)!.click();
  await eventually(() => expect(dialog()).toBeNull());
  return text;
}

describe('cluster commands', () => {
  let stage: Stage;

  beforeEach(() => {
    stage = new Stage();
  });

  afterEach(async () => {
    await closeDialogs();
    Notification.dismiss();
    stage.dispose();
  });

  it('should have a label, a caption and a schema of their arguments', async () => {
    for (const id of stage.commands.listCommands()) {
      expect(stage.commands.label(id)).not.toBe('');
      const { args } = await stage.commands.describedBy(id);
      expect(args).not.toBeNull();
    }
  });

  it('should copy how a cluster is made, if one of us made it', async () => {
    const copy = jest
      .spyOn(Clipboard, 'copyToSystem')
      .mockImplementation(() => undefined);
    const options = { workers: 2, threads: 1 };
    const { commands, manager, registry } = stage;
    const ids = [CommandIDs.copyPython, CommandIDs.copyYaml];
    await stage.find({ options });
    expect(ids.map(id => commands.isVisible(id))).toEqual([false, false]);
    const local = new FakeProvider('local');
    local.found = [new FakeDriver('b', { options })];
    registry.add(local);
    await manager.refresh();
    const args = { cluster: 'local:b' };
    for (const id of ids) {
      expect(commands.isVisible(id, args)).toBe(true);
      await commands.execute(id, args);
    }
    expect(copy.mock.calls.map(([text]) => text)).toEqual([
      expect.stringContaining('cluster.scale(2)'),
      expect.stringContaining('workers: 2')
    ]);
    copy.mockRestore();
  });

  it("should start the site's initial clusters that are not there yet", async () => {
    const { commands, manager } = stage;
    const id = CommandIDs.startInitial;
    expect(commands.isVisible(id)).toBe(false);
    const wanted = (name: string, workers: number): IProfile => ({
      name,
      provider: 'fake',
      options: { workers },
      initial: true
    });
    stage.profiles.update({
      admin: [wanted('Night', 1), wanted('Day', 2)],
      shipped: [],
      user: [],
      adminLimits: {},
      userLimits: {}
    });
    expect(commands.isVisible(id)).toBe(true);
    await commands.execute(CommandIDs.newCluster, { profile: 'Night' });
    await commands.execute(id);
    await eventually(() => expect(manager.clusters).toHaveLength(2));
    expect(manager.clusters.map(cluster => cluster.profile).sort()).toEqual([
      'Day',
      'Night'
    ]);
    expect(commands.isVisible(id)).toBe(false);
    await commands.execute(id);
    expect(manager.clusters).toHaveLength(2);
  });

  it('should change nothing, by whatever way, where one can only watch', async () => {
    const { commands, manager } = stage;
    await stage.find({}, { state: 'failed' });
    const changing = [
      CommandIDs.newCluster,
      CommandIDs.customiseCluster,
      CommandIDs.scaleCluster,
      CommandIDs.restartWorkers,
      CommandIDs.renameCluster,
      CommandIDs.stopCluster,
      CommandIDs.stopAllClusters
    ];
    for (const id of changing) {
      expect([id, commands.isEnabled(id)]).toEqual([id, true]);
    }
    manager.readOnly = true;
    for (const id of changing) {
      expect([id, commands.isVisible(id)]).toEqual([id, false]);
      expect([id, commands.isEnabled(id)]).toEqual([id, false]);
    }
    const { key } = stage.first;
    const watched = /can only be watched/;
    expect(() => manager.create({ provider: 'fake', options: {} })).toThrow(
      watched
    );
    await expect(manager.scale(key, 3)).rejects.toThrow(watched);
    await expect(manager.adapt(key, 1, 3)).rejects.toThrow(watched);
    await expect(manager.restart(key)).rejects.toThrow(watched);
    await expect(manager.rename(key, 'x')).rejects.toThrow(watched);
    await expect(manager.stop(key)).rejects.toThrow(watched);
    const [item] = new RunningClusters(stage.services).running();
    expect(item.shutdown).toBeUndefined();
    // What is gone anyway can be taken off the list.
    await manager.stop(manager.clusters[1].key);
    expect(manager.clusters).toHaveLength(1);
  });

  it('should be harmless without a cluster', async () => {
    for (const id of [
      CommandIDs.scaleCluster,
      CommandIDs.restartWorkers,
      CommandIDs.renameCluster,
      CommandIDs.stopCluster,
      CommandIDs.retryCluster,
      CommandIDs.copyReport
    ]) {
      expect(stage.commands.isEnabled(id)).toBe(false);
    }
  });

  it('should start a cluster within the administrator’s limits and say so', async () => {
    await stage.commands.execute(CommandIDs.newCluster, { profile: 'large' });
    expect(stage.first.snapshot.options).toEqual({ workers: 8 });
    expect(stage.profiles.last?.name).toBe('large');
    const messages = Notification.manager.notifications.map(
      ({ message }) => message
    );
    expect(messages).toContain(
      'Your administrator allows 8 workers in a cluster.'
    );
  });

  it('should say in words that there is no such profile', async () => {
    const done = stage.commands.execute(CommandIDs.newCluster, {
      profile: 'gone'
    });
    await eventually(() =>
      expect(dialog()?.text).toContain('There is no profile named gone.')
    );
    await closeDialogs();
    await done;
    expect(stage.manager.clusters).toHaveLength(0);
  });

  it('should stop an idle cluster at once', async () => {
    const [driver] = await stage.find({});
    void stage.commands.execute(CommandIDs.stopCluster);
    await eventually(() => expect(driver.calls).toEqual(['stop']));
    expect(dialog()).toBeNull();
  });

  it('should ask with numbers before work is lost; Cancel is the default', async () => {
    const [driver] = await stage.find({ tasks: BUSY });
    const done = stage.commands.execute(CommandIDs.stopCluster);
    await eventually(() => expect(dialog()).not.toBeNull());
    await eventually(() =>
      expect(document.activeElement?.textContent).toBe('Cancel')
    );
    const text = await answer('Cancel');
    await done;
    expect(text).toContain('12 unfinished tasks will be lost.');
    expect(text).toContain('40 results in memory will be lost.');
    expect(driver.calls).toEqual([]);
    void stage.commands.execute(CommandIDs.stopCluster);
    await answer('Stop');
    await eventually(() => expect(driver.calls).toEqual(['stop']));
  });

  it('should ask with numbers before all are stopped', async () => {
    const drivers = await stage.find({}, { tasks: BUSY }, {});
    void stage.commands.execute(CommandIDs.stopAllClusters);
    const text = await answer('Stop all');
    expect(text).toContain('Stop 3 clusters?');
    expect(text).toContain('6 workers will be stopped.');
    await eventually(() =>
      expect(drivers.map(driver => driver.calls)).toEqual([
        ['stop'],
        ['stop'],
        ['stop']
      ])
    );
  });

  it('should stop also what other pages and notebooks have left running, by name', async () => {
    await stage.find({ name: 'mine' });
    const left = new FakeDriver('left', { name: 'left' });
    stage.provider.found = [...stage.provider.found, left];
    void stage.commands.execute(CommandIDs.stopAllClusters);
    const text = await answer('Stop all');
    expect(text).toContain('Stop 2 clusters?');
    expect(text).toContain('They are: mine (Fake), left (Fake).');
    await eventually(() => expect(left.calls).toEqual(['stop']));
  });

  it('should say what clusters cost before they are stopped, and never 0 without a price', async () => {
    await stage.find({}, {}, {});
    const [, , unpriced] = stage.manager.clusters;
    const costs: Pick<ICosts, 'of'> = {
      of: cluster =>
        cluster === unpriced
          ? null
          : { perHour: { EUR: 1.5 }, soFar: { EUR: 9 }, basis: [] }
    };
    const say = (counted: typeof costs | null): string =>
      describeRate(counted, stage.manager.clusters, stage.services.language);
    expect(say(costs)).toBe(
      'They cost 3.00 EUR an hour. No price is set for 1 cluster.'
    );
    expect(say({ of: () => null })).toBe('No price is set for 3 clusters.');
    expect(say(null)).toBe('');
  });

  it('should ask in the panel of what runs with the cost, and leave alone what others own', async () => {
    const [mine, foreign] = await stage.find({}, {});
    Object.assign(foreign, {
      capabilities: { ...foreign.capabilities, stop: false }
    });
    const costs = {
      of: () => ({ perHour: { EUR: 1.5 }, soFar: { EUR: 9 }, basis: [] })
    } as unknown as ICosts;
    const running = new RunningClusters({ ...stage.services, costs });
    expect(running.shutdownAllConfirmationText()).toBe(
      'Stop 1 cluster with 2 workers? They cost 1.50 EUR an hour.'
    );
    running.shutdownAll();
    await eventually(() => expect(mine.calls).toEqual(['stop']));
    expect(foreign.calls).toEqual([]);
  });

  it('should ask before the workers are restarted', async () => {
    const [driver] = await stage.find({ tasks: BUSY });
    void stage.commands.execute(CommandIDs.restartWorkers);
    await answer('Restart');
    await eventually(() => expect(driver.calls).toEqual(['restart']));
  });

  it('should scale by a dialog that refuses what makes no sense', async () => {
    const [driver] = await stage.find({
      workers: { ready: 2, wanted: 2, limit: 8 }
    });
    void stage.commands.execute(CommandIDs.scaleCluster);
    await eventually(() =>
      expect(document.querySelector('.jp-Dialog form input')).not.toBeNull()
    );
    const input = document.querySelector<HTMLInputElement>(
      '.jp-Dialog form input'
    )!;
    const enter = async (text: string): Promise<void> => {
      type(input, text);
      await eventually(() => expect(input.value).toBe(text));
    };
    await enter('-5');
    await eventually(() =>
      expect(document.querySelector('.jp-Dialog [role=alert]')).not.toBeNull()
    );
    dialog()!.buttons[1].click();
    expect(dialog()).not.toBeNull();
    await enter('4');
    await eventually(() =>
      expect(document.querySelector('.jp-Dialog [role=alert]')).toBeNull()
    );
    await answer('Scale');
    await eventually(() => expect(driver.calls).toEqual(['scale 4']));
  });

  it('should ask again for a cluster that failed', async () => {
    stage.manager.create({ provider: 'nobody', options: {} });
    await eventually(() => expect(stage.first.snapshot.state).toBe('failed'));
    expect(stage.commands.label(CommandIDs.stopCluster)).toBe('Dismiss');
    await stage.commands.execute(CommandIDs.retryCluster);
    expect(stage.manager.clusters).toHaveLength(1);
  });

  it('should ask again with half of the workers', async () => {
    const { commands, manager } = stage;
    manager.create({ provider: 'nobody', options: { workers: 6 } });
    await eventually(() => expect(stage.first.snapshot.state).toBe('failed'));
    expect(commands.isEnabled(CommandIDs.retryFewer)).toBe(true);
    await commands.execute(CommandIDs.retryFewer);
    expect(manager.clusters).toHaveLength(1);
    expect(stage.first.request?.options).toEqual({ workers: 3 });
  });

  describe('from a link in a document', () => {
    const click = (id: string, args: Record<string, string>): void =>
      clickLink(stage.commands, id, args);

    it('should ask before anything is started, whatever the link says', async () => {
      click(CommandIDs.newCluster, { profile: 'large' });
      const text = await answer('Cancel');
      expect(text).toContain('with the profile small');
      expect(stage.manager.clusters).toHaveLength(0);
    });

    it('should ask before an idle cluster is stopped', async () => {
      const [driver] = await stage.find({});
      click(CommandIDs.stopCluster, { cluster: 'fake:id-0' });
      await answer('Cancel');
      expect(driver.calls).toEqual([]);
    });
  });
});

describe('readArgs', () => {
  it('should take names and nothing else', () => {
    const args = { cluster: 'local:a', profile: 'p', code: 'x', ask: false };
    expect(readArgs(args)).toEqual({
      cluster: 'local:a',
      profile: 'p'
    });
    expect(readArgs({ cluster: 3, profile: [] })).toEqual({});
  });
});

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

  const toasts = (): Array<[string, string]> =>
    Notification.manager.notifications.map(({ type, message }) => [
      type,
      message
    ]);

  const region = (): string =>
    document.querySelector('[aria-live=polite]')?.textContent ?? '';

  it('should tell a start in one toast and one sentence', async () => {
    const { FakeDriver } = await import('../../cluster/__tests__/fakes');
    stage.manager.create({ provider: 'fake', options: {} });
    await eventually(() =>
      expect(toasts()).toEqual([['in-progress', 'dask-1 is starting…']])
    );
    expect(region()).toBe('dask-1: Starting');
    stage.provider.starts[0].result.resolve(
      new FakeDriver('a', { name: 'dask-1' })
    );
    await eventually(() =>
      expect(toasts()).toEqual([['success', 'dask-1 is ready.']])
    );
    expect(region()).toBe('dask-1: Running, 2 / 2 workers');
  });

  it('should tell why a start failed, with the way to the details', async () => {
    stage.manager.create({ provider: 'nobody', options: {} });
    await eventually(() => expect(toasts()).toHaveLength(1));
    const [{ type, message, options }] = Notification.manager.notifications;
    expect(type).toBe('error');
    expect(message).toContain('There is no provider named nobody.');
    expect(message.length).toBeLessThanOrEqual(140);
    options.actions![0].callback(new MouseEvent('click'));
    expect(stage.executed).toEqual([
      [CommandIDs.showDetails, { cluster: stage.first.key }]
    ]);
  });

  it('should tell a cancelled start as such, in one toast', async () => {
    const { key } = stage.manager.create({ provider: 'fake', options: {} });
    await stage.manager.stop(key);
    await eventually(() =>
      expect(toasts()).toEqual([['success', 'dask-1 was stopped.']])
    );
  });

  it('should tell what a cancelled start may leave', async () => {
    const result = new PromiseDelegate<IClusterDriver>();
    stage.provider.create = () => result.promise;
    const { key } = stage.manager.create({ provider: 'fake', options: {} });
    await stage.manager.stop(key);
    result.reject(
      new ClusterError('The start was given up.', {
        code: 'left-over',
        hint: 'Look for it in the list.'
      })
    );
    await eventually(() =>
      expect(toasts()).toEqual([
        ['error', 'dask-1: The start was given up. Look for it in the list.']
      ])
    );
    expect(region()).toBe('dask-1: Failed');
    expect(stage.manager.get(key)?.snapshot.state).toBe('failed');
  });

  it('should tell that a cluster was lost', async () => {
    const [driver] = await stage.find({ name: 'mine' });
    driver.say({
      state: 'lost',
      cause: [{ message: 'Its kernel died.', hint: 'Retry.' }]
    });
    expect(toasts()).toEqual([['error', 'mine: Its kernel died. Retry.']]);
    expect(region()).toBe('mine: Lost');
  });

  it('should tell names and causes as text, without signs that turn it', async () => {
    const hostile = '<img src=x onerror="window.hit=1">\u202e';
    const [driver] = await stage.find({ name: hostile });
    driver.say({ state: 'lost', cause: [{ message: hostile, hint: hostile }] });
    const [[, message]] = toasts();
    expect(message).toContain('<img src=x onerror="window.hit=1">');
    expect(message + region()).not.toContain('\u202e');
    expect(document.querySelector('[aria-live=polite] img')).toBeNull();
  });

  it('should keep still when toasts are switched off, but for listeners', async () => {
    notifier.toasts = false;
    const [driver] = await stage.find({ name: 'mine' });
    driver.say({ state: 'degraded' });
    driver.say({ state: 'lost' });
    expect(toasts()).toEqual([]);
    expect(region()).toBe('mine: Lost');
  });

  it('should speak the language of the page', async () => {
    const other = new Stage(pseudo);
    const notifier = new Notifier(other.services);
    const [driver] = await other.find({ name: 'mine' });
    driver.say({ state: 'lost' });
    expect(
      [...document.querySelectorAll('[aria-live=polite]')].pop()?.textContent
    ).toBe('⟦mine: ⟦Lost⟧⟧');
    notifier.dispose();
    other.dispose();
  });
});

describe('writeReport', () => {
  it('should hold causes and log, but no address and no path', async () => {
    const stage = new Stage();
    await stage.find({
      state: 'lost',
      connection: {
        kind: 'scheduler',
        address: 'tls://127.0.0.1:4444',
        credentials: '/run/secret.pem'
      },
      cause: [{ message: 'Its kernel died.', kind: 'KernelDied' }],
      log: ['last line']
    });
    const report = writeReport(stage.first, Date.UTC(2026, 0, 1));
    expect(report).toContain('KernelDied | Its kernel died.');
    expect(report).toContain('  last line');
    expect(report).not.toMatch(/4444|secret/);
    stage.dispose();
  });
});
