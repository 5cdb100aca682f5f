import { Dialog } from '@jupyterlab/apputils';
import {
  acceptDialog,
  dismissDialog,
  waitForDialog
} from '@jupyterlab/testing';
import { PromiseDelegate } from '@lumino/coreutils';
import { FakeProvider } from '../../cluster/__tests__/fakes';
import type { IProviderForm } from '../../tokens';
import { askForCluster } from '../customise';
import { eventually, Stage } from './support';

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
});
