import {
  frameRules,
  isMixed,
  isRemote,
  isSameDashboard,
  placeOf,
  reachDashboard,
  readAddress
} from '../url';

const HUB = 'https://hub.example/user/ada/';
const LOCAL = 'http://127.0.0.1:8888/';

describe('readAddress', () => {
  it.each([
    ['http://127.0.0.1:8787/status', HUB, 'proxy/8787/'],
    ['http://localhost:8787', HUB, 'proxy/8787/'],
    ['http://[::1]:8787/', HUB, 'proxy/8787/'],
    ['http://0.0.0.0:1/individual-task-stream', HUB, 'proxy/1/'],
    ['  127.0.0.1:8787/status ', HUB, 'proxy/8787/'],
    ['localhost:8787', HUB, 'proxy/8787/'],
    [':8787', HUB, 'proxy/8787/'],
    ['8787/status', HUB, 'proxy/8787/'],
    ['/user/ada/proxy/8787/status', HUB, 'proxy/8787/'],
    ['https://hub.example/user/ada/proxy/8787/status', HUB, 'proxy/8787/'],
    ['/user/ada/proxy/127.0.0.1:8787/workers', HUB, 'proxy/8787/'],
    ['/user/ada/proxy/10.0.0.7:8787/', HUB, 'proxy/10.0.0.7:8787/'],
    ['http://127.0.0.1:8787/status?token=abc#x', HUB, 'proxy/8787/'],
    ['http://127.0.0.1:8787/t0ken/status', HUB, 'proxy/8787/t0ken/'],
    ['http://127.0.0.1:8787//t0ken///status', HUB, 'proxy/8787/t0ken/'],
    ['http://hub.example/user/ada/proxy/8787/status', HUB, 'proxy/8787/'],
    ['https://hub.example/hub/user-redirect/proxy/8787/', HUB, 'proxy/8787/'],
    ['/hub/user-redirect/proxy/10.0.0.7:1/x', HUB, 'proxy/10.0.0.7:1/x/'],
    ['http://127.0.0.1:8787/status', LOCAL, 'proxy/8787/'],
    ['http://127.0.0.1:8888/proxy/8787/status', LOCAL, 'proxy/8787/']
  ])('should take %j through the proxy of %s', (text, baseUrl, path) => {
    expect(readAddress(text, baseUrl)).toEqual({
      kind: 'proxied',
      base: `${baseUrl}${path}`
    });
  });

  it.each([
    ['https://evil.example/status?token=abc', HUB],
    ['http://10.0.0.7:8787/status', HUB],
    ['http://127.0.0.1.evil.example:8787/', HUB],
    ['//evil.example/status', HUB],
    ['https://hub.example/user/bob/proxy/8787/status', HUB],
    ['http://hub.example:8080/user/ada/proxy/8787/status', HUB],
    ['http://evil.example/user/ada/proxy/8787/status', HUB],
    ['https://127.0.0.1:8888/proxy/8787/status', LOCAL],
    ['https://hub.example/hub/user-redirect/lab', HUB],
    ['https://evil.example/hub/user-redirect/proxy/8787/', HUB],
    ['https://hub.example/user/ada/files/x.html', HUB],
    ['https://hub.example/user/ada/proxy/8787x/', HUB],
    ['https://127.0.0.1:8787/status', HUB],
    ['http://127.0.0.1:8888/lab', LOCAL]
  ])('should not frame %j', (text, baseUrl) => {
    expect(readAddress(text, baseUrl).kind).not.toBe('proxied');
  });

  it.each([
    ['javascript:alert(1)', 'scheme'],
    ['JaVaScRiPt:alert(1)', 'scheme'],
    ['javascript:1', 'scheme'],
    ['data:text/html,<script>1</script>', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['http://me:secret@127.0.0.1:8787/', 'credentials'],
    ['', 'syntax'],
    ['not an address', 'syntax'],
    ['http://', 'syntax']
  ])('should refuse %j because of its %s', (text, reason) => {
    expect(readAddress(text, HUB)).toEqual({ kind: 'refused', reason });
  });
});

describe('reachDashboard', () => {
  const gateway = { kind: 'gateway', address: 'a1' } as const;

  it.each([
    ['http://127.0.0.1:40123/status', 'proxy/40123/'],
    ['http://10.0.0.7:8787/status', 'proxy/10.0.0.7:8787/'],
    ['http://node-3:8787', 'proxy/node-3:8787/'],
    ['https://hub.example/user/ada/proxy/8787/status', 'proxy/8787/'],
    ['/user/ada/proxy/8787/status', 'proxy/8787/']
  ])('should take %s through the proxy', (dashboard, path) => {
    expect(reachDashboard({ dashboard }, HUB)).toEqual({
      base: `${HUB}${path}`,
      way: 'proxied'
    });
  });

  it.each([
    undefined,
    '',
    'javascript:1',
    'http://a:b@h:1/',
    'https://h:1/',
    'https://hub.example/services/x/status'
  ])('should know no way to %j of a cluster of this server', dashboard => {
    expect(reachDashboard({ dashboard }, HUB)).toBeNull();
  });

  it.each([
    ['https://hub.example/services/dask-gateway/clusters/a1/status', 'direct'],
    ['https://gateway--service.hub.example/clusters/a1/status', 'unread'],
    ['https://hub.example:8443/clusters/a1/status?token=x', 'unread'],
    ['https://HUB.example/clusters//a1/individual-progress#x', 'direct']
  ])("should take %s of a gateway's cluster as it is", (dashboard, way) => {
    const reach = reachDashboard({ dashboard, connection: gateway }, HUB);
    expect(reach).toEqual({
      base: expect.stringMatching(/^https:\/\/[^?#]*\/clusters\/a1\/$/),
      way
    });
    expect(reach!.base).not.toContain('/proxy/');
  });

  it('should never send a gateway through the proxy, wherever it is', () => {
    for (const dashboard of [
      'http://127.0.0.1:8000/clusters/a1/status',
      'http://127.0.0.1:8888/proxy/8000/clusters/a1/status',
      'http://10.0.0.7/clusters/a1/status'
    ]) {
      const snapshot = { dashboard, connection: gateway };
      expect(reachDashboard(snapshot, LOCAL)?.way).not.toBe('proxied');
    }
  });

  it.each([
    undefined,
    '',
    '/services/dask-gateway/clusters/a1/status',
    'javascript:1',
    'data:text/html,x',
    'https://a:b@hub.example/clusters/a1/status'
  ])("should know no way to %j of a gateway's cluster", dashboard => {
    const snapshot = { dashboard, connection: gateway };
    expect(reachDashboard(snapshot, HUB)).toBeNull();
  });
});

describe('frameRules', () => {
  it('should give the origin of the page to the proxy alone', () => {
    for (const way of ['direct', 'unread'] as const) {
      const rules = frameRules({ base: HUB, way });
      expect(rules.sandbox).toBe('allow-scripts');
      expect(rules.anonymous).toBe(true);
    }
    const own = frameRules({ base: `${HUB}proxy/1/`, way: 'proxied' });
    expect(own.sandbox.split(' ')).toContain('allow-same-origin');
  });
});

describe('isSameDashboard', () => {
  const base = 'https://hub.example/services/dask-gateway/clusters/a1';

  it.each([
    [`${base}/status`, true],
    [`${base}/individual-task-stream?x=1#y`, true],
    ['/services/dask-gateway/clusters/a1/status', true],
    [`${base}2/status`, false],
    ['https://evil.example/services/dask-gateway/clusters/a1/status', false],
    ['javascript:1', false]
  ])('should compare %s with what the gateway told', (text, same) => {
    expect(isSameDashboard(`${base}/status`, text, HUB)).toBe(same);
  });
});

describe('isMixed', () => {
  it('should see what a browser refuses inside of a page', () => {
    expect(isMixed('http://hub.example/clusters/a1/', HUB)).toBe(true);
    expect(isMixed('https://hub.example/clusters/a1/', HUB)).toBe(false);
    expect(isMixed('http://127.0.0.1:8000/clusters/a1/', HUB)).toBe(false);
    expect(isMixed('http://hub.example/clusters/a1/', LOCAL)).toBe(false);
  });
});

describe('placeOf', () => {
  it('should tell host and port, and whether they are elsewhere', () => {
    expect(placeOf(`${HUB}proxy/8787/t/`)).toBe('127.0.0.1:8787');
    expect(placeOf(`${HUB}proxy/node-3:1/`)).toBe('node-3:1');
    expect(isRemote(`${HUB}proxy/8787/`)).toBe(false);
    expect(isRemote(`${HUB}proxy/node-3:1/`)).toBe(true);
  });
});
