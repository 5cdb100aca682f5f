import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { CommandIDs } from '../commands';
import plugins from '../index';

const SCHEMAS = join(__dirname, '../../schema');
const PLUGINS = join(__dirname, '..', 'plugins');

/** Path and text of all source files but the tests. */
const sources = (): Array<[string, string]> =>
  readdirSync(join(__dirname, '..'), { encoding: 'utf8', recursive: true })
    .filter(name => /\.tsx?$/.test(name) && !name.includes('__tests__'))
    .map(name => join(__dirname, '..', name))
    .map(path => [path, readFileSync(path, 'utf8')]);

const commandIDs = Object.values(CommandIDs);

describe('The plugins', () => {
  it('should have ids of this package, each once, and a description', () => {
    const ids = plugins.map(plugin => plugin.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const plugin of plugins) {
      expect(plugin.id).toMatch(/^jupyterlab-seasonal-monitor:[a-z-]+$/);
      expect(plugin.description).toMatch(/\.$/);
    }
  });

  it('should be many, so that an administrator can disable one', () => {
    expect(plugins.length).toBeGreaterThanOrEqual(8);
  });

  it('should start only the first one with the application', () => {
    expect(
      plugins.filter(plugin => plugin.autoStart).map(plugin => plugin.id)
    ).toEqual(['jupyterlab-seasonal-monitor:start']);
  });

  it.each(plugins.slice(1).map(plugin => [plugin.id.split(':')[1], plugin]))(
    'should pass to %s what it asks for, in order',
    async (_, plugin) => {
      if (typeof plugin === 'string') {
        throw new Error('not a plugin');
      }
      const file = plugin.id
        .split(':')[1]
        .replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
      const { activate } = (await import(`../plugins/${file}`)) as {
        activate: (...args: unknown[]) => unknown;
      };
      const services =
        (plugin.requires?.length ?? 0) + (plugin.optional?.length ?? 0);
      expect(activate.length).toBeLessThanOrEqual(1 + services);
      if (services > 0) {
        expect(activate.length).toBe(1 + services);
      }
    }
  );

  it('should have one file for each', () => {
    expect(
      readdirSync(PLUGINS).filter(name => name.endsWith('.ts'))
    ).toHaveLength(plugins.length);
  });
});

describe('The settings', () => {
  const schemas = readdirSync(SCHEMAS).filter(name => name.endsWith('.json'));

  it.each(schemas)('%s should belong to a plugin', name => {
    const id = `jupyterlab-seasonal-monitor:${name.replace('.json', '')}`;
    expect(plugins.map(plugin => plugin.id)).toContain(id);
  });

  it.each(schemas)(
    '%s should state title, description and default of every setting',
    name => {
      const schema = JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8'));
      expect(schema.additionalProperties).toBe(false);
      expect(schema.title).toBeTruthy();
      expect(schema.description).toMatch(/\.$/);
      for (const [key, property] of Object.entries<Record<string, unknown>>(
        schema.properties
      )) {
        expect([key, property.title]).toEqual([key, expect.any(String)]);
        expect([key, property.description]).toEqual([
          key,
          expect.stringMatching(/\.$/)
        ]);
        expect([key, 'default' in property]).toEqual([key, true]);
      }
    }
  );

  it.each(schemas)('%s should name only commands that exist', name => {
    const text = readFileSync(join(SCHEMAS, name), 'utf8');
    const named = text.match(/"seasonal-monitor:[a-z-]+"/g) ?? [];
    for (const command of named) {
      expect(commandIDs).toContain(JSON.parse(command));
    }
  });

  it('should offer on a card what can be done with it', () => {
    const commands = schemas.flatMap(name => {
      const schema = JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8'));
      const items: Array<{ selector?: string; command?: string }> =
        schema['jupyter.lab.menus']?.context ?? [];
      return items
        .filter(({ selector }) => selector === '.jp-DaskCluster-card')
        .map(({ command }) => command);
    });
    expect(commands).toEqual(
      expect.arrayContaining([
        CommandIDs.connectNotebook,
        CommandIDs.copyConnectionCode,
        CommandIDs.openDashboards,
        CommandIDs.scaleCluster,
        CommandIDs.restartWorkers,
        CommandIDs.stopCluster
      ])
    );
  });

  it('should claim no shortcut of the application', () => {
    for (const name of schemas) {
      const schema = JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8'));
      expect(schema['jupyter.lab.shortcuts'] ?? []).toEqual([]);
    }
  });
});

describe('The commands', () => {
  it('should be named area:verb-noun, each once', () => {
    expect(new Set(commandIDs).size).toBe(commandIDs.length);
    for (const id of commandIDs) {
      expect(id).toMatch(/^seasonal-monitor:[a-z]+(-[a-z]+)+$/);
    }
  });

  it('should be registered, every one', () => {
    const code = sources()
      .map(([, text]) => text)
      .join('\n');
    for (const key of Object.keys(CommandIDs)) {
      const named = new RegExp(`CommandIDs\\.${key}\\b`);
      expect([key, named.test(code)]).toEqual([key, true]);
    }
  });
});

describe('The views', () => {
  it('should find their style sheets', () => {
    for (const [path, text] of sources()) {
      for (const [, sheet] of text.matchAll(/import '(\..*\.css)';/g)) {
        const found = existsSync(join(path, '..', sheet));
        expect([path, sheet, found]).toEqual([path, sheet, true]);
      }
    }
  });
});
