import { ServiceManager } from '@jupyterlab/services';
import type { Contents } from '@jupyterlab/services';
import type { JupyterServer } from '@jupyterlab/testing';
import type { JSONObject } from '@lumino/coreutils';
import { createServer, Server } from 'http';
import type { AddressInfo } from 'net';
import { startJupyter } from '../../__tests__/jupyterServer';
import { Catalogue } from '../catalogue';
import { folderSource, isInFolder } from '../folder';
import { onlineSource } from '../online';
import { ConfiguredSources } from '../sources';
import { notebook, trans } from './fixture';

let jupyter: JupyterServer;
let services: ServiceManager;
let contents: Contents.IManager;

beforeAll(async () => {
  jupyter = await startJupyter();
  services = new ServiceManager({ standby: 'never' });
  await services.ready;
  ({ contents } = services);
}, 60000);

afterAll(async () => {
  services.dispose();
  await jupyter.shutdown();
}, 60000);

/** A template under another id. */
function named(id: string): JSONObject {
  const content = notebook();
  const metadata = content.metadata as JSONObject;
  return {
    ...content,
    metadata: {
      ...metadata,
      seasonal_monitor: { ...(metadata.seasonal_monitor as JSONObject), id }
    }
  };
}

async function save(path: string, content: JSONObject): Promise<void> {
  await contents.save(path, { type: 'notebook', format: 'json', content });
}

async function folder(path: string): Promise<string> {
  await contents.save(path, { type: 'directory' });
  return path;
}

describe('folderSource', () => {
  const load = (path: string) => folderSource({ contents, path, trans }).load();

  it('should list the notebooks of a folder and of its subfolders', async () => {
    await folder('one');
    await folder('one/inner');
    await save('one/a.ipynb', named('a'));
    await save('one/inner/b.ipynb', named('b'));
    await contents.save('one/notes.txt', {
      type: 'file',
      format: 'text',
      content: 'no template'
    });
    const found = await load('one');
    expect(found.map(({ id, problem }) => [id, problem])).toEqual([
      ['a', undefined],
      ['b', undefined]
    ]);
  });

  it('should find nothing, without an error, where there is no folder', async () => {
    const get = jest.spyOn(contents, 'get');
    expect(await load('nowhere')).toEqual([]);
    expect(await load('nowhere/deep')).toEqual([]);
    // What is not there is not asked for: that would be an error in the console.
    expect(get.mock.calls.map(([path]) => path)).toEqual(['', '']);
    get.mockRestore();
  });

  it('should list a broken notebook with what is wrong with it', async () => {
    await folder('two');
    await contents.save('two/broken.ipynb', {
      type: 'file',
      format: 'text',
      content: '{ no json'
    });
    await save('two/plain.ipynb', {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: []
    });
    const found = await load('two');
    expect(found.map(({ id }) => id)).toEqual(['broken', 'plain']);
    expect(found[0].problem).toMatch(/“two\/broken.ipynb” could not be read: /);
    expect(found[1].problem).toMatch(/is not a template/);
  });
});

describe('isInFolder', () => {
  it('should know a folder from one whose name only begins like it', () => {
    expect(isInFolder('templates/a.ipynb', 'templates')).toBe(true);
    expect(isInFolder('templates', 'templates')).toBe(true);
    expect(isInFolder('templates-old/a.ipynb', 'templates')).toBe(false);
    expect(isInFolder(undefined, 'templates')).toBe(false);
  });
});

describe('onlineSource', () => {
  let server: Server;
  let base: string;
  const heads: Array<string | undefined> = [];
  const pages: Record<string, [number, string]> = {};

  beforeAll(async () => {
    server = createServer((request, response) => {
      heads.push(request.headers.cookie ?? request.headers.authorization);
      const [status, body] = pages[request.url ?? ''] ?? [404, 'no'];
      response.writeHead(status, { 'Access-Control-Allow-Origin': '*' });
      response.end(body);
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterAll(() => {
    server.close();
  });

  it('should read one notebook, or a list of them relative to itself', async () => {
    pages['/t/a.ipynb'] = [200, JSON.stringify(named('a'))];
    pages['/t/b.ipynb'] = [200, JSON.stringify(named('b'))];
    pages['/t/list.json'] = [
      200,
      JSON.stringify(['a.ipynb', 'b.ipynb', 'gone.ipynb'])
    ];
    const one = await onlineSource('t/a.ipynb', base, trans).load();
    expect(one.map(({ id }) => id)).toEqual(['a']);
    const all = await onlineSource(`${base}t/list.json`, base, trans).load();
    expect(all.map(({ id }) => id)).toEqual(['a', 'b', 'gone.ipynb']);
    expect(all[2].problem).toBe(
      '“gone.ipynb” could not be read: it answers HTTP 404'
    );
    expect(heads.filter(Boolean)).toEqual([]);
  });

  it.each([
    ['javascript:alert(1)', /not an http or https address/],
    ['https://user:secret@example.org/x', /without a sign-in/],
    ['http://[', /is not an address/],
    ['missing.json', /HTTP 404/],
    ['text.html', /neither a notebook nor a list/],
    ['null.json', /neither a notebook nor a list/],
    ['http://127.0.0.1:9/x', /cannot be reached/]
  ])(
    'should say in words why “%s” gives no template',
    async (address, words) => {
      pages['/text.html'] = [200, '<html>'];
      pages['/null.json'] = [200, 'null'];
      await expect(onlineSource(address, base, trans).load()).rejects.toThrow(
        words
      );
    }
  );
});

describe('ConfiguredSources', () => {
  const ids = async (catalogue: Catalogue): Promise<string[]> =>
    (await catalogue.list()).map(({ id }) => id);

  it('should follow the settings, and the files that a person saves', async () => {
    const catalogue = new Catalogue({ trans });
    const sources = new ConfiguredSources({
      catalogue,
      contents,
      base: 'http://127.0.0.1/',
      trans
    });
    let changes = 0;
    catalogue.changed.connect(() => (changes += 1));
    await folder('three');
    await save('three/a.ipynb', named('a'));
    sources.configure({ folders: ['/three/', 'three'], addresses: [] });
    expect(await ids(catalogue)).toEqual(['a']);

    const before = changes;
    await save('three/b.ipynb', named('b'));
    expect(changes).toBe(before + 1);
    expect(await ids(catalogue)).toEqual(['a', 'b']);

    await save('elsewhere.ipynb', named('c'));
    expect(changes).toBe(before + 1);

    sources.configure({ folders: [], addresses: ['http://127.0.0.1:9/x'] });
    const [entry] = await catalogue.list();
    expect(entry.problem).toMatch(
      /templates of “http:\/\/127.0.0.1:9\/x” could not be loaded/
    );
    sources.dispose();
    expect(await ids(catalogue)).toEqual([]);
  });
});
