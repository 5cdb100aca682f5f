import { Notification } from '@jupyterlab/apputils';
import { ISettingRegistry, SettingRegistry } from '@jupyterlab/settingregistry';
import { nullTranslator } from '@jupyterlab/translation';
import { StateDB } from '@jupyterlab/statedb';
import { readFileSync } from 'fs';
import { join } from 'path';
import { followSettings } from '../settings';

const ID = 'jupyterlab-seasonal-monitor:profiles';
const trans = nullTranslator.load('test');

/** A registry with the real schema and what a person's file holds. */
function makeRegistry(raw: string): ISettingRegistry {
  const schema = JSON.parse(
    readFileSync(join(__dirname, '../../schema/profiles.json'), 'utf8')
  );
  const connector = new StateDB() as unknown as ISettingRegistry['connector'];
  const file = { raw };
  connector.save = async (_, text) => {
    file.raw = text;
  };
  connector.fetch = async id => ({
    id,
    schema,
    raw: file.raw,
    data: { composite: {}, user: {} },
    version: '1'
  });
  return new SettingRegistry({ connector });
}

describe('followSettings', () => {
  const warnings = jest.spyOn(console, 'warn');

  beforeEach(() => {
    warnings.mockImplementation(() => undefined);
  });

  afterEach(() => {
    warnings.mockReset();
    Notification.dismiss();
  });

  it('should give the settings, and again when they change', async () => {
    const registry = makeRegistry('{}');
    const seen: unknown[] = [];
    await followSettings(registry, ID, trans, setting => {
      seen.push(setting?.composite.limits);
    });
    await registry.set(ID, 'limits', { workers: 3 });
    expect(seen).toEqual([{}, { workers: 3 }]);
  });

  it.each([
    ['{"limits": {"workers": "many"}}', 'limits.workers'],
    ['{"profiles": 3}', 'profiles'],
    ['{ not json', 'profiles.jupyterlab-settings']
  ])('should name what is wrong in %s, and go on', async (raw, named) => {
    const registry = makeRegistry(raw);
    const seen: unknown[] = [];
    await followSettings(registry, ID, trans, setting => {
      seen.push(setting && setting.composite.limits);
    });
    expect(seen).toEqual([null]);
    const [{ message }] = Notification.manager.notifications;
    expect(message).toContain(named);
    expect(message).toContain('defaults hold');
  });
});
