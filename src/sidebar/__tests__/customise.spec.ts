import { Dialog } from '@jupyterlab/apputils';
import {
  acceptDialog,
  dismissDialog,
  waitForDialog
} from '@jupyterlab/testing';
import { PromiseDelegate } from '@lumino/coreutils';
import { FakeProvider } from '../../cluster/__tests__/fakes';

import { ClusterError, ICosts, IPlanned, IProviderForm } from '../../tokens';
import { askForCluster, createByForm } from '../customise';
import { eventually, Stage, type } from './support';

const FORM: IProviderForm = {
  schema: {
    type: 'object',
    properties: {
      workers: { type: 'integer', title: 'Workers', minimum: 0, maximum: 8 }
    }
  },
  environments: [],
  notes: []
};

describe('the form for a new cluster', () => {
  let stage: Stage;
  let form: PromiseDelegate<IProviderForm>;

  const dialog = (): Element => document.querySelector('.jp-Dialog')!;
  const ask = (workers: number): ReturnType<typeof askForCluster> =>
    askForCluster(stage.services, { provider: 'fake', options: { workers } });

  // Its first import takes seconds where nothing is cached.
  beforeAll(() => import('@rjsf/validator-ajv8'), 60_000);

  beforeEach(() => {
    stage = new Stage();
    form = new PromiseDelegate();
    stage.provider.form = () => form.promise;
  });

  afterEach(() => Dialog.flush());

  it('should start what was asked for before it was known what is possible', async () => {
    const asked = ask(3);
    await waitForDialog(undefined, 5000);
    await acceptDialog(undefined, 5000);
    await eventually(() =>
      expect(dialog().textContent).toContain('It starts as soon as')
    );
    form.resolve(FORM);
    expect(await asked).toMatchObject({ options: { workers: 3 } });
  });

  it('should stay open when what was asked for turns out to be impossible', async () => {
    const asked = ask(99);
    await waitForDialog(undefined, 5000);
    await acceptDialog(undefined, 5000);
    form.resolve(FORM);
    await eventually(() =>
      expect(dialog().querySelector('.jp-DaskField-error')).not.toBeNull()
    );
    await dismissDialog(undefined, 5000);
    expect(await asked).toBeNull();
  });

  it('should say before all fields what it costs or lacks', async () => {
    const asked = ask(1);
    await waitForDialog(undefined, 5000);
    form.resolve({ ...FORM, notes: ['This costs money.'] });
    await eventually(() =>
      expect(dialog().querySelector('#root_workers')).not.toBeNull()
    );
    const text = dialog().textContent ?? '';
    expect(text.indexOf('This costs money.')).toBeGreaterThan(0);
    expect(text.indexOf('This costs money.')).toBeLessThan(
      text.indexOf('Workers')
    );
    await dismissDialog(undefined, 5000);
    expect(await asked).toBeNull();
  });

  it('should say what the cluster costs while it is filled in', async () => {
    const costs = {
      forecast: ({ provider, workers, threads, seconds }: IPlanned) =>
        provider === 'fake'
          ? {
              cost: { USD: workers },
              text: `$${(workers * threads * seconds) / 3600}.00`
            }
          : null
    } as unknown as ICosts;
    const asked = askForCluster(
      { ...stage.services, costs },
      { provider: 'fake', options: { workers: 3 } }
    );
    await waitForDialog(undefined, 5000);
    form.resolve(FORM);
    const notes = (): string =>
      [...dialog().querySelectorAll('.jp-DaskForm-note')]
        .map(node => node.textContent)
        .join(' ');
    await eventually(() =>
      expect(notes()).toContain('About $3.00 an hour with 3 workers')
    );
    const field = dialog().querySelector<HTMLInputElement>('#root_workers')!;
    type(field, '5');
    await eventually(() =>
      expect(notes()).toContain('About $5.00 an hour with 5 workers')
    );
    await dismissDialog(undefined, 5000);
    expect(await asked).toBeNull();
  });

  it('should say that no price is set, where none is', async () => {
    const costs = { forecast: () => null } as unknown as ICosts;
    const asked = askForCluster(
      { ...stage.services, costs },
      { provider: 'fake', options: { workers: 3 } }
    );
    await waitForDialog(undefined, 5000);
    form.resolve(FORM);
    await eventually(() =>
      expect(dialog().textContent).toContain('No price is set for this')
    );
    await dismissDialog(undefined, 5000);
    expect(await asked).toBeNull();
  });

  it('should say why there is no form, and start nothing', async () => {
    const asked = ask(1);
    await waitForDialog(undefined, 5000);
    form.reject(new Error('The server does not answer.'));
    await eventually(() =>
      expect(dialog().querySelector('[role=alert]')?.textContent).toContain(
        'The server does not answer.'
      )
    );
    await acceptDialog(undefined, 5000);
    expect(document.querySelector('.jp-Dialog')).not.toBeNull();
    await dismissDialog(undefined, 5000);
    expect(await asked).toBeNull();
  });

  it('should keep what was typed for one provider while another is looked at', async () => {
    form.resolve(FORM);
    const other = new FakeProvider('other');
    stage.registry.add(other);
    const asked = ask(2);
    await waitForDialog(undefined, 5000);
    const choose = (id: string): void => {
      const select = dialog().querySelector('select')!;
      select.value = id;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    };
    const workers = (): string | undefined =>
      dialog().querySelector<HTMLInputElement>('input[type=number]')?.value;
    await eventually(() => expect(workers()).toBe('2'));
    choose('other');
    await eventually(() => expect(workers()).toBeUndefined());
    choose('fake');
    await eventually(() => expect(workers()).toBe('2'));
    await acceptDialog(undefined, 5000);
    expect(await asked).toMatchObject({
      provider: 'fake',
      options: { workers: 2 }
    });
  });

  it('should come again as it was when a field is refused, with the reason beside it', async () => {
    form.resolve(FORM);
    const create = jest.spyOn(stage.provider, 'create');
    create.mockRejectedValueOnce(
      new ClusterError('workers: This must be at most 2 here.', {
        code: 'invalid',
        hint: 'Ask for fewer.',
        fields: { workers: 'This must be at most 2 here.', other: 'No.' }
      })
    );
    void createByForm(
      stage.services,
      request => stage.manager.create(request),
      { provider: 'fake', name: 'Rain', options: { workers: 5 } }
    );
    await waitForDialog(undefined, 5000);
    await eventually(() =>
      expect(dialog().querySelector('input[type=number]')).not.toBeNull()
    );
    await acceptDialog(undefined, 5000);
    await eventually(() =>
      expect(dialog().querySelector('#root_workers__error')?.textContent).toBe(
        'This must be at most 2 here.'
      )
    );
    // What is no field of the form is said, too.
    expect(dialog().textContent).toContain('No.');
    await eventually(() => expect(stage.manager.clusters).toHaveLength(0));
    expect(
      dialog().querySelector<HTMLInputElement>('input[type=number]')?.value
    ).toBe('5');
    await acceptDialog(undefined, 5000);
    await eventually(() => expect(create).toHaveBeenCalledTimes(2));
    expect(create.mock.calls[1][0]).toMatchObject({
      name: 'Rain',
      options: { workers: 5 }
    });
  });
});
