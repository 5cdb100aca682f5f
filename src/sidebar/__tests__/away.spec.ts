import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { createLanguage } from '../../components/language';
import type { ICosts } from '../../tokens';
import { Away, describeMeanwhile, readLeft } from '../away';
import { eventually, Stage } from './support';

const KEY = 'left here';
const HOUR = 3_600_000;
const language = createLanguage(nullTranslator);

describe('Away', () => {
  let stage: Stage;
  let away: Away;
  /** What each cluster has cost, by its name. */
  let spent: Record<string, number>;

  const open = (): void => {
    const costs = {
      changed: { connect: () => true, disconnect: () => true },
      of: ({ snapshot }: { snapshot: { name: string } }) =>
        snapshot.name in spent
          ? { perHour: {}, soFar: { EUR: spent[snapshot.name] }, basis: [] }
          : null
    } as unknown as ICosts;
    away = new Away({
      ...stage.services,
      costs,
      storage: localStorage,
      key: KEY
    });
  };
  const close = (): void => {
    window.dispatchEvent(new Event('pagehide'));
    away.dispose();
  };
  /** As if the page was left so long ago. */
  const wait = (ms: number): void => {
    const left = JSON.parse(localStorage.getItem(KEY)!);
    localStorage.setItem(KEY, JSON.stringify({ ...left, at: left.at - ms }));
  };
  const told = (): string[] =>
    Notification.manager.notifications.map(({ message }) => message);

  beforeEach(() => {
    localStorage.clear();
    spent = { paid: 1, other: 5 };
    stage = new Stage();
    open();
  });

  afterEach(() => {
    away.dispose();
    Notification.dismiss();
    stage.dispose();
  });

  it('should tell the next page what ran meanwhile, what it cost, and what has ended', async () => {
    const drivers = await stage.find({ name: 'paid' }, { name: 'other' });
    close();
    wait(2 * HOUR);
    spent = { paid: 3.5, other: 6 };
    stage.provider.found = [drivers[0]];
    drivers[1].say({ state: 'stopped' });
    open();
    await eventually(() => expect(told()).toHaveLength(1));
    expect(told()[0]).toMatch(
      /^Since a page was left at .* \(2 hr\): paid ran on and cost 2.50 EUR. other has ended.$/
    );
    expect(localStorage.getItem(KEY)).toBeNull();
  });

  it('should say that no price is set rather than that it cost nothing', async () => {
    await stage.find({ name: 'free' });
    close();
    wait(HOUR);
    open();
    await eventually(() =>
      expect(told()[0]).toContain('free ran on (no price set).')
    );
  });

  it('should say nothing to who loads the page again, or left nothing', async () => {
    await stage.find({ name: 'paid' });
    close();
    open();
    const [driver] = stage.provider.found;
    expect(localStorage.getItem(KEY)).toBeNull();
    (driver as unknown as { say: (change: object) => void }).say({
      state: 'failed'
    });
    close();
    expect(localStorage.getItem(KEY)).toBeNull();
    expect(told()).toEqual([]);
  });

  it('should count where the names are too many for a toast', () => {
    const ran = Array.from({ length: 9 }, (_, index) => ({
      name: `a cluster with a long name ${index}`,
      cost: { EUR: 1 }
    }));
    const text = describeMeanwhile(
      { ran, gone: ['one'] },
      0,
      language,
      3 * HOUR
    );
    expect(text).toMatch(
      /\(3 hr\): 9 clusters ran on and cost 9.00 EUR. 1 has ended.$/
    );
  });

  it.each(['null', '{', '[]', '{"at":1}', '{"at":"x","clusters":{}}'])(
    'should read nothing from %s',
    stored => {
      expect(readLeft(stored)).toBeNull();
    }
  );
});
