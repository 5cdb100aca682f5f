import { Panel, Widget } from '@lumino/widgets';
import { ClusterError } from '../../tokens';
import { PlotPane } from '../pane';
import { FakeActivity, FakeSource, proxied, settle, trans } from './utils';

const MINUTE = 60_000;

describe('PlotPane', () => {
  let panel: Panel;
  let pane: PlotPane;
  let source: FakeSource;
  let activity: FakeActivity;
  let probed: string[];
  let answer: () => Promise<void>;

  beforeEach(() => {
    jest.useFakeTimers();
    source = new FakeSource();
    activity = new FakeActivity();
    probed = [];
    answer = async () => undefined;
    panel = new Panel();
    Widget.attach(panel, document.body);
  });

  afterEach(() => {
    panel.dispose();
    jest.useRealTimers();
  });

  const create = async (
    options: Partial<PlotPane.IOptions> = {}
  ): Promise<void> => {
    pane = new PlotPane({
      source,
      plot: 'individual-progress',
      title: () => 'Progress of spring',
      activity: activity.asActivity(),
      pauseAfter: () => 10 * MINUTE,
      probe: ({ base }) => {
        probed.push(base);
        return answer();
      },
      trans,
      ...options
    });
    panel.addWidget(pane);
    await settle();
  };

  const frame = (): HTMLIFrameElement | null =>
    pane.node.querySelector('iframe');
  const words = (): string =>
    pane.node.querySelector('.jp-DaskDashboard-message p')!.textContent!;
  const button = (label: string): HTMLButtonElement | undefined =>
    [...pane.node.querySelectorAll('button')].find(
      one => one.textContent === label
    );

  it('should ask before it frames, and frame without referrer', async () => {
    let open: () => void = () => undefined;
    answer = () => new Promise(resolve => (open = resolve));
    await create();
    expect(pane.state).toBe('checking');
    expect(frame()).toBeNull();
    open();
    await settle();
    expect(pane.state).toBe('shown');
    expect(frame()!.src).toBe(`${source.reach!.base}individual-progress`);
    expect(frame()!.title).toBe('Progress of spring');
    expect(frame()!.referrerPolicy).toBe('no-referrer');
    expect(frame()!.getAttribute('sandbox')).toBe(
      'allow-scripts allow-same-origin'
    );
    expect(frame()!.hasAttribute('credentialless')).toBe(false);
    expect(frame()!.tabIndex).toBe(-1);
  });

  describe('of a cluster of a gateway', () => {
    const base = 'http://hub/services/dask-gateway/clusters/a1/';
    const openTab = jest.fn();
    const note = (): HTMLElement =>
      pane.node.querySelector('.jp-DaskDashboard-note')!;

    beforeEach(() => openTab.mockClear());

    it.each(['direct', 'unread'] as const)(
      'should be closed to the page, its cookies and its parent (%s)',
      async way => {
        source.reach = { base, way };
        await create({ openTab });
        expect(frame()!.getAttribute('sandbox')).toBe('allow-scripts');
        expect(frame()!.hasAttribute('credentialless')).toBe(true);
        expect(frame()!.referrerPolicy).toBe('no-referrer');
        expect(frame()!.src).toBe(`${base}individual-progress`);
      }
    );

    it('should offer a tab of its own where it cannot be shown', async () => {
      source.reach = { base, way: 'direct' };
      answer = () => Promise.reject(new ClusterError('Sign in.'));
      await create({ openTab, openNative: () => undefined });
      expect(note().hidden).toBe(true);
      button('Open in a new tab')!.click();
      expect(openTab).toHaveBeenCalledWith(`${base}individual-progress`);
      expect(button('Small charts')).toBeDefined();
      answer = async () => undefined;
      button('Try again')!.click();
      await settle();
      expect(pane.state).toBe('shown');
    });

    it('should explain an empty frame that the page cannot look into', async () => {
      const explained = new Set<string>();
      source.reach = { base, way: 'unread' };
      await create({ openTab, explained });
      expect(note().hidden).toBe(false);
      expect(note().textContent).toContain('Empty? Then spring');
      const first = frame();
      button('Try again')!.click();
      await settle();
      expect(probed).toEqual([base, base]);
      expect(frame()).not.toBe(first);
      button('Open in a new tab')!.click();
      expect(openTab).toHaveBeenCalledTimes(1);
      button('Hide')!.click();
      expect(note().hidden).toBe(true);
      expect(frame()).not.toBeNull();
      pane.dispose();
      source = new FakeSource();
      source.reach = { base, way: 'unread' };
      await create({ openTab, explained });
      expect(pane.state).toBe('shown');
      expect(note().hidden).toBe(true);
    });

    it('should know of a person who is at the frame, and rest without one', async () => {
      source.reach = { base, way: 'unread' };
      await create({ openTab });
      await jest.advanceTimersByTimeAsync(9 * MINUTE);
      frame()!.dispatchEvent(new Event('pointerenter'));
      await jest.advanceTimersByTimeAsync(9 * MINUTE);
      expect(pane.state).toBe('shown');
      await jest.advanceTimersByTimeAsync(2 * MINUTE);
      expect(pane.state).toBe('paused');
      expect(note().hidden).toBe(true);
      source.become({ state: 'gone' });
      expect(words()).toContain('spring is gone');
    });
  });

  it('should wait for its cluster, and follow it to another address', async () => {
    source.state = 'waiting';
    await create();
    expect([words(), probed]).toEqual(['Waiting for spring…', []]);
    source.become({ state: 'ready' });
    await settle();
    expect(pane.state).toBe('shown');
    source.become({ reach: proxied('http://127.0.0.1:8888/proxy/2/') });
    await settle();
    expect(frame()!.src).toContain('/proxy/2/');
    expect(probed).toHaveLength(2);
  });

  it('should ask a dead address nothing, and offer to start again', async () => {
    const startAgain = jest.fn();
    await create({ startAgain });
    source.cluster = {} as never;
    source.become({ state: 'gone' });
    expect(frame()).toBeNull();
    expect(words()).toBe('spring is gone, and its plots with it.');
    activity.act();
    pane.hide();
    pane.show();
    await jest.advanceTimersByTimeAsync(60 * MINUTE);
    expect(probed).toHaveLength(1);
    button('Start again')!.click();
    expect(startAgain).toHaveBeenCalledTimes(1);
  });

  it('should drop an answer that comes after the cluster went', async () => {
    let open: () => void = () => undefined;
    answer = () => new Promise(resolve => (open = resolve));
    await create();
    source.become({ state: 'gone' });
    open();
    await settle();
    expect(frame()).toBeNull();
    expect(pane.state).toBe('gone');
  });

  it('should explain a failure and try again only when told to', async () => {
    answer = () =>
      Promise.reject(new ClusterError('No proxy.', { hint: 'Ask for it.' }));
    const openNative = jest.fn();
    await create({ openNative });
    expect(words()).toBe('No proxy. Ask for it.');
    activity.act();
    source.become({});
    await settle();
    expect(probed).toHaveLength(1);
    button('Small charts')!.click();
    expect(openNative).toHaveBeenCalledTimes(1);
    answer = async () => undefined;
    button('Try again')!.click();
    await settle();
    expect(pane.state).toBe('shown');
  });

  it('should empty itself when it is hidden, and come back', async () => {
    await create();
    pane.hide();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(frame()).not.toBeNull();
    await jest.advanceTimersByTimeAsync(6_000);
    expect(frame()).toBeNull();
    activity.act();
    await jest.advanceTimersByTimeAsync(60 * MINUTE);
    expect(frame()).toBeNull();
    pane.show();
    await settle();
    expect(frame()).not.toBeNull();
  });

  it('should empty itself when the browser tab is hidden', async () => {
    await create();
    activity.isVisible = false;
    activity.act();
    await jest.advanceTimersByTimeAsync(11_000);
    expect(frame()).toBeNull();
    activity.isVisible = true;
    activity.act();
    await settle();
    expect(frame()).not.toBeNull();
  });

  it('should pause when nobody does anything, until it is clicked', async () => {
    await create();
    await jest.advanceTimersByTimeAsync(9 * MINUTE);
    activity.act();
    await jest.advanceTimersByTimeAsync(9 * MINUTE);
    expect(pane.state).toBe('shown');
    await jest.advanceTimersByTimeAsync(2 * MINUTE);
    expect(pane.state).toBe('paused');
    expect(frame()).toBeNull();
    activity.act();
    await settle();
    expect(pane.state).toBe('paused');
    button('Resume')!.click();
    await settle();
    expect(pane.state).toBe('shown');
  });

  it('should wait for a click where it must not start by itself', async () => {
    await create({ paused: true });
    expect([pane.state, probed]).toEqual(['paused', []]);
    button('Resume')!.click();
    await settle();
    expect(pane.state).toBe('shown');
  });

  it('should dispose of its source and leave no timer', async () => {
    await create();
    pane.dispose();
    expect(source.isDisposed).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });
});
