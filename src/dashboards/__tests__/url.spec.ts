import { isRemote, placeOf, proxiedDashboard, readAddress } from '../url';

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

describe('proxiedDashboard', () => {
  it.each([
    ['http://127.0.0.1:40123/status', 'proxy/40123/'],
    ['http://10.0.0.7:8787/status', 'proxy/10.0.0.7:8787/'],
    ['http://node-3:8787', 'proxy/node-3:8787/'],
    ['https://hub.example/user/ada/proxy/8787/status', 'proxy/8787/'],
    ['/user/ada/proxy/8787/status', 'proxy/8787/']
  ])('should rewrite %s', (dashboard, path) => {
    expect(proxiedDashboard(dashboard, HUB)).toBe(`${HUB}${path}`);
  });

  it.each([undefined, '', 'javascript:1', 'http://a:b@h:1/', 'https://h:1/'])(
    'should know no place for %j',
    dashboard => {
      expect(proxiedDashboard(dashboard, HUB)).toBeNull();
    }
  );
});

describe('placeOf', () => {
  it('should tell host and port, and whether they are elsewhere', () => {
    expect(placeOf(`${HUB}proxy/8787/t/`)).toBe('127.0.0.1:8787');
    expect(placeOf(`${HUB}proxy/node-3:1/`)).toBe('node-3:1');
    expect(isRemote(`${HUB}proxy/8787/`)).toBe(false);
    expect(isRemote(`${HUB}proxy/node-3:1/`)).toBe(true);
  });
});
