import { DisposableDelegate } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { IClusterManager } from '../../tokens';
import { SidebarModel } from '../model';

describe('SidebarModel', () => {
  let asked: string[];
  let looks: string[];
  let model: SidebarModel;

  beforeEach(() => {
    jest.useFakeTimers();
    asked = [];
    looks = [];
    const changed = new Signal<IClusterManager, void>({} as IClusterManager);
    const manager: Partial<IClusterManager> = {
      changed,
      readOnly: false,
      ping: key => void asked.push(key),
      watch: key => {
        looks.push(`at ${key}`);
        return new DisposableDelegate(
          () => void looks.push(`away from ${key}`)
        );
      }
    };
    model = new SidebarModel({ manager: manager as IClusterManager });
    model.show('a');
    model.setVisible(true);
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('should ask the shown clusters for a while after somebody did something, then nobody', () => {
    model.active();
    expect(asked).toEqual(['a']);
    jest.advanceTimersByTime(12_000);
    expect(asked).toHaveLength(3);
    model.active();
    jest.advanceTimersByTime(60_000);
    const { length } = asked;
    expect(length).toBeLessThanOrEqual(7);
    jest.advanceTimersByTime(3_600_000);
    expect(asked).toHaveLength(length);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('should ask nobody once it is hidden', () => {
    model.active();
    model.setVisible(false);
    jest.advanceTimersByTime(60_000);
    expect(asked).toEqual(['a']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('should not look at a cluster whose card passes by while one scrolls', () => {
    const hide = model.show('b');
    jest.advanceTimersByTime(200);
    hide();
    jest.advanceTimersByTime(60_000);
    expect(looks).toEqual(['at a']);
  });

  it('should look at a cluster without a break while its card is drawn anew', () => {
    const hide = model.show('b');
    jest.advanceTimersByTime(1000);
    hide();
    const hideAgain = model.show('b');
    jest.advanceTimersByTime(60_000);
    expect(looks).toEqual(['at a', 'at b', 'at b', 'away from b']);
    hideAgain();
    jest.advanceTimersByTime(60_000);
    expect(looks.slice(4)).toEqual(['away from b']);
    expect(jest.getTimerCount()).toBe(0);
  });
});
