import { ServerConnection } from '@jupyterlab/services';
import type { History, IRecord } from '../../tokens';
import { ServerStore } from '../store';

const RECORD: IRecord = {
  name: 'a',
  provider: 'local',
  workers: 1,
  cores: 1,
  until: 0,
  ended: true
};

/** A history of so many clusters on one day. */
const history = (clusters: number): History => ({
  '2026-11-27': Object.fromEntries(
    Array.from({ length: clusters }, (_, index) => [`local:${index}`, RECORD])
  )
});

describe('ServerStore', () => {
  /** What a browser is asked to send; it refuses to keep alive more than 64 KiB. */
  const sent: Request[] = [];
  const store = new ServerStore(
    ServerConnection.makeSettings({
      fetch: async request => {
        sent.push(request as Request);
        return new Response('{}', { status: 200 });
      }
    })
  );

  beforeEach(() => {
    sent.length = 0;
  });

  it('should send little in one request that goes on when the page is left', async () => {
    await store.save(history(3), []);
    expect(sent.map(({ method }) => method)).toEqual(['PATCH']);
    expect(sent[0].keepalive).toBe(true);
  });

  it('should send much as pages do otherwise', async () => {
    await store.save(history(2000), []);
    expect(sent[0].keepalive).toBe(false);
    expect((await sent[0].text()).length).toBeGreaterThan(65_536);
  });
});
