import { execFileSync } from 'child_process';
import * as fc from 'fast-check';
import clientSource from '../../../jupyterlab_seasonal_monitor/notebook_client.py';
import { askingCode } from '../kernel';
import { fingerprint } from '../../cluster/fingerprint';
import { CLIENT_NAME, connectionCode } from '../snippet';

const TLS = {
  kind: 'scheduler',
  address: 'tls://127.0.0.1:39571',
  credentials: '/run/user/1000/jupyter/dask/3f2a.pem'
} as const;

/** The statements of the code, as Python's parser names them. */
const SCHEDULER = ['ImportFrom', 'Assign', 'Assign', 'If', 'Assign', 'Expr'];
const GATEWAY = ['ImportFrom', 'ImportFrom', 'Assign', 'If', 'Assign', 'Expr'];

describe('connectionCode', () => {
  it('should read the credentials of a secured scheduler from their file', () => {
    expect(connectionCode(TLS, 'spring-river'))
      .toBe(`# Dask cluster spring-river
from distributed import Client, Security

pem = "/run/user/1000/jupyter/dask/3f2a.pem"
security = Security(
    require_encryption=True,
    tls_ca_file=pem,
    tls_client_cert=pem,
    tls_client_key=pem,
)
if "Client-seasonal-monitor" in str(getattr(globals().get("client"), "id", "")):
    client.close()
client = Client(
    "tls://127.0.0.1:39571",
    name="seasonal-monitor",
    security=security,
)
client`);
  });

  it('should be shorter for an open scheduler', () => {
    const code = connectionCode({ kind: 'scheduler', address: 'tcp://h:8786' });
    expect(code.split('\n')).toHaveLength(9);
    expect(code).not.toContain('Security');
  });

  it('should use the API of a gateway, and keep what it connects with', () => {
    const code = connectionCode({ kind: 'gateway', address: 'a1b2' }, 'a1b2');
    expect(code).toBe(`# Dask cluster a1b2
from dask_gateway import Gateway
from distributed import Client

gateway_clusters = [
    *globals().get("gateway_clusters", []),
    Gateway().connect("a1b2"),
]
if "Client-seasonal-monitor" in str(getattr(globals().get("client"), "id", "")):
    client.close()
client = Client(gateway_clusters[-1], name="seasonal-monitor")
client`);
    expect(code).not.toContain('gateway://');
  });

  it.each([
    [{ gateway: 'https://g' }, 'Gateway("https://g")'],
    [{ gatewayAuth: 'jupyterhub' }, 'Gateway(auth="jupyterhub")'],
    [
      {
        gateway: 'https://h/services/dask-gateway',
        gatewayProxy: 'gateway://h:8786',
        gatewayAuth: 'jupyterhub'
      },
      'Gateway("https://h/services/dask-gateway", proxy_address="gateway://h:8786", auth="jupyterhub")'
    ]
  ] as const)(
    'should say what the environment does not: %j',
    (given, expected) => {
      const code = connectionCode({
        kind: 'gateway',
        address: 'a1b2',
        ...given
      });
      expect(code).toContain(`    ${expected}.connect("a1b2"),\n`);
    }
  );

  it.each([
    'x\ny',
    'a\u2028!ls',
    'é',
    '%run x',
    '# x',
    '',
    'x '.repeat(40),
    'a\\'
  ])('should leave the name %j out of the comment', name => {
    expect(connectionCode(TLS, name)).toBe(connectionCode(TLS));
  });

  it('should be left alone by IPython and mean the same, whatever comes in', () => {
    const codes: { code: string; values: string[]; kinds: string[] }[] = [];
    const any = fc.string({ unit: 'binary', maxLength: 40 });
    const hostile = fc.constantFrom(
      '"""',
      "'''",
      '\\',
      '\\"',
      '\u0085!ls',
      '\u2028%run x',
      '\u2029?',
      '\r\n!x',
      '\ud800',
      '\u202e',
      '{x}',
      '%s'
    );
    const text = fc.tuple(any, hostile, any).map(parts => parts.join(''));
    fc.assert(
      fc.property(text, text, text, (address, pem, name) => {
        const code = connectionCode(
          { kind: 'scheduler', address, credentials: pem },
          name
        );
        codes.push({ code, values: [address, pem], kinds: SCHEDULER });
        const gateway = connectionCode(
          { kind: 'gateway', address, gateway: pem },
          name
        );
        codes.push({ code: gateway, values: [address, pem], kinds: GATEWAY });
        expect(code + gateway).toMatch(/^[\x20-\x7e\n]*$/);
      }),
      { numRuns: 500 }
    );
    execFileSync('python', [`${__dirname}/checkCode.py`], {
      input: JSON.stringify(codes),
      stdio: ['pipe', 'inherit', 'inherit']
    });
    expect(codes.length).toBeGreaterThanOrEqual(1000);
  }, 60_000);

  it('should carry the name by which kernels know their clients', () => {
    expect(clientSource).toContain(`CLIENT_NAME = "${CLIENT_NAME}"`);
  });
});

describe('fingerprint', () => {
  it('should not see a formatter, and see any edit', () => {
    const code = connectionCode(TLS);
    expect(fingerprint(code.replace(/ {4}/g, '  '))).toBe(fingerprint(code));
    expect(fingerprint(`${code}.x`)).not.toBe(fingerprint(code));
  });
});

describe('askingCode', () => {
  it('should be one statement in ASCII', () => {
    const code = askingCode('disconnect', { address: 'x\u2028"\n' });
    expect(code).toMatch(/^exec\([\x20-\x7e]*\)$/);
  });
});
