import { ClusterError } from '../../../tokens';
import type { WatchDetail } from '../../../tokens';
import { Activity } from '../../kernel/activity';
import { ILooked, Looks } from '../looks';
import { report, way } from './fakes';
import { providerOver } from './support';

/** Longer than the pause between two looks, in ms. */
const LOOK = 7500;

/** What a look may ask for, the list included. */
const BUDGET = 5;

class Looked implements ILooked {
  constructor(
    readonly name: string,
    public detail: WatchDetail = 'counts'
  ) {}

  get price(): number {
    return this.detail === 'workers' ? 2 : 1;
  }

  measured = 0;

  async measure(): Promise<void> {
    this.measured += 1;
  }
}

describe('Looks', () => {
  let activity: Activity;
  let cards: Looked[];
  let looks: Looks;
  let lists: number;
  let failing: boolean;

  const show = (visibility: DocumentVisibilityState): void => {
    Object.defineProperties(document, {
      hidden: { value: visibility === 'hidden', configurable: true },
      visibilityState: { value: visibility, configurable: true }
    });
    document.dispatchEvent(new Event('visibilitychange'));
  };

  const act = (): void => {
    document.dispatchEvent(new Event('keydown'));
  };

  /** Let time go by for somebody who stays at the page. */
  const pass = async (time: number): Promise<void> => {
    for (let gone = 0; gone < time; gone += 5000) {
      act();
      await jest.advanceTimersByTimeAsync(Math.min(5000, time - gone));
    }
  };

  beforeEach(() => {
    jest.useFakeTimers();
    // Pauses are drawn; here always from the middle.
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    show('visible');
    cards = [];
    lists = 0;
    failing = false;
    activity = new Activity();
    looks = new Looks({
      activity,
      drivers: () => cards,
      list: async () => {
        lists += 1;
        if (failing) {
          throw new ClusterError('away', { code: 'not-responding' });
        }
      }
    });
  });

  afterEach(() => {
    looks.dispose();
    activity.dispose();
    show('visible');
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('should ask nothing while nobody looks at a card', async () => {
    cards = [new Looked('a', 'none')];
    looks.sync();
    await pass(60_000);
    expect(lists).toBe(0);
    cards[0].detail = 'counts';
    looks.sync();
    await pass(1000);
    expect([lists, cards[0].measured]).toEqual([1, 1]);
    cards[0].detail = 'none';
    looks.sync();
    await pass(60_000);
    expect([lists, cards[0].measured]).toEqual([1, 1]);
  });

  it('should ask nothing in a hidden page, and again in one that is shown', async () => {
    cards = [new Looked('a')];
    looks.sync();
    await pass(1000);
    show('hidden');
    const before = lists;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(lists).toBe(before);
    show('visible');
    await pass(1000);
    expect(lists).toBe(before + 1);
  });

  it('should ask nothing of a person who is away', async () => {
    cards = [new Looked('a')];
    looks.sync();
    await jest.advanceTimersByTimeAsync(150_000);
    const before = lists;
    expect(before).toBeGreaterThan(1);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(lists).toBe(before);
    act();
    await jest.advanceTimersByTimeAsync(1000);
    expect(lists).toBe(before + 1);
  });

  it('should let no card wait for those whose workers are shown', async () => {
    cards = [
      new Looked('table 1', 'workers'),
      new Looked('table 2', 'workers'),
      ...['a', 'b', 'c', 'd'].map(name => new Looked(name))
    ];
    looks.sync();
    await pass(10 * LOOK);
    const counts = cards.map(({ measured }) => measured);
    expect(Math.min(...counts)).toBeGreaterThan(2);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('should let all cards have their turn, also one for which something fails', async () => {
    cards = Array.from({ length: 10 }, (_, index) => new Looked(`${index}`));
    const [broken] = cards;
    broken.measure = async () => {
      broken.measured += 1;
      throw new ClusterError('no', { code: 'not-responding' });
    };
    looks.sync();
    await pass(20 * LOOK);
    expect(Math.min(...cards.map(one => one.measured))).toBeGreaterThan(2);
  });

  it('should make no more requests at once than one for each second', async () => {
    cards = [
      ...['t', 'u'].map(name => new Looked(name, 'workers')),
      ...['a', 'b', 'c', 'd', 'e'].map(name => new Looked(name))
    ];
    let spent = 0;
    const most: number[] = [];
    for (const card of cards) {
      const { measure } = card;
      card.measure = async () => {
        spent += card.price;
        await measure.call(card);
      };
    }
    looks.sync();
    for (let turn = 0; turn < 10; turn += 1) {
      const before = { lists, spent };
      await pass(5000);
      if (lists > before.lists) {
        most.push((spent - before.spent) / (lists - before.lists) + 1);
      }
    }
    expect(most.length).toBeGreaterThan(5);
    expect(Math.max(...most)).toBeLessThanOrEqual(BUDGET);
  });

  it('should ask less often while the hub is away', async () => {
    cards = [new Looked('a')];
    failing = true;
    looks.sync();
    await pass(20 * LOOK);
    expect(lists).toBeGreaterThan(1);
    expect(lists).toBeLessThan(10);
    expect(cards[0].measured).toBe(0);
  });

  it('should ask nothing any more once it is disposed of', async () => {
    cards = [new Looked('a')];
    looks.sync();
    await pass(1000);
    looks.dispose();
    looks.dispose();
    expect(looks.isDisposed).toBe(true);
    const before = lists;
    looks.sync();
    await pass(60_000);
    show('hidden');
    show('visible');
    await pass(60_000);
    expect(lists).toBe(before);
  });
});

describe('Clusters that vanish together', () => {
  it('should be asked about a few at a time, and each', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `c${index}`);
    let reports = names.map(name => report('RUNNING', name));
    let open = 0;
    let most = 0;
    const provider = providerOver(
      way({
        list: async () => reports,
        get: async name => {
          open += 1;
          most = Math.max(most, open);
          await new Promise(resolve => setTimeout(resolve, 1));
          open -= 1;
          if (name === 'c7') {
            throw new ClusterError('away', { code: 'not-responding' });
          }
          return report('STOPPED', name);
        }
      })
    );
    const drivers = await provider.discover();
    reports = [];
    await provider.discover();
    expect(most).toBe(4);
    expect(
      drivers
        .filter(({ snapshot }) => snapshot.state !== 'stopped')
        .map(({ snapshot }) => snapshot.id)
    ).toEqual(['c7']);
    provider.dispose();
  });
});
