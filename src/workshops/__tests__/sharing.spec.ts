import { ContentsManager } from '@jupyterlab/services';
import { StateDB } from '@jupyterlab/statedb';
import type { JupyterServer } from '@jupyterlab/testing';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { eventually } from '../../__tests__/eventually';
import { startJupyter } from '../../__tests__/jupyterServer';
import type { IWorkshop } from '../model';
import { Sharing } from '../sharing';
import { StatusFolder } from '../statusFolder';
import { Voice } from '../voice';

const MINUTES = 240_000;
const trans = nullTranslator.load('');

let server: JupyterServer;
let contents: ContentsManager;

beforeAll(async () => {
  server = await startJupyter();
  contents = new ContentsManager();
  await contents.save('rain', { type: 'directory', path: 'rain' });
}, MINUTES);

afterAll(async () => {
  await server.shutdown();
}, MINUTES);

/** A page of somebody who looks at a class; each has its own folder. */
function open(
  shared: string | undefined,
  state: StateDB,
  soFar?: Record<string, number> | null
) {
  const workshop: IWorkshop = {
    version: 1,
    id: 'rain',
    title: 'Rain',
    shared,
    materials: [{ notebook: 'one.ipynb', steps: [{ id: 'a', title: 'A' }] }]
  };
  const run = { joining: 'no', workshop, done: new Set<string>() };
  const changed = new Signal<object, void>(run);
  const snapshot = { name: 'rain', state: 'running', workers: { ready: 2 } };
  const manager = {
    clusters: soFar === undefined ? [] : [{ snapshot }],
    stateChanged: new Signal<object, void>({})
  };
  const voice = new Voice({
    run: Object.assign(run, { changed }) as never,
    manager: manager as never,
    costs: { of: () => (soFar ? { soFar } : null) } as never,
    service: () => null
  });
  const sharing = new Sharing({
    run: run as never,
    voice,
    contents,
    state,
    name: async () => 'alice@example.org',
    trans
  });
  return {
    run,
    voice,
    sharing,
    join: () => {
      run.joining = 'joined';
      changed.emit();
    },
    change: () => changed.emit(),
    close: () => {
      sharing.dispose();
      voice.dispose();
    }
  };
}

const told = async (folder: string) =>
  (await new StatusFolder({ contents, folder }).participants()).map(
    ({ name, status }) => [name, status?.step, status?.help]
  );

describe('A file in the folder of the class', () => {
  it(
    'should be there from consent and joining to its taking back, and be remembered',
    async () => {
      await contents.save('rain/all', { type: 'directory', path: 'rain/all' });
      const state = new StateDB();
      const page = open('rain/all', state);
      page.join();
      await page.sharing.written();
      expect([page.sharing.agreed, await told('rain/all')]).toEqual([
        false,
        []
      ]);
      await page.sharing.agree();
      expect(await told('rain/all')).toEqual([['alice@example.org', 0, false]]);
      page.run.done.add('a');
      page.change();
      await page.voice.ask(true, 'My plot is empty');
      await page.sharing.written();
      expect(await told('rain/all')).toEqual([['alice@example.org', 1, true]]);
      page.close();

      const again = open('rain/all', state);
      await eventually(() => expect(again.sharing.agreed).toBe(true));
      expect(again.sharing.isUsed).toBe(false);
      again.join();
      await again.sharing.written();
      expect(await told('rain/all')).toEqual([['alice@example.org', 0, false]]);
      const revoked = again.sharing.revoke();
      again.run.done.add('a');
      again.change();
      await revoked;
      again.change();
      await again.sharing.written();
      expect([again.sharing.agreed, await told('rain/all')]).toEqual([
        false,
        []
      ]);
      expect((await state.list('')).ids ?? []).toEqual([]);
      again.close();
    },
    MINUTES
  );

  it('should not be written before the person has joined', async () => {
    await contents.save('rain/b', { type: 'directory', path: 'rain/b' });
    const page = open('rain/b', new StateDB());
    await page.sharing.agree();
    expect(await told('rain/b')).toEqual([]);
    page.join();
    await page.sharing.written();
    expect(await told('rain/b')).toHaveLength(1);
    page.close();
  });

  it('should need another consent for another folder', async () => {
    const state = new StateDB();
    const page = open('rain/all', state);
    await page.sharing.agree();
    page.close();
    const other = open('rain/other', state);
    const same = open('rain/all', state);
    await eventually(() => expect(same.sharing.agreed).toBe(true));
    expect(other.sharing.agreed).toBe(false);
    const none = open(undefined, state);
    await none.sharing.agree();
    expect(none.sharing.agreed).toBe(false);
    [other, same, none].forEach(one => one.close());
  });

  it('should say in words why it cannot be written, and be written once it can', async () => {
    const page = open('rain/late', new StateDB());
    page.join();
    await expect(page.sharing.agree()).rejects.toThrow(
      /“rain\/late” cannot be written .* Ask your trainer/
    );
    await contents.save('rain/late', { type: 'directory', path: 'rain/late' });
    page.change();
    await page.sharing.written();
    expect(await told('rain/late')).toHaveLength(1);
    page.close();
  });
});

describe('A consent that was taken back', () => {
  it('should stay taken back after a reload although the file could not be removed', async () => {
    const folder = 'rain/kept';
    await contents.save(folder, { type: 'directory', path: folder });
    const state = new StateDB();
    const page = open(folder, state);
    page.join();
    await page.sharing.agree();
    expect(await told(folder)).toHaveLength(1);
    const file = `${folder}/alice%40example.org.status.json`;
    const remove = jest
      .spyOn(contents, 'delete')
      .mockRejectedValue(new Error('Permission denied.'));
    await expect(page.sharing.revoke()).rejects.toThrow(
      /nothing more is written.*alice%40example\.org\.status\.json.*still in “rain\/kept”: Permission denied\. Try again, or ask/
    );
    expect([page.sharing.agreed, page.sharing.left]).toEqual([
      false,
      'alice%40example.org.status.json'
    ]);
    page.run.done.add('a');
    page.change();
    page.close();

    const again = open(folder, state);
    again.join();
    await eventually(() => expect(again.sharing.left).not.toBeNull());
    again.run.done.add('a');
    again.change();
    await again.sharing.written();
    expect(again.sharing.agreed).toBe(false);
    expect(await told(folder)).toEqual([['alice@example.org', 0, false]]);
    remove.mockRestore();
    await again.sharing.revoke();
    expect([again.sharing.left, await told(folder)]).toEqual([null, []]);
    expect((await state.list('')).ids ?? []).toEqual([]);
    await expect(contents.get(file)).rejects.toThrow();
    again.close();
  });
});

describe('What a participant’s cluster has cost', () => {
  it.each([
    ['is not known without a price, and then not told', null, undefined],
    ['is told to the cent', { USD: 0.1234 }, { USD: 0.12 }],
    ['is not told without a cluster', undefined, undefined]
  ])('%s', (_, soFar, said) => {
    const page = open('rain/all', new StateDB(), soFar);
    expect(page.voice.spent).toEqual(
      soFar === undefined ? null : (soFar ?? undefined)
    );
    expect(page.voice.status.spent).toEqual(said);
    expect('spent' in page.voice.status).toBe(said !== undefined);
    page.close();
  });
});
