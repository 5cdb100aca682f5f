import * as React from 'react';
import type { IAdvice } from '../../components/advice';
import { ClusterCard, IClusterCardProps } from '../../components/clusterCard';
import type { ClusterState, IClusterSnapshot } from '../../tokens';
import {
  button,
  eventually,
  names,
  press,
  pseudo,
  Stage,
  type,
  violations
} from './support';

const NOW = Date.UTC(2026, 10, 23, 12);

const ALL = {
  scale: true,
  adapt: true,
  restart: true,
  rename: true,
  workers: true,
  logs: true,
  stop: true,
  keep: true
};

const RUNNING: IClusterSnapshot = {
  id: 'a',
  name: 'dask-1',
  state: 'running',
  revision: 1,
  since: NOW,
  created: NOW,
  idleSince: NOW - 5 * 60_000,
  workers: { ready: 2, wanted: 2, limit: 8 },
  memory: { used: 1.2 * 2 ** 30, limit: 8 * 2 ** 30 },
  tasks: { processing: 0, waiting: 0, memory: 0, erred: 0 }
};

const EVIL = '<img src=x onerror="document.title=1">\u202e\u200bevil';

describe('ClusterCard', () => {
  let stage: Stage;
  let done: string[];

  afterEach(() => stage.dispose());

  async function draw(
    snapshot: Partial<IClusterSnapshot>,
    props: Partial<IClusterCardProps> = {},
    translator?: ConstructorParameters<typeof Stage>[0]
  ): Promise<HTMLElement> {
    stage = new Stage(translator);
    done = [];
    const act = (name: string) => () => {
      done.push(name);
    };
    return stage.draw(
      <ClusterCard
        snapshot={{ ...RUNNING, ...snapshot }}
        capabilities={ALL}
        responding
        history={[]}
        origin="Local"
        current
        now={NOW}
        tabIndex={0}
        renaming={false}
        onRenaming={act('renaming')}
        onConnect={act('connect')}
        onDashboards={act('dashboards')}
        onStop={act('stop')}
        onRetry={act('retry')}
        onCopyReport={act('report')}
        onWait={act('wait')}
        onMore={act('more')}
        onRename={act('rename')}
        onScale={async scale => {
          done.push(JSON.stringify(scale));
        }}
        {...props}
      />
    );
  }

  it.each<[ClusterState, boolean, string, string[]]>([
    ['queued', true, 'Queued', ['Cancel']],
    ['starting', true, 'Starting', ['Cancel']],
    ['running', true, 'Running', ['Connect', 'Dashboards', 'Scale', 'Stop']],
    ['degraded', true, 'Degraded', ['Connect', 'Dashboards', 'Scale', 'Stop']],
    ['running', false, 'Not responding', ['Wait', 'Stop']],
    ['stopping', true, 'Stopping', []],
    ['failed', true, 'Failed', ['Retry', 'Copy report', 'Dismiss']],
    ['lost', true, 'Lost', ['Retry', 'Copy report', 'Dismiss']]
  ])(
    'should say %s in words and offer what fits (responding: %s)',
    async (state, responding, word, offered) => {
      const node = await draw({ state }, { responding });
      expect(node.querySelector('.jp-DaskState-word')?.textContent).toBe(word);
      expect(names(node)).toEqual(['More actions', ...offered]);
      expect(await violations(node)).toEqual([]);
    }
  );

  it('should offer fewer workers where there can be fewer', async () => {
    const node = await draw(
      { state: 'failed' },
      { onRetryFewer: () => done.push('fewer') }
    );
    button(node, 'Retry with fewer workers').click();
    expect(done).toEqual(['fewer']);
  });

  it('should tell workers, memory and for how long nothing ran', async () => {
    const node = await draw({});
    expect(node.textContent).toContain('2 / 2 workers');
    expect(node.querySelector('[role=meter]')?.textContent).toBe(
      '1.2 GiB / 8 GiB'
    );
    expect(node.textContent).toContain('idle for 5 min');
  });

  it.each<[number | undefined, string | null]>([
    [12.9 * 60_000, 'stops in 12 min'],
    [90 * 60_000, 'stops in 1 hr 30 min'],
    [60_000, 'stops in 1 min'],
    [59_999, 'stops in less than a minute'],
    [-5000, 'stops in less than a minute'],
    [undefined, null]
  ])(
    'should tell when it stops by itself (in %s ms: %s)',
    async (left, words) => {
      const stopsAt = left === undefined ? undefined : NOW + left;
      const node = await draw({ stopsAt });
      const facts = node
        .querySelector('.jp-DaskCluster-tasks')!
        .textContent!.split(' · ');
      expect(facts[0]).toBe('idle for 5 min');
      expect(facts.filter(fact => fact.startsWith('stops'))).toEqual(
        words === null ? [] : [words]
      );
    }
  );

  it('should count down to its end, and offer to put it off when that is near', async () => {
    const onKeep = (): void => {
      done.push('keep');
    };
    const far = await draw({ stopsAt: NOW + 25.5 * 60_000 }, { onKeep });
    expect(far.textContent).toContain('stops in 25 min');
    expect(names(far)).not.toContain('Keep 30 min');
    stage.dispose();
    const near = await draw(
      { stopsAt: NOW + 4.5 * 60_000, stopsWithin: 5 },
      { onKeep }
    );
    expect(near.textContent).toContain('stops in 4 min');
    button(near, 'Keep 30 min').click();
    expect(done).toEqual(['keep']);
  });

  it('should tell for how long it has been up', async () => {
    const told = async (
      snapshot: Partial<IClusterSnapshot>,
      props?: Partial<IClusterCardProps>
    ): Promise<string> => {
      const text = (await draw(snapshot, props)).textContent ?? '';
      stage.dispose();
      return text;
    };
    const created = NOW - 125 * 60_000;
    expect(await told({ created })).toContain('up for 2 hr 5 min');
    expect(await told({})).toContain('just started');
    expect(await told({ created, state: 'starting' })).not.toContain('up for');
    expect(
      await told({ created }, { capabilities: { ...ALL, stop: false } })
    ).not.toContain('up for');
  });

  it('should follow an advice by one click', async () => {
    const asked: unknown[] = [];
    const node = await draw(
      {},
      {
        advice: { id: 'fewer', text: 'Too many.', workers: 1 },
        onScale: async wanted => {
          asked.push(wanted);
        }
      }
    );
    expect(node.textContent).toContain('Too many.');
    button(node, 'Scale to 1 worker').click();
    expect(asked).toEqual([{ workers: 1 }]);
    expect(await violations(node)).toEqual([]);
  });

  const FULL: IAdvice = { id: 'memory', text: 'Memory is full.' };
  const REMARK: IAdvice = { id: 'remark', text: 'Other versions.' };

  it.each<[IAdvice, string[], string]>([
    [FULL, ['onChunks', 'onLike', 'onDetails'], 'Change the chunk size…'],
    [FULL, ['onLike', 'onDetails'], 'New cluster with more memory…'],
    [FULL, ['onDetails'], 'Look at the workers'],
    [
      REMARK,
      ['onLike', 'onOptions', 'onDetails'],
      'New cluster like this, with other options…'
    ],
    [REMARK, ['onOptions', 'onDetails'], 'Look at its options']
  ])(
    'should offer one act for an advice, the first that can be done (%j, %j: %s)',
    async (advice, possible, name) => {
      const acts = Object.fromEntries(
        possible.map(act => [act, () => done.push(act)])
      );
      const node = await draw({}, { advice, ...acts });
      const offered = node.querySelectorAll('.jp-DaskCluster-advice button');
      expect(offered).toHaveLength(1);
      button(node, name).click();
      expect(done).toEqual([possible[0]]);
      expect(await violations(node)).toEqual([]);
    }
  );

  it('should leave out what is not known, not show it as 0', async () => {
    const node = await draw({
      memory: undefined,
      tasks: undefined,
      idleSince: undefined
    });
    expect(node.textContent).not.toMatch(/\b0\b/);
    expect(node.querySelector('[role=meter]')).toBeNull();
  });

  it('should show the bounds of an adaptive cluster', async () => {
    const node = await draw({ workers: { ready: 3, minimum: 1, maximum: 8 } });
    expect(node.textContent).toContain('3 workers (1–8)');
  });

  it('should describe its small chart in words', async () => {
    const node = await draw(
      {},
      {
        history: [20, 180, 60].map((cpu, index) => ({
          time: NOW + 10_000 * index,
          cpu
        }))
      }
    );
    expect(
      node.querySelector('svg[role=img]')?.getAttribute('aria-label')
    ).toBe('CPU in the last 5 minutes: now 60%, lowest 20%, highest 180%');
  });

  it('should draw no chart of a few seconds, which would be a stray stroke', async () => {
    const node = await draw(
      {},
      { history: [0, 2000, 4000].map(ms => ({ time: NOW + ms, cpu: 20 })) }
    );
    expect(node.querySelector('svg[role=img]')).toBeNull();
  });

  it('should list the steps of a start with their state', async () => {
    const node = await draw({
      state: 'starting',
      workers: undefined,
      steps: [
        { id: 'kernel', state: 'done' },
        { id: 'workers', state: 'active', detail: '1 of 2' }
      ]
    });
    const steps = [...node.querySelectorAll('li')].map(item =>
      item.textContent?.replace(/^./, '')
    );
    expect(steps).toEqual(['Kerneldone', 'Workers1 of 2']);
  });

  it('should begin a failure with plain words and the next step', async () => {
    const node = await draw({
      state: 'failed',
      cause: [
        {
          message: 'distributed is not installed in Python 3.',
          hint: 'Run pip install distributed.'
        },
        { message: 'No module named distributed', kind: 'ImportError' }
      ],
      log: ['first line', 'last line']
    });
    const texts = [...node.querySelectorAll('.jp-DaskFailure p')].map(
      item => item.textContent
    );
    expect(texts).toEqual([
      'distributed is not installed in Python 3.',
      'Run pip install distributed.'
    ]);
    expect(node.querySelector('pre')?.textContent).toBe(
      'first line\nlast line'
    );
    expect(node.querySelector('ol')?.textContent).toContain('ImportError');
  });

  it('should show markup and hidden characters as text', async () => {
    const node = await draw({
      name: EVIL,
      state: 'failed',
      cause: [{ message: EVIL, kind: EVIL, hint: EVIL }, { message: EVIL }],
      log: [EVIL]
    });
    expect(node.querySelector('img')).toBeNull();
    expect(node.querySelector('pre')?.textContent).toContain('<img src=x');
    expect(node.textContent).not.toMatch(/[\u202e\u200b]/);
  });

  it('should call what its buttons say', async () => {
    const node = await draw({});
    for (const name of ['Connect', 'Dashboards', 'Stop', 'More actions']) {
      button(node, name).click();
    }
    expect(done).toEqual(['connect', 'dashboards', 'stop', 'more']);
  });

  it('should offer to forget a scheduler that somebody else owns', async () => {
    const node = await draw({}, { capabilities: { ...ALL, stop: false } });
    expect(names(node)).toContain('Forget');
  });

  it('should leave out acts when it is only for watching', async () => {
    const node = await draw(
      {},
      { onStop: undefined, onScale: undefined, onRename: undefined }
    );
    expect(names(node)).toEqual(['More actions', 'Connect', 'Dashboards']);
  });

  it('should pass all its words through the translator', async () => {
    for (const state of ['starting', 'running', 'failed'] as const) {
      const node = await draw(
        {
          state,
          name: 'dask-1',
          steps: [{ id: 'kernel', state: 'active' }],
          cause: [{ message: '⟦said by the controller⟧' }],
          log: ['⟦log⟧']
        },
        { origin: '⟦Local⟧' },
        pseudo
      );
      const words = [...node.querySelectorAll('*')].flatMap(element => [
        ...[...element.childNodes]
          .filter(child => child.nodeType === Node.TEXT_NODE)
          .map(child => child.textContent ?? ''),
        element.getAttribute('aria-label') ?? '',
        element.getAttribute('title') ?? ''
      ]);
      const raw = words.filter(
        text => /[a-z]{2}/i.test(text) && !/⟦/.test(text) && text !== 'dask-1'
      );
      expect(raw).toEqual([]);
      stage.dispose();
    }
  });

  describe('Scale', () => {
    async function open(
      snapshot: Partial<IClusterSnapshot> = {},
      props: Partial<IClusterCardProps> = {}
    ): Promise<{ node: HTMLElement; input: HTMLInputElement }> {
      const node = await draw(snapshot, props);
      button(node, 'Scale').click();
      await eventually(() =>
        expect(node.querySelector('form input')).not.toBeNull()
      );
      return {
        node,
        input: node.querySelector<HTMLInputElement>('form input')!
      };
    }

    it.each([
      ['-5', 'The number cannot be below 0.'],
      ['0.5', 'Enter a whole number, such as 4.'],
      ['"3"', 'Enter a whole number, such as 4.'],
      ['', 'Enter a number of workers.'],
      ['NaN', 'Enter a whole number, such as 4.'],
      ['[]', 'Enter a whole number, such as 4.'],
      ['1e9', 'Enter a whole number, such as 4.'],
      ['1' + '0'.repeat(30), 'At most 8 workers are allowed here.'],
      ['true', 'Enter a whole number, such as 4.'],
      ['9', 'At most 8 workers are allowed here.']
    ])('should refuse %j in words', async (text, words) => {
      const { node, input } = await open();
      type(input, text);
      await eventually(() =>
        expect(node.querySelector('[role=alert]')?.textContent).toBe(words)
      );
      expect(button(node, 'Apply').disabled).toBe(true);
      expect(input.getAttribute('aria-invalid')).toBe('true');
      expect(done).toEqual([]);
    });

    it('should apply a number, and close', async () => {
      const { node, input } = await open();
      expect(node.textContent).toContain('Up to 8 workers here.');
      type(input, '4');
      await eventually(() => expect(input.value).toBe('4'));
      button(node, 'Apply').click();
      await eventually(() => expect(node.querySelector('form')).toBeNull());
      expect(done).toEqual(['{"workers":4}']);
      expect(document.activeElement).toBe(button(node, 'Scale'));
    });

    it('should step by the arrow keys within the limit', async () => {
      const { node, input } = await open({
        workers: { ready: 7, wanted: 7, limit: 8 }
      });
      press(input, 'ArrowUp');
      await eventually(() => expect(input.value).toBe('8'));
      press(input, 'ArrowUp');
      button(node, 'One less: Workers').click();
      await eventually(() => expect(input.value).toBe('7'));
    });

    it('should refuse a minimum above the maximum', async () => {
      const { node } = await open({
        workers: { ready: 2, minimum: 1, maximum: 4, limit: 8 }
      });
      const [low] = node.querySelectorAll<HTMLInputElement>(
        'input[inputmode=numeric]'
      );
      type(low, '5');
      await eventually(() =>
        expect(node.querySelector('[role=alert]')?.textContent).toBe(
          'The minimum cannot be above the maximum.'
        )
      );
      expect(button(node, 'Apply').disabled).toBe(true);
      type(low, '2');
      await eventually(() =>
        expect(button(node, 'Apply').disabled).toBe(false)
      );
      button(node, 'Apply').click();
      expect(done).toEqual(['{"minimum":2,"maximum":4}']);
    });

    it('should say what the owner refused and stay open', async () => {
      const { node } = await open(
        {},
        { onScale: () => Promise.reject(new Error('No room for more.')) }
      );
      button(node, 'Apply').click();
      await eventually(() =>
        expect(node.querySelector('form')?.textContent).toContain(
          'No room for more.'
        )
      );
      expect(await violations(node)).toEqual([]);
    });

    it('should close by Escape and give the focus back', async () => {
      const { node, input } = await open();
      press(input, 'Escape');
      await eventually(() => expect(node.querySelector('form')).toBeNull());
      expect(document.activeElement).toBe(button(node, 'Scale'));
    });
  });
});
