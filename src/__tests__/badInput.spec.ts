/**
 * Bad input for every field of every back end's form, from the table that the
 * controller is tested with: what the page lets through comes back in its words.
 */
import { Dialog } from '@jupyterlab/apputils';
import {
  acceptDialog,
  dismissDialog,
  waitForDialog
} from '@jupyterlab/testing';
import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { RJSFSchema } from '@rjsf/utils';
import { awsBackEnd } from '../providers/kernel/aws';
import { BATCH_SYSTEMS, batchBackEnd } from '../providers/kernel/backEnd';
import { coiledBackEnd } from '../providers/kernel/coiled';
import { customBackEnd } from '../providers/kernel/custom';
import { localForm } from '../providers/kernel/form';
import { kubernetesBackEnd } from '../providers/kernel/kubernetes';
import { askForCluster } from '../sidebar/customise';
import { eventually, Stage } from '../sidebar/__tests__/support';
import table from '../../tests/controller/bad_input.json';
import type { IProviderForm } from '../tokens';

interface IRow {
  options: JSONObject;
  /** What the controller says. */
  says: string;
}

/** Rows that are looked at in one form: one to a field. */
type Sheet = Record<string, IRow>;

interface IBackEndRows {
  given: JSONObject;
  common: string[];
  fields: Record<string, IRow[]>;
}

const trans = nullTranslator.load('jupyterlab_seasonal_monitor');
const left = {
  id: 'ada/sm-a-1',
  kind: 'cluster',
  namespace: 'ada',
  workspace: 'ada',
  name: 'sm-a-1',
  state: 'ready',
  created: '',
  certain: true
};
const account = { missing: [], problem: null, hint: null, remarks: [] };
const custom = customBackEnd(() => [
  { name: 'Ours', class: 'distributed:LocalCluster' }
]);

/** The forms as they are with everything that a controller can tell. */
const FORMS: Record<string, IProviderForm> = {
  local: localForm(trans, [], 'py', undefined),
  slurm: batchBackEnd(BATCH_SYSTEMS[0]).form(trans, [], 'py', undefined),
  kubernetes: kubernetesBackEnd().form(trans, [], 'py', {
    ...account,
    namespace: 'ada',
    image: 'hub/image:3',
    clusters: [{ ...left, title: 'Rain' }]
  }),
  fargate: awsBackEnd('fargate').form(trans, [], 'py', undefined),
  ec2: awsBackEnd('ec2').form(trans, [], 'py', undefined),
  coiled: coiledBackEnd().form(trans, [], 'py', {
    ...account,
    workspace: 'ada',
    workspaces: ['ada'],
    image: 'hub/image:3',
    clusters: [left]
  }),
  custom: custom.form(trans, [], 'py', undefined)
};

const backEnds = table.backEnds as unknown as Record<string, IBackEndRows>;
const common = table.common as unknown as Record<string, IRow[]>;

/** The rows by the name that the form has for a field. */
function rowsOf(name: string): Record<string, IRow[]> {
  const { common: shared, fields } = backEnds[name];
  const rows: Record<string, IRow[]> = { ...fields };
  for (const field of shared) {
    rows[field] = common[field];
  }
  if (name === 'custom') {
    // People choose a class by the name that the settings give it.
    rows.cluster = [{ options: { cluster: 7 }, says: '' }];
    delete rows.class;
  }
  return rows;
}

/** What has to be there beside a bad value. */
function givenIn(name: string): JSONObject {
  return name === 'custom' ? { cluster: 'Ours' } : backEnds[name].given;
}

/** All rows, as few forms as can hold them: what concerns two fields has its own. */
function sheetsOf(name: string): Sheet[] {
  const sheets: Sheet[] = [];
  for (const [field, rows] of Object.entries(rowsOf(name))) {
    let next = 0;
    for (const row of rows) {
      if (Object.keys(row.options).join() === field) {
        sheets[next] = { ...sheets[next], [field]: row };
        next += 1;
      }
    }
  }
  const alone = Object.entries(rowsOf(name)).flatMap(([field, rows]) =>
    rows
      .filter(({ options }) => Object.keys(options).join() !== field)
      .map(row => ({ [field]: row }))
  );
  return [...sheets, ...alone];
}

test.each(Object.keys(backEnds))(
  'every field of the form of %s has rows of bad input',
  name => {
    const fields = Object.keys(FORMS[name].schema.properties as JSONObject);
    expect(Object.keys(rowsOf(name)).sort()).toEqual(fields.sort());
  }
);

describe('the form for a new cluster', () => {
  let stage: Stage;

  const dialog = (): Element => document.querySelector('.jp-Dialog')!;
  const input = (field: string): HTMLInputElement | null =>
    dialog().querySelector(`#root_${field}`);
  const error = (field: string): string =>
    dialog().querySelector(`#root_${field}__error`)?.textContent ?? '';

  beforeEach(() => {
    stage = new Stage();
    stage.profiles.update({
      admin: [],
      shipped: [],
      user: [],
      adminLimits: {},
      userLimits: {}
    });
  });

  afterEach(() => {
    Dialog.flush();
    stage.dispose();
  });

  it.each(Object.keys(backEnds))(
    'of %s says what is wrong beside each field, and keeps it',
    async name => {
      const form = FORMS[name];
      stage.provider.form = async () => form;
      const { customizeValidator } = await import('@rjsf/validator-ajv8');
      const validator = customizeValidator();
      const accepts = (options: JSONObject): boolean =>
        validator.validateFormData(
          { ...givenIn(name), ...options },
          form.schema as RJSFSchema
        ).errors.length === 0;
      for (const sheet of sheetsOf(name)) {
        const rows = Object.entries(sheet);
        const options = rows.reduce<JSONObject>(
          (all, [, row]) => ({ ...all, ...row.options }),
          givenIn(name)
        );
        // What the page lets through comes back with what the controller says.
        const sent = rows.filter(([, row]) => accepts(row.options));
        const refused = Object.fromEntries(
          sent.map(([field, { says }]) => [field, says])
        );
        const asked = askForCluster(
          stage.services,
          { provider: 'fake', options },
          refused
        );
        await waitForDialog(undefined, 5000);
        await eventually(() => expect(input('workers')).not.toBeNull());
        await eventually(() => {
          const silent = rows.filter(([field]) => error(field) === '');
          expect(silent).toEqual([]);
        });
        for (const [field, { options: own }] of rows) {
          // Words, and no validator's: those are for programmers.
          expect(error(field)).toMatch(/^[A-Z“].*[.:]/);
          expect(error(field)).not.toMatch(/must match|must be equal|property/);
          expect(error(field)).toContain(refused[field] ?? '');
          keeps(input(field), own[field]);
        }
        const blocks = rows.some(
          ([field]) => !(field in refused) && !/is taken/.test(error(field))
        );
        if (blocks) {
          await acceptDialog(undefined, 5000);
          expect(dialog()).not.toBeNull();
        }
        await dismissDialog(undefined, 5000);
        expect(await asked).toBeNull();
      }
    },
    120_000
  );
});

/** What was typed is there as it was, where it is something that can be typed. */
function keeps(field: HTMLInputElement | null, value?: JSONValue): void {
  const isLine = typeof value === 'string' && !/\p{Cc}/u.test(value);
  if (
    (isLine && field?.type === 'text') ||
    (typeof value === 'number' && field?.type === 'number')
  ) {
    expect(field.value).toBe(String(value));
  }
}
